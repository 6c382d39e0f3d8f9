"""The second partner confirms with a log-in of his own; both see where the notice stands, and change it together."""

import pytest

from tests.pages_double import StillClock
from tests.registry_double import SANNE, Declarant, actor, logs_in, make_registry_app
from tests.wedding_double import FIRST, SECOND, WeddingDouble, whole_notice, witness

AGREES = {
    "residence": "dutch", "guardianship": "no", "custody": "no", "name-use": "partner", "agrees": "yes",
}  # fmt: skip


@pytest.fixture
def double():
    return WeddingDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, SECOND, hint="191")
    return made


@pytest.fixture
def sofie(app):
    return Declarant(app)


@pytest.fixture
def waiting(double):
    """A notice that the first partner sent, with an option on the wished time."""
    return double.has(
        "marriage",
        FIRST,
        "awaiting-partner",
        content=whole_notice(),
        terms={"option_until": "2026-11-25T09:00:00+00:00"},
        names={"partner_1": "Bram Hendriks"},
    )


# --- finding the notice


def test_the_number_leads_the_second_partner_to_the_notice(double, waiting, sofie):
    double.has("marriage", FIRST, "awaiting-partner", content=whole_notice())
    sofie.goes_to("/trouwen/bevestigen")
    sofie.fills_in("/trouwen/bevestigen", number=waiting["receipt"].lower().replace("-", " "))
    assert sofie.path == f"/trouwen/{waiting['record_id']}/bevestigen"


def test_the_only_notice_that_waits_opens_by_itself(waiting, sofie):
    sofie.goes_to("/trouwen/bevestigen")
    assert sofie.path == f"/trouwen/{waiting['record_id']}/bevestigen"


@pytest.mark.parametrize("number", ["", "H-2026-XXXXXX"])
def test_a_number_that_waits_for_nobody_here_says_so(sofie, number):
    sofie.goes_to("/trouwen/bevestigen").fills_in("/trouwen/bevestigen", number=number)
    assert sofie.page.status_code == 422 and 'id="number-error"' in sofie.source


def test_who_is_not_the_second_partner_finds_nothing_by_the_number(app, waiting, sofie):
    logs_in(app, actor("resident", SANNE))
    sofie.goes_to("/trouwen/bevestigen").fills_in("/trouwen/bevestigen", number=waiting["receipt"])
    assert sofie.page.status_code == 422
    assert sofie.goes_to(f"/trouwen/{waiting['record_id']}/bevestigen").page.status_code == 404


def test_the_first_partner_cannot_confirm_for_the_second(app, double, waiting, sofie):
    logs_in(app, FIRST)
    sofie.goes_to(f"/trouwen/{waiting['record_id']}/bevestigen")
    assert sofie.path == f"/mijn-zaken/{waiting['record_id']}"
    assert "Wij wachten op uw partner" in sofie.text and waiting["receipt"] in sofie.text
    assert "Lees en bevestig" not in sofie.text


def test_the_list_tells_the_second_partner_that_it_is_his_turn(app, waiting, sofie):
    sofie.goes_to("/mijn-zaken")
    assert "Uw partner vraagt u om te bevestigen" in sofie.text
    logs_in(app, FIRST)
    assert "Wij wachten op uw partner" in sofie.goes_to("/mijn-zaken").text


# --- confirming


def test_the_second_partner_reads_everything_and_confirms(double, waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here)
    for words in ("Bram Hendriks deed de melding", "Trouwzaal Stadhuis", "14:00 uur", "Anna Getuige", "Bea Getuige"):
        assert words in sofie.text
    assert "bram@voorbeeld.nl" not in sofie.source
    sofie.fills_in(here, **AGREES)
    (sent,) = double.called("act")
    assert sent["command"] == "assent"
    assert sent["particulars"] == {
        "agrees": True, "residence": "dutch", "guardianship": False, "custody": False, "no_sham": False,
        "name_use": "partner",
    }  # fmt: skip
    assert waiting["status"] == "submitted"
    assert sofie.path.startswith(f"/mijn-zaken/{waiting['record_id']}") and "is compleet" in sofie.text


def test_what_is_not_answered_is_asked_again(double, waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here).fills_in(here, residence="dutch", custody="yes")
    assert sofie.page.status_code == 422 and double.called("act") == []
    assert "Lees alles en vink aan dat het klopt" in sofie.text
    assert 'id="custody-yes" name="custody" value="yes" checked' in sofie.source


def test_who_has_no_lasting_right_to_be_here_declares_that_it_is_no_sham(waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here).fills_in(here, **(AGREES | {"residence": "other"}))
    assert sofie.page.status_code == 422 and 'id="no-sham-error"' in sofie.source
    sofie.fills_in(here, **{"no-sham": "yes"})
    assert waiting["status"] == "submitted"


