"""Whether somebody still comes, on the pages: one press answers, a look is noted, and a scanner does neither."""

from datetime import timedelta

import pytest

from services.messaging.errors import RemoteRefusal
from tests.pages_double import SECRET, AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app
from tests.unit.gateway_api_double import APPOINTMENT, FarSide, gateway

LINK = f"/nl/a/K7Q2MXD4/{SECRET}"
OVERVIEW, ANSWER = "/mijn-afspraak/overzicht", "/mijn-afspraak/komt-u-nog"


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def app(double, clock):
    made = make_app(double, clock, search_seconds=0)
    Visitor(made).books()
    double.booked["question"] = {"answer_by": (clock.at + timedelta(days=4)).isoformat(), "seen": False}
    double.calls.clear()
    return made


@pytest.fixture
def holder(app):
    return Visitor(app).goes_to(LINK)


def test_the_link_leads_to_the_question_with_both_answers(holder):
    assert holder.path == OVERVIEW
    assert "Komt u nog? U maakte deze afspraak lang geleden. Antwoord vóór vrijdag 27 november 2026" in holder.text
    assert "Horen wij niets van u? Dan kunnen wij uw tijd aan iemand anders geven." in holder.text
    assert ">Ja, ik kom</button>" in holder.source
    assert ">Nee, annuleer mijn afspraak</button>" in holder.source
    assert 'aria-labelledby="question"' in holder.source


def test_one_press_keeps_the_appointment(holder, double):
    holder.sends(ANSWER, answer="keep")
    assert holder.path == f"{OVERVIEW}?melding=still-coming"
    assert "Dank u. Uw afspraak blijft staan." in holder.text
    assert "Komt u nog?" not in holder.text
    assert len(double.called("reconfirm_appointment")) == 1
    assert double.booked["state"] == "booked"


def test_one_press_cancels_it(holder, double):
    holder.sends(ANSWER, answer="cancel")
    assert holder.path == f"{OVERVIEW}?melding=cancelled"
    assert double.booked["state"] == "cancelled"
    assert double.called("reconfirm_appointment") == []


def test_a_double_press_is_one_answer(holder, double):
    form = holder.form(ANSWER) | {"answer": "keep"}
    for _ in range(2):
        assert holder.client.post(ANSWER, data=form).headers["Location"] == f"{OVERVIEW}?melding=still-coming"
    [first, second] = [key for name, _, key in double.calls if name == "reconfirm_appointment"]
    assert first == second


@pytest.mark.parametrize("fields", [{}, {"answer": "perhaps"}, {"answer": "keep", "reference": "ZZZZZZZZ"}])
def test_a_form_without_an_answer_or_about_another_appointment_does_nothing(holder, double, fields):
    holder.sends(ANSWER, **fields)
    assert holder.path == OVERVIEW
    assert double.called("reconfirm_appointment") == double.called("cancel_appointment") == []


@pytest.mark.parametrize(
    ("code", "where", "says"),
    [
        ("not-asked", "not-asked", "U hoeft deze afspraak niet te bevestigen."),
        ("appointment-over", "over", "Deze afspraak is voorbij of geannuleerd."),
    ],
)
def test_an_answer_that_comes_too_late_is_explained(holder, double, code, where, says):
    double.refuse["reconfirm_appointment"] = code
    holder.sends(ANSWER, answer="keep")
    assert holder.path == f"{OVERVIEW}?melding={where}"
    assert says in holder.text


def test_an_answer_without_a_key_leads_to_the_look_up(app, double):
    visitor = Visitor(app).goes_to("/mijn-afspraak")
    token = visitor.hidden("csrf_token", action="/mijn-afspraak")
    answer = visitor.client.post(ANSWER, data={"csrf_token": token, "answer": "keep", "reference": "K7Q2MXD4"})
    assert answer.headers["Location"].startswith("/mijn-afspraak?")
    assert double.called("reconfirm_appointment") == []


def test_who_was_not_asked_sees_no_question(app, double):
    double.booked["question"] = None
    assert "Komt u nog?" not in Visitor(app).goes_to(LINK).text
    assert double.called("note_seen") == []


def other_visit_of(double, part):
    return {**double.booked, "reference": "M4N8PQRS", "secret": SECRET, "part": part}


def test_who_comes_twice_reads_that_both_are_cancelled(app, double):
    double.booked["other_visit"] = other_visit_of(double, "collection")
    said = "Annuleert u? Dan vervalt ook uw afspraak om het document op te halen."
    assert said in Visitor(app).goes_to(LINK).text


def test_who_was_let_go_reads_why_and_whom_to_call(app, double):
    double.booked |= {"state": "cancelled", "changeable": False, "question": None, "released": True}
    holder = Visitor(app).goes_to(LINK)
    assert "Wij vroegen u of u nog kwam en kregen geen antwoord." in holder.text
    assert "Klopt dit niet volgens u? Bel ons: 14 053." in holder.text
    assert "Maak een nieuwe afspraak" in holder.text


# --- a look


def test_a_look_is_noted_once(holder, double):
    holder.goes_to(OVERVIEW).goes_to(OVERVIEW)
    assert len(double.called("note_seen")) == 1
    assert double.booked["state"] == "booked"
    assert "Komt u nog?" in holder.text


def test_a_scanner_that_does_not_come_back_with_the_cookie_is_no_look(app, double):
    scanner = app.test_client(use_cookies=False)
    for path in (LINK, OVERVIEW, ANSWER):
        scanner.get(path)
    scanner.head(LINK)
    assert double.called("note_seen") == []


@pytest.mark.parametrize("how", [{"method": "HEAD"}, {"headers": {"Sec-Purpose": "prefetch;prerender"}},
                                 {"headers": {"Purpose": "prefetch"}}])  # fmt: skip
def test_a_page_that_nobody_looks_at_is_no_look(app, double, how):
    browser = app.test_client()
    browser.get(LINK)
    browser.open(OVERVIEW, **how)
    assert double.called("note_seen") == []


def test_a_scanner_with_cookies_answers_nothing(app, double):
    scanner = app.test_client()
    for path in (LINK, OVERVIEW, ANSWER, OVERVIEW):
        scanner.get(path, follow_redirects=True)
    assert double.called("reconfirm_appointment") == double.called("cancel_appointment") == []


def test_the_page_opens_also_when_a_look_cannot_be_noted(app, double):
    double.refuse["note_seen"] = "appointment-unknown"
    assert "Komt u nog?" in Visitor(app).goes_to(LINK).text


# --- the API


@pytest.fixture
def far_side():
    return FarSide()


def still_coming(far_side):
    headers = {"Appointment-Secret": SECRET, "Idempotency-Key": "still-coming-0001"}
    return gateway(far_side).post("/v1/appointments/K7Q2MXD4/reconfirmations", headers=headers)


def test_a_program_says_that_somebody_still_comes(far_side):
    answer = still_coming(far_side)
    assert (answer.status_code, answer.json["state"]) == (200, APPOINTMENT["state"])
    assert far_side.asked("appointments.reconfirm_appointment") == {"reference": "K7Q2MXD4", "secret": SECRET}


def test_a_program_that_was_not_asked_is_told_so(far_side):
    far_side.answers["appointments.reconfirm_appointment"] = RemoteRefusal("not-asked", "It stands.", {})
    answer = still_coming(far_side)
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json["type"].endswith("/problems/not-asked")
