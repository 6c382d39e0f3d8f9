"""Giving notice of marriage or partnership: the first partner, from the first questions to asking the second one."""

import io

import pytest

from gateway.pages.wedding_steps import _years_before
from services.messaging.errors import RemoteRefusal
from tests.filing_samples import pdf
from tests.pages_double import StillClock
from tests.registry_double import SEALER, Declarant, logs_in, make_registry_app
from tests.wedding_double import BRAM, FIRST, SECOND, SOFIE, WeddingDouble, whole_notice, witness

FREE = {
    "bond": "marriage", "adult": "yes", "resident": "yes", "bound": "no", "kinship": "none", "guardianship": "no",
    "residence": "dutch",
}  # fmt: skip
BOTH = {"partner-bsn": SOFIE, "partner-email": "sofie@voorbeeld.nl", "email": "bram@voorbeeld.nl", "phone": ""}


def named(row, first_names="Anna", year="1990"):
    at = f"witness-{row}"
    return {
        f"{at}-first-names": first_names, f"{at}-surname": "Getuige", f"{at}-address": "Markt 1, Enschede",
        f"{at}-born-day": "1", f"{at}-born-month": "1", f"{at}-born-year": year,
    }  # fmt: skip


@pytest.fixture
def double():
    return WeddingDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, FIRST, hint=BRAM[-3:])
    return made


@pytest.fixture
def bram(app):
    return Declarant(app)


def draft(double, **changes):
    return double.has("marriage", FIRST, content=whole_notice(**changes))


# --- the first questions


def test_the_page_tells_the_fourteen_days_and_the_year_to_everybody(app, bram):
    logs_in(app, None)
    bram.goes_to("/trouwen")
    assert bram.page.status_code == 200
    assert "ten minste 14 dagen" in bram.text and "één jaar geldig" in bram.text
    assert bram.goes_to("/en/marry").page.status_code == 200


def test_who_may_give_notice_online_begins_a_notice(double, bram):
    bram.goes_to("/trouwen/eerst").fills_in("/trouwen/eerst", **FREE)
    (begun,) = double.records.values()
    assert bram.path == f"/trouwen/{begun['record_id']}/partners"
    assert begun["content"]["bond"] == "marriage"
    assert begun["content"]["partner_1"] == {"bsn": SEALER.seal(BRAM), "residence": "dutch", "guardianship": False}


def test_the_same_press_twice_begins_one_notice(double, bram):
    bram.goes_to("/trouwen/eerst")
    sent = bram.standing_in("/trouwen/eerst") | FREE
    for _ in range(2):
        bram.client.post("/trouwen/eerst", data=sent)
    assert len(double.records) == 1


def test_what_is_not_answered_is_asked_again_and_what_was_answered_stays(double, bram):
    bram.goes_to("/trouwen/eerst").fills_in("/trouwen/eerst", bond="partnership")
    assert bram.page.status_code == 422
    assert "Kies of u familie van elkaar bent" in bram.text
    assert 'value="partnership" checked' in bram.source
    assert double.called("check_marriage") == []


@pytest.mark.parametrize(
    ("text", "redirects", "says"),
    [
        ("marriage-bound", False, "nog getrouwd of geregistreerd partner"),
        ("marriage-too-young", False, "nog geen 18 jaar"),
        ("marriage-forbidden", False, "De wet verbiedt dit"),
        ("marriage-partner-abroad", True, "staat niet ingeschreven als inwoner van Nederland"),
    ],
)
def test_what_stands_in_the_way_is_told_before_anything_else_is_asked(double, bram, text, redirects, says):
    double.obstacles = [{"code": "x", "text": text, "redirects": redirects, "blocks": True, "facts": {}}]
    bram.goes_to("/trouwen/eerst").fills_in("/trouwen/eerst", **FREE)
    assert says in bram.text
    assert ("product=marriage-notice" in bram.source) is redirects
    assert double.records == {}
    bram.fills_in("/trouwen/eerst")
    assert 'value="marriage" checked' in bram.source


