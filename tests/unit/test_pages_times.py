"""Choosing a day and time: the calendar, holds, and what happens when a time is gone."""

from datetime import datetime, timedelta

import pytest

from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import DETAILS, Visitor, make_app

TIME = "/afspraak/dag-en-tijd"


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def visitor(double, clock):
    return Visitor(make_app(double, clock))


def test_a_free_day_is_a_link_with_its_full_name_and_the_number_of_free_times(visitor):
    visitor.until_time()
    assert 'aria-label="donderdag 3 december, 11 vrij" aria-current="date"' in visitor.source
    assert '<th scope="col"><abbr title="maandag">ma</abbr></th>' in visitor.source
    assert "<caption>December 2026</caption>" in visitor.source
    assert "Eerste vrije plek: do 3 dec, 09:00 uur" in visitor.text


def test_a_full_day_is_text_and_says_so(visitor):
    visitor.until_time()
    assert '<td>5<span class="hidden">, vol of gesloten</span></td>' in visitor.source


def test_a_month_without_room_says_so_and_leads_on(visitor):
    visitor.until_time().goes_to(f"{TIME}?maand=2027-01")
    assert "In januari 2027 is geen plek vrij." in visitor.text
    assert f'href="{TIME}?maand=2027-02"' in visitor.source
    assert "Eerste vrije plek" in visitor.text


def test_a_later_month_shows_the_times_of_its_first_free_day(visitor):
    visitor.until_time().goes_to(f"{TIME}?maand=2027-02")
    assert "Tijden op maandag 1 februari" in visitor.text


def test_months_before_now_and_after_the_horizon_are_not_offered(visitor):
    visitor.until_time().goes_to(f"{TIME}?maand=2026-11")
    assert "maand=2026-10" not in visitor.source
    assert "maand=2027-06" not in visitor.goes_to(f"{TIME}?maand=2027-05").source


@pytest.mark.parametrize(
    "query", ["dag=2026-02-30", "dag=gisteren", "maand=13", "dag=0001-01-01", "dag=%00", "maand=9999-12"]
)
def test_nonsense_in_the_address_does_no_harm(visitor, query):
    visitor.until_time().goes_to(f"{TIME}?{query}")
    assert visitor.page.status_code == 200


def test_the_list_shows_the_first_days(visitor):
    visitor.until_time().goes_to(f"{TIME}?weergave=lijst")
    assert "Donderdag 3 december 2026 11 vrij" in visitor.text
    assert "<table" not in visitor.source


def test_no_room_at_all_leads_to_another_location(visitor, double):
    double.full = True
    visitor.until_time()
    assert "Hier is geen plek vrij tot en met vrijdag 21 mei 2027." in visitor.text
    assert "Andere locatie" in visitor.text


def test_no_time_chosen_is_an_error_on_the_same_day(visitor):
    visitor.until_time().goes_to(f"{TIME}?dag=2026-12-10").sends(TIME)
    assert visitor.page.status_code == 422
    assert visitor.text.count("Kies een tijd voor uw afspraak") == 2
    assert '<a href="#time">' in visitor.source
    assert "Tijden op donderdag 10 december" in visitor.text


@pytest.mark.parametrize("time", ["soon", "2026-12-03T09:00:00", "<script>"])
def test_a_time_that_is_no_instant_is_no_choice(visitor, time):
    assert visitor.until_time().sends(TIME, time=time).page.status_code == 422


def test_choosing_a_time_says_until_when_it_is_held(visitor):
    visitor.until_details()
    assert visitor.path == "/afspraak/gegevens"
    assert "Wij houden deze tijd voor u vast tot 10:10 uur" in visitor.text


def test_a_taken_time_offers_the_nearest_others_as_buttons(visitor, double):
    visitor.until_time()
    wanted = visitor.times()[0]
    double.taken.add(datetime.fromisoformat(wanted))
    visitor.sends(TIME, time=wanted)
    assert visitor.page.status_code == 422
    assert "Iemand anders was u net voor" in visitor.text
    assert visitor.source.index("Donderdag 3 december, 09:20 uur</button>") < visitor.source.index("<h1>")
    visitor.sends(TIME, alternative=(datetime.fromisoformat(wanted) + timedelta(minutes=20)).isoformat())
    assert visitor.path == "/afspraak/gegevens"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("day-closed", "Wij zijn dan gesloten"),
        ("in-the-past", "al voorbij"),
        ("too-far", "te ver vooruit"),
        ("too-soon", "te kort van tevoren"),
    ],
)
def test_every_refusal_of_a_time_is_told_in_words(visitor, double, code, says):
    visitor.until_time()
    double.refuse["hold_slot"] = code
    visitor.sends(TIME, time=visitor.times()[0])
    assert visitor.page.status_code == 422
    assert says in visitor.text


def test_a_visit_that_is_too_long_goes_back_to_the_products(visitor, double):
    double.refuse["free_days"] = "visit-too-long"
    visitor.goes_to("/afspraak/product").sends("/afspraak/product", product="passport", **{"persons-passport": "8"})
    assert visitor.path.startswith("/afspraak/product")
    assert "Dit past niet in één afspraak" in visitor.text


