"""Who holds the secret link: look, move, cancel, take along; and how to get the link again."""

from datetime import datetime

import pytest

from gateway.pages.access import Access
from tests.pages_double import SECRET, AppointmentsDouble, StillClock
from tests.pages_visitor import EMAIL, Visitor, make_app

LINK = f"/nl/a/K7Q2MXD4/{SECRET}"
OVERVIEW = "/mijn-afspraak/overzicht"
MOVE = "/mijn-afspraak/verzetten"
CHECK = "/mijn-afspraak/verzetten/controle"
CANCEL = "/mijn-afspraak/annuleren"
WAIT = "/mijn-afspraak/wachtlijst"
STOP_WAITING = "/mijn-afspraak/wachtlijst/stoppen"
OFFER = "/mijn-afspraak/aanbod"


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
    double.calls.clear()
    return made


@pytest.fixture
def holder(app):
    return Visitor(app).goes_to(LINK)


def test_the_secret_leaves_the_address_at_once(app):
    opened = Visitor(app).goes_to(LINK, follow=False).page
    assert opened.status_code == 303
    assert opened.headers["Location"] == OVERVIEW
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.headers["Cache-Control"] == "no-store"
    [cookie] = [cookie for cookie in opened.headers.getlist("Set-Cookie") if cookie.startswith("balie_access=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=3600" in cookie
    assert SECRET not in cookie


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_mail_scanner_that_opens_every_address_changes_nothing(app, double, method):
    scanner = Visitor(app)
    for path in (LINK, OVERVIEW, MOVE, CHECK, CANCEL, WAIT, STOP_WAITING, OFFER, "/mijn-afspraak/agenda.ics", LINK):
        scanner.client.open(path, method=method)
    assert {name for name, _, _ in double.calls} <= {"appointment", "free_days", "free_times", "waiting_list"} | {
        "list_products",
        "list_locations",
    }
    assert double.booked["state"] == "booked"


def test_the_holder_sees_the_appointment(holder):
    assert holder.path == OVERVIEW
    assert "Donderdag 3 december 2026, 09:00 uur" in holder.text
    assert "Hengelosestraat 51" in holder.text


def test_english_and_german_links_open_the_english_pages(app):
    assert Visitor(app).goes_to(LINK.replace("/nl/", "/en/")).path == "/en/my-appointment/overview"
    assert Visitor(app).goes_to(LINK.replace("/nl/", "/de/")).path == "/en/my-appointment/overview"


@pytest.mark.parametrize(
    "wrong", [f"/nl/a/K7Q2MXD4/{'x' * 26}", f"/nl/a/ZZZZZZZZ/{SECRET}", f"/nl/a/K7Q2MXD4/{'y' * 300}"]
)
def test_a_wrong_link_tells_nothing_and_offers_a_new_one(app, wrong):
    stranger = Visitor(app).goes_to(wrong)
    assert stranger.path.startswith("/mijn-afspraak?")
    assert "Deze link werkt niet meer" in stranger.text
    assert EMAIL not in stranger.text


def test_without_a_key_every_page_of_the_holder_leads_to_the_look_up(app, double):
    for path in (OVERVIEW, MOVE, CHECK, CANCEL, "/afspraak/bevestiging", "/mijn-afspraak/agenda.ics"):
        assert Visitor(app).goes_to(path).path.startswith("/mijn-afspraak?"), path
    assert double.called("appointment") == []


def test_the_holder_moves_to_another_time(holder, double):
    holder.goes_to(f"{MOVE}?dag=2026-12-10").sends(MOVE, time="2026-12-10T08:40:00+00:00")
    assert holder.path == CHECK
    assert "Donderdag 10 december 2026, 09:40 uur" in holder.text
    assert double.called("move_appointment") == []
    holder.sends(CHECK)
    assert "Uw afspraak is verzet" in holder.text
    assert "Donderdag 10 december 2026, 09:40 uur" in holder.text
    assert double.booked["sequence"] == 1


def test_the_holder_moves_to_another_location(holder, double):
    holder.goes_to(f"{MOVE}?locatie=glanerbrug")
    holder.sends(MOVE, time=holder.times()[4]).sends(CHECK)
    assert double.called("move_appointment")[0]["location_id"] == "glanerbrug"
    assert "Gronausestraat 1189" in holder.text


def test_the_choice_of_a_zone_stays_at_the_other_location(holder):
    holder.goes_to(f"{MOVE}?locatie=glanerbrug").sends("/tijdzone", zone="America/Toronto")
    assert holder.path == f"{MOVE}?locatie=glanerbrug"
    holder.goes_to(MOVE).sends("/tijdzone", zone="America/Toronto", place="<Glanerbrug>")
    assert holder.path == MOVE


def test_a_taken_time_keeps_the_old_one_and_offers_others(holder, double):
    holder.goes_to(MOVE).sends(MOVE, time=holder.times()[2])
    double.taken.add(datetime.fromisoformat("2026-12-03T08:40:00+00:00"))
    wanted = double.booked["starts_at"]
    double.taken.update(map(datetime.fromisoformat, [start for start in [wanted] if start]))
    holder.client.get("/")
    double.refuse["move_appointment"] = "slot-taken"
    holder.sends(CHECK)
    assert holder.page.status_code == 422
    assert "Iemand anders was u net voor" in holder.text
    assert double.booked["starts_at"] == wanted


@pytest.mark.parametrize("code", ["unknown-product", "visit-too-long"])
def test_a_visit_that_todays_rules_refuse_is_moved_by_telephone(holder, double, code):
    double.refuse["free_days"] = code
    holder.goes_to(MOVE)
    assert holder.path.startswith(OVERVIEW)
    assert "Deze afspraak kunt u hier niet verzetten. Bel ons: 14 053." in holder.text


def test_moving_needs_a_time(holder):
    assert holder.goes_to(MOVE).sends(MOVE).page.status_code == 422
    assert holder.goes_to(CHECK).path == MOVE


def test_the_holder_is_asked_before_the_appointment_is_cancelled(holder, double):
    holder.goes_to(CANCEL)
    assert "Wilt u uw afspraak annuleren?" in holder.text
    assert double.booked["state"] == "booked"
    holder.sends(CANCEL)
    assert "Uw afspraak is geannuleerd" in holder.text
    assert double.booked["state"] == "cancelled"


def test_a_cancelled_appointment_is_neither_booked_nor_moved_on_any_page(holder):
    holder.goes_to(CANCEL).sends(CANCEL)
    assert holder.goes_to("/afspraak/bevestiging").path == OVERVIEW
    holder.goes_to(f"{OVERVIEW}?melding=moved")
    assert "Uw afspraak is geannuleerd" in holder.text
    assert "Uw afspraak is verzet" not in holder.text


def test_a_page_about_another_appointment_cancels_nothing(holder, double):
    form = holder.goes_to(CANCEL).form(CANCEL)
    answer = holder.client.post(CANCEL, data=form | {"reference": "ZZZZ-ZZZZ"})
    assert (answer.status_code, answer.headers["Location"]) == (303, CANCEL)
    assert double.booked["state"] == "booked"


def test_the_way_a_reference_is_written_does_not_matter():
    assert Access("K7Q2M0D1", SECRET).opens("k7q2-mODl")
    assert not Access("K7Q2M0D1", SECRET).opens("")


@pytest.mark.parametrize(
    "other", [{"reference": "ZZZZ-ZZZZ"}, {"to": "2026-12-11T08:40:00+00:00"}, {"place": "glanerbrug"}]
)
def test_a_page_with_an_older_wish_moves_nothing_and_shows_the_present_one(holder, double, other):
    holder.goes_to(f"{MOVE}?dag=2026-12-10").sends(MOVE, time="2026-12-10T08:40:00+00:00")
    answer = holder.client.post(CHECK, data=holder.form(CHECK) | other)
    assert (answer.status_code, answer.headers["Location"]) == (303, CHECK)
    assert double.called("move_appointment") == []


def test_a_cancelled_appointment_cannot_be_moved(holder, double):
    holder.goes_to(CANCEL).sends(CANCEL)
    for path in (MOVE, CHECK, CANCEL):
        assert holder.goes_to(path).path == OVERVIEW
    assert "Maak een nieuwe afspraak" in holder.text


@pytest.mark.parametrize(
    ("code", "says"), [("appointment-over", "voorbij of geannuleerd"), ("version-conflict", "intussen veranderd")]
)
def test_a_refused_change_is_explained(holder, double, code, says):
    holder.goes_to(CANCEL)
    double.refuse["cancel_appointment"] = code
    assert says in holder.sends(CANCEL).text


ANSWER = "/mijn-afspraak/antwoord"
PROPOSED = "2026-12-04T10:00:00+00:00"


def lost_its_counter(double, proposed=PROPOSED):
    double.booked["affected"] = {
        "proposed_starts_at": proposed,
        "answer_by": proposed and "2026-12-02T08:00:00+00:00",
    }


def test_who_lost_the_counter_sees_the_proposed_time_and_accepts_it(holder, double):
    lost_its_counter(double)
    holder.goes_to(OVERVIEW)
    assert "Wij kunnen u niet helpen op deze tijd" in holder.text
    assert "vrijdag 4 december 2026, 11:00 uur" in holder.text
    holder.sends(ANSWER, answer="accept")
    assert "Uw afspraak is verzet" in holder.text
    assert double.called("answer_affected")[-1]["accept"] is True
    assert "Wij kunnen u niet helpen" not in holder.text


def test_who_declines_is_told_that_we_get_in_touch(holder, double):
    lost_its_counter(double)
    holder.goes_to(OVERVIEW).sends(ANSWER, answer="decline")
    assert "Wij nemen contact met u op" in holder.text
    assert double.booked["state"] == "booked"


def test_a_page_with_an_older_proposal_accepts_nothing(holder, double):
    lost_its_counter(double)
    form = holder.goes_to(OVERVIEW).form(ANSWER)
    lost_its_counter(double, "2026-12-09T10:00:00+00:00")
    holder.client.post(ANSWER, data=form | {"answer": "accept"})
    assert double.called("answer_affected") == []


def test_an_offer_that_is_over_is_explained(holder, double):
    lost_its_counter(double)
    holder.goes_to(OVERVIEW)
    double.refuse["answer_affected"] = "offer-over"
    assert "Kies een andere tijd" in holder.sends(ANSWER, answer="accept").text


def test_the_calendar_file_is_for_download_and_names_nobody(holder):
    file = holder.goes_to("/mijn-afspraak/agenda.ics").page
    assert file.content_type.startswith("text/calendar")
    assert "filename=afspraak.ics" in file.headers["Content-Disposition"]
    assert b"METHOD:PUBLISH" in file.data and b"ATTENDEE" not in file.data


def test_the_holder_closes_the_appointment_on_a_shared_computer(holder, double):
    holder.sends("/mijn-afspraak/sluiten")
    assert "op dit apparaat gesloten" in holder.text
    assert holder.goes_to(OVERVIEW).path.startswith("/mijn-afspraak?")
    assert double.booked["state"] == "booked"


def test_asking_the_link_again_always_gets_the_same_answer(app, double):
    answers = []
    for reference in ("K7Q2-MXD4", "ZZZZ-ZZZZ"):
        visitor = Visitor(app).goes_to("/mijn-afspraak")
        answers.append(visitor.sends("/mijn-afspraak", reference=reference, email=EMAIL).source)
    assert answers[0] == answers[1]
    assert [asked["reference"] for asked in double.called("send_link")] == ["K7Q2-MXD4", "ZZZZ-ZZZZ"]


def test_the_look_up_names_all_its_errors_at_once(app, double):
    visitor = Visitor(app).goes_to("/mijn-afspraak").sends("/mijn-afspraak", reference="", email="geen adres")
    assert visitor.page.status_code == 422
    assert "Controleer deze 2 punten" in visitor.text
    assert 'value="geen adres"' in visitor.source
    assert double.called("send_link") == []