def test_the_first_answers_can_be_changed_later(double, bram):
    record = draft(double)
    here = f"/trouwen/{record['record_id']}/eerst"
    bram.goes_to(here).fills_in(here, bond="partnership")
    assert record["content"]["bond"] == "partnership"
    assert record["content"]["partner_1"]["name_use"] == "own"
    assert bram.path.endswith("/controle")


# --- the two of them


def test_the_number_of_the_partner_is_sealed_and_never_shown_whole(double, bram):
    record = double.has("marriage", FIRST, content={"partner_1": {"bsn": SEALER.seal(BRAM)}})
    here = f"/trouwen/{record['record_id']}/partners"
    bram.goes_to(here).fills_in(here, **BOTH)
    assert record["content"]["partner_2"] == {"bsn": SEALER.seal(SOFIE), "email": "sofie@voorbeeld.nl"}
    assert record["content"]["contact"] == {"email": "bram@voorbeeld.nl", "phone": None, "language": "nl"}
    assert bram.path.startswith(f"/trouwen/{record['record_id']}/dag")
    bram.goes_to(here)
    assert "eindigt op 191" in bram.text and SOFIE not in bram.source
    bram.fills_in(here)
    assert record["content"]["partner_2"]["bsn"] == SEALER.seal(SOFIE)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"partner-bsn": "123456789"}, "geen burgerservicenummer"),
        ({"partner-bsn": BRAM}, "Dit is uw eigen nummer"),
        ({"partner-bsn": ""}, "Vul het burgerservicenummer van uw partner in"),
        ({"partner-email": "sofie"}, "geldig e-mailadres"),
    ],
)
def test_a_wrong_partner_is_told_at_the_field_and_the_rest_stays(double, bram, wrong, says):
    record = double.has("marriage", FIRST, content={"partner_1": {"bsn": SEALER.seal(BRAM)}})
    here = f"/trouwen/{record['record_id']}/partners"
    bram.goes_to(here).fills_in(here, **(BOTH | wrong))
    assert bram.page.status_code == 422
    assert says in bram.text and 'value="bram@voorbeeld.nl"' in bram.source


def test_a_number_that_the_registry_does_not_take_is_told_at_its_field(double, bram):
    record = double.has("marriage", FIRST, content={"partner_1": {"bsn": SEALER.seal(BRAM)}})
    double.refuse["save_draft"] = "bsn-test-range"
    here = f"/trouwen/{record['record_id']}/partners"
    bram.goes_to(here).fills_in(here, **BOTH)
    assert bram.page.status_code == 422 and 'id="partner-bsn-error"' in bram.source


# --- the witnesses


def test_two_witnesses_are_asked_and_up_to_four_can_be_named(double, bram):
    record = draft(double, witnesses=[])
    here = f"/trouwen/{record['record_id']}/getuigen"
    bram.goes_to(here)
    assert "Getuige 2" in bram.text and "Getuige 3" not in bram.text
    bram.fills_in(here, **named(0), **named(1, "Bea"), more="witness")
    assert bram.page.status_code == 200
    assert "Getuige 3" in bram.text and 'value="Bea"' in bram.source
    bram.fills_in(here, **named(2, "Cor"))
    assert [one["first_names"] for one in record["content"]["witnesses"]] == ["Anna", "Bea", "Cor"]
    assert record["content"]["witnesses"][0]["born_on"] == "1990-01-01"


def test_a_row_more_that_is_left_empty_is_no_witness(double, bram):
    record = draft(double, witnesses=[])
    here = f"/trouwen/{record['record_id']}/getuigen"
    bram.goes_to(here).fills_in(here, **named(0), **named(1, "Bea"), more="witness").fills_in(here)
    assert len(record["content"]["witnesses"]) == 2


def test_a_special_house_asks_for_six_witnesses(double, bram):
    record = draft(double, ceremony=whole_notice()["ceremony"] | {"room_id": "ziekenhuis"})
    here = f"/trouwen/{record['record_id']}/getuigen"
    bram.goes_to(here)
    assert "hebt u 6 getuigen nodig" in bram.text and "Getuige 6" in bram.text
    bram.fills_in(here)
    assert "Getuige 6: vul de achternaam in" in bram.text