def test_under_guardianship_the_counter_helps(double, waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here).fills_in(here, **(AGREES | {"guardianship": "yes"}))
    assert "product=marriage-notice" in sofie.source and waiting["status"] == "awaiting-partner"


def test_who_takes_part_in_another_notice_is_told(double, waiting, sofie):
    double.refuse["act:assent"] = "marriage-notice-exists"
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here).fills_in(here, **AGREES)
    assert sofie.page.status_code == 422 and "Er is al een andere melding" in sofie.text


def test_a_notice_that_only_the_counter_takes_leads_there(double, waiting, sofie):
    double.refuse["act:assent"] = "marriage-not-online"
    double.refuse_facts = {"reasons": ["marriage-kin"]}
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here).fills_in(here, **AGREES)
    assert "product=marriage-notice" in sofie.source


def test_confirming_twice_is_confirming_once(waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sent = sofie.goes_to(here).standing_in(here) | AGREES
    for _ in range(2):
        sofie.page = sofie.client.post(here, data=sent, follow_redirects=True)
    assert sofie.page.status_code == 200 and waiting["status"] == "submitted"
    assert sofie.path.startswith(f"/mijn-zaken/{waiting['record_id']}")


def test_what_the_first_partner_changed_meanwhile_is_read_again(waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/bevestigen"
    sofie.goes_to(here)
    waiting["version"] += 1
    sofie.fills_in(here, **AGREES)
    assert sofie.page.status_code == 409 and waiting["status"] == "awaiting-partner"


# --- or not


def test_who_does_not_confirm_gives_the_notice_back_with_a_reason(app, double, waiting, sofie):
    here = f"/trouwen/{waiting['record_id']}/niet-bevestigen"
    sofie.goes_to(here).fills_in(here, note="Liever in mei.")
    assert waiting["status"] == "draft"
    assert "U hebt niet bevestigd" in sofie.text and "Veilig Thuis" in sofie.text
    assert sofie.goes_to(f"/mijn-zaken/{waiting['record_id']}").page.status_code == 404
    logs_in(app, FIRST)
    sofie.goes_to(f"/mijn-zaken/{waiting['record_id']}")
    assert "Uw partner bevestigde niet" in sofie.text and "Liever in mei." in sofie.text


def test_a_get_declines_nothing(waiting, sofie):
    sofie.goes_to(f"/trouwen/{waiting['record_id']}/niet-bevestigen")
    sofie.goes_to("/trouwen/niet-bevestigd")
    assert waiting["status"] == "awaiting-partner"


# --- what both see


def test_the_first_partner_sees_until_when_the_time_is_kept(app, waiting, sofie):
    logs_in(app, FIRST)
    sofie.goes_to(f"/trouwen/{waiting['record_id']}/verstuurd")
    assert "tot woensdag 25 november 2026" in sofie.text
    sofie.goes_to(f"/en/marry/{waiting['record_id']}/sent")
    assert "Your partner logs in with an own DigiD" in sofie.text


@pytest.mark.parametrize("who", [FIRST, SECOND])
def test_both_see_what_comes_next_and_by_when(app, double, sofie, who):
    record = double.has(
        "marriage",
        FIRST,
        "accepted",
        content=whole_notice(),
        terms={
            "marry_from": "2026-12-07",
            "marry_by": "2027-11-23",
            "option_until": "2026-12-07T09:00:00+00:00",
        },
        names={"partner_1": "Bram Hendriks", "partner_2": "Sofie Dekker"},
    )
    logs_in(app, who)
    sofie.goes_to(f"/mijn-zaken/{record['record_id']}")
    for words in (
        "U mag trouwen",
        "maandag 7 december 2026",
        "dinsdag 23 november 2027",
        "houden deze tijd voor u vrij",
    ):
        assert words in sofie.text
    assert ("Sofie Dekker" if who is FIRST else "Bram Hendriks") in sofie.text


def test_a_wish_that_is_not_kept_any_more_says_so(double, sofie):
    record = double.has("marriage", FIRST, "accepted", content=whole_notice())
    sofie.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert "Wij houden deze tijd niet meer vrij" in sofie.text


@pytest.mark.parametrize(("until", "can"), [("2026-12-04", True), ("2026-11-23", True), ("2026-11-22", False)])
def test_until_when_the_couple_change_it_themselves(double, sofie, until, can):
    record = double.has(
        "marriage", FIRST, "scheduled", content=whole_notice(), due_on="2026-12-18", terms={"change_until": until}
    )
    sofie.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert ("Verzet de dag" in sofie.text, "Getuigen wijzigen" in sofie.text) == (can, can)
    assert ("Dat kon tot en met" in sofie.text) is not can


def test_witnesses_of_an_accepted_notice_are_changed(double, sofie):
    record = double.has("marriage", FIRST, "scheduled", content=whole_notice(), due_on="2026-12-18")
    here = f"/trouwen/{record['record_id']}/getuigen"
    sofie.goes_to(here).fills_in(here, **{"witness-1-first-names": "Cor"})
    (sent,) = double.called("act")
    assert (sent["command"], sent["particulars"]) == (
        "change-witnesses", {"witnesses": [witness("Anna"), witness("Cor")]},
    )  # fmt: skip
    assert "Uw getuigen zijn gewijzigd" in sofie.text


@pytest.mark.parametrize("code", ["witness-not-independent", "ceremony-too-near"])
def test_witnesses_that_the_registry_refuses_are_told(double, sofie, code):
    record = double.has("marriage", FIRST, "scheduled", content=whole_notice(), due_on="2026-12-18")
    double.refuse["act:change-witnesses"] = code
    here = f"/trouwen/{record['record_id']}/getuigen"
    sofie.goes_to(here).fills_in(here)
    assert sofie.page.status_code == 422 and 'id="witness-0-first-names-error"' in sofie.source


def test_the_second_partner_answers_a_question_about_his_own_name(double, sofie):
    question = {"reason": "Klopt uw naam?", "items": ["Welke naam?"], "answer_by": "2026-11-25"}
    content = whole_notice()
    content["partner_2"] |= {"name_use": "own", "custody": False, "residence": "dutch"}
    record = double.has("marriage", FIRST, "info-requested", content=content, question=question)
    here = f"/trouwen/{record['record_id']}/naam-en-verklaringen"
    sofie.goes_to(here).fills_in(here, **{"name-use": "own-partner", "custody": "no"})
    assert record["content"]["partner_2"]["name_use"] == "own-partner"
    assert record["content"]["partner_1"]["name_use"] == "own"


@pytest.mark.parametrize("who", [FIRST, SECOND])
def test_either_withdraws_what_both_gave(app, double, sofie, who):
    record = double.has("marriage", FIRST, "submitted", content=whole_notice())
    logs_in(app, who)
    here = f"/mijn-zaken/{record['record_id']}/intrekken"
    sofie.goes_to(here).fills_in(here)
    assert record["status"] == "withdrawn"


def test_the_history_names_nobody_you(double, waiting, sofie):
    double.happened(waiting, "invite-partner", "draft", by="resident")
    sofie.goes_to(f"/mijn-zaken/{waiting['record_id']}")
    assert "Een van u begon" in sofie.text and "Wij vroegen de tweede" in sofie.text


@pytest.mark.parametrize("status", ["draft", "awaiting-partner", "submitted", "accepted", "scheduled", "registered"])
def test_every_state_has_a_page_in_both_languages(app, double, sofie, status):
    record = double.has("marriage", FIRST, status, content=whole_notice())
    logs_in(app, FIRST)
    assert sofie.goes_to(f"/mijn-zaken/{record['record_id']}").page.status_code == 200
    assert sofie.goes_to(f"/en/my-cases/{record['record_id']}").page.status_code == 200


def test_by_when_the_second_partner_confirms_is_told_to_both(app, double, waiting, sofie):
    waiting["terms"]["assent_by"] = "2026-12-22"
    sofie.goes_to(f"/mijn-zaken/{waiting['record_id']}")
    assert "Bevestig uiterlijk dinsdag 22 december 2026." in sofie.text
    logs_in(app, FIRST)
    sofie.goes_to(f"/mijn-zaken/{waiting['record_id']}")
    assert "Uw partner kan dat tot en met dinsdag 22 december 2026." in sofie.text
    sofie.goes_to(f"/trouwen/{waiting['record_id']}/verstuurd")
    assert "bevestigen tot en met dinsdag 22 december 2026" in sofie.text


def test_the_second_partner_neither_sees_nor_changes_what_only_the_first_one_told(double, sofie):
    content = whole_notice()
    content["partner_2"] |= {"name_use": "own"}
    record = double.has("marriage", FIRST, "info-requested", content=content)
    sofie.goes_to(f"/trouwen/{record['record_id']}/controle")
    assert "bram@voorbeeld.nl" not in sofie.source and "sofie@voorbeeld.nl" in sofie.text
    for step in ("eerst", "partners"):
        assert f"/trouwen/{record['record_id']}/{step}" not in sofie.source
        sofie.goes_to(f"/trouwen/{record['record_id']}/{step}")
        assert sofie.path == f"/mijn-zaken/{record['record_id']}"
