"""The staff desk: a deed before it is drawn up, the registers, what is added to deeds, and papers of them."""

import pytest

from tests.pages_double import StillClock
from tests.registry_double import SANNE, Declarant, RegistryDouble, actor, logs_in, make_registry_app

MOTHER = actor("resident", SANNE)
OFFICER = actor("staff", "abs-1", "officer")
TEXT = "Nederland (NL)\nAkte van geboorte\n2026\nNummer (volgt)\n"
PAPER = "7c0b1d0e-6a3c-4a57-9f0a-4d5f8f1f2a33"
CHANGES = {"first_names": "Emma", "surname": "Jansen", "born_on": "2026-11-22"}
DEED = {
    "deed_id": PAPER, "record_id": PAPER, "register": "birth", "register_year": 2026, "number": "1A0001",
    "brp_number": "1AA0001", "text": TEXT.replace("(volgt)", "1A0001"), "drawn_at": "2026-11-23T09:00:00+00:00",
    "drawn_by": "abs-2", "printed_at": None, "signed_at": None,
    "registered_at": "2026-11-23T09:00:00+00:00", "mentions": [], "blocked": None,
    "cancelled": False, "now": CHANGES, "documents": [],
}  # fmt: skip
_WITHOUT_ANSWER = ("add_mention", "correct_slip", "add_court_order", "block_extracts", "close_register")
HERE = "/werk/registers/2026/1A0001"


@pytest.fixture
def double():
    made = RegistryDouble(StillClock())
    made.answers_of |= {
        "deed_preview": {"text": TEXT, "problems": [], "drawn": False, "register_year": None, "number": None},
        "deed": DEED,
        "registers": {"parts": [part(2026), part(2025, last=42)]},
        "issue_extract": {"document_id": PAPER},
        **{name: lambda _request: {} for name in _WITHOUT_ANSWER},
    }
    return made


def part(year, last=1, closed_at=None):
    return {"register": "birth", "part": "A", "register_year": year, "last_number": last, "closed_at": closed_at}


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, OFFICER, name="Anouk de Boer")
    return made


@pytest.fixture
def officer(app):
    return Declarant(app)


def asked(double, method):
    return next(request for name, request, _ in reversed(double.calls) if name == method)


# --- before and when a deed is drawn up


def approved(double, **child):
    content = {"child": {"first_names": "Emma", **child}}
    return double.has("birth", MOTHER, "approved", label="Emma", content=content)


def test_an_officer_reads_the_deed_and_then_draws_it_up(double, officer):
    record = approved(double)
    here = f"/werk/zaken/{record['record_id']}"
    officer.goes_to(here)
    assert "Bekijk de akte en maak haar op" in officer.text and "opdracht/draw-deed" not in officer.source
    officer.goes_to(f"{here}/akte")
    assert "Nummer (volgt)" in officer.text
    officer.fills_in(f"{here}/akte")
    assert record["status"] == "deed-drawn" and "Akte opgemaakt." in officer.text
    assert asked(double, "act")["particulars"] == {}


def test_what_stands_in_the_way_is_said_before_and_when_the_button_is_pressed(double, officer):
    record = approved(double)
    here = f"/werk/zaken/{record['record_id']}/akte"
    double.answers_of["deed_preview"]["problems"] = [
        {"code": "officer-is-party", "facts": {}},
        {"code": "findings-open", "facts": {"codes": ["person-unknown"]}},
    ]
    officer.goes_to(here)
    assert "Deze akte gaat over uzelf" in officer.text and "De BRP kent dit nummer niet" in officer.text
    double.refuse["act:draw-deed"] = "officer-is-party"
    officer.fills_in(here)
    assert officer.page.status_code == 403 and record["status"] == "approved"


def test_names_that_the_officer_gives_are_looked_at_first_and_stand_in_no_address(double, officer):
    record = approved(double, first_names="")
    here = f"/werk/zaken/{record['record_id']}/akte"
    officer.goes_to(here).fills_in(here, draw_deed_first_names="Maria", look="yes")
    assert asked(double, "deed_preview")["first_names"] == "Maria" and record["status"] == "approved"
    officer.fills_in(here)
    assert asked(double, "act")["particulars"] == {"first_names": "Maria"}