def test_a_witness_who_is_not_18_on_the_day_is_told_at_once(double, bram):
    record = draft(double)
    here = f"/trouwen/{record['record_id']}/getuigen"
    bram.goes_to(here).fills_in(here, **named(1, "Bea", year="2009"))
    assert bram.page.status_code == 422
    assert "Getuige 2: een getuige is op de trouwdag 18 jaar of ouder" in bram.text
    assert 'href="#witness-1-born-day"' in bram.source


@pytest.mark.parametrize(
    ("on", "last"), [("2026-12-18", "2008-12-18"), ("2028-02-29", "2010-02-28"), ("2028-03-01", "2010-03-01")]
)
def test_the_last_birth_date_of_an_adult(on, last):
    from datetime import date

    assert _years_before(date.fromisoformat(on), 18).isoformat() == last


# --- name, statements, papers


def test_name_statements_and_papers_are_kept(double, bram):
    content = whole_notice()
    for name in ("custody", "no_sham", "name_use"):
        del content["partner_1"][name]
    record = double.has("marriage", FIRST, content=content)
    here = f"/trouwen/{record['record_id']}/naam-en-verklaringen"
    bram.goes_to(here)
    assert 'name="no-sham"' not in bram.source
    answers = {"name-use": "partner-own", "custody": "yes", "identity-document": (io.BytesIO(pdf()), "anna.pdf")}
    bram.fills_in(here, **answers)
    assert bram.path.endswith("/controle")
    kept = record["content"]["partner_1"]
    assert (kept["name_use"], kept["custody"], kept["residence"]) == ("partner-own", True, "dutch")
    assert record["evidence"][0]["kind"] == "identity-document"


def test_the_statement_about_residence_is_asked_of_who_has_no_lasting_right(double, bram):
    content = whole_notice()
    content["partner_1"] = {"bsn": SEALER.seal(BRAM), "residence": "other", "guardianship": False}
    record = double.has("marriage", FIRST, content=content)
    here = f"/trouwen/{record['record_id']}/naam-en-verklaringen"
    bram.goes_to(here).fills_in(here, **{"name-use": "own", "custody": "no"})
    assert bram.page.status_code == 422 and "niet trouwt om hier te mogen blijven" in bram.text
    bram.fills_in(here, **{"no-sham": "yes"})
    assert record["content"]["partner_1"]["no_sham"] is True


# --- the check, and asking the second partner


def test_the_check_shows_everything_and_asks_the_partner(double, bram):
    record = draft(double)
    here = f"/trouwen/{record['record_id']}/controle"
    bram.goes_to(here)
    for words in ("Huwelijk", "Trouwzaal Stadhuis", "Vrijdag 18 december 2026, 14:00 uur", "Anna Getuige", "op 191"):
        assert words in bram.text
    bram.fills_in(here)
    assert "Lees alles en vink aan dat het klopt" in bram.text and record["status"] == "draft"
    bram.fills_in(here, confirmed="yes")
    assert record["status"] == "awaiting-partner" and record["content"]["confirmed"] is True
    assert record["receipt"] in bram.text and "http://127.0.0.1:8080/trouwen/bevestigen" in bram.text
    assert "sofie@voorbeeld.nl" in bram.text


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("room-not-free", "ceremony"),
        ("marriage-too-soon", "ceremony"),
        ("marriage-notice-exists", "partners"),
        ("witness-not-independent", "witnesses"),
    ],
)
def test_what_is_refused_is_told_at_the_answer_that_mends_it(double, bram, code, field):
    record = draft(double)
    here = f"/trouwen/{record['record_id']}/controle"
    bram.goes_to(here)
    double.refuse["act:invite-partner"] = code
    bram.fills_in(here, confirmed="yes")
    assert bram.page.status_code == 422
    assert f'href="#{field}"' in bram.source and f'id="{field}"' in bram.source
    double.refuse.clear()
    bram.fills_in(here, confirmed="yes")
    assert record["status"] == "awaiting-partner"


