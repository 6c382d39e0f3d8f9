"""Declaring a death: the draft of an undertaker, page by page, with what the law says told at once."""

from datetime import timedelta

import pytest

from tests.funerals_double import FIRM, OTHER_FIRM
from tests.registry_double import SEALER, logs_in
from tests.unit.funerals_given import (
    CONTENT,
    DEATH,
    DECEASED,
    DECLARANT,
    FUNERAL,
    HENDRIK,
    NEW,
    app,
    at,
    double,
    paper,
    ready,
    undertaker,
)

__all__ = ["app", "double", "undertaker"]


def begun(double, undertaker, **changes):
    undertaker.goes_to(NEW).fills_in(NEW, **DEATH | changes)
    return next(iter(double.records.values()))


def obstacle(text, **facts):
    return {"code": "death-not-online", "text": text, "redirects": True, "blocks": True, "facts": facts}


# --- from the first page to the receipt


def test_an_undertaker_fills_in_page_after_page_and_sends_it(double, undertaker):
    record = begun(double, undertaker)
    assert undertaker.path == at(record, "overledene")
    undertaker.fills_in(at(record, "overledene"), **DECEASED)
    assert undertaker.path == at(record, "uitvaart")
    assert "vanaf dinsdag 24 november 2026, 10:10 uur" in undertaker.text
    assert "De laatste dag is maandag 30 november 2026" in undertaker.text
    undertaker.fills_in(at(record, "uitvaart"), **FUNERAL)
    undertaker.fills_in(at(record, "aangever"), **DECLARANT)
    undertaker.fills_in(at(record, "stukken"), a_certificate=paper())
    assert undertaker.path == at(record, "controle")
    for words in ("Hendrik Jan Scholten", "eindigt op 348", "vrijdag 27 november 2026, 11:00 uur", "verklaring.pdf"):
        assert words in undertaker.text, words
    assert "Akte van overlijden" in undertaker.text
    undertaker.fills_in(at(record, "controle"), confirmed="yes")
    assert record["status"] == "submitted" and record["content"]["confirmed"] is True
    assert undertaker.path.startswith(f"/mijn-zaken/{record['record_id']}")
    assert "Wij hebben de aanvraag ontvangen" in undertaker.text and record["receipt"] in undertaker.text
    stored = {name: part for name, part in record["content"].items() if name != "confirmed"}
    assert stored == CONTENT
    assert HENDRIK not in str(double.calls)


def test_the_same_in_english(double, undertaker):
    here = "/en/funerals/new"
    undertaker.goes_to(here).fills_in(here, **DEATH)
    (record,) = double.records.values()
    assert undertaker.path == f"/en/funerals/{record['record_id']}/deceased"
    assert "Who died?" in undertaker.text and "Step 2 of 6" in undertaker.text


# --- where, when and how


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(undertaker):
    undertaker.goes_to(NEW).fills_in(NEW, died_day="22", died_month="11", place="elsewhere", address="Kade 3")
    assert undertaker.page.status_code == 422
    for words in ("Kies of het overlijden in Enschede was", "Tijd van overlijden: vul uren en minuten in"):
        assert words in undertaker.text, words
    assert 'href="#died-year"' in undertaker.source and 'value="Kade 3"' in undertaker.source
    assert 'value="elsewhere" checked' in undertaker.source


def test_a_death_elsewhere_is_not_declared_here_and_a_slip_is_mended(double, undertaker):
    undertaker.goes_to(NEW).fills_in(NEW, **DEATH | {"here": "no"})
    assert "niet in Enschede" in undertaker.text
    assert double.records == {}
    undertaker.fills_in(NEW)
    assert undertaker.page.status_code == 200 and 'value="22.10"' in undertaker.source


def test_a_time_that_was_never_on_the_clock_is_told_at_the_day(double, undertaker):
    double.death_obstacles = [obstacle("death-time-impossible")]
    undertaker.goes_to(NEW).fills_in(NEW, **DEATH)
    assert undertaker.page.status_code == 422 and "stond nooit op de klok" in undertaker.text
    assert double.records == {}


