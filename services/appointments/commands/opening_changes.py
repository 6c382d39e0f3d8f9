"""Closing a counter or a location for a day or a part of it, opening an extra shift, and taking that back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.appointments.domain.errors import ChangeUnknown, InThePast, LineUnknown, TooFar, UnknownLocation
from services.appointments.domain.openings import WHOLE_DAY
from services.appointments.domain.openings_change import ChangeKind, OpeningChange
from services.appointments.domain.ticks import local_day
from services.appointments.openings import WEEKS_AHEAD, lay_out_day, read_patterns
from services.appointments.queries import TOWN_ZONE
from services.appointments.repacking import settled
from services.appointments.storage import capacity, catalogue, opening_changes, repacking
from services.appointments.storage.calendar import span
from services.appointments.storage.capacity import LineDay
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()


def preview_opening_change(reading: Reading, **asked: Any) -> dict[str, Any]:
    """Return what a change would do, without doing it: who would get another counter unseen, and who would get none.

    Raises: UnknownLocation, LineUnknown, InThePast, TooFar.
    """
    change = _change_of(reading, UUID(int=0), reason="", by="", **asked)
    rehoused = 0
    left = []
    for on in _days(change):
        lines = _lines_after(reading, change, on)
        found = repacking.sitting(reading, lines, on=on, at=reading.now)
        moves, missing = settled(found)
        open_now = {line.line_id: line.open for line in lines}
        seats = [seat for of_kind in found.seats.values() for seat in of_kind]
        outside = {seat.id for seat in seats if seat.mask & ~open_now.get(seat.line_id or "", 0)}
        left += missing
        rehoused += len({visit_id for visit_id, _ in outside & set(moves)} - set(missing))
    visits = opening_changes.visits_of(reading, left)
    return {
        "rehoused": rehoused,
        "affected": [{"appointment_id": row.id, "starts_at": row.starts_at, "ends_at": row.ends_at} for row in visits],
    }


def change_opening(work: Work, *, reason: str, by: str, **asked: Any) -> dict[str, Any]:
    """Close or open counters at once, and find other counters for the visits concerned; who gets none is affected.

    Nobody is told yet: the timer makes each an offer within moments. A change that holds already is not made twice.

    Raises: UnknownLocation, LineUnknown, InThePast, TooFar.
    """
    capacity.lock_agenda(work)
    change = _change_of(work, work.new_id(), reason=reason, by=by, **asked)
    holding = [
        known
        for known in opening_changes.in_force(work, change.first_on, change.last_on)
        if known.effect == change.effect
    ]
    if holding:
        change = holding[0]
    else:
        opening_changes.add(work, change)
    affected = sum(lay_out_day(work, on, change_id=change.id).affected for on in _days(change))
    log.info("opening_changed", change_id=change.id, kind=change.kind, location=change.location_id, line=change.line_id)
    return {"change_id": change.id, "affected": affected}


def withdraw_change(work: Work, *, change_id: UUID, by: str) -> dict[str, Any]:
    """Take a change back: openings are as if it had never been, and whoever still has his time may keep it.

    Raises: ChangeUnknown (none, or one that the town's files made).
    """
    capacity.lock_agenda(work)
    change = opening_changes.by_id(work, change_id)
    if change is None or change.kind is ChangeKind.TOWN_FILES:
        raise ChangeUnknown
    opening_changes.withdraw(work, change_id, by=by)
    today = local_day(TOWN_ZONE, work.now)
    affected = sum(lay_out_day(work, on, change_id=change.id).affected for on in _days(change) if on >= today)
    log.info("opening_change_withdrawn", change_id=change.id, kind=change.kind, location=change.location_id)
    return {"change_id": change.id, "affected": affected}


def _change_of(
    reading: Reading,
    change_id: UUID,
    *,
    kind: str,
    location_id: str,
    first_on: date,
    reason: str,
    by: str,
    line_id: str | None = None,
    last_on: date | None = None,
    from_time: str | None = None,
    until_time: str | None = None,
) -> OpeningChange:
    """Return the change that is asked for.

    Raises: UnknownLocation, LineUnknown, InThePast, TooFar.
    """
    if catalogue.edition(reading).location_by_id(location_id) is None:
        raise UnknownLocation(location_id=location_id)
    if line_id is not None and not any(
        (row.id, row.location_id, row.offered) == (line_id, location_id, True) for row in catalogue.lines(reading)
    ):
        raise LineUnknown(line_id=line_id)
    today = local_day(TOWN_ZONE, reading.now)
    if first_on < today:
        raise InThePast
    if (last_on or first_on) > today + timedelta(weeks=WEEKS_AHEAD):
        raise TooFar(last_on=today + timedelta(weeks=WEEKS_AHEAD))
    return OpeningChange(
        id=change_id,
        at=reading.now,
        by=by,
        reason=reason,
        kind=ChangeKind(kind),
        location_id=location_id,
        line_id=line_id,
        first_on=first_on,
        last_on=last_on or first_on,
        span=span(from_time, until_time) if from_time and until_time else WHOLE_DAY,
    )


def _days(change: OpeningChange) -> list[date]:
    return [change.first_on + timedelta(days=day) for day in range((change.last_on - change.first_on).days + 1)]


def _lines_after(reading: Reading, change: OpeningChange, on: date) -> list[LineDay]:
    """Return the counters of the change's location on a day, open as they would be after it."""
    patterns = read_patterns(reading, on, on)
    after = replace(patterns, changes=(*patterns.changes, change))
    return [
        counter.day(on, opened, opened)
        for counter, opened in after.wanted(on)
        if counter.location_id == change.location_id
    ]
