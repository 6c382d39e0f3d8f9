"""The waiting list through long random lives, judged after every step by rules written out a second time.

I1 nobody loses the visit that he has; I2 an offered place has one owner; I3 who accepts comes sooner, and as wished;
I4 nobody is passed by; I5 nothing is lost or given twice; I6 nobody is forgotten; I7 nobody is pestered; I8 a chain of
moves ends.

Source: domain/appointments.md 6.3.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest

from services.appointments import timers
from services.messaging.errors import Refusal
from tests.integration.appointments_desk import ABROAD, ABROAD_LINE, ENSCHEDE, THURSDAY, Desk, at

DAYS = [THURSDAY + timedelta(days=offset) for offset in (0, 4, 7, 12, 18, 25, 27)]
"""The only days on which the one counter is open, from 09:00 to 12:00 and from 14:00 to 15:00."""
OPENED = "".join("1" if 108 <= tick < 144 or 168 <= tick < 180 else "0" for tick in range(288))
VISIT_TICKS, OWNED_TICKS = 6, 7
NO_DRIFT: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}
STEPS = 80


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    desk.one("DELETE FROM line_day WHERE line_id <> :id", id=ABROAD_LINE)
    desk.one("UPDATE line_day SET open = CAST(0 AS bit(288)), free = CAST(0 AS bit(288))")
    desk.one(
        'UPDATE line_day SET open = CAST(:opened AS bit(288)) WHERE line_id = :id AND "on" = ANY(:days)',
        opened=OPENED,
        id=ABROAD_LINE,
        days=DAYS,
    )
    return desk


class Town:
    """People who book, wish, answer and forget, at random; and what must be true of them."""

    def __init__(self, desk, seed):
        self.desk = desk
        self.chance = random.Random(seed)
        self.visits = {}
        self.ended = []
        desk.clear()

    # --- what people do

    def step(self):
        weights = {
            self.books: 4, self.joins: 5, self.cancels: 3, self.moves: 1, self.leaves: 1,
            self.accepts: 3, self.declines: 2, self.answers_late: 1, self.holds_and_forgets: 1,
            self.time_passes: 6, self.list_works: 6, self.sweep_runs: 2,
        }  # fmt: skip
        [act] = self.chance.choices([*weights], [*weights.values()])
        act()
        self.check()

    def books(self):
        start = self._some_start()
        try:
            key, reply = self.desk.book(start, product=ABROAD)
        except Refusal:
            return
        self.visits[reply["appointment_id"]] = key

    def holds_and_forgets(self):
        try:
            self.desk.hold(self._some_start(), product=ABROAD)
        except Refusal:
            return
        self.desk.wait(minutes=11)
        self.desk.expire()

    def joins(self):
        self._with_visit(
            lambda key: self.desk.join(
                key,
                earliest_on=str(self.chance.choice(DAYS[:4])),
                weekdays=self.chance.sample(range(7), self.chance.randint(4, 7)),
                parts_of_day=self.chance.choice(
                    [["morning"], ["morning", "afternoon"], ["morning", "afternoon", "evening"]]
                ),
                notice_minutes=self.chance.choice([240, 1440]),
            )
        )

    def cancels(self):
        appointment_id = self._with_visit(self.desk.cancel)
        if appointment_id and self._row(appointment_id).state == "cancelled":
            del self.visits[appointment_id]

    def moves(self):
        self._with_visit(lambda key: self.desk.move(key, self._some_start()))

    def leaves(self):
        self._with_visit(self.desk.leave)

    def accepts(self):
        offer = self._some_offer("open")
        if offer is None:
            return
        before = self._row(offer.appointment_id)
        wish = self.desk.one("SELECT * FROM wish WHERE id = :id", id=offer.wish_id)
        if self._answer(offer, "accept"):
            after = self._row(offer.appointment_id)
            assert after.starts_at == offer.starts_at < before.starts_at  # I3, I8
            assert likes(wish, after.starts_at)
            assert (after.calendar_uid, after.reference) == (before.calendar_uid, before.reference)
            assert (after.sequence, after.version) == (before.sequence + 1, before.version + 1)

    def declines(self):
        offer = self._some_offer("open")
        if offer is not None:
            before = self._row(offer.appointment_id)
            self._answer(offer, "decline")
            assert self._row(offer.appointment_id) == before

    def answers_late(self):
        offer = self._some_offer("expired")
        if offer is not None:
            self._answer(offer, "accept")

    def time_passes(self):
        self.desk.wait(minutes=self.chance.choice([1, 2, 2, 20, 90, 400]))

    def list_works(self):
        """Let the list work, and see that nobody was passed by (I4)."""
        self.desk.wait(seconds=61)
        timers.expire_offers(self.desk.transactions)
        may_be_asked = {wish.id: wish for wish in self._may_be_asked()}
        known = {row.id for row in self.desk.all("SELECT id FROM offer")}
        self.desk.work_the_list()
        new = [row for row in self.desk.all("SELECT * FROM offer") if row.id not in known]
        asked = {offer.wish_id for offer in new}
        assert asked <= may_be_asked.keys()
        for offer in new:
            for wish in may_be_asked.values():
                if wish.id not in asked and order(wish) < order(may_be_asked[offer.wish_id]):
                    assert not self._fits(wish, offer.starts_at), "somebody was passed by"

    def sweep_runs(self):
        self.desk.sweep_the_list()

    # --- what must be true

    def check(self):
        assert self.desk.drift() == NO_DRIFT  # I5
        rows = self.desk.all("SELECT id, state FROM appointment WHERE reference IS NOT NULL AND state = 'booked'")
        assert {str(row.id) for row in rows} == set(self.visits)  # I1
        owners = self.desk.all(
            "SELECT offer.id FROM offer JOIN appointment hold ON hold.id = hold_id AND hold.state = 'held'"
            " AND kept_for = 'offer' AND hold.starts_at = offer.starts_at AND hold.ticks = offer.ticks"
            " WHERE offer.state = 'open'"
        )
        offers = self.desk.all("SELECT id, wish_id FROM offer WHERE state = 'open'")
        holds = self.desk.all("SELECT id FROM appointment WHERE state = 'held' AND kept_for = 'offer'")
        assert len(owners) == len(offers) == len(holds)  # I2
        assert max(Counter(offer.wish_id for offer in offers).values(), default=1) == 1
        made = Counter(row.wish_id for row in self.desk.all("SELECT wish_id FROM offer"))
        assert max(made.values(), default=0) <= 6  # I7
        assert self.desk.all("SELECT 1 FROM offer WHERE passed > 0") == []
        orphans = self.desk.all(
            "SELECT wish.id FROM wish JOIN appointment ON appointment.id = appointment_id"
            " WHERE wish.state <> 'ended' AND (appointment.state <> 'booked' OR latest_at >= starts_at)"
        )
        assert orphans == []

    def settles(self):
        """Let everything come to rest, and see that nobody was forgotten (I6)."""
        for _ in range(10):
            self.desk.sweep_the_list()
            self.list_works()
            self.check()
        free = [
            (row.on, row.free)
            for row in self.desk.all(
                'SELECT "on", free::text AS free FROM line_day WHERE line_id = :id', id=ABROAD_LINE
            )
        ]
        for wish in self._may_be_asked():
            for on, bits in free:
                begin = bits.find("1" * OWNED_TICKS)
                while begin >= 0:
                    assert not self._fits(wish, at(on, "00:00") + timedelta(minutes=5 * begin)), (
                        "somebody was forgotten"
                    )
                    begin = bits.find("1" * OWNED_TICKS, begin + 1)

    # --- inside

    def _some_start(self):
        tick = self.chance.choice([108, 115, 122, 129, 168, self.chance.randrange(108, 137)])
        return at(self.chance.choice(DAYS), "00:00") + timedelta(minutes=5 * tick)

    def _with_visit(self, act):
        if not self.visits:
            return None
        appointment_id = self.chance.choice([*self.visits])
        try:
            act(self.visits[appointment_id])
        except Refusal:
            return None
        return appointment_id

    def _some_offer(self, state):
        found = [
            offer
            for offer in self.desk.all("SELECT * FROM offer WHERE state = :state ORDER BY made_at, id", state=state)
            if str(offer.appointment_id) in self.visits
        ]
        return self.chance.choice(found) if found else None

    def _answer(self, offer, answer):
        try:
            self.desk.answer(self.visits[str(offer.appointment_id)], offer.id, answer)
        except Refusal:
            return False
        return True

    def _row(self, appointment_id):
        return self.desk.one("SELECT * FROM appointment WHERE id = :id", id=appointment_id)

    def _may_be_asked(self):
        return self.desk.all(
            "SELECT wish.* FROM wish JOIN appointment ON appointment.id = appointment_id"
            " WHERE wish.state = 'active' AND appointment.state = 'booked' AND starts_at > :now AND offers_made < 6"
            " AND (last_offer_at IS NULL OR last_offer_at <= CAST(:now AS timestamptz) - interval '20 hours')"
            " AND NOT EXISTS (SELECT FROM offer WHERE wish_id = wish.id AND offer.state = 'open')",
            now=self.desk.clock.at,
        )

    def _fits(self, wish, starts_at):
        """Say whether a wish wants a time, by rules written out by hand: four contact hours and a day of lead."""
        now = self.desk.clock.at
        soon = now + max(timedelta(minutes=wish.notice_minutes), timedelta(days=1))
        return soon <= starts_at and likes(wish, starts_at)


def likes(wish, starts_at):
    """Say whether a time is as somebody wished."""
    local = starts_at.astimezone(ENSCHEDE)
    part = "morning" if local.hour < 12 else "afternoon" if local.hour < 17 else "evening"
    return (
        wish.earliest_on <= local.date()
        and starts_at <= wish.latest_at
        and local.weekday() in wish.weekdays
        and part in wish.parts_of_day
    )


def order(wish):
    return -wish.urgency, wish.wished_on, wish.rank, str(wish.id)


@pytest.mark.parametrize("seed", range(3))
def test_through_a_long_random_life_the_list_stays_fair_and_loses_nothing(enschede, seed):
    town = Town(enschede, seed)
    for _ in range(40):
        town.books()
    for _ in range(10):
        town.joins()
    for _ in range(STEPS):
        town.step()
    ends = Counter(row.state for row in enschede.all("SELECT state FROM offer"))
    town.settles()
    assert sum(ends.values()) > 3, "this life was too quiet to prove anything"