def test_who_is_too_late_or_declares_a_stillborn_child_is_helped_by_people(double, undertaker):
    double.death_obstacles = [obstacle("death-stillborn")]
    undertaker.goes_to(NEW).fills_in(NEW, **DEATH | {"stillborn": "yes"})
    assert "Dit overlijden kunt u niet online aangeven" in undertaker.text and "Bel 14 053" in undertaker.text
    assert double.called("check_death")[-1]["stillborn"] is True
    assert double.records == {}


def test_an_unknown_time_is_kept_as_unknown(double, undertaker):
    record = begun(double, undertaker, died_time="", time_unknown="yes", place="elsewhere", address="Kade 3")
    assert record["content"]["death"]["time"] is None and record["content"]["death"]["place"] == "Kade 3"
    undertaker.goes_to(at(record, "overlijden"))
    filled = undertaker.standing_in(at(record, "overlijden"))
    assert filled["time-unknown"] == "yes" and filled["address"] == "Kade 3" and filled["place"] == "elsewhere"


# --- who died


def test_without_a_number_it_goes_to_the_counter_and_the_draft_stays(double, undertaker):
    record = begun(double, undertaker)
    double.death_obstacles = [obstacle("death-without-bsn")]
    undertaker.fills_in(at(record, "overledene"), **DECEASED | {"bsn": "", "no_bsn": "yes"})
    assert "Dit overlijden kunt u niet online aangeven" in undertaker.text and "Maak een afspraak" in undertaker.text
    assert record["status"] == "draft" and "deceased" not in record["content"]


def test_a_number_that_cannot_be_is_told_and_never_sent(double, undertaker):
    record = begun(double, undertaker)
    undertaker.fills_in(at(record, "overledene"), **DECEASED | {"bsn": "123456789"})
    assert undertaker.page.status_code == 422 and "Dit is geen burgerservicenummer" in undertaker.text
    assert double.called("save_draft") == []


def test_a_number_that_was_filled_in_is_kept_without_typing_it_again(double, undertaker):
    record = ready(double)
    here = at(record, "overledene")
    undertaker.goes_to(here)
    assert "eindigt op 348" in undertaker.text and HENDRIK not in undertaker.source
    undertaker.fills_in(here, surname="Scholte")
    assert record["content"]["deceased"]["bsn"] == SEALER.seal(HENDRIK)
    assert record["content"]["deceased"]["surname"] == "Scholte"
    assert undertaker.path == at(record, "controle")


def test_a_number_for_tests_is_told_at_its_field(double, undertaker):
    record = begun(double, undertaker)
    double.refuse["save_draft"] = "bsn-test-range"
    undertaker.fills_in(at(record, "overledene"), **DECEASED)
    assert undertaker.page.status_code == 422 and 'href="#bsn"' in undertaker.source


def test_of_a_child_that_lived_a_day_the_pregnancy_is_asked_and_of_nobody_else(double, undertaker):
    record = begun(double, undertaker)
    here = at(record, "overledene")
    assert "zwangerschap" not in undertaker.text
    born = {"born_day": "22", "born_month": "11", "born_year": "2026", "marital": "unmarried", "partner": ""}
    undertaker.fills_in(here, **DECEASED | born)
    assert undertaker.page.status_code == 422 and "Hoeveel weken duurde de zwangerschap?" in undertaker.text
    undertaker.fills_in(here, born_time="20:00", weeks="honderd")
    assert "bijvoorbeeld 23" in undertaker.text
    undertaker.fills_in(here, weeks="23")
    assert record["content"]["death"]["pregnancy_weeks"] == 23
    assert record["content"]["deceased"]["born_time"] == "20:00"
    undertaker.goes_to(at(record, "overlijden")).fills_in(at(record, "overlijden"))
    assert record["content"]["death"]["pregnancy_weeks"] == 23
    undertaker.goes_to(here).fills_in(here, born_year="2025", marital="unmarried")
    assert "pregnancy_weeks" not in record["content"]["death"]


