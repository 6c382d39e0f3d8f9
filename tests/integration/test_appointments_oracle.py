"""The engine against a model of it that is too simple to be wrong, in all commands and all orders.

After every step the owners of each tick of each line, what is free, what others were told and what quotas counted are
compared. P1 no tick has two owners; P2 what is free is what is open and not owned; P3 what search finds is what can be
booked; P4 what ends gives back what it took; P5 a move keeps who the visit is; P6 a repeat changes nothing; P7 nobody
is refused what some line could take; P8 changing lines changes nothing else; P9 quotas count live ticks; P11 each fact
has the next version.

Source: domain/appointments.md 10.
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from services.appointments.domain.offering import ticks_of
from services.appointments.openings import find_strays
from services.appointments.storage import search
from services.appointments.storage.search import Wish
from services.messaging.errors import Refusal
from tests.integration.appointments_comparing import Comparing
from tests.integration.appointments_engine import Engine
from tests.integration.appointments_model import (
    CLOSES,
    DAYS,
    LINES,
    OPENS,
    PLACE,
    PRODUCTS,
    Model,
    Visit,
    instant,
    town,
)  # fmt: skip

EXAMPLES, STEPS = 25, 30
WHICH = st.integers(0, 10**6)
PRODUCT, PERSONS, DAY = st.sampled_from([*PRODUCTS]), st.integers(1, 3), st.sampled_from(DAYS)
START = st.integers(OPENS - 2, CLOSES + 1)
BUSY = st.lists(
    st.tuples(PRODUCT, PERSONS, st.sampled_from(DAYS[1:]), st.integers(OPENS, CLOSES - 3), st.sampled_from([1, 1, 0])),
    min_size=12,
    max_size=30,
)

MUST_HAPPEN = (
    "held", "held after others changed lines", "extended", "confirmed", "confirmed late", "moved", "cancelled",
    "expired", "affected", "answered yes after a closing", "withdrawn", "wished", "kept for the list", "offered",
    "accepted", "repeated", "changed lines unseen", "slot-taken", "day-closed", "hold-expired",
)  # fmt: skip


class Machine(Comparing, RuleBasedStateMachine):
    """Somebody who does anything in any order, and compares."""

    @initialize(fast=st.booleans(), seed=st.integers(0, 1000), visits=BUSY)
    def begins(self, fast, seed, visits):
        self.desk.start(fast=fast, seed=seed)
        self.model = Model(now=self.desk.clock.at)
        self.done = []
        self.told = Counter[str]()
        self.heard = 0
        for product, persons, on, start, firm in visits:
            self.holds(product, persons, on, start)
            if firm and self.model.visits:
                self.confirms(-1)
        for which in range(4):
            self.somebody_wishes(which, ["morning"])

    def teardown(self):
        """Whatever happened, what is over ends, and all agree once more."""
        if hasattr(self, "model"):
            self.the_list_works(sweep=True)
            self.somebody_answers_an_offer(0, "accept")
            self.time_passes(11)
            self.holds_expire()
            late = [number for number, visit in enumerate(self.model.visits.values()) if visit.state == "expired"]
            self.confirms(late[0] if late else 0)
            self.somebody_follows_the_affected()
            self.an_affected_holder_answers(0, accept=True)
            for product in PRODUCTS:
                self.search_finds_what_can_be_booked(product, 1, DAYS[2])

    # --- holding

    @rule(product=PRODUCT, persons=PERSONS, on=DAY, start=START)
    def holds(self, product, persons, on, start):
        first = start - PRODUCTS[product].setup
        self._hold(product, persons, on, first, self.model.refusal(product, persons, on, first))

    @rule(product=PRODUCT, persons=PERSONS, on=DAY, which=WHICH)
    def holds_what_is_shown(self, product, persons, on, which):
        times, code = self._try(lambda: self.desk.free_times(on, product=product, persons=persons, location=PLACE))
        if not times:
            assert code in (None, "in-the-past", "too-far", "day-closed")
            return
        starts_at = times[which % len(times)]
        first = next(t for t in range(288) if instant(on, t) == starts_at) - PRODUCTS[product].setup
        assert self.model.refusal(product, persons, on, first) is None
        self._hold(product, persons, on, first, None)

    def _hold(self, product, persons, on, first, refusal):
        rules = PRODUCTS[product]
        starts_at = instant(on, first + rules.setup)
        got, code = self._do(lambda: self.desk.hold(starts_at, product=product, persons=persons, location=PLACE))
        if got is None:
            assert code == refusal
            return
        held, reply = got
        # Where nothing is free, others may have changed lines; a quota or a closed counter nobody can change.
        assert refusal is None or (
            refusal == "slot-taken" and not (rules.bound and self._quota_full(on, rules, persons))
        )
        self.model.visits[reply["hold_id"]] = Visit(
            reply["hold_id"], held, product, persons, on, first, rules.owned(persons),
            expires_at=self.model.now + timedelta(minutes=10), counted=rules.bound, needs=rules.needs(persons),
        )  # fmt: skip
        self.seen["held"] += 1
        self.seen["held after others changed lines"] += refusal is not None
        self._settle(new=reply["hold_id"], lines=refusal is not None)

    def _quota_full(self, on, rules, persons):
        return self.model.quota_full(on, rules.owned(persons))

    @rule(which=WHICH)
    def extends(self, which):
        visit = self._some(which)
        if visit is None:
            return
        _, code = self._do(lambda: self.desk.extend(visit.held))
        if visit.state != "held" or visit.expires_at <= self.model.now:
            assert code == "hold-expired"
        elif visit.extended:
            assert code == "hold-not-extendable"
        else:
            assert code is None
            self.seen["extended"] += 1
            visit.extended, visit.expires_at = True, visit.expires_at + timedelta(minutes=10)
        self._settle()

    @rule(which=WHICH)
    def releases(self, which):
        visit = self._some(which)
        if visit is None:
            return
        _, code = self._do(lambda: self.desk.release(visit.held))
        assert code == ("appointment-over" if visit.state in ("booked", "cancelled") else None)
        if visit.state == "held":
            visit.state = "released"
        self._settle()

    @rule(which=WHICH)
    def confirms(self, which):
        visit = self._some(which)
        if visit is None:
            return
        told = self.desk.somebody()
        reply, code = self._do(lambda: self.desk.confirm(visit.held, **told))
        if visit.state == "booked":
            assert reply["reference"] == visit.reference
            self._settle()
            return
        late = visit.state == "expired"
        free = late and self._fits(visit, visit.on, visit.first)
        full = late and visit.counted and self.model.quota_full(visit.on, visit.ticks)
        if visit.state in ("cancelled", "released") or visit.starts_at <= self.model.now or full:
            assert code == ("appointment-over" if visit.state == "cancelled" else "hold-expired")
        elif late and not free and code is not None:
            assert code == "hold-expired"
        else:
            assert code is None
            visit.state, visit.reference, visit.version = "booked", reply["reference"], visit.version + 1
            self.seen["confirmed late" if late else "confirmed"] += 1
            self._settle({visit.id: ["confirm"]}, new=visit.id if late else None, lines=late and not free)
            return
        self._settle()

    # --- changing

    @rule(which=WHICH, on=DAY, start=START)
    def moves(self, which, on, start):
        visit = self._some(which, state="booked")
        if visit is not None:
            self._move(visit, on, start - PRODUCTS[visit.product].setup)

    @rule(which=WHICH, by=st.sampled_from([-2, -1, 0, 1, 2]))
    def moves_a_little(self, which, by):
        visit = self._some(which, state="booked")
        if visit is not None:
            self._move(visit, visit.on, visit.first + by)

    def _move(self, visit, on, first):
        starts_at = instant(on, first + PRODUCTS[visit.product].setup)
        reply, code = self._do(lambda: self.desk.move(visit.key, starts_at))
        if visit.starts_at <= self.model.now:
            assert code == "appointment-over"
        elif (on, first) == (visit.on, visit.first):
            assert (code, reply["version"]) == (None, visit.version)
        elif (expected := self._refusal_of_move(visit, on, first)) is not None:
            assert code == expected
        else:
            assert (code, reply["reference"]) == (None, visit.reference)
            self._moved(visit, on, first)
            self.seen["moved"] += 1
            self._settle({visit.id: ["move"]}, new=visit.id, kept=True)
            return
        self._settle()

    def _refusal_of_move(self, visit, on, first):
        if (code := self.model.bounds(instant(on, first + PRODUCTS[visit.product].setup), on)) is not None:
            return code
        skill, opened = PRODUCTS[visit.product].skill, {line: self.model.opened(line, on) for line in LINES}
        if not self.model.fits(skill, visit.ticks, visit.needs, opened, first):
            return "day-closed"
        full = on != visit.on and visit.counted and self.model.quota_full(on, visit.ticks)
        return "slot-taken" if full or not self._fits(visit, on, first) else None

    def _fits(self, visit, on, first):
        room = self.model.free(on, without=visit)
        return self.model.fits(PRODUCTS[visit.product].skill, visit.ticks, visit.needs, room, first)

    def _moved(self, visit, on, first):
        visit.on, visit.first = on, first
        visit.version, visit.sequence = visit.version + 1, visit.sequence + 1

    @rule(which=WHICH)
    def cancels(self, which):
        visit = self._some(which, state="booked", ended="cancelled")
        if visit is None:
            return
        _, code = self._do(lambda: self.desk.cancel(visit.key))
        if visit.state == "booked" and visit.starts_at <= self.model.now:
            assert code == "appointment-over"
            return
        assert code is None
        told = {}
        if visit.state == "booked":
            visit.state, visit.version, visit.sequence = "cancelled", visit.version + 1, visit.sequence + 1
            told = {visit.id: ["cancel"]}
            self.seen["cancelled"] += 1
        self._settle(told, kept=True)

    # --- time

    @rule(minutes=st.sampled_from([1, 5, 9, 11, 40, 400, 1500]))
    def time_passes(self, minutes):
        self._wait(minutes=minutes)

    @rule(seconds=st.sampled_from([-5, -3600, 3600]))
    def the_clock_jumps(self, seconds):
        self._wait(seconds=seconds)

    @rule()
    def holds_expire(self):
        over = [v for v in self.model.visits.values() if v.state == "held" and v.expires_at <= self.model.now]
        assert self.desk.expire() == len(over)
        for visit in over:
            visit.state, visit.version = "expired", visit.version + 1
        self.seen["expired"] += len(over)
        self._settle({visit.id: ["expire"] for visit in over}, kept=True)

    # --- openings

    @rule(line=st.sampled_from([None, *LINES]), on=DAY, first=st.integers(OPENS, CLOSES - 1), ticks=st.integers(3, 36))
    def somebody_closes(self, line, on, first, ticks):
        self._change("close-location" if line is None else "close-line", line, on, first, min(first + ticks, CLOSES))

    @rule(line=st.sampled_from([*LINES]), on=DAY, first=st.integers(OPENS - 6, CLOSES + 3), ticks=st.integers(3, 12))
    def somebody_opens(self, line, on, first, ticks):
        self._change("open-extra", line, on, first, first + ticks)

    def _change(self, kind, line, on, first, until):
        between = {"from_time": _clock(first), "until_time": _clock(until)}
        reply, code = self._do(lambda: self.desk.change(kind, on, line=line, location=PLACE, **between))
        if on < self._today():
            assert code == "in-the-past"
            return
        known = [change[0] for change in self.model.changes if change[1:] == (kind, line, on, first, until)]
        assert known[:1] in ([], [reply["change_id"]])
        if not known:
            self.model.changes.append((reply["change_id"], kind, line, on, first, until))
        self.seen["affected"] += reply["affected"]
        self._openings_changed()

    @rule(which=WHICH)
    def somebody_withdraws(self, which):
        if not self.model.changes:
            return
        change = self.model.changes[which % len(self.model.changes)]
        if change[3] < self._today():
            return
        _, code = self._do(lambda: self.desk.withdraw(change[0]))
        assert code is None
        self.model.changes.remove(change)
        self.seen["withdrawn"] += 1
        self._openings_changed()

    def _openings_changed(self):
        rows = self._rows()
        for visit in self.model.visits.values():
            row = rows[visit.id]
            if visit.state == "held" and row.expires_at == self.model.now and visit.starts_at > self.model.now:
                visit.expires_at = self.model.now  # its counter is gone: it may end at once, if it lies outside
                self.seen["holds that lost their line"] += 1
        self._settle(lines=True, kept=True)
        for visit in self.model.visits.values():
            if visit.state == "booked" and visit.starts_at > self.model.now and self.model.outside(visit):
                assert not self._fits(visit, visit.on, visit.first), "there was another line"

    @rule()
    def somebody_follows_the_affected(self):
        find_strays(self.desk.transactions)
        self.desk.follow()
        rows = self._rows()
        for visit in self.model.visits.values():
            row = rows[visit.id]
            assert (row.sequence, row.state) == (visit.sequence, visit.state)
            visit.version = row.version  # told that a line is gone or back; `check_facts` counts the facts
        self._settle(None, lines=True, kept=True)
        known = {row.id for row in self.desk.all("SELECT appointment_id::text AS id FROM affected_visit"
                                                 " WHERE settled_at IS NULL")}  # fmt: skip
        for visit in self.model.visits.values():
            if visit.state == "booked" and visit.starts_at > self.model.now and self.model.outside(visit):
                assert visit.id in known, "a visit lost a line and nobody knows"

    @rule(which=WHICH, accept=st.booleans())
    def an_affected_holder_answers(self, which, accept):
        rows = self.desk.all(
            "SELECT appointment_id::text AS id, held.on, held.first_tick, held.expires_at FROM affected_visit"
            " JOIN appointment AS held ON held.id = alternative_id AND held.state = 'held'"
            " WHERE settled_at IS NULL AND affected_visit.state = 'offered' ORDER BY affected_visit.at, 1"
        )
        rows = [row for row in rows if self.model.visits[row.id].state == "booked"]
        if not rows:
            return
        row = rows[which % len(rows)]
        visit = self.model.visits[row.id]
        _, code = self._do(lambda: self.desk.answer_affected(visit.key, accept))
        if code is None and accept:
            self._moved(visit, row.on, row.first_tick)
            visit.counted = False  # the town itself proposed it
            self.seen["answered yes after a closing"] += 1
            self._settle({visit.id: ["move"]}, new=visit.id, kept=True)
            return
        assert code in (None, "offer-over", "not-affected")
        assert (code != "offer-over") or row.expires_at <= self.model.now
        self._settle(kept=True)

    @rule(percent=st.sampled_from([0, 20, 50, 100]))
    def the_share_changes(self, percent):
        self.desk.share(percent)
        self.model.share = percent
        self._settle()

    # --- the waiting list

    @rule(which=WHICH, parts=st.sampled_from([["morning"], ["morning", "afternoon"]]))
    def somebody_wishes(self, which, parts):
        visit = self._some(which, state="booked", product="listed")
        if visit is not None:
            wish = {"location_ids": [PLACE], "notice_minutes": 240, "parts_of_day": parts}
            _, code = self._do(lambda: self.desk.join(visit.key, **wish))
            assert code in (None, "appointment-over", "wish-impossible")
            self.seen["wished"] += code is None
            self._settle(kept=True)

    @rule(which=WHICH)
    def somebody_leaves_the_list(self, which):
        visit = self._some(which, state="booked", product="listed")
        if visit is not None:
            self._do(lambda: self.desk.leave(visit.key))
            self._settle(kept=True)

    @rule(sweep=st.booleans())
    def the_list_works(self, sweep):
        self._wait(seconds=61)
        if sweep:
            self.desk.sweep_the_list()
        self.seen["offered"] += self.desk.work_the_list()
        self._settle(kept=True)

    @rule(which=WHICH, answer=st.sampled_from(["accept", "accept", "decline"]))
    def somebody_answers_an_offer(self, which, answer):
        offers = self.desk.all(
            "SELECT id, appointment_id::text AS visit_id, \"on\", first_tick FROM offer WHERE state = 'open'"
            " ORDER BY made_at, id"
        )
        if not offers:
            return
        offer = offers[which % len(offers)]
        visit = self.model.visits[offer.visit_id]
        before = visit.starts_at
        _, code = self._do(lambda: self.desk.answer(visit.key, offer.id, answer))
        if code is None and answer == "accept":
            self._moved(visit, offer.on, offer.first_tick)
            assert visit.starts_at < before
            self.seen["accepted"] += 1
            self._settle({visit.id: ["move"]}, new=visit.id, kept=True)
            return
        assert code in (None, "offer-over", "appointment-over")
        self._settle(kept=True)

    # --- repeating and searching

    @rule(which=WHICH)
    def somebody_repeats(self, which):
        if not self.done:
            return
        act, key, reply = self.done[which % len(self.done)]
        self.desk.key = key
        try:
            assert act() == reply
        finally:
            self.desk.key = None
        self.seen["repeated"] += 1
        self._settle()

    @rule(product=PRODUCT, persons=PERSONS, on=DAY)
    def search_finds_what_can_be_booked(self, product, persons, on):
        rules = PRODUCTS[product]
        with self.desk.transactions.reading() as reading:
            beside = self._companions(reading, product, persons)
            wish = Wish(PLACE, frozenset({rules.skill}), rules.owned(persons), rules.setup, 1, beside)
            found = search.room_by_day(reading, wish, first_on=on, last_on=on)
        assert set(ticks_of(found[on].possible if found else 0)) == self.model.possible(product, persons, on)

    def _companions(self, reading, product, persons):
        from services.appointments import queries

        asked = [{"product_id": product, "persons": persons}]
        return queries.agenda_for(reading, location_id=PLACE, products=asked).visit.companions

    # --- inside

    def _some(self, which, *, state=None, ended=None, product=None):
        found = [
            visit
            for visit in self.model.visits.values()
            if (state is None or visit.state in (state, ended)) and product in (None, visit.product)
        ]
        return found[which % len(found)] if found else None

    def _do(self, act):
        """Do something; return its reply and None, or None and the code of its refusal. What was done is remembered."""
        reply, code = self._try(act)
        if code is None:
            self.done.append((act, self.desk.last_key, reply))
        else:
            self.seen[code] += 1
        return reply, code

    def _wait(self, **duration):
        self.desk.wait(**duration)
        self.model.now = self.desk.clock.at

    def _try(self, act):
        try:
            return act(), None
        except Refusal as refusal:
            return None, refusal.code

    def _rows(self):
        return {str(r.id): r for r in self.desk.all("SELECT id, state, version, sequence, expires_at FROM appointment")}

    def _today(self):
        from tests.integration.appointments_model import ZONE

        return self.model.now.astimezone(ZONE).date()


def _clock(tick):
    return f"{tick // 12:02}:{tick % 12 * 5:02}"


@pytest.mark.timeout(900)
def test_in_all_commands_and_orders_the_engine_does_what_counting_by_hand_says(databases):
    desk = Engine(databases("appointments"))
    desk.reload(town())
    seen: Counter[str] = Counter()
    bound = type("BoundMachine", (Machine,), {"desk": desk, "seen": seen})
    run_state_machine_as_test(
        bound,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            # Making a failure smaller takes longer than a test may; its steps are printed as they are.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not [deed for deed in MUST_HAPPEN if not seen[deed]], f"these lives were too quiet to prove anything: {seen}"
    assert desk.drift()["drifts"] == []
