"""Contact hours, deadlines, the order of the list, and who fits where: the waiting list without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.companions import Companion, Line, LineKind
from services.appointments.domain.contact_hours import contact_after, contact_between
from services.appointments.domain.policy import ListRules, Policy, read_policy, together
from services.appointments.domain.ticks import mask
from services.appointments.domain.visit import Size
from services.appointments.domain.waiting_list import (
    DELAY_FROM,
    DELAY_UNTIL,
    LONGEST_ANSWER,
    MAIL_TAKES,
    MOST_OFFERS,
    SHORTEST_ANSWER,
    Candidate,
    Fate,
    OfferState,
    Run,
    Wish,
    WishState,
    answer_by,
    fate_of,
    kept_until,
    latest_start,
    public_from,
)
from services.appointments.lots import Lots

ENSCHEDE = ZoneInfo("Europe/Amsterdam")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
TUESDAY = date(2026, 11, 24)
RULES = ListRules()
LISTED, SCARCE = Policy(waiting_list=RULES), Policy(scarce=True, waiting_list=RULES)

instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
near_a_change = st.sampled_from([SPRING, AUTUMN]).flatmap(
    lambda on: st.integers(-48 * 60, 48 * 60).map(
        lambda minutes: datetime.combine(on, time(12), UTC) + timedelta(minutes=minutes)
    )
)
lengths = st.integers(0, 80 * 60).map(lambda minutes: timedelta(minutes=minutes))


def at(on, wall):
    return datetime.combine(on, time.fromisoformat(wall), ENSCHEDE).astimezone(UTC)


# --- contact hours


@pytest.mark.parametrize("on", [SPRING, AUTUMN, TUESDAY])
def test_every_day_has_twelve_contact_hours_also_when_the_clock_is_changed(on):
    assert contact_between(at(on, "00:00"), at(on + timedelta(days=1), "00:00"), ENSCHEDE) == timedelta(hours=12)


@pytest.mark.parametrize(
    ("asked", "hours", "answered"),
    [
        ("2026-11-24 10:00", 4, "2026-11-24 14:00"),
        ("2026-11-24 19:00", 4, "2026-11-25 11:00"),
        ("2026-11-24 23:00", 1, "2026-11-25 09:00"),
        ("2026-11-24 03:00", 1, "2026-11-24 09:00"),
        ("2026-11-24 16:00", 4, "2026-11-24 20:00"),
        ("2026-03-28 19:00", 4, "2026-03-29 11:00"),
        ("2026-10-24 19:00", 4, "2026-10-25 11:00"),
        ("2026-10-25 02:30", 1, "2026-10-25 09:00"),
    ],
)
def test_an_answer_is_not_expected_at_night(asked, hours, answered):
    start = datetime.fromisoformat(asked).replace(tzinfo=ENSCHEDE).astimezone(UTC)
    until = datetime.fromisoformat(answered).replace(tzinfo=ENSCHEDE)
    assert contact_after(start, timedelta(hours=hours), ENSCHEDE) == until


@given(start=instants | near_a_change, length=lengths)
def test_counting_contact_hours_forth_and_back_agree(start, length):
    until = contact_after(start, length, ENSCHEDE)
    assert contact_between(start, until, ENSCHEDE) == length
    assert until >= start + length
    assert time(8) <= until.astimezone(ENSCHEDE).time() <= time(20)


@given(start=near_a_change, length=lengths, more=lengths)
def test_contact_hours_add_up_over_a_change_of_the_clock(start, length, more):
    halfway = contact_after(start, length, ENSCHEDE)
    assert contact_after(halfway, more, ENSCHEDE) == contact_after(start, length + more, ENSCHEDE) or not more


# --- deadlines


@given(now=instants | near_a_change, ahead=st.integers(1, 60 * 24 * 180))
def test_an_offer_may_be_answered_for_half_an_hour_to_four_contact_hours(now, ahead):
    starts_at = now + timedelta(minutes=ahead)
    until = answer_by(at=now, starts_at=starts_at, zone=ENSCHEDE)
    counted = contact_between(now + MAIL_TAKES, until, ENSCHEDE)
    assert SHORTEST_ANSWER <= counted <= LONGEST_ANSWER
    assert counted == min(max(timedelta(minutes=ahead) / 20, SHORTEST_ANSWER), LONGEST_ANSWER)


@given(now=instants | near_a_change, ahead=st.integers(1, 60 * 24 * 180))
def test_every_deadline_lies_well_before_the_offered_visit(now, ahead):
    starts_at = now + timedelta(minutes=ahead)
    if fate_of(LISTED, at=now, starts_at=starts_at, wished=True, zone=ENSCHEDE) is Fate.LIST:
        assert answer_by(at=now, starts_at=starts_at, zone=ENSCHEDE) < starts_at - timedelta(minutes=30)


@given(now=instants | near_a_change, ahead=st.integers(60, 60 * 24 * 180), waited=st.integers(0, 60 * 24))
def test_a_place_waits_for_the_list_no_longer_than_its_window_or_a_quarter_of_the_time(now, ahead, waited):
    freed_at, starts_at = now - timedelta(minutes=waited), now + timedelta(minutes=ahead)
    until = kept_until(freed_at=freed_at, at=now, starts_at=starts_at, rules=RULES, zone=ENSCHEDE)
    assert until <= freed_at + (starts_at - freed_at) / 4
    assert contact_between(now, until, ENSCHEDE) <= RULES.window


def test_sooner_enough_is_three_days_or_a_third_of_a_short_wait():
    now = at(TUESDAY, "10:00")
    assert latest_start(now + timedelta(days=40), wished_at=now, rules=RULES) == now + timedelta(days=37)
    assert latest_start(now + timedelta(days=5), wished_at=now, rules=RULES) == now + timedelta(days=3.5)


# --- what becomes of a place


@pytest.mark.parametrize(
    ("policy", "hours", "wished", "fate"),
    [
        (Policy(), 100, True, Fate.PUBLIC),
        (LISTED, 100, True, Fate.LIST),
        (LISTED, 100, False, Fate.PUBLIC),
        (SCARCE, 100, True, Fate.LIST),
        (SCARCE, 100, False, Fate.DELAY),
        (SCARCE, 24, False, Fate.PUBLIC),
        (SCARCE, 3, True, Fate.PUBLIC),
        (LISTED, 3, True, Fate.PUBLIC),
        (Policy(scarce=True), 100, True, Fate.DELAY),
    ],
)
def test_a_freed_place_goes_to_the_list_then_after_a_delay_to_all(policy, hours, wished, fate):
    now = at(TUESDAY, "10:00")
    found = fate_of(policy, at=now, starts_at=now + timedelta(hours=hours), wished=wished, zone=ENSCHEDE)
    assert found is fate


@given(randomness=st.binary(min_size=8, max_size=8), hours=st.integers(25, 2000))
def test_a_scarce_place_is_shown_at_a_moment_that_nobody_can_guess_but_a_day_before_the_visit(randomness, hours):
    now = at(TUESDAY, "10:00")
    starts_at = now + timedelta(hours=hours)
    shown_at = public_from(at=now, starts_at=starts_at, randomness=randomness)
    assert shown_at <= min(now + DELAY_UNTIL, starts_at - timedelta(hours=24))
    assert shown_at >= min(now + DELAY_FROM, starts_at - timedelta(hours=24))


def test_the_delay_takes_every_length_between_its_bounds():
    now = at(TUESDAY, "10:00")
    far = now + timedelta(days=30)
    assert public_from(at=now, starts_at=far, randomness=b"\0" * 8) == now + DELAY_FROM
    assert public_from(at=now, starts_at=far, randomness=b"\x80" + b"\0" * 7) == now + (DELAY_FROM + DELAY_UNTIL) / 2


def test_a_visit_for_two_products_follows_the_more_careful_rules():
    far = Policy(waiting_list=ListRules(min_gain=timedelta(days=10), window=timedelta(minutes=30)))
    both = together([far, SCARCE, Policy()])
    assert both.scarce
    assert both.waiting_list == ListRules(min_gain=timedelta(days=10), window=timedelta(minutes=30))
    assert together([]) == Policy()


def test_the_files_may_leave_every_rule_of_the_list_at_its_usual_value():
    assert read_policy({"waiting_list": {}}) == LISTED
    assert read_policy({}) == Policy()
    assert read_policy({"waiting_list": {"min_gain_days": 7}}).waiting_list == ListRules(min_gain=timedelta(days=7))


# --- the order of the list


def wish(**changes):
    usual = Wish(
        id=UUID(int=1),
        appointment_id=UUID(int=2),
        location_ids=frozenset({"stadskantoor"}),
        earliest_on=TUESDAY,
        latest_at=at(TUESDAY + timedelta(days=30), "00:00"),
        weekdays=frozenset(range(7)),
        parts_of_day=frozenset({"morning", "afternoon", "evening"}),
        notice=timedelta(days=1),
        wished_on=TUESDAY,
        rank="5",
        created_at=at(TUESDAY, "10:00"),
    )
    return replace(usual, **changes)


wishes = st.lists(
    st.builds(
        lambda number, urgency, day, rank, minute: wish(
            id=UUID(int=number),
            urgency=urgency,
            wished_on=TUESDAY + timedelta(days=day),
            rank=rank,
            created_at=at(TUESDAY + timedelta(days=day), "00:00") + timedelta(minutes=minute),
        ),
        st.integers(1, 10**6),
        st.integers(0, 2),
        st.integers(0, 3),
        st.text("0123456789abcdef", min_size=2, max_size=2),
        st.integers(0, 1439),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(wishes)
def test_urgency_goes_before_the_day_and_the_day_before_the_draw(listed):
    in_order = sorted(listed, key=lambda one: one.order)
    for earlier, later in pairwise(in_order):
        assert earlier.urgency >= later.urgency
        if earlier.urgency == later.urgency:
            assert earlier.wished_on <= later.wished_on
            if earlier.wished_on == later.wished_on:
                assert (earlier.rank, earlier.id) <= (later.rank, later.id)


@given(wishes, st.randoms())
def test_being_quick_on_the_day_gives_no_advantage(listed, chance):
    minutes = [at(TUESDAY, "00:00") + timedelta(minutes=chance.randint(0, 1439)) for _ in listed]
    other = [replace(one, created_at=minute) for one, minute in zip(listed, minutes, strict=True)]
    by_order = [one.id for one in sorted(listed, key=lambda one: one.order)]
    assert by_order == [one.id for one in sorted(other, key=lambda one: one.order)]


def test_nobody_can_draw_a_second_lot_on_the_same_day():
    lots = Lots(b"k" * 32)
    assert lots.rank(UUID(int=2), TUESDAY) == lots.rank(UUID(int=2), TUESDAY)
    drawn = {lots.rank(UUID(int=number), TUESDAY) for number in range(50)}
    assert len(drawn) == 50
    assert lots.rank(UUID(int=2), TUESDAY) != Lots(b"m" * 32).rank(UUID(int=2), TUESDAY)


# --- the life of a wish


def test_a_no_costs_nothing_and_three_silences_pause():
    asked = wish()
    for _ in range(2):
        asked = asked.answered(OfferState.EXPIRED)
    assert asked.state is WishState.ACTIVE
    assert asked.answered(OfferState.EXPIRED).state is WishState.PAUSED
    assert asked.answered(OfferState.DECLINED).answered(OfferState.EXPIRED).state is WishState.ACTIVE
    assert asked.answered(OfferState.REVOKED) == asked
    assert asked.answered(OfferState.EXPIRED).changed(wish()).may_be_asked(at(TUESDAY, "12:00"))


def test_nobody_is_asked_twice_within_a_day_or_more_than_six_times():
    now = at(TUESDAY, "10:00")
    asked = wish().asked(now)
    assert not asked.may_be_asked(now + timedelta(hours=19, minutes=59))
    assert asked.may_be_asked(now + timedelta(hours=20))
    assert not replace(asked, offers_made=MOST_OFFERS).may_be_asked(now + timedelta(days=9))


# --- who fits where

MORNING, AFTERNOON = frozenset({"morning"}), frozenset({"afternoon"})


HALF_AN_HOUR = Size(0, 6, 1)


def candidate(size=HALF_AN_HOUR, not_before=None, last_on=None, **changes):
    return Candidate(
        wish=wish(**changes),
        needs=frozenset({"travel"}),
        size=size,
        not_before=not_before or at(TUESDAY, "00:00"),
        last_on=last_on or TUESDAY + timedelta(days=60),
    )


def fitting(who, first, ticks, *, skills=("travel",), on=TUESDAY, location_id="stadskantoor", beside=()):
    run = Run(mask(first, ticks), frozenset(skills))
    return who.fitting(run, beside=beside, location_id=location_id, on=on, zone=ENSCHEDE)


def test_a_place_fits_when_it_is_long_enough_and_the_counter_can_do_it():
    assert fitting(candidate(), 120, 7).starts_at == at(TUESDAY, "10:00")
    assert fitting(candidate(), 120, 6) is None
    assert fitting(candidate(), 120, 7, skills=("marriage",)) is None


def test_a_place_fits_only_where_all_that_is_needed_besides_may_be_had():
    quiet = frozenset({"quiet"})
    who = replace(candidate(), companions=(Companion(LineKind.ROOM, quiet, 0, 7),))
    room = Line("room", LineKind.ROOM, quiet, mask(122, 10))
    assert fitting(who, 120, 20) is None
    assert fitting(who, 120, 20, beside=[replace(room, kind=LineKind.DEVICE)]) is None
    assert fitting(who, 120, 20, beside=[room]).starts_at == at(TUESDAY, "10:10")
    assert fitting(who, 120, 8, beside=[room]) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"location_ids": frozenset({"glanerbrug"})},
        {"weekdays": frozenset({0, 2})},
        {"parts_of_day": AFTERNOON},
        {"earliest_on": TUESDAY + timedelta(days=1)},
        {"latest_at": at(TUESDAY, "09:55")},
        {"not_before": at(TUESDAY, "10:05")},
        {"last_on": TUESDAY - timedelta(days=1)},
    ],
)
def test_what_somebody_does_not_wish_is_not_offered(changes):
    assert fitting(candidate(**changes), 120, 7) is None


def test_part_of_a_long_place_may_fit():
    assert fitting(candidate(parts_of_day=AFTERNOON), 138, 20).starts_at == at(TUESDAY, "12:00")
    assert fitting(candidate(size=Size(1, 6, 0), parts_of_day=MORNING), 143, 20) is None


@given(
    first=st.integers(0, 280),
    ticks=st.integers(1, 80),
    setup=st.integers(0, 2),
    visit=st.integers(1, 12),
    wrap=st.integers(0, 2),
    parts=st.sets(st.sampled_from(["morning", "afternoon", "evening"]), min_size=1),
    latest=st.integers(0, 48),
)
def test_whatever_is_found_lies_inside_the_run_and_inside_the_wish(first, ticks, setup, visit, wrap, parts, latest):
    ticks = min(ticks, 288 - first)
    latest_at = at(TUESDAY, "00:00") + timedelta(minutes=30 * latest)
    who = candidate(size=Size(setup, visit, wrap), parts_of_day=frozenset(parts), latest_at=latest_at)
    slot = fitting(who, first, ticks)
    if slot is not None:
        assert slot.mask & ~mask(first, ticks) == 0
        assert slot.ticks == setup + visit + wrap
        assert slot.starts_at <= latest_at
        hour = slot.starts_at.astimezone(ENSCHEDE).hour
        assert ("morning" if hour < 12 else "afternoon" if hour < 17 else "evening") in parts