def test_somebody_was_faster_with_the_deed(double, officer):
    record = approved(double)
    here = f"/werk/zaken/{record['record_id']}/akte"
    officer.goes_to(here)
    record["version"] += 1
    officer.fills_in(here, draw_deed_part="B")
    assert officer.page.status_code == 409
    assert 'value="B"' in officer.source and record["status"] == "approved"


def test_before_the_sheet_lies_in_the_register_nothing_is_added_to_it(double, officer):
    double.answers_of["deed"] = DEED | {"registered_at": None}
    officer.goes_to(HERE)
    assert f"{HERE}/extract" not in officer.source and "zodra het ondertekende blad" in officer.text


def test_a_deed_that_was_drawn_is_shown_in_its_register(double, officer):
    record = double.has("birth", MOTHER, "deed-drawn", deed_number="1A0001")
    double.answers_of["deed_preview"] = {
        "text": TEXT, "problems": [], "drawn": True, "register_year": 2026, "number": "1A0001",
    }  # fmt: skip
    assert officer.goes_to(f"/werk/zaken/{record['record_id']}/akte").path == HERE


# --- registers


@pytest.mark.parametrize(
    ("typed", "part_typed"), [("1", ""), ("0001", "A"), ("1A0001", ""), ("1a 0001", ""), ("1AA0001", "")]
)
def test_a_deed_is_found_by_register_year_and_number(officer, typed, part_typed):
    officer.goes_to("/werk/registers").fills_in(
        "/werk/registers/zoeken", number=typed, part=part_typed, year="2026", register="birth"
    )
    assert officer.path == HERE and "Akte van geboorte" in officer.text and "1AA0001" in officer.text


@pytest.mark.parametrize(
    ("field", "value"), [("number", "x"), ("number", ""), ("year", "0000"), ("year", "3026"), ("register", "divorce")]
)
def test_a_number_that_no_deed_has_is_explained(officer, field, value):
    typed = {"number": "1", "year": "2026", "register": "birth", field: value}
    officer.goes_to("/werk/registers").fills_in("/werk/registers/zoeken", **typed)
    assert officer.page.status_code == 422


def test_an_address_that_is_no_deed_is_not_found(double, officer):
    assert officer.goes_to("/werk/registers/2026/nonsense").page.status_code == 404
    double.refuse["deed"] = "deed-unknown"
    assert officer.goes_to(HERE).page.status_code == 404


def test_a_past_year_is_closed_after_one_says_that_its_last_deed_was_made(double, officer):
    form = "/werk/registers/afsluiten"
    officer.goes_to("/werk/registers")
    assert "Geboorte 2025 afsluiten" in officer.text and "2026 afsluiten" not in officer.text
    officer.fills_in(form)
    assert officer.page.status_code == 422
    double.refuse["close_register"] = "register-still-open"
    officer.fills_in(form, close_sure="yes")
    assert officer.page.status_code == 409
    double.refuse.clear()
    officer.fills_in(form, close_sure="yes")
    assert "Het register is afgesloten." in officer.text
    assert asked(double, "close_register")["register_year"] == 2025


# --- one deed


@pytest.mark.parametrize("kind", ["extract", "multilingual-extract"])
def test_an_extract_is_given_out_and_lies_on_the_page(double, officer, kind):
    officer.goes_to(HERE)
    double.answers_of["deed"] = DEED | {
        "documents": [{"document_id": PAPER, "kind": kind, "number": "1A0001", "issued_at": "x", "state": "valid"}]
    }
    officer.fills_in(f"{HERE}/extract", extract_kind=kind)
    assert "Het document is gemaakt" in officer.text
    assert f'href="/werk/zaken/{PAPER}/papier/{PAPER}"' in officer.source
    assert asked(double, "issue_extract")["kind"] == kind


