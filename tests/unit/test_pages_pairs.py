"""Somebody from abroad comes twice, and sees both times on his own clock too."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from tests.pages_double import COLLECTED_AFTER, AppointmentsDouble, StillClock
from tests.pages_visitor import DETAILS, Visitor, make_app

TIME, COLLECTION = "/afspraak/dag-en-tijd", "/afspraak/ophalen"


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def visitor(double, clock):
    return Visitor(make_app(double, clock))


@pytest.fixture
def choosing(visitor):
    """Somebody who chose a time to request, and now chooses one to collect."""
    return visitor.until_details(product="passport-abroad")


def holds(double):
    return [hold for hold in double.holds.values() if hold["state"] == "held"]


def test_who_lives_abroad_books_the_request_and_the_collection_at_once(choosing, double):
    assert choosing.path == COLLECTION
    assert "Stap 4 van 7" in choosing.text
    assert "Wij maken het in 5 werkdagen. U haalt het zelf op, vanaf donderdag 10 december 2026 ." in choosing.text
    assert double.called("hold_pair") == holds(double) == []
    choosing.sends(COLLECTION, time=choosing.times()[1])
    assert choosing.path == "/afspraak/gegevens"
    assert "Wij houden beide tijden voor u vast" in choosing.text
    [asked] = double.called("hold_pair")
    assert (asked["starts_at"], asked["collection_starts_at"]) == (
        "2026-12-03T08:00:00+00:00",
        "2026-12-10T08:20:00+00:00",
    )
    choosing.sends("/afspraak/gegevens", **DETAILS)
    assert re.search(r"Aanvragen Donderdag 3 december 2026 09.00 uur.*Ophalen Donderdag 10 december 2026 09.20 uur",
                     choosing.text)  # fmt: skip
    choosing.sends("/afspraak/controle")
    assert choosing.path == "/afspraak/bevestiging"
    assert "Uw twee afspraken staan vast" in choosing.text
    assert "K7Q2-MXD4 om aan te vragen, M4N8-PQRS om op te halen" in choosing.text
    assert len(double.called("confirm_pair")) == 1
    choosing.goes_to("/afspraak/bevestiging")
    assert len(double.called("confirm_pair")) == 1


def test_both_times_are_shown_on_the_clock_of_toronto_too(visitor):
    visitor.client.set_cookie("balie_zone", "America/Toronto")
    visitor.until_details(product="passport-abroad")
    assert "03:00 in Toronto" in visitor.text
    visitor.sends(COLLECTION, time=visitor.times()[0]).sends("/afspraak/gegevens", **DETAILS)
    assert visitor.text.count("in Toronto") >= 4  # twice in the answers, twice in the summary
    visitor.sends("/afspraak/controle")
    assert visitor.text.count("Toronto") >= 2


def test_an_english_visitor_reads_everything_in_english(visitor):
    visitor.goes_to("/en/appointment/product")
    assert "First free: Thursday 3 December 2026 (10 days from now). We aim for at most 14 days." in visitor.text
    visitor.sends("/en/appointment/product", product="passport-abroad")
    visitor.sends("/en/appointment/location", location="stadskantoor")
    visitor.sends("/en/appointment/day-and-time", time=visitor.times()[0])
    assert "When do you collect your document?" in visitor.text
    visitor.sends("/en/appointment/collection", time=visitor.times()[0])
    visitor.sends("/en/appointment/details", **DETAILS)
    visitor.sends("/en/appointment/check")
    assert "Your two appointments are booked" in visitor.text


def test_the_choice_of_a_time_zone_leads_back_to_the_days_to_collect(choosing):
    choosing.sends("/tijdzone", zone="America/Toronto")
    assert choosing.path == COLLECTION


def test_only_days_on_which_the_document_is_ready_are_offered(choosing):
    days = re.findall(r"/afspraak/ophalen\?dag=([0-9-]+)", choosing.source)
    assert min(days) == "2026-12-10"
    assert choosing.goes_to(f"{COLLECTION}?dag=2026-12-04").times() == []


def test_the_calendar_file_holds_both_visits(choosing):
    choosing.sends(COLLECTION, time=choosing.times()[0]).sends("/afspraak/gegevens", **DETAILS)
    choosing.sends("/afspraak/controle")
    calendar = choosing.goes_to("/mijn-afspraak/agenda.ics").page.get_data(as_text=True)
    first, second = Calendar.from_ical(calendar).walk("VEVENT")
    assert [first.decoded("DTSTART").date(), second.decoded("DTSTART").date()] == [
        date(2026, 12, 3),
        date(2026, 12, 10),
    ]
    assert str(first["UID"]) != str(second["UID"])
    assert "K7Q2-MXD4" in str(first["DESCRIPTION"])
    assert "M4N8-PQRS" in str(second["DESCRIPTION"])


def test_no_time_to_collect_is_no_choice(choosing, double):
    choosing.sends(COLLECTION)
    assert choosing.page.status_code == 422
    assert "Kies een tijd om op te halen" in choosing.text
    assert holds(double) == []


def test_who_does_not_know_when_to_collect_books_only_the_request(choosing, double):
    choosing.sends(COLLECTION, later="1").sends("/afspraak/gegevens", **DETAILS)
    assert "U kiest later een tijd" in choosing.text
    choosing.sends("/afspraak/controle")
    assert "Uw afspraak staat vast" in choosing.text
    assert double.called("hold_pair") == []


def test_who_changes_his_mind_about_collecting_never_stands_in_his_own_way(choosing, double):
    choosing.sends(COLLECTION, later="1")
    for number in (0, 1, 0):
        choosing.goes_to(COLLECTION).sends(COLLECTION, time=choosing.times()[number])
        assert choosing.path == "/afspraak/gegevens"
        assert len(holds(double)) == 2
    choosing.goes_to(COLLECTION).sends(COLLECTION, later="1")
    assert len(holds(double)) == 1


def test_pressing_twice_holds_once(choosing, double):
    chosen = choosing.times()[0]
    form = choosing.form(COLLECTION) | {"time": chosen}
    for _ in range(2):
        choosing.client.post(COLLECTION, data=form)
    assert len(double.called("hold_pair")) == 1


def test_who_presses_again_after_we_were_away_holds_nothing_twice(choosing, double):
    choosing.sends(COLLECTION, time=choosing.times()[1])
    choosing.goes_to(COLLECTION)
    form = choosing.form(COLLECTION) | {"time": choosing.times()[0]}
    double.slow = True
    assert choosing.client.post(COLLECTION, data=form).status_code == 504
    double.slow = False
    for _ in range(2):
        assert choosing.client.post(COLLECTION, data=form).location == "/afspraak/gegevens"
    keys = [key for name, _, key in double.calls if name == "hold_pair"]
    assert len(set(keys)) == len(keys) == 2


def test_when_the_time_to_collect_is_taken_the_nearest_others_are_offered(choosing, double):
    chosen = choosing.times()[0]
    double.taken.add(next(start for start in double._starts(StillClock().at.date() + timedelta(days=17))))
    choosing.sends(COLLECTION, time=chosen)
    assert choosing.page.status_code == 422
    assert "Wanneer haalt u uw document op?" in choosing.text
    assert "Iemand anders was u net voor" in choosing.text
    [nearest, *_] = re.findall(r'name="alternative" value="([^"]+)"', choosing.source)
    choosing.sends(COLLECTION, alternative=nearest)
    assert choosing.path == "/afspraak/gegevens"


def test_when_the_time_to_request_is_taken_another_one_is_asked_first(choosing, double):
    chosen = choosing.times()[0]
    double.taken.add(double._starts(StillClock().at.date() + timedelta(days=10))[0])
    choosing.sends(COLLECTION, time=chosen)
    assert choosing.page.status_code == 422
    assert "Kies een dag en tijd" in choosing.text
    choosing.sends(TIME, time=choosing.times()[0])
    assert choosing.path == COLLECTION


def test_both_times_are_kept_longer_and_given_back_together(choosing, double, clock):
    choosing.sends(COLLECTION, time=choosing.times()[0]).sends("/afspraak/gegevens", **DETAILS)
    choosing.sends("/afspraak/langer")
    assert len(double.called("extend_pair")) == 1
    assert choosing.path == "/afspraak/controle?melding=extended"
    choosing.sends("/afspraak/stoppen")
    assert len(double.called("release_pair")) == 1
    assert holds(double) == []


def test_when_the_ten_minutes_are_over_both_are_chosen_again(choosing, clock):
    choosing.sends(COLLECTION, time=choosing.times()[0])
    clock.at += timedelta(minutes=11)
    choosing.goes_to("/afspraak/gegevens")
    assert choosing.path.startswith(TIME)
    assert "De 10 minuten zijn voorbij" in choosing.text


def test_nobody_chooses_when_to_collect_before_when_to_request(visitor):
    assert visitor.goes_to(COLLECTION).path == "/afspraak/product"
    assert visitor.until_time(product="passport-abroad").goes_to(COLLECTION).path == TIME
    other = Visitor(visitor.client.application)
    assert other.until_time().goes_to(COLLECTION).path == TIME


def test_the_wait_of_today_stands_beside_the_norm(visitor):
    says = "Eerste vrije dag: donderdag 3 december 2026 (over 10 dagen). Wij willen dat u hooguit 14 dagen wacht."
    assert visitor.goes_to("/afspraak/product").text.count(says) == 1
    assert says in visitor.until_time(product="passport-abroad").text
    assert "hooguit 14 dagen" not in Visitor(visitor.client.application).until_time().text


def test_a_product_can_be_chosen_when_nobody_can_tell_the_wait(visitor, double):
    double.refuse["free_pairs"] = "not-offered-here"
    assert "Waarvoor komt u?" in visitor.goes_to("/afspraak/product").text
    double.refuse.clear()
    double.full = True
    assert "Er is nu niets vrij. Wij willen" in visitor.goes_to("/afspraak/product").text


@pytest.fixture
def booked(choosing):
    choosing.sends(COLLECTION, time=choosing.times()[0]).sends("/afspraak/gegevens", **DETAILS)
    return choosing.sends("/afspraak/controle")


def test_who_cancels_the_request_reads_first_that_the_collection_goes_too(booked):
    booked.goes_to("/mijn-afspraak/annuleren")
    assert "Dan vervalt ook uw bezoek om het document op te halen: donderdag 10 december" in booked.text
    booked.sends("/mijn-afspraak/annuleren")
    assert "Ook uw bezoek om het document op te halen is geannuleerd." in booked.text


def test_who_cancels_only_the_collection_is_not_warned(booked, double):
    double.booked["other_visit"]["part"] = "request"
    assert "vervalt ook" not in booked.goes_to("/mijn-afspraak/annuleren").text


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ("collection", "Verzet eerst dat bezoek naar vrijdag 11 december 2026 of later"),
        ("request", "Uw document is dan nog niet klaar. Kies vrijdag 11 december 2026 of later"),
    ],
)
def test_a_move_that_brings_the_two_too_close_is_refused_with_what_to_do(booked, double, other, says):
    double.booked["other_visit"]["part"] = other
    booked.goes_to("/mijn-afspraak/verzetten")
    booked.sends("/mijn-afspraak/verzetten", time=booked.times()[1])
    double.refuse["move_appointment"] = "collection-too-early"
    double.refuse_facts = {"earliest_on": "2026-12-11", "request_by_on": "2026-12-03"}
    booked.sends("/mijn-afspraak/verzetten/controle")
    assert booked.page.status_code == 422
    assert says in booked.text


def test_the_overview_shows_the_other_visit_and_opens_it(booked):
    booked.goes_to("/mijn-afspraak/overzicht")
    assert "Uw document ophalen" in booked.text
    assert "/a/M4N8PQRS/" in booked.source
    assert timedelta(days=7) == COLLECTED_AFTER