# --- the funeral


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("23", "12:00", "Dit is te vroeg: de wet vraagt 36 uur. Kies een moment vanaf dinsdag 24 november 2026, 10:10"),
        ("24", "10:09", "Dit is te vroeg"),
        ("1", "10:00", "Dit is te laat. Kies een dag tot en met maandag 30 november 2026"),
    ],
)
def test_a_funeral_outside_its_term_is_told_at_once(double, undertaker, day, clock, words):
    record = ready(double)
    here = at(record, "uitvaart")
    month = "12" if day == "1" else "11"
    undertaker.goes_to(here).fills_in(here, **FUNERAL | {"at_day": day, "at_month": month, "at_time": clock})
    assert undertaker.page.status_code == 422 and words in undertaker.text
    assert f'value="{clock}"' in undertaker.source and double.called("save_draft") == []


@pytest.mark.parametrize(("day", "month", "clock"), [("24", "11", "10:10"), ("30", "11", "23:30")])
def test_the_first_moment_and_the_last_day_are_within_the_term(double, undertaker, day, month, clock):
    record = ready(double)
    here = at(record, "uitvaart")
    undertaker.goes_to(here).fills_in(here, **FUNERAL | {"at_day": day, "at_month": month, "at_time": clock})
    assert undertaker.path == at(record, "controle")


def test_another_term_is_asked_for_with_the_reason(double, undertaker):
    record = ready(double)
    here = at(record, "uitvaart")
    later = FUNERAL | {"at_day": "3", "at_month": "12", "plan": "later"}
    undertaker.goes_to(here).fills_in(here, **later)
    assert undertaker.page.status_code == 422 and "Schrijf waarom een andere dag nodig is" in undertaker.text
    undertaker.fills_in(here, reason="De zoon komt uit Australië")
    assert record["content"]["funeral"]["plan"] == "later"
    assert record["content"]["funeral"]["at"] == "2026-12-03T10:00:00+00:00"
    assert "Nee, wij vragen een latere dag: De zoon komt uit Australië" in undertaker.text


def test_who_needs_no_other_term_asks_for_none(double, undertaker):
    record = ready(double)
    here = at(record, "uitvaart")
    undertaker.goes_to(here).fills_in(here, **FUNERAL | {"plan": "earlier", "reason": "Haast"})
    assert (record["content"]["funeral"]["plan"], record["content"]["funeral"]["reason"]) == ("within-term", "")


def test_a_funeral_for_which_no_day_is_known_is_kept_so(double, undertaker):
    record = ready(double)
    here = at(record, "uitvaart")
    undertaker.goes_to(here).fills_in(here, planned="no")
    assert record["content"]["funeral"]["at"] is None
    assert "dag en tijd nog niet bekend" in undertaker.text


def test_a_body_for_science_has_no_last_day_and_the_mayor_decides(double, undertaker):
    record = ready(double)
    here = at(record, "uitvaart")
    undertaker.goes_to(here)
    assert "De burgemeester beslist over dit verlof" in undertaker.text
    undertaker.fills_in(here, **FUNERAL | {"kind": "science", "at_day": "15", "at_month": "12"})
    assert record["content"]["funeral"]["kind"] == "science"
    assert "Testament of toestemming" in undertaker.goes_to(at(record, "stukken")).text


def test_the_hour_that_the_clock_skips_is_no_time_for_a_funeral(double, undertaker):
    record = ready(double)
    double.clock.at += timedelta(days=120)
    here = at(record, "uitvaart")
    undertaker.goes_to(here).fills_in(
        here, **FUNERAL | {"at_day": "28", "at_month": "3", "at_year": "2027", "at_time": "02:30"}
    )
    assert undertaker.page.status_code == 422 and "Deze tijd bestaat die nacht niet" in undertaker.text


# --- who declares


def test_who_declared_last_for_the_firm_is_filled_in(double, undertaker):
    double.declarant = {"declarant": CONTENT["declarant"], "contact": CONTENT["contact"]}
    record = begun(double, undertaker)
    undertaker.goes_to(at(record, "aangever"))
    assert "Wij vulden in wie het laatst aangaf" in undertaker.text
    filled = undertaker.standing_in(at(record, "aangever"))
    assert (filled["surname"], filled["born-year"], filled["email"]) == ("Linde", "1980", "info@delinde.example")


