"""Log-in's settings: what is read, and what stops the start with its name and the cure."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from deploy.local.place import ROOT, simulated_login
from gateway.login.partners import Partner, Partners
from gateway.login.settings import LOGINS, SIMULATION_SECRET, LoginSettings
from services.contracts.civil_registry import ROLES
from services.messaging.settings import Environment, SettingsError

TODAY = date(2026, 11, 26)
SERVER = {"BALIE_DATABASE_URL": "postgresql://u:p@127.0.0.1:1"}
STAFF = {
    "BALIE_LOGIN_STAFF_ISSUER": "https://login.example.nl/staff",
    "BALIE_LOGIN_STAFF_CLIENT_ID": "balie",
    "BALIE_LOGIN_STAFF_SECRET": "between-us",
}


def read(production=False, **changes):
    return LoginSettings.read(Environment(SERVER | STAFF | changes), production=production)


def test_without_a_provider_there_is_no_log_in_and_no_database_is_needed():
    nothing = LoginSettings.read(Environment({}), production=True)
    assert (nothing.providers, nothing.database_url) == ({}, None)


def test_defaults_are_careful():
    settings = read()
    assert list(settings.providers) == ["staff"]
    assert (settings.idle_minutes, settings.staff_idle_minutes, settings.longest_hours) == (15, 30, 8)
    staff = settings.providers["staff"]
    assert staff.metadata_url == "https://login.example.nl/staff/.well-known/openid-configuration"
    assert staff.reading.scale.default is None
    assert "between-us" not in repr(settings)


def test_claims_levels_and_roles_of_a_provider_are_settings():
    staff = read(
        BALIE_LOGIN_STAFF_SUBJECT_CLAIM="employee number",
        BALIE_LOGIN_STAFF_ROLES_CLAIM="https://schemas.example/roles",
        BALIE_LOGIN_STAFF_ROLE_NAMES="officer=GG-ABS clerk=GG=Balie",
        BALIE_LOGIN_STAFF_LEVELS="two-factor=https://refeds.org/profile/mfa",
        BALIE_LOGIN_STAFF_DEFAULT_LEVEL="basic",
        BALIE_LOGIN_STAFF_METADATA_URL="https://inside.example.nl/conf",
        BALIE_LOGIN_STAFF_FORWARDS="https://a.example.nl https://b.example.nl",
    ).providers["staff"]
    assert staff.reading.subject == ("employee", "number")
    assert staff.reading.roles == ("https://schemas.example/roles",)
    assert staff.reading.role_names == {"GG-ABS": "officer", "GG=Balie": "clerk"}
    assert staff.reading.scale.words_for("two-factor") == ["https://refeds.org/profile/mfa"]
    assert staff.reading.scale.level_of(None, None) == "basic"
    assert (staff.metadata_url, len(staff.forwards)) == ("https://inside.example.nl/conf", 2)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"BALIE_LOGIN_STAFF_SECRET": ""}, "BALIE_LOGIN_STAFF_SECRET"),
        ({"BALIE_LOGIN_STAFF_CLIENT_ID": ""}, "BALIE_LOGIN_STAFF_CLIENT_ID"),
        ({"BALIE_LOGIN_STAFF_ISSUER": "login.example.nl"}, "must be an address"),
        ({"BALIE_LOGIN_STAFF_ISSUER": "https://login.example.nl?x=1"}, "must be an address"),
        ({"BALIE_LOGIN_STAFF_FORWARDS": "digid.nl"}, "BALIE_LOGIN_STAFF_FORWARDS"),
        ({"BALIE_LOGIN_STAFF_VOCABULARY": "kerberos"}, "one of digid, etoegang, eidas"),
        ({"BALIE_LOGIN_STAFF_DEFAULT_LEVEL": "sure"}, "one of basic, two-factor"),
        ({"BALIE_LOGIN_STAFF_LEVELS": "two-factor"}, "BALIE_LOGIN_STAFF_LEVELS"),
        ({"BALIE_LOGIN_STAFF_ROLE_NAMES": "boss=GG-Boss"}, "BALIE_LOGIN_STAFF_ROLE_NAMES"),
        ({"BALIE_SESSION_IDLE_MINUTES": "1"}, "BALIE_SESSION_IDLE_MINUTES"),
        ({"BALIE_DATABASE_URL": ""}, "BALIE_DATABASE_URL"),
        ({"BALIE_LOGIN_COMPANY_ISSUER": "https://e.example.nl"}, "BALIE_LOGIN_COMPANY_SECRET"),
    ],
)
def test_a_wrong_setting_is_named(changes, says):
    with pytest.raises(SettingsError, match=says):
        read(**changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"BALIE_LOGIN_STAFF_ISSUER": "http://login.example.nl"}, "https:// in production"),
        ({"BALIE_LOGIN_STAFF_METADATA_URL": "http://login.example.nl/conf"}, "https:// in production"),
        ({"BALIE_LOGIN_STAFF_SECRET": SIMULATION_SECRET}, "not for production"),
    ],
)
def test_production_takes_no_simulation_and_no_plain_http(changes, says):
    read(**changes)
    with pytest.raises(SettingsError, match=says):
        read(production=True, **changes)


def test_the_simulation_of_make_up_can_be_read_and_offers_every_log_in():
    simulated = Environment(SERVER | simulated_login("http://127.0.0.1:18008"))
    settings = LoginSettings.read(simulated, production=False)
    assert tuple(settings.providers) == LOGINS
    assert all("simulatie" in provider.label for provider in settings.providers.values())
    with pytest.raises(SettingsError):
        LoginSettings.read(simulated, production=True)


def test_firms_need_their_file(tmp_path):
    firm = {key.replace("STAFF", "COMPANY"): value for key, value in STAFF.items()}
    assert read(**firm).partners.of("99000011", on=TODAY)
    with pytest.raises(SettingsError, match="BALIE_TOWN_FOLDER"):
        read(production=True, **firm)
    with pytest.raises(SettingsError, match="cannot be read"):
        read(**firm, BALIE_TOWN_FOLDER=str(tmp_path))


def test_the_demo_town_works_with_undertakers_and_midwives():
    partners = Partners.read(ROOT / "deploy/demo/enschede/partners.yaml")
    assert partners.of("99000011", on=TODAY) == Partner(
        "99000011", "Uitvaartverzorging De Linde", "undertaker", date(2026, 1, 1)
    )
    midwives = partners.of("99000033", on=TODAY)
    assert midwives is not None and midwives.kind == "care-provider"
    assert partners.of("99000055", on=TODAY) is None
    assert partners.of("99000055", on=date(2025, 12, 31)) is not None


def test_every_registrar_of_the_demo_town_can_log_in_with_his_role():
    town = ROOT / "deploy/demo/enschede"
    officers = yaml.safe_load((town / "registry.yaml").read_text())["officers"]
    roles = {row["id"]: row["roles"] for row in yaml.safe_load((town / "staff.yaml").read_text())["staff"]}
    for officer in officers:
        assert ("special-officer" if officer.get("special") else "officer") in roles[officer["staff_id"]]
    assert {role for some in roles.values() for role in some} == set(ROLES) - {
        "resident",
        "undertaker",
        "care-provider",
    }


GOOD = "{kvk: '12345678', name: X, kind: undertaker, valid_from: 2026-01-01, source: council}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("partners: [", "cannot be read"),
        ("partners: [{kvk: 12345678, name: X, kind: undertaker, valid_from: 2026-01-01, source: s}]", "kvk"),
        (GOOD.replace("undertaker", "baker").join(("partners: [", "]")), "kind"),
        (GOOD.replace("source: council", "colour: red").join(("partners: [", "]")), "colour"),
        (GOOD.replace("source", "valid_until: 2025-12-31, source").join(("partners: [", "]")), "valid_until"),
        (f"partners: [{GOOD}, {GOOD}]", "stands twice"),
        ("[]", "does not fit"),
        ("", "does not fit"),
    ],
)
def test_a_file_of_firms_that_does_not_fit_stops_the_start(tmp_path: Path, text, says):
    file = tmp_path / "partners.yaml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=says):
        Partners.read(file)


def test_a_firm_may_come_back_after_its_first_time_ended(tmp_path):
    file = tmp_path / "partners.yaml"
    first = GOOD.replace("source", "valid_until: 2026-05-31, source")
    again = GOOD.replace("2026-01-01", "2026-06-01").replace("undertaker", "care-provider")
    file.write_text(f"partners: [{first}, {again}]")
    partners = Partners.read(file)
    known = [partners.of("12345678", on=day) for day in (date(2026, 5, 31), date(2026, 6, 1))]
    assert [partner and partner.kind for partner in known] == ["undertaker", "care-provider"]
