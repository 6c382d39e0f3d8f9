"""A midwife confirms a birth, and is told at once what came of it."""

import pytest

from tests.pages_double import StillClock
from tests.registry_double import SANNE, SEALER, Declarant, RegistryDouble, actor, logs_in, make_registry_app

MIDWIFE = actor("care-provider", "99000044")
PAGE = "/zorgverlener"
NOTICE = {
    "mother_bsn": SANNE, "sex": "female", "born_day": "22", "born_month": "11", "born_year": "2026",
    "born_time": "0307", "place": "1", "present": "yes", "signed_by": "N. de Groot", "profession": "midwife",
    "phone": "053 1234567", "sure": "yes",
}  # fmt: skip


@pytest.fixture
def double():
    return RegistryDouble(StillClock())


@pytest.fixture
def app(double):
    made = make_registry_app(double, double.clock)
    logs_in(made, MIDWIFE, name="Verloskundigenpraktijk Het Nest")
    return made


@pytest.fixture
def midwife(app):
    return Declarant(app)


def confirms(midwife, **changes):
    return midwife.goes_to(PAGE).fills_in(PAGE, **NOTICE | changes)


def test_what_a_midwife_confirms_reaches_the_registry_with_the_mothers_number_sealed(double, midwife):
    confirms(midwife)
    told = next(request["notice"] for method, request, _ in double.calls if method == "record_birth_notice")
    assert told == {
        "mother_bsn": SEALER.seal(SANNE), "sex": "female", "born_on": "2026-11-22", "born_time": "03:07",
        "municipality": "0153", "place": "Geboortecentrum De Ooievaar, Beltstraat 12", "present": True,
        "signed_by": "N. de Groot", "profession": "midwife", "phone": "+31531234567",
    }  # fmt: skip
    assert SANNE not in str(double.calls) and SANNE not in midwife.path


def test_she_sees_that_it_arrived_and_what_she_confirmed_before(midwife):
    confirms(midwife)
    assert midwife.path == f"{PAGE}?melding=waits" and "Wij hebben het ontvangen" in midwife.text
    assert "22 november 2026, 03:07" in midwife.text and "Nog niet" in midwife.text
    assert midwife.standing_in(PAGE)["mother-bsn"] == ""


@pytest.mark.parametrize(
    ("outcome", "words"),
    [({"matched": 1, "differs": []}, "Wij kunnen nu verder"),
     ({"matched": 1, "differs": ["born_time"]}, "De ouders gaven iets anders op")],
)  # fmt: skip
def test_she_is_told_whether_the_parents_said_the_same(double, midwife, outcome, words):
    double.answers_of["record_birth_notice"] = {"notice_id": "7c0b1d0e-6a3c-4a57-9f0a-4d5f8f1f2a33"} | outcome
    assert words in confirms(midwife).text


def test_what_is_missing_is_told_all_at_once_and_what_was_typed_stays(double, midwife):
    confirms(midwife, mother_bsn="123456789", sex=None, present=None, profession=None, phone="", sure=None)
    assert midwife.page.status_code == 422 and not double.notices
    reasons = (
        "Dit is geen burgerservicenummer",
        "Kies of het een meisje of een jongen is",
        "Kies of u erbij was",
        "Kies of u verloskundige of arts bent",
        "Vul uw telefoonnummer in",
        "Vink aan dat u zeker bent",
    )
    assert [why for why in reasons if why not in midwife.text] == []
    assert midwife.standing_in(PAGE)["signed-by"] == "N. de Groot"


def test_a_number_that_the_registry_refuses_is_told_at_its_field(double, midwife):
    double.refuse["record_birth_notice"] = "bsn-test-range"
    confirms(midwife)
    assert midwife.page.status_code == 422 and 'id="mother-bsn-error"' in midwife.source


def test_two_presses_confirm_once(double, midwife):
    form = midwife.goes_to(PAGE).standing_in(PAGE) | {name.replace("_", "-"): value for name, value in NOTICE.items()}
    for _ in range(2):
        midwife.client.post(PAGE, data=form, base_url="http://localhost")
    assert len(double.notices) == 1


def test_another_birth_is_confirmed_from_the_same_page(double, midwife):
    confirms(midwife).fills_in(PAGE, **NOTICE | {"born_time": "03:19"})
    assert len(double.notices) == 2


def test_the_page_is_for_care_providers_only(app, midwife):
    for who in (None, actor("resident", SANNE), actor("undertaker", "99000011")):
        logs_in(app, who)
        midwife.goes_to(PAGE)
        assert midwife.page.status_code in (401, 403) and "mother-bsn" not in midwife.source


def test_who_is_logged_in_is_led_to_it_from_every_page(midwife):
    assert f'href="{PAGE}"' in midwife.goes_to(PAGE).source
    assert f'class="button" href="{PAGE}">Verder gaan' in midwife.goes_to("/inloggen").source


def test_the_page_speaks_english_too(midwife):
    assert "Confirm a birth" in midwife.goes_to("/en/care-provider").title
