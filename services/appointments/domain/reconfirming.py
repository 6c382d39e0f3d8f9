"""Asking who booked long ago whether he still comes, and giving the place of who never answers to somebody else.

A place is only given away when a person had every chance to keep it: two mails were taken by his mail server in time,
and nobody opened the page that they lead to. Whatever else is the case, the visit stands.

Days are calendar days at the location; the clock changes at night, so each step falls at its hour on the wall.

Source: domain/appointments.md 8.2.8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments.domain.appointment import Appointment, State
from services.appointments.domain.policy import Reconfirm
from services.appointments.domain.ticks import instant_of, local_day, tick_of

ASK_FROM = time(9)
ANSWER_UNTIL = time(12)
FIRST_WARNING, LAST_WARNING = timedelta(hours=48), timedelta(hours=24)
"""How long before the answer was due the first and the second mail must have been taken by the mail server."""
LATEST = timedelta(hours=24)
"""Who was not let go so long after the answer was due keeps his place: it is too near to his visit."""
_CLOCKS_DIFFER = timedelta(hours=1)


class Step(StrEnum):
    """How far the question about a visit is, or how it ended."""

    ASKED = "asked"
    REMINDED = "reminded"
    KEPT = "kept"
    """Its holder comes."""
    CANCELLED = "cancelled"
    """Its holder, or the municipality for another reason, called it off."""
    MOVED = "moved"
    """It has another time: who moves a visit means to come."""
    RELEASED = "released"
    """Nobody answered and nobody looked: the place went to somebody else."""
    SPARED = "spared"
    """Nobody answered, and the visit stands all the same."""


OPEN_STEPS = frozenset({Step.ASKED, Step.REMINDED})


class Spared(StrEnum):
    """Why a visit stands without an answer."""

    SEEN = "seen"
    """Somebody opened the page: he knows, and may think that this was enough."""
    NOT_REACHED = "not-reached"
    """A mail was not taken by the mail server, or too late."""
    AFFECTED = "affected"
    """It lost its counter by our doing: another question is open."""
    LATE = "late"
    """We were late ourselves."""
    SWITCHED_OFF = "switched-off"
    """The town asks no longer."""


@dataclass(frozen=True, slots=True)
class Reconfirmation:
    """The question about one visit at one time; a visit that moves is another question (`sequence`)."""

    appointment_id: UUID
    sequence: int
    step: Step
    asked_at: datetime
    remind_at: datetime
    answer_by: datetime
    reminded_at: datetime | None = None
    seen_at: datetime | None = None
    settled_at: datetime | None = None
    spared: Spared | None = None

    def reminded(self, at: datetime) -> "Reconfirmation":
        """Return the question asked a second time."""
        return replace(self, step=Step.REMINDED, reminded_at=at)

    def settled(self, step: Step, at: datetime, spared: Spared | None = None) -> "Reconfirmation":
        """Return the question at its end."""
        return replace(self, step=step, settled_at=at, spared=spared)

    def seen(self, at: datetime) -> "Reconfirmation":
        """Return the question after a person opened the page that it leads to."""
        return self if self.seen_at else replace(self, seen_at=at)

    def is_about(self, visit: Appointment) -> bool:
        """Say whether an answer can still be given for a visit as it is now."""
        return self.step in OPEN_STEPS and visit.state is State.BOOKED and visit.sequence == self.sequence


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done about a question now. `step` is None when there is nothing to do."""

    step: Step | None
    spared: Spared | None = None


def asking(visit: Appointment, rules: Reconfirm, zone: ZoneInfo, *, at: datetime) -> Reconfirmation | None:
    """Return the question that is to be put to the holder of a visit now, or None.

    Only visits that were booked, or moved to their present time, more than `lead_days` ahead by the web. When the first
    mail would go later than the second one should, nobody is asked: there would be too little time to answer.
    """
    on = local_day(zone, visit.slot.starts_at)
    long_ahead = (on - local_day(zone, visit.placed_at)).days > rules.lead_days
    ask_at, remind_at = _at(zone, on, rules.ask_days, ASK_FROM), _at(zone, on, rules.remind_days, ASK_FROM)
    if not long_ahead or visit.channel != "web" or not visit.changeable(at) or not ask_at <= at < remind_at:
        return None
    return Reconfirmation(
        appointment_id=visit.id,
        sequence=visit.sequence,
        step=Step.ASKED,
        asked_at=at,
        remind_at=remind_at,
        answer_by=_at(zone, on, rules.until_days, ANSWER_UNTIL),
    )


def _at(zone: ZoneInfo, on: date, days_before: int, wall: time) -> datetime:
    return instant_of(zone, on - timedelta(days=days_before), tick_of(wall))


def what_next(
    asked: Reconfirmation, visit: Appointment, *, at: datetime, switched_on: bool, affected: bool, reached: bool | None
) -> Next:
    """Return what is to be done about an open question now.

    `affected`: the visit lost its counter; `reached`: both mails were taken by the mail server in time (None: nobody
    has asked yet, so that nothing can be decided by it).
    """
    if visit.state is State.CANCELLED:
        return Next(Step.CANCELLED)
    if visit.sequence != asked.sequence:
        return Next(Step.MOVED)
    if affected:
        return Next(Step.SPARED, Spared.AFFECTED)
    if not switched_on:
        return Next(Step.SPARED, Spared.SWITCHED_OFF)
    if at >= asked.answer_by:
        return _after_the_last_moment(asked, visit, at=at, reached=reached)
    remind = asked.step is Step.ASKED and at >= asked.remind_at
    return Next(Step.REMINDED if remind else None)


def _after_the_last_moment(asked: Reconfirmation, visit: Appointment, *, at: datetime, reached: bool | None) -> Next:
    if asked.seen_at is not None:
        return Next(Step.SPARED, Spared.SEEN)
    if at >= asked.answer_by + LATEST or not visit.changeable(at):
        return Next(Step.SPARED, Spared.LATE)
    if reached is None:
        return Next(None)
    return Next(Step.RELEASED) if reached else Next(Step.SPARED, Spared.NOT_REACHED)


def was_reached(asked: Reconfirmation, messages: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether both mails of a question were taken by the mail server in time, and none failed.

    `messages` are those about the visit, of any kind (`contracts.notifications.Message`).
    """
    since = asked.asked_at - _CLOCKS_DIFFER
    for kind, warning in (("reconfirm", FIRST_WARNING), ("reconfirm-again", LAST_WARNING)):
        ours = [one for one in messages if one["kind"] == kind and one["not_before"] >= since]
        if not ours or any(one["state"] != "sent" or one["sent_at"] > asked.answer_by - warning for one in ours):
            return False
    return True
