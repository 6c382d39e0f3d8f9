"""Who takes part in a draw and who books besides: a person has one such visit, however he came by it."""

from datetime import timedelta

import pytest

from services.appointments.commands.drawing import tell_losers, tell_winners
from services.appointments.storage import draws
from services.contracts import appointments as contracts
from tests.integration.appointments_desk import refused
from tests.integration.draw_desk import MONDAY, STARTS, WEDDING, DrawDesk

NOOR = {"name": "Noor de Wit", "birth_on": "1990-02-28"}
LATER = MONDAY + timedelta(days=7)


@pytest.fixture(scope="module")
def pool(databases):
    return databases("appointments")


@pytest.fixture
def desk(pool):
    fresh = DrawDesk(pool)
    fresh.clear()
    fresh.reload()
    yield fresh
    assert fresh.drift()["drifts"] == []
    fresh.clear()


@pytest.fixture
def first(desk):
    """A draw that has been held and left all its places over."""
    first = desk.open_draw()
    desk.holds_the_draw(first)
    return first


def books(desk, start, **more):
    return desk.book(start, product=WEDDING, told=NOOR | more)[0]


def turns_told(desk, entered, draw_id):
    facts = desk.mail_facts(entered, draw_id)
    return desk.looks_at(entered)["state"], facts["about"]["outcome"], facts["has_visit"]


def test_who_has_such_an_appointment_cannot_ask_for_another(desk, first):
    key = books(desk, STARTS[0])
    later = desk.open_draw(LATER)
    assert refused(lambda: desk.enters(later, **NOOR)).code == "too-many-live"
    desk.cancel(key)
    assert desk.enters(later, **NOOR)["number"]


def test_what_falls_to_somebody_is_his_by_name_and_birth_date(desk):
    draw_id = desk.open_draw()
    entered = desk.enters(draw_id, phone="06 12345678", **NOOR)
    desk.holds_the_draw(draw_id)
    [won] = desk.all("SELECT birth_on, email_key, phone_key, person_key FROM appointment WHERE state = 'booked'")
    people = desk.people
    assert won.birth_on.isoformat() == NOOR["birth_on"]
    assert bytes(won.person_key) == people.person(NOOR["name"], won.birth_on)
    assert bytes(won.phone_key) == people.phone("06 12345678")
    [turn] = desk.looks_at(entered)["entries"]
    assert refused(lambda: books(desk, STARTS[1])).code == "too-many-live"
    desk.cancel(turn["appointment"])
    books(desk, STARTS[2])


def test_who_booked_one_that_was_left_takes_no_part_any_more_and_is_told_why(desk, first):
    later = desk.open_draw(LATER)
    entered = desk.enters(later, **NOOR)
    others = desk.many_enter(later, 4)
    books(desk, STARTS[0])
    desk.holds_the_draw(later)
    assert turns_told(desk, entered, later) == ("ended", "not-placed", True)
    assert entered["number"] not in {one["number"] for one in desk.said(later)["requests"]}
    assert {desk.looks_at(other)["state"] for other in others} == {"placed"}
    [told] = desk.told(contracts.DrawLost)
    assert told == {"request_id": entered["request_id"], "draw_id": str(later), "version": 2}


def test_who_books_while_winners_are_being_told_keeps_one_and_the_other_is_for_everybody(desk, first):
    later = desk.open_draw(LATER)
    entered = desk.enters(later, **NOOR)
    desk.wait_for_the_draw(later)
    desk.casts_lots()
    books(desk, STARTS[0])
    desk.work_the_draws()
    assert turns_told(desk, entered, later) == ("ended", "placed", True)
    assert [start for start, name in desk.booked() if name == NOOR["name"]] == [STARTS[0]]
    assert desk.state_of(later) == "settled"
    assert STARTS[0] + timedelta(days=7) in desk.free_times(LATER, product=WEDDING)
    assert desk.all("SELECT 1 FROM appointment WHERE kept_for = 'draw' AND state = 'released'")


def test_how_many_visits_an_address_has_does_not_take_a_place_from_who_won_it(desk, first):
    for number, start in enumerate(STARTS[:2]):
        told = {"name": f"Kind {number}", "birth_on": "2000-01-01", "email": "noor@example.nl"}
        desk.book(start, product=WEDDING, told=told)
    later = desk.open_draw(LATER)
    entered = desk.enters(later, email="noor@example.nl", **NOOR)
    desk.holds_the_draw(later)
    assert desk.looks_at(entered)["state"] == "placed"
    assert desk.all("SELECT deed, staff_id, reason FROM staff_act") == [("exceed-limit", "draw", "won in a draw")]


def test_a_place_that_began_before_anybody_told_its_winner_is_given_back(desk):
    draw_id = desk.open_draw()
    entered = desk.enters(draw_id)
    desk.wait_for_the_draw(draw_id)
    desk.casts_lots()
    desk.clock.at = STARTS[0]
    drawn = desk.ask(lambda reading: draws.draw_by_id(reading, draw_id))
    assert desk.do(lambda work: tell_winners(work, drawn, most=5)) == 1
    assert desk.do(lambda work: tell_losers(work, drawn, most=5)) == 0
    assert desk.looks_at(entered)["entries"][0]["appointment"] is None
    assert desk.booked() == []