def test_nobody_declares_without_an_order_of_somebody_who_knows(double, undertaker):
    record = ready(double)
    here = at(record, "aangever")
    undertaker.goes_to(here).fills_in(here, by="", by_phone="12")
    assert undertaker.page.status_code == 422
    assert "Vul in wie u de opdracht gaf" in undertaker.text and "Vul een geldig telefoonnummer in" in undertaker.text


# --- papers


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"geen pdf", "verklaring.pdf", "verklaring.pdf"),
        (b"%PDF-1.7" + b"x" * 120_000, "groot.pdf", "groot.pdf"),
    ],
)
def test_a_file_of_the_wrong_kind_or_too_large_is_told_in_words(double, undertaker, content, name, words):
    record = ready(double)
    record["evidence"].clear()
    here = at(record, "stukken")
    undertaker.goes_to(here).fills_in(here, a_certificate=paper(name, content))
    assert (
        undertaker.page.status_code == 422
        and words in undertaker.text
        and 'href="#a-certificate"' in (undertaker.source)
    )
    assert double.called("add_evidence") == []


def test_the_paper_that_is_needed_must_be_there_or_the_draft_waits(double, undertaker):
    record = ready(double)
    record["evidence"].clear()
    here = at(record, "stukken")
    undertaker.goes_to(here).fills_in(here, other=paper())
    assert undertaker.page.status_code == 422 and "Voeg dit stuk toe" in undertaker.text
    assert [one["kind"] for one in record["evidence"]] == ["other"]
    undertaker.fills_in(here, later="yes")
    assert undertaker.path.startswith("/uitvaart?") and "Het is bewaard. U kunt later verdergaan." in undertaker.text


def test_where_the_prosecutor_decides_the_paper_may_come_later(double, undertaker):
    record = ready(double, death={"manner": "unclear"})
    record["evidence"].clear()
    here = at(record, "stukken")
    undertaker.goes_to(here)
    assert "De officier van justitie moet naar dit overlijden kijken" in undertaker.text
    undertaker.fills_in(here)
    assert undertaker.path == at(record, "controle")


# --- whose draft it is


def test_a_page_that_somebody_else_changed_meanwhile_keeps_both(double, undertaker):
    record = ready(double)
    here = at(record, "overledene")
    undertaker.goes_to(here)
    record["version"] += 1
    undertaker.fills_in(here, surname="Scholte")
    assert undertaker.page.status_code == 409 and "Er is intussen iets veranderd" in undertaker.text
    assert HENDRIK not in undertaker.source
    undertaker.fills_in(here)
    assert record["content"]["deceased"]["surname"] == "Scholte"


def test_a_draft_can_be_left_on_every_page_and_goes_on_where_it_was(double, undertaker):
    record = begun(double, undertaker)
    undertaker.fills_in(at(record, "overledene"), **DECEASED | {"later": "yes"})
    assert undertaker.path.startswith("/uitvaart?")
    undertaker.goes_to(at(record, "controle"))
    assert undertaker.path == at(record, "uitvaart")


@pytest.mark.parametrize("page", ["overlijden", "overledene", "uitvaart", "aangever", "stukken", "controle"])
def test_what_was_sent_is_not_changed_and_what_is_anothers_is_not_seen(double, app, undertaker, page):
    record = ready(double)
    record["status"] = "submitted"
    assert undertaker.goes_to(at(record, page)).path == f"/mijn-zaken/{record['record_id']}"
    logs_in(app, OTHER_FIRM)
    assert undertaker.goes_to(at(record, page)).page.status_code == 404


def test_residents_have_no_business_here(app, undertaker):
    logs_in(app, FIRM | {"kind": "resident", "subject": SEALER.seal(HENDRIK)})
    for path in ("/uitvaart", NEW, "/uitvaart/versturen"):
        assert undertaker.goes_to(path).page.status_code == 403
    logs_in(app, None)
    assert undertaker.goes_to("/uitvaart").page.status_code == 401
