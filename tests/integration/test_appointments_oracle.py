"""The agenda against a model of it that is too simple to be wrong: one Python set of free ticks per counter."""

import random
from datetime import timedelta
from functools import reduce
from operator import or_

import pytest

from services.appointments.domain.offering import DayRoom, snug_starts, ticks_of
from services.appointments.domain.ticks import instant_of, to_text
from services.appointments.storage import capacity, search
from services.appointments.storage.search import Wish
from services.messaging.errors import Refusal
from tests.integration.appointments_desk import ENSCHEDE, THURSDAY, Desk, at

PRODUCTS = {
    "passport": ({"travel-documents"}, {1: 3, 2: 5, 3: 7}, 0),
    "move": ({"registration"}, {1: 3, 2: 4, 3: 5}, 0),
    "passport-abroad": ({"nationals-abroad"}, {1: 6, 2: 10, 3: 14}, 1),
}
"""Skills, visible ticks by persons, ticks afterwards: written out by hand from products.yaml."""

SHORTEST = 3


class Model:
    """Who is where, counted tick by tick."""

    def __init__(self, days):
        self.skills = {day.line_id: day.skills for day in days}
        self.location = {day.line_id: day.location_id for day in days}
        self.free = {day.line_id: {t for t, sign in enumerate(to_text(day.open)) if sign == "1"} for day in days}

    def able(self, needs):
        return [
            line for line, skills in self.skills.items() if needs <= skills and self.location[line] == "stadskantoor"
        ]

    def room(self, needs, run):
        return {line for line in self.able(needs) if run <= self.free[line]}

    def starts(self, needs, ticks):
        return {
            start
            for start in range(288 - ticks + 1)
            if any(set(range(start, start + ticks)) <= self.free[line] for line in self.able(needs))
        }


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    desk.open_to_all()
    return desk


def line_of(desk, hold_id):
    return desk.one("SELECT line_id FROM appointment WHERE id = :id", id=hold_id).line_id


def owned(start, product, persons):
    _, lengths, after = PRODUCTS[product]
    return set(range(start, start + lengths[persons] + after))


def check_search(desk, model, product, persons):
    needs, lengths, after = PRODUCTS[product]
    ticks = lengths[persons] + after
    wish = Wish("stadskantoor", frozenset(needs), ticks, 0, SHORTEST)
    with desk.transactions.reading() as reading:
        found = search.room_by_day(reading, wish, first_on=THURSDAY, last_on=THURSDAY)
        days = [
            day
            for day in capacity.days_of(reading, THURSDAY, THURSDAY).values()
            if day.location_id == "stadskantoor" and needs <= day.skills
        ]
    possible = set(ticks_of(found[THURSDAY].possible)) if found else set()
    assert possible == model.starts(needs, ticks)
    if found:
        by_rule = [snug_starts(day.free, ticks, shortest=SHORTEST, setup_ticks=0) for day in days]
        assert found[THURSDAY] == DayRoom(
            found[THURSDAY].possible,
            reduce(or_, by_rule),
            sum(day.free.bit_count() for day in days),
            sum(day.open.bit_count() for day in days),
        )
    offered = desk.free_times(THURSDAY, product=product, persons=persons)
    assert set(offered) <= {instant_of(ENSCHEDE, THURSDAY, tick) for tick in possible}
    assert bool(offered) == bool(possible)


@pytest.mark.parametrize("seed", range(3))
def test_a_busy_day_goes_as_counting_by_hand_says(enschede, seed):
    desk, chance = enschede, random.Random(seed)
    desk.clear()
    with desk.transactions.reading() as reading:
        model = Model([day for (_, on), day in capacity.days_of(reading, THURSDAY, THURSDAY).items() if on == THURSDAY])
    visits: dict[int, tuple[dict[str, str], str, set[int]]] = {}
    refusals = 0
    for step in range(120):
        product, persons = chance.choice([*PRODUCTS]), chance.randint(1, 3)
        start = chance.randrange(100, 235)
        starts_at = at(THURSDAY, "00:00") + timedelta(minutes=5 * start)
        run = owned(start, product, persons)
        if visits and chance.random() < 0.25:
            key, line, taken = visits.pop(chance.choice([*visits]))
            desk.cancel(key)
            model.free[line] |= taken
        elif visits and chance.random() < 0.35:
            move_one(desk, model, visits, chance.choice([*visits]), start)
        else:
            room = model.room(PRODUCTS[product][0], run)
            try:
                held, reply = desk.hold(starts_at, product=product, persons=persons)
            except Refusal:
                refusals += 1
                assert not room
            else:
                line = line_of(desk, reply["hold_id"])
                if not room:
                    change_desks(desk, model, visits)
                assert line in model.room(PRODUCTS[product][0], run)
                model.free[line] -= run
                booked = desk.confirm(held)
                key = {"reference": booked["reference"], "secret": held["secret"]}
                visits[step] = (key, line, run)
        if step % 10 == 0:
            check_search(desk, model, product, persons)
    assert refusals
    assert desk.drift() == {"drifts": [], "miscounted_quotas": [], "outside_openings": [], "claims_out_of_step": []}


def change_desks(desk, model, visits):
    """Let the model's visits change desks as they really did; each must be able and free there at its old time."""
    for _, line, run in visits.values():
        model.free[line] |= run
    for number, (key, _, run) in visits.items():
        details = desk.look_up(key)
        now = line_of(desk, details["appointment_id"])
        assert now in model.room(PRODUCTS[details["products"][0]["product_id"]][0], run)
        model.free[now] -= run
        visits[number] = (key, now, run)


def move_one(desk, model, visits, which, start):
    """Move a visit by the rules and in the model; both must agree whether it can."""
    key, line, taken = visits[which]
    run = set(range(start, start + len(taken)))
    details = desk.look_up(key)
    needs = PRODUCTS[details["products"][0]["product_id"]][0]
    model.free[line] |= taken
    room = model.room(needs, run)
    starts_at = at(THURSDAY, "00:00") + timedelta(minutes=5 * start)
    try:
        desk.move(key, starts_at)
    except Refusal:
        assert not room
        model.free[line] -= taken
    else:
        moved_to = line_of(desk, details["appointment_id"])
        assert moved_to in room
        model.free[moved_to] -= run
        visits[which] = (key, moved_to, run)