def test_a_notice_that_only_the_counter_takes_leads_there(double, bram):
    record = draft(double)
    here = f"/trouwen/{record['record_id']}/controle"
    bram.goes_to(here)
    double.refuse["act:invite-partner"] = "marriage-not-online"
    double.refuse_facts = {"reasons": ["marriage-guardianship"]}
    bram.fills_in(here, confirmed="yes")
    assert "Een van u staat onder curatele" in bram.text and "product=marriage-notice" in bram.source


@pytest.mark.parametrize(
    ("part", "there"), [("contact", "/partners"), ("ceremony", "/dag"), ("witnesses", "/getuigen")]
)
def test_the_check_leads_to_what_is_missing(double, bram, part, there):
    content = whole_notice()
    del content[part]
    record = double.has("marriage", FIRST, content=content)
    bram.goes_to(f"/trouwen/{record['record_id']}/controle")
    assert bram.path.endswith(there)


@pytest.mark.parametrize("step", ["eerst", "partners", "dag", "getuigen", "naam-en-verklaringen", "controle"])
def test_a_notice_that_was_sent_cannot_be_filled_in_any_more(double, bram, step):
    record = double.has("marriage", FIRST, "submitted", content=whole_notice())
    bram.goes_to(f"/trouwen/{record['record_id']}/{step}")
    assert bram.path == f"/mijn-zaken/{record['record_id']}"


@pytest.mark.parametrize("step", ["eerst", "partners", "getuigen", "naam-en-verklaringen", "controle"])
def test_who_saves_what_changed_meanwhile_loses_nothing(double, bram, step):
    record = draft(double)
    here = f"/trouwen/{record['record_id']}/{step}"
    bram.goes_to(here)
    record["version"] += 1
    bram.fills_in(here, **({"confirmed": "yes"} if step == "controle" else {}))
    assert bram.page.status_code == 409 and "Er is intussen iets veranderd" in bram.text
    bram.fills_in(here)
    assert bram.page.status_code == 200


def test_a_notice_of_others_is_unknown(app, double, bram):
    record = draft(double)
    logs_in(app, SECOND)
    for step in ("eerst", "partners", "dag", "getuigen", "naam-en-verklaringen", "controle", "bevestigen"):
        assert bram.goes_to(f"/trouwen/{record['record_id']}/{step}").page.status_code == 404


def test_a_question_of_ours_is_answered_with_what_was_changed(double, bram):
    question = {"reason": "De getuige klopt niet.", "items": ["Hoe heet zij?"], "answer_by": "2026-11-25"}
    record = double.has("marriage", FIRST, "info-requested", content=whole_notice(), question=question)
    answer = f"/mijn-zaken/{record['record_id']}/antwoord"
    bram.goes_to(answer)
    assert f'href="/trouwen/{record["record_id"]}/controle"' in bram.source
    here = f"/trouwen/{record['record_id']}/getuigen"
    bram.goes_to(here).fills_in(here, **named(1, "Beatrix"))
    assert bram.path.endswith("/controle") and f'href="{answer}"' in bram.source
    assert "Bevestig en vraag mijn partner" not in bram.text
    bram.goes_to(answer).fills_in(answer, note="Aangepast")
    assert record["status"] == "in-review"
    assert record["content"]["witnesses"][1] == witness("Beatrix")


def test_without_the_registry_nothing_that_was_typed_is_lost(double, bram):
    double.down = True
    bram.goes_to("/trouwen/eerst")
    bram.fills_in("/trouwen/eerst", **FREE)
    assert bram.page.status_code == 503


def test_a_refusal_that_no_field_knows_is_a_page_of_its_own(double, bram):
    record = draft(double)

    def gone(_):
        raise RemoteRefusal("record-unknown", "", {})

    here = f"/trouwen/{record['record_id']}/partners"
    bram.goes_to(here)
    double.answers_of["save_draft"] = gone
    bram.fills_in(here)
    assert bram.page.status_code == 404