def test_another_time_on_an_old_page_is_another_wish(visitor, double):
    visitor.until_time()
    first, second = visitor.times()[:2]
    form = {name: visitor.hidden(name, action=TIME) for name in ("csrf_token", "key", "day")}
    for time in (first, first, second):
        visitor.client.post(TIME, data=form | {"time": time})
    keys = [key for method, _, key in double.calls if method == "hold_slot"]
    assert len(set(keys)) == 2
    assert [hold["state"] for hold in double.holds.values()] == ["released", "held"]


def test_back_to_the_first_time_on_an_old_page_holds_it_anew(visitor, double):
    visitor.until_time()
    first, second = visitor.times()[:2]
    form = visitor.form(TIME)
    for time in (first, second, first):
        visitor.client.post(TIME, data=form | {"time": time})
    assert [hold["state"] for hold in double.holds.values()] == ["released", "released", "held"]
    assert [hold["starts_at"] for hold in double.holds.values()] == [first, second, first]


@pytest.mark.parametrize(
    "forged",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-12-03T09:00:00", "2026-12-03", "morgen"],
)
def test_a_forged_time_is_no_time(visitor, double, forged):
    visitor.until_time().sends(TIME, time=forged)
    assert visitor.page.status_code == 422
    assert "Kies een tijd" in visitor.text
    assert double.called("hold_slot") == []


def test_choosing_the_held_time_again_keeps_the_hold(visitor, double):
    visitor.until_details()
    held = double.called("hold_slot")[0]["starts_at"]
    visitor.goes_to(TIME)
    assert held in visitor.times()
    assert f'value="{held}" id="time" checked' in visitor.source
    visitor.sends(TIME, time=held)
    assert visitor.path == "/afspraak/gegevens"
    assert len(double.called("hold_slot")) == 1


def test_a_hold_is_extended_once(visitor, double):
    visitor.until_details()
    typing = {name: visitor.hidden(name, action="/afspraak/gegevens") for name in ("csrf_token", "key", "back")}
    typing |= {"name": "Half een na", "email": "", "phone": ""}
    visitor.page = visitor.client.post("/afspraak/langer", data=typing, follow_redirects=True)
    assert 'value="Half een na"' in visitor.source
    assert visitor.path.startswith("/afspraak/gegevens")
    assert "vast tot 10:20 uur" in visitor.text
    assert "10 minuten langer</button>" not in visitor.source
    assert len(double.called("extend_hold")) == 1


def test_an_expired_hold_keeps_the_answers_and_explains(visitor, clock):
    visitor.until_check()
    clock.at += timedelta(minutes=11)
    visitor.goes_to("/afspraak/controle")
    assert visitor.path.startswith(TIME)
    assert "De 10 minuten zijn voorbij" in visitor.text
    visitor.sends(TIME, time=visitor.times()[3])
    assert visitor.path == "/afspraak/controle"
    assert DETAILS["name"] in visitor.text


def test_a_hold_that_ends_while_typing_keeps_what_was_typed(visitor, clock):
    visitor.until_details()
    clock.at += timedelta(minutes=11)
    visitor.sends("/afspraak/gegevens", **DETAILS)
    assert visitor.path.startswith(TIME)
    visitor.sends(TIME, time=visitor.times()[3])
    assert DETAILS["email"] in visitor.text


def test_a_hold_that_the_service_lost_leads_back_to_the_times(visitor, double):
    visitor.until_check()
    double.refuse["confirm_hold"] = "hold-expired"
    visitor.sends("/afspraak/controle")
    assert visitor.path.startswith(TIME)
    assert "Uw antwoorden zijn bewaard" in visitor.text


def test_somebody_abroad_sees_enschede_first_and_the_own_time_under_it(visitor, double):
    visitor.until_time().sends("/tijdzone", zone="America/Toronto")
    assert "Daaronder staat de tijd bij u: Toronto" in visitor.text
    assert "<strong>09:00</strong><small>03:00 in Toronto</small>" in visitor.source
    visitor.sends(TIME, time=visitor.times()[0]).sends("/afspraak/gegevens", **DETAILS)
    assert "Bij u in Toronto is het dan 03:00 uur." in visitor.text
    visitor.sends("/afspraak/controle")
    assert double.called("confirm_hold")[0]["time_zone"] == "America/Toronto"


def test_the_own_day_is_named_when_it_is_another_one(visitor):
    visitor.until_time().sends("/tijdzone", zone="Pacific/Honolulu")
    assert "<small>wo 2 dec 22:00 in Honolulu</small>" in visitor.source


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Mars/Olympus", "../../etc/passwd", ""])
def test_a_zone_with_the_same_clock_or_no_zone_shows_one_time_only(visitor, zone):
    visitor.until_time().sends("/tijdzone", zone=zone)
    assert "<small>" not in visitor.source[visitor.source.index('class="times"') :].split("</div>")[0]
