"""Where the BRP is and how we show who we are: what is wrong is named at start."""

import pytest

from services.civil_registry.settings import read_brp_settings, read_test_persons_allowed
from services.messaging.settings import Environment, SettingsError

URL = "https://brp.example/haalcentraal/api/brp"


def read(**variables):
    return read_brp_settings(Environment({"BALIE_BRP_URL": URL} | variables))


def test_an_address_is_enough():
    settings = read(BALIE_BRP_URL=URL + "/")
    assert (settings.url, settings.api_key, settings.doelbinding, settings.oin_header) == (
        URL,
        None,
        "",
        "x-origin-oin",
    )
    assert settings.certificate is settings.certificate_key is settings.ca is None


def test_all_that_a_gateway_may_want_is_read(tmp_path):
    pem = tmp_path / "balie.pem"
    pem.touch()
    settings = read(
        BALIE_BRP_API_KEY="secret-key",
        BALIE_BRP_DOELBINDING="Aangifte",
        BALIE_BRP_VERWERKING="Burgerzaken@Geboorte",
        BALIE_BRP_GEBRUIKER="Balie",
        BALIE_BRP_OIN="00000001234567890000",
        BALIE_BRP_OIN_HEADER="x-oin",
        BALIE_BRP_CERTIFICATE=str(pem),
        BALIE_BRP_CERTIFICATE_KEY=str(pem),
        BALIE_BRP_CA=str(pem),
        BALIE_BRP_SECONDS="7",
    )
    assert settings.api_key is not None and settings.api_key.reveal() == "secret-key"
    assert "secret-key" not in repr(settings)
    assert (settings.doelbinding, settings.verwerking, settings.gebruiker) == (
        "Aangifte",
        "Burgerzaken@Geboorte",
        "Balie",
    )
    assert (settings.oin, settings.oin_header, settings.seconds) == ("00000001234567890000", "x-oin", 7)
    assert settings.certificate == settings.certificate_key == settings.ca == pem


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BALIE_BRP_URL", ""),
        ("BALIE_BRP_URL", "ftp://brp.example"),
        ("BALIE_BRP_DOELBINDING", "één"),
        ("BALIE_BRP_VERWERKING", "two\nlines"),
        ("BALIE_BRP_CERTIFICATE", "/nowhere/balie.pem"),
        ("BALIE_BRP_CA", "/nowhere/ca.pem"),
        ("BALIE_BRP_SECONDS", "0"),
    ],
)
def test_a_wrong_setting_is_named(variable, value):
    with pytest.raises(SettingsError, match=variable):
        read(**{variable: value})


def test_in_production_numbers_cross_no_network_without_tls():
    with pytest.raises(SettingsError, match="https"):
        read(BALIE_BRP_URL="http://brp.example/brp", BALIE_ENVIRONMENT="production")
    assert read(BALIE_BRP_URL="http://brp.example/brp").url == "http://brp.example/brp"
    assert read(BALIE_BRP_URL="http://127.0.0.1:8000/brp", BALIE_ENVIRONMENT="production").url.startswith("http:")
    assert read(BALIE_ENVIRONMENT="production").url == URL


def test_test_persons_are_nobody_in_production():
    assert read_test_persons_allowed(Environment({}))
    assert not read_test_persons_allowed(Environment({"BALIE_ENVIRONMENT": "production"}))
