"""My cases: everything a resident declared, in plain words, and what he can do about it himself."""

import io

import pytest

from services.contracts.civil_registry import AddEvidence
from services.messaging.errors import RemoteRefusal
from tests.filing_samples import pdf
from tests.pages_double import StillClock
from tests.registry_double import SANNE, THOMAS, Declarant, RegistryDouble, actor, logs_in, make_registry_app

MOTHER, FATHER = actor("resident", SANNE), actor("resident", THOMAS)
QUESTION = {
    "reason": "Het tijdstip klopt niet.",
    "items": ["Hoe laat is het kind geboren?"],
    "answer_by": "2026-11-25",
    "asked_at": "2026-11-23T09:00:00+00:00",
}
PDF = pdf()


@pytest.fixture
def double():
    return RegistryDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, MOTHER)
    return made


@pytest.fixture
def mother(app):
    return Declarant(app)


def test_the_list_shows_what_waits_for_the_resident_first_and_what_came_to_nothing_apart(double, mother):
    double.has("birth", MOTHER, "submitted", label="Emma", due_on="2026-11-30")
    double.has("birth", MOTHER, "withdrawn", label="Vergissing")
    double.has("birth", MOTHER, "info-requested", label="Noor")
    double.has("birth", FATHER, "submitted", label="Van een ander")
    mother.goes_to("/mijn-zaken")
    assert mother.text.index("Noor") < mother.text.index("Emma") < mother.text.index("Wat niet doorging")
    assert "Wij hebben het ontvangen" in mother.text and "uiterlijk maandag 30 november 2026" in mother.text
    assert "Van een ander" not in mother.text


def test_without_cases_the_page_says_so_and_leads_to_appointments(mother):
    mother.goes_to("/en/my-cases")
    assert "You have no cases here that are still open." in mother.text
    assert 'href="/en/my-appointment"' in mother.source


def test_who_is_not_logged_in_is_led_to_the_login_and_back(app, mother):
    logs_in(app, None)
    mother.goes_to("/mijn-zaken")
    assert mother.page.status_code == 401
    assert 'name="back" value="/mijn-zaken"' in mother.source


def test_one_case_tells_its_state_its_papers_and_its_history(double, mother):
    record = double.has("birth", MOTHER, "submitted", label="Emma")
    double.happened(record, "save", "draft", by="resident")
    double.happened(record, "submit", "draft", by="resident")
    record["documents"] = [
        {"document_id": record["record_id"], "kind": "receipt", "number": record["receipt"], "issued_at": "2026-11-23",
         "state": "valid"}
    ]  # fmt: skip
    mother.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert "Geboorteaangifte: Emma" in mother.text and record["receipt"] in mother.text
    assert mother.text.index("U hebt het verstuurd") < mother.text.index("U bent begonnen")
    assert "save" not in mother.text
    assert f"/mijn-zaken/{record['record_id']}/papier/{record['record_id']}" in mother.source


def test_the_other_language_shows_the_same_case(double, mother):
    record = double.has("birth", MOTHER, "submitted")
    mother.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert f'href="/en/my-cases/{record["record_id"]}"' in mother.source


def test_a_case_of_somebody_else_is_unknown(double, mother):
    record = double.has("birth", FATHER, "submitted")
    mother.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert mother.page.status_code == 404
    assert "Wij kunnen deze aangifte niet vinden" in mother.text


def test_a_question_is_shown_and_answered_with_words(double, mother):
    record = double.has("birth", MOTHER, "info-requested", question=QUESTION)
    here = f"/mijn-zaken/{record['record_id']}"
    mother.goes_to(here)
    assert "Hoe laat is het kind geboren?" in mother.text and "uiterlijk woensdag 25 november 2026" in mother.text
    mother.goes_to(f"{here}/antwoord").fills_in(f"{here}/antwoord", note="Om 03:07 uur")
    (sent,) = double.called("act")
    assert (sent["command"], sent["particulars"]) == ("supply-info", {"note": "Om 03:07 uur"})
    assert "Wij hebben uw antwoord ontvangen." in mother.text


def test_an_answer_without_anything_is_told_so_at_its_field(double, mother):
    record = double.has("birth", MOTHER, "info-requested", question=QUESTION)
    double.refuse["act:supply-info"] = "nothing-supplied"
    here = f"/mijn-zaken/{record['record_id']}/antwoord"
    mother.goes_to(here).fills_in(here)
    assert mother.page.status_code == 422
    assert "Schrijf een antwoord, verander iets of voeg een document toe" in mother.text