def test_a_full_copy_needs_an_interest_and_keeps_what_was_typed(double, officer):
    officer.goes_to(HERE).fills_in(f"{HERE}/extract", extract_kind="full-copy", extract_language="en")
    assert officer.page.status_code == 422 and "belang" in officer.text
    officer.fills_in(f"{HERE}/extract", extract_interest="Het kind zelf")
    assert asked(double, "issue_extract") | {"actor": None} == {
        "actor": None, "register_year": 2026, "number": "1A0001", "kind": "full-copy", "language": "en",
        "interest": "Het kind zelf",
    }  # fmt: skip


def test_a_mention_tells_what_changes_and_only_that(double, officer):
    fields = {"mention-kind": "name-choice", "mention-text": "Naamskeuze.", "mention-source": "akte 0001",
              "mention-change-surname": "de Vries"}  # fmt: skip
    officer.goes_to(HERE).fills_in(f"{HERE}/mention", **fields)
    assert "De vermelding is toegevoegd." in officer.text
    assert asked(double, "add_mention")["changes"] == {"surname": "de Vries"}


def test_a_slip_is_corrected_by_a_mention(double, officer):
    officer.goes_to(HERE).fills_in(f"{HERE}/slip", slip_wrong="Ema", slip_right="Emma", slip_source="brief 12")
    assert "misslag is met een vermelding verbeterd" in officer.text
    assert asked(double, "correct_slip")["changes"] == {}


def test_an_order_of_a_court_waits_until_it_is_final_and_loses_nothing(double, officer):
    fields = {"court": "rechtbank Overijssel", "judged-day": "1", "judged-month": "11", "judged-year": "2026",
              "orders": "doorhaling", "source": "C/08/1", "cancels": "yes"}  # fmt: skip
    double.refuse["add_court_order"] = "court-order-not-final"
    officer.goes_to(HERE).fills_in(
        f"{HERE}/court-order", **{f"court-order-{name}": value for name, value in fields.items()}
    )
    assert officer.page.status_code == 409 and "rechtbank Overijssel" in officer.source
    double.refuse.clear()
    officer.fills_in(f"{HERE}/court-order")
    told = asked(double, "add_court_order")
    assert (told["judged_on"], told["cancels"]) == ("2026-11-01", True)


def test_extracts_are_blocked_with_a_reason_and_allowed_again(double, officer):
    officer.goes_to(HERE).fills_in(f"{HERE}/block")
    assert officer.page.status_code == 422
    officer.fills_in(f"{HERE}/block", block_reason="onderzoek")
    assert asked(double, "block_extracts")["blocked"] is True
    double.answers_of["deed"] = DEED | {"blocked": "onderzoek"}
    officer.goes_to(HERE)
    assert "Voorlopig geen uittreksels: onderzoek" in officer.text
    officer.fills_in(f"{HERE}/block", block_reason="klaar")
    assert asked(double, "block_extracts")["blocked"] is False and "weer uittreksels" in officer.text


@pytest.mark.parametrize("task", ["extract", "mention", "slip", "court-order", "block"])
def test_what_is_missing_is_said_at_its_own_form(officer, task):
    empty = {"extract-kind": None, "block-reason": ""}
    officer.goes_to(HERE).fills_in(f"{HERE}/{task}", **{k: v for k, v in empty.items() if k.startswith(task)})
    assert officer.page.status_code == 422
    assert f'<details class="do" id="{task}" open>' in officer.source


def test_a_task_that_is_none_is_not_found(officer):
    officer.goes_to(HERE)
    tokens = {name: officer.hidden(name, action=f"{HERE}/block") for name in ("csrf_token", "session_token")}
    assert officer.client.post(f"{HERE}/shred", data=tokens, base_url="http://localhost").status_code == 404


@pytest.mark.parametrize("roles", [("clerk",), ("special-officer",), ("mayor-delegate",), ("manager",)])
def test_registers_are_for_officers_alone(app, roles):
    logs_in(app, actor("staff", "somebody", *roles))
    for path in ("/werk/registers", HERE):
        assert Declarant(app).goes_to(path).page.status_code == 403
    assert "/werk/registers" not in Declarant(app).goes_to("/werk").source


def test_the_pages_of_deeds_speak_english_too(officer):
    officer.goes_to("/en/desk/registers/2026/1A0001")
    assert "Give out an extract or copy" in officer.text and f'href="{HERE}"' in officer.source
