"""Who is asked whether he still comes, when, and when a place may be given to somebody else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.appointment import State, new_hold
from services.appointments.domain.companions import Lines
from services.appointments.domain.place import slot_at
from services.appointments.domain.policy import Reconfirm, read_policy, together
from services.appointments.domain.reconfirming import (
    FIRST_WARNING,
    LAST_WARNING,
    LATEST,
    Next,
    Spared,
    Step,
    asking,
    was_reached,
    what_next,
)
from services.appointments.domain.ticks import tick_of
from services.appointments.domain.visit import Size, Visit, Wanted

ENSCHEDE = ZoneInfo("Europe/Amsterdam")
RULES = Reconfirm()
ON = date(2026, 12, 17)
ONE_SECOND = timedelta(seconds=1)


def wall(on, hour):
    return datetime(on.year, on.month, on.day, hour, tzinfo=ENSCHEDE).astimezone(UTC)


ASK, REMIND, ANSWER = wall(date(2026, 12, 10), 9), wall(date(2026, 12, 12), 9), wall(date(2026, 12, 14), 12)


def booked(on=ON, *, days_ahead=22, channel="web"):
    slot = slot_at(
        ENSCHEDE, location_id="s", on=on, start_tick=tick_of(datetime(1, 1, 1, 10).time()), size=Size(0, 6, 0)
    )
    assert slot is not None
    visit = Visit((Wanted("p", 1),), frozenset({"x"}), slot.size, timedelta(), 182)
    placed_at = wall(on - timedelta(days=days_ahead), 12)
    hold = new_hold(visit, slot, hold_id=UUID(int=1), lines=Lines("l"), channel=channel, at=placed_at)
    return replace(hold, state=State.BOOKED, booked_at=placed_at)


VISIT = booked()


def asked_about(visit, *, at=ASK):
    found = asking(visit, RULES, ENSCHEDE, at=at)
    assert found is not None
    return found


ASKED = asked_about(VISIT)
REMINDED = ASKED.reminded(REMIND)


def following(asked, visit=VISIT, *, at, switched_on=True, affected=False, reached=True):
    return what_next(asked, visit, at=at, switched_on=switched_on, affected=affected, reached=reached)


# --- who is asked


def test_the_three_moments_fall_at_their_hours_on_the_days_before():
    assert (ASKED.asked_at, ASKED.remind_at, ASKED.answer_by) == (ASK, REMIND, ANSWER)


@pytest.mark.parametrize(
    ("on", "ask", "answer"),
    [
        # The clock is changed on 29 March and on 25 October 2026, between question and visit.
        (date(2026, 3, 30), "2026-03-23T08:00:00+00:00", "2026-03-27T11:00:00+00:00"),
        (date(2026, 4, 1), "2026-03-25T08:00:00+00:00", "2026-03-29T10:00:00+00:00"),
        (date(2026, 4, 5), "2026-03-29T07:00:00+00:00", "2026-04-02T10:00:00+00:00"),
        (date(2026, 10, 26), "2026-10-19T07:00:00+00:00", "2026-10-23T10:00:00+00:00"),
        (date(2026, 10, 28), "2026-10-21T07:00:00+00:00", "2026-10-25T11:00:00+00:00"),
        (date(2026, 11, 1), "2026-10-25T08:00:00+00:00", "2026-10-29T11:00:00+00:00"),
    ],
)
def test_the_hour_on_the_wall_is_the_same_when_the_clock_is_changed(on, ask, answer):
    ask_at = datetime.fromisoformat(ask)
    assert asking(booked(on), RULES, ENSCHEDE, at=ask_at - ONE_SECOND) is None
    assert asked_about(booked(on), at=ask_at).answer_by.isoformat() == answer


@pytest.mark.parametrize(("days_ahead", "is_asked"), [(21, False), (22, True), (100, True)])
def test_only_who_booked_more_than_three_weeks_ahead_is_asked(days_ahead, is_asked):
    assert (asking(booked(days_ahead=days_ahead), RULES, ENSCHEDE, at=ASK) is not None) == is_asked


@pytest.mark.parametrize("channel", ["phone", "counter"])
def test_who_was_booked_by_staff_is_never_asked(channel):
    assert asking(booked(channel=channel), RULES, ENSCHEDE, at=ASK) is None


def test_a_question_that_comes_too_late_for_a_second_mail_is_not_put():
    assert asking(VISIT, RULES, ENSCHEDE, at=REMIND - ONE_SECOND) is not None
    assert asking(VISIT, RULES, ENSCHEDE, at=REMIND) is None
    assert asking(replace(VISIT, state=State.CANCELLED), RULES, ENSCHEDE, at=ASK) is None


@given(st.integers(4, 60), st.integers(0, 600), st.integers(0, 400))
def test_whoever_is_asked_has_days_to_answer_and_the_next_holder_days_to_come(ahead, hours, days_ahead):
    visit = booked(days_ahead=days_ahead)
    found = asking(visit, RULES, ENSCHEDE, at=wall(ON - timedelta(days=ahead), 0) + timedelta(hours=hours))
    if found is not None:
        assert found.answer_by - found.asked_at > FIRST_WARNING
        assert visit.slot.starts_at - found.answer_by > timedelta(days=2)


# --- what follows


def test_silence_leads_to_a_second_mail_and_then_to_somebody_else():
    assert following(ASKED, at=REMIND - ONE_SECOND) == Next(None)
    assert following(ASKED, at=REMIND) == Next(Step.REMINDED)
    assert following(REMINDED, at=ANSWER - ONE_SECOND) == Next(None)
    assert following(REMINDED, at=ANSWER) == Next(Step.RELEASED)
    assert following(REMINDED, at=ANSWER + LATEST - ONE_SECOND) == Next(Step.RELEASED)


@pytest.mark.parametrize(
    ("asked", "circumstances", "why"),
    [
        (REMINDED.seen(REMIND), {}, Spared.SEEN),
        (REMINDED, {"reached": False}, Spared.NOT_REACHED),
        (ASKED, {"reached": False}, Spared.NOT_REACHED),
        (REMINDED, {"affected": True}, Spared.AFFECTED),
        (REMINDED, {"switched_on": False}, Spared.SWITCHED_OFF),
        (REMINDED, {"at": ANSWER + LATEST}, Spared.LATE),
    ],
)
def test_whoever_had_not_every_chance_to_answer_keeps_his_place(asked, circumstances, why):
    assert following(asked, **({"at": ANSWER} | circumstances)) == Next(Step.SPARED, why)


def test_nothing_is_decided_while_nobody_knows_whether_the_mails_arrived():
    assert following(REMINDED, at=ANSWER, reached=None) == Next(None)
    assert following(REMINDED, at=ANSWER + LATEST, reached=None) == Next(Step.SPARED, Spared.LATE)


@pytest.mark.parametrize("asked", [ASKED, REMINDED])
def test_whatever_happened_to_the_visit_counts_first(asked):
    gone = replace(VISIT, state=State.CANCELLED)
    assert following(asked, gone, at=ANSWER) == Next(Step.CANCELLED)
    assert following(asked, replace(VISIT, sequence=1), at=ANSWER) == Next(Step.MOVED)
    assert not asked.is_about(gone)
    assert not asked.is_about(replace(VISIT, sequence=1))
    assert asked.is_about(VISIT)
    assert not asked.settled(Step.KEPT, ANSWER).is_about(VISIT)


def test_the_first_look_is_kept():
    assert ASKED.seen(REMIND).seen(ANSWER).seen_at == REMIND


# --- whether the mails arrived

SENT = [
    {"kind": "booked", "state": "failed", "not_before": ASK - timedelta(days=30), "sent_at": None},
    {"kind": "reconfirm", "state": "sent", "not_before": ASK, "sent_at": ASK + timedelta(seconds=3)},
    {"kind": "reconfirm-again", "state": "sent", "not_before": REMIND, "sent_at": REMIND + timedelta(seconds=3)},
]


def with_mail(number, **changes):
    return [mail | changes if place == number else mail for place, mail in enumerate(SENT)]


def test_two_mails_that_went_in_time_have_reached_him():
    assert was_reached(REMINDED, SENT)
    assert was_reached(REMINDED, with_mail(1, sent_at=ANSWER - FIRST_WARNING))
    assert was_reached(REMINDED, with_mail(2, sent_at=ANSWER - LAST_WARNING))


@pytest.mark.parametrize(
    "messages",
    [
        [],
        SENT[:2],
        [SENT[2]],
        with_mail(1, state="failed", sent_at=None),
        with_mail(2, state="failed", sent_at=None),
        with_mail(2, state="scheduled", sent_at=None),
        with_mail(2, state="withdrawn", sent_at=None),
        with_mail(1, sent_at=ANSWER - FIRST_WARNING + ONE_SECOND),
        with_mail(2, sent_at=ANSWER - LAST_WARNING + ONE_SECOND),
        [*SENT, SENT[1] | {"state": "failed", "sent_at": None}],
        with_mail(1, not_before=ASK - timedelta(days=10)),  # of an earlier question
    ],
)
def test_a_mail_that_failed_waited_or_came_late_has_not(messages):
    assert not was_reached(REMINDED, messages)


# --- the policy


def test_a_visit_for_several_products_is_asked_by_the_mildest_rules():
    policies = [
        read_policy({}),
        read_policy({"reconfirm": {"lead_days": 30, "ask_days": 6, "remind_days": 4, "until_days": 2}}),
        read_policy({"reconfirm": {"lead_days": 21, "ask_days": 7, "remind_days": 5, "until_days": 3}}),
    ]
    assert together(policies).reconfirm == Reconfirm(lead_days=30, ask_days=7, remind_days=4, until_days=2)
    assert together(policies[:1]).reconfirm is None
