"""What a command does about day, time, room and officer of a ceremony: firmly, or as an option that ends by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.domain.ceremony_officers import who_may_hold
from services.civil_registry.domain.errors import RoomNotFree
from services.civil_registry.domain.legal_moments import wedding_days
from services.civil_registry.domain.local_time import clock_time, earliest_instant, end_of_day
from services.civil_registry.domain.record import Flag, Record
from services.civil_registry.storage import ceremonies
from services.civil_registry.storage.ceremonies import Taken


@dataclass(frozen=True, slots=True)
class Wish:
    """When and where, and before whom; None: whoever is free."""

    on: date
    time: str
    room_id: str
    officer_id: str | None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Wish":
        """Return the wish that a message or a stored record says."""
        on = told["on"] if isinstance(told["on"], date) else date.fromisoformat(told["on"])
        return cls(on, told["time"], told["room_id"], told.get("officer_id"))


def schedule(step: Step) -> Record:
    """Return the notice with its ceremony; room and officer are free then, or nothing changes.

    Raises: RoomNotFree.
    """
    planned = _planned(step, Wish.of(step.particulars["ceremony"]))
    return planned.without_flag(Flag.CHECK_AGAIN).noting(rechecks=0, option_until=None)


def change_officer(step: Step) -> Record:
    """Return the notice with another officer for its ceremony.

    Raises: RoomNotFree.
    """
    return _planned(step, replace(Wish.of(step.case.content["ceremony"]), officer_id=step.particulars["officer_id"]))


def give_back(step: Step) -> Record:
    """Give room and officer back, and return the notice without option."""
    ceremonies.free(step.work, step.record.id)
    return step.record.noting(option_until=None)


# --- options: room and officer are kept, and nothing is fixed


def take_option(step: Step, *, until: datetime) -> Record:
    """Return the notice with an option on what it wishes.

    Raises: RoomNotFree.
    """
    wish = _wish_of(step)
    if wish is None:
        return step.record
    _take(step, wish, held_until=until)
    return step.record.noting(option_until=until.isoformat())


def keep_option(step: Step) -> Record:
    """Return the notice that both gave, with its option as long as we look at it, where it still can be had.

    A wish that came too early meanwhile, or was not free any more, is no option: they choose again once we accept.
    """
    wish = _wish_of(step)
    first_on, last_on = wedding_days(step.case)
    if wish is None or not first_on <= wish.on <= last_on:
        return give_back(step)
    until = earliest_instant(wish.on, clock_time(wish.time))
    if not ceremonies.prolong(step.work, step.record.id, until):
        try:
            _take(step, wish, held_until=until)
        except RoomNotFree:
            return give_back(step)
    return step.record.noting(option_until=until.isoformat())


def limit_option(step: Step, accepted: Record) -> Record:
    """Return an accepted notice with its option for some days more, where its day is possible."""
    wish = _wish_of(step)
    first_on, last_on = wedding_days(replace(step.case, record=accepted))
    if wish is not None and first_on <= wish.on <= last_on:
        until = min(
            earliest_instant(wish.on, clock_time(wish.time)),
            step.case.now + timedelta(days=step.case.policy.marriage.option_days),
        )
        if ceremonies.prolong(step.work, step.record.id, until):
            return accepted.noting(option_until=until.isoformat())
    ceremonies.free(step.work, step.record.id)
    return accepted.noting(option_until=None)


def _wish_of(step: Step) -> Wish | None:
    told = step.case.content.get("ceremony")
    return None if told is None else Wish.of(told)


def _planned(step: Step, wish: Wish) -> Record:
    taken = _take(step, wish, held_until=None)
    ceremony = {
        "on": wish.on.isoformat(),
        "time": wish.time,
        "room_id": wish.room_id,
        "officer_id": taken.officer_id,
    }
    return replace(step.record, content={**step.record.content, "ceremony": ceremony}, due_on=wish.on).noting(
        starts_at=taken.starts_at.isoformat(),
        ends_at=taken.ends_at.isoformat(),
        room_id=wish.room_id,
        officer_id=taken.officer_id,
    )


def _take(step: Step, wish: Wish, *, held_until: datetime | None) -> Taken:
    """Return room and officer as they are taken from now on.

    Raises: RoomNotFree.
    """
    ceremonies.lock_day(step.work, wish.on)
    day = ceremonies.taken(step.work, earliest_instant(wish.on, time()), end_of_day(wish.on), but=step.record.id)
    starts_at = earliest_instant(wish.on, clock_time(wish.time))
    ends_at = starts_at + timedelta(minutes=step.office.town.rooms[wish.room_id].minutes)
    meanwhile = ceremonies.busy(day, starts_at, ends_at)
    if wish.room_id in {one.room_id for one in meanwhile}:
        raise RoomNotFree(what="room")
    free = [one for one in _officers(step, wish) if one not in {other.officer_id for other in meanwhile}]
    if not free:
        raise RoomNotFree(what="officer")
    wanted = Taken(wish.room_id, _least_busy(free, day), starts_at, ends_at)
    ceremonies.book(step.work, step.record.id, wanted, held_until=held_until)
    return wanted


def _officers(step: Step, wish: Wish) -> list[str]:
    """Return whom the couple chose, or everybody who may hold the ceremony."""
    if wish.officer_id is not None:
        return [wish.officer_id]
    return [officer.staff_id for officer in who_may_hold(step.case, wish.on)]


def _least_busy(officers: Sequence[str], day: Sequence[Taken]) -> str:
    return min(officers, key=lambda officer: sum(one.officer_id == officer for one in day))