def test_who_answers_what_somebody_else_answered_meanwhile_loses_nothing(double, mother):
    record = double.has("birth", MOTHER, "info-requested", question=QUESTION)
    here = f"/mijn-zaken/{record['record_id']}/antwoord"
    mother.goes_to(here)
    record["version"] += 1
    mother.fills_in(here, note="Om 03:07 uur")
    assert mother.page.status_code == 409
    assert "Er is intussen iets veranderd" in mother.text and "Om 03:07 uur" in mother.source
    mother.fills_in(here)
    assert record["status"] == "in-review"
    assert record["history"][-1]["note"] == "Om 03:07 uur"


def test_a_statement_is_added_to_a_declaration_that_waits_for_it(double, mother):
    record = double.has("birth", MOTHER, "awaiting-confirmation")
    here = f"/mijn-zaken/{record['record_id']}"
    mother.goes_to(here).fills_in(f"{here}/stuk", birth_statement=(io.BytesIO(PDF), "verklaring.pdf"))
    assert record["evidence"][0]["kind"] == "birth-statement"
    assert record["status"] == "submitted"
    assert "Wij hebben het document ontvangen." in mother.text
    assert set(double.called("add_evidence")[0]) == set(AddEvidence().fields)


@pytest.mark.parametrize("file", [None, (io.BytesIO(b"MZ\x90 not a paper"), "virus.pdf")])
def test_no_file_or_a_wrong_one_is_told_at_the_field(double, mother, file):
    record = double.has("birth", MOTHER, "awaiting-confirmation")
    here = f"/mijn-zaken/{record['record_id']}"
    mother.goes_to(here).fills_in(f"{here}/stuk", birth_statement=file)
    assert mother.page.status_code == 422
    assert 'id="birth-statement-error"' in mother.source
    assert record["status"] == "awaiting-confirmation" and not record["evidence"]


def test_when_the_midwife_was_faster_the_statement_is_kept_all_the_same(double, mother):
    record = double.has("birth", MOTHER, "awaiting-confirmation")
    here = f"/mijn-zaken/{record['record_id']}"
    mother.goes_to(here)
    double.refuse["act:add-statement"] = "not-now"
    mother.fills_in(f"{here}/stuk", birth_statement=(io.BytesIO(PDF), "verklaring.pdf"))
    assert mother.page.status_code == 200 and len(record["evidence"]) == 1


def test_withdrawing_asks_first(double, mother):
    record = double.has("birth", MOTHER, "submitted")
    here = f"/mijn-zaken/{record['record_id']}"
    mother.goes_to(f"{here}/intrekken")
    assert record["status"] == "submitted"
    mother.fills_in(f"{here}/intrekken")
    assert record["status"] == "withdrawn"
    assert "Het is ingetrokken." in mother.text


def test_what_was_withdrawn_can_be_begun_again(double, mother):
    record = double.has("birth", MOTHER, "withdrawn")
    assert 'href="/geboorte-aangeven"' in mother.goes_to(f"/mijn-zaken/{record['record_id']}").source


def test_what_is_approved_cannot_be_withdrawn(double, mother):
    record = double.has("birth", MOTHER, "approved")
    mother.goes_to(f"/mijn-zaken/{record['record_id']}/intrekken")
    assert mother.path == f"/mijn-zaken/{record['record_id']}"
    assert "Intrekken" not in mother.text


def test_why_it_was_refused_stands_on_the_page(double, mother):
    record = double.has("birth", MOTHER, "refused")
    double.happened(record, "refuse", "in-review", by="officer", note="Het kind is hier niet geboren.")
    mother.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert "Het kind is hier niet geboren." in mother.text and "binnen zes weken naar de rechtbank" in mother.text


def test_a_paper_is_sent_to_whoever_may_have_it_and_to_nobody_else(app, double, mother):
    record = double.has("birth", MOTHER, "submitted")
    stored = app.extensions["files"].store.put(PDF, "application/pdf")
    double.answers_of["document_file"] = {
        "file_id": stored.id, "file_name": "ontvangstbewijs.pdf", "media_type": "application/pdf",
    }  # fmt: skip
    here = f"/mijn-zaken/{record['record_id']}/papier/{record['record_id']}"
    mother.goes_to(here)
    assert mother.page.data == PDF
    assert "ontvangstbewijs.pdf" in mother.page.headers["Content-Disposition"]

    def unknown(_):
        raise RemoteRefusal("document-unknown", "", {})

    double.answers_of["document_file"] = unknown
    assert mother.goes_to(here).page.status_code == 404
