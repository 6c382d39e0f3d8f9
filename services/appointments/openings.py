"""Makes the agenda from the stored patterns and the changes by command: which line is open when.

Run by `load` when the files change, by the background process, so that the horizon moves along, and by every change
of openings. A visit is never dropped: one whose counter, room or device closes gets another at its own time, and when
there is none it is noted as affected, so that its holder is offered another time or called.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments.domain.closed_days import Closure
from services.appointments.domain.companions import LineKind
from services.appointments.domain.openings import WHOLE_DAY, Weekly, open_bits, refit
from services.appointments.domain.openings_change import ChangeKind, OpeningChange, opened_after
from services.appointments.domain.quotas import Quota
from services.appointments.domain.ticks import local_day
from services.appointments.queries import TOWN_ZONE
from services.appointments.repacking import rehouse
from services.appointments.storage import capacity, catalogue, consistency, opening_changes, quotas, relief
from services.appointments.storage.calendar import closed_days, span
from services.appointments.storage.capacity import LineDay
from services.appointments.storage.consistency import Stray
from services.appointments.storage.quotas import QuotaDay
from services.messaging.database import Transactions
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

WEEKS_AHEAD = 26
_BY_FILES = "town files"
_WHY_FILES = "The openings in the town's files changed."


@dataclass(frozen=True, slots=True)
class Counter:
    """A line, be it a counter or not, with its weekly shifts; one that is out of use has none."""

    line_id: str
    location_id: str
    kind: LineKind
    skills: frozenset[str]
    shifts: tuple[Weekly, ...]
    in_use: bool

    def day(self, on: date, opened: int, free: int) -> LineDay:
        """Return its day with such ticks."""
        return LineDay(self.line_id, on, self.location_id, self.kind, self.skills, opened, free)


@dataclass(frozen=True, slots=True)
class Patterns:
    """All that decides when counters are open."""

    counters: tuple[Counter, ...]
    hours: Mapping[str, tuple[Weekly, ...]]
    closures: Mapping[date, Sequence[Closure]]
    changes: tuple[OpeningChange, ...]
    reliefs: Mapping[tuple[str, date], frozenset[str]] = field(default_factory=dict)
    """Skills that a counter has on one day only, to shorten the wait for a product."""

    def wanted(self, on: date) -> list[tuple[Counter, int]]:
        """Return each counter, with what it can do on a day, and the ticks in which it should be open on it."""
        return [(self._able(counter, on), self._opened(counter, on)) for counter in self.counters]

    def _able(self, counter: Counter, on: date) -> Counter:
        return replace(counter, skills=counter.skills | self.reliefs.get((counter.line_id, on), frozenset()))

    def _opened(self, counter: Counter, on: date) -> int:
        closed = self.closures.get(on, ())
        by_pattern = open_bits(
            on,
            location_hours=self.hours.get(counter.location_id, ()),
            shifts=counter.shifts,
            closures=[closure.span for closure in closed if closure.location_id in (None, counter.location_id)],
        )
        return opened_after(
            by_pattern,
            self.changes,
            on=on,
            location_id=counter.location_id,
            line_id=counter.line_id,
            in_use=counter.in_use,
        )


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What laying out one day did: counters that changed, visits that lost theirs and got none."""

    changed: int
    affected: int


def lay_out(transactions: Transactions) -> tuple[int, list[Stray]]:
    """Bring the agenda of the coming 26 weeks in line with the patterns, and find counters for visits that lost theirs.

    Returns how many counters' days changed, and the visits that lie outside the openings. Each day is a transaction
    of its own, so that nobody who books waits for more than a moment. Running it again changes nothing.
    """
    with transactions.reading() as reading:
        first_on = local_day(TOWN_ZONE, reading.now)
        last_on = first_on + timedelta(weeks=WEEKS_AHEAD)
        patterns = read_patterns(reading, first_on, last_on)
        known = capacity.days_of(reading, first_on, last_on)
    changed = 0
    for offset in range((last_on - first_on).days + 1):
        on = first_on + timedelta(days=offset)
        if _differs(patterns, known, on):
            with transactions.work() as work:
                changed += lay_out_day(work, on).changed
    find_strays(transactions)
    with transactions.reading() as reading:
        strays = consistency.visits_outside_openings(reading, first_on)
    for stray in strays:
        log.warning("visit_outside_openings", appointment_id=stray.appointment_id, line=stray.line_id, on=stray.on)
    log.info("agenda_laid_out", changed_count=changed, first_on=first_on, last_on=last_on)
    return changed, strays


def find_strays(transactions: Transactions) -> int:
    """Find counters for firm visits that lie outside the openings; return how many have none and were not noted yet.

    A day that is laid out settles its visits itself, all but those that somebody was changing at that very moment.
    """
    with transactions.reading() as reading:
        strays = consistency.visits_outside_openings(reading, local_day(TOWN_ZONE, reading.now))
        unknown = set(opening_changes.unknown_strays(reading, [stray.appointment_id for stray in strays]))
    affected = 0
    for on in sorted({stray.on for stray in strays if stray.appointment_id in unknown}):
        with transactions.work() as work:
            affected += lay_out_day(work, on).affected
    return affected


def lay_out_day(work: Work, on: date, *, change_id: UUID | None = None) -> LaidOut:
    """Bring one day in line with the patterns under the locks of its counters.

    Visits whose counter closes get another one at their own time as far as there is room; the others are noted as
    affected by the change, or by the town's files when there is none.
    """
    capacity.lock_agenda(work)
    patterns = read_patterns(work, on, on)  # read behind the lock: the files may have changed a moment ago
    days = capacity.lock_day(work, on)
    occupied = capacity.occupied_ticks(work, on)
    changed = []
    for counter, opened in patterns.wanted(on):
        if _fits(days.get(counter.line_id), counter, opened):
            continue
        free, _ = refit(opened, occupied.get(counter.line_id, 0))
        changed.append(counter.day(on, opened, free))
    capacity.put_days(work, changed)
    lay_out_quotas(work, on, on)
    days |= {day.line_id: day for day in changed}
    return LaidOut(len(changed), _settle_visits(work, days.values(), occupied, on=on, change_id=change_id))


def _settle_visits(
    work: Work, days: Iterable[LineDay], occupied: Mapping[str, int], *, on: date, change_id: UUID | None
) -> int:
    """Rehouse the visits outside the openings; return how many more visits than before are known to miss a line."""
    by_location: dict[str, list[LineDay]] = {}
    for day in days:
        by_location.setdefault(day.location_id, []).append(day)
    affected = 0
    for location_id, lines in sorted(by_location.items()):
        if not any(occupied.get(line.line_id, 0) & ~line.open for line in lines):
            continue
        left = rehouse(work, lines, on=on)
        opening_changes.end_visitor_holds(work, left)
        if unknown := opening_changes.unknown_strays(work, left):
            source = change_id or _changed_files(work, location_id, on)
            affected += opening_changes.find_affected(work, unknown, source)
            log.warning("visits_lost_their_counter", location=location_id, on=on, visits_count=len(unknown))
    return affected


def _changed_files(work: Work, location_id: str, on: date) -> UUID:
    change = OpeningChange(
        id=work.new_id(),
        at=work.now,
        by=_BY_FILES,
        reason=_WHY_FILES,
        kind=ChangeKind.TOWN_FILES,
        location_id=location_id,
        line_id=None,
        first_on=on,
        last_on=on,
        span=WHOLE_DAY,
    )
    opening_changes.add(work, change)
    return change.id


def lay_out_quotas(work: Work, first_on: date, last_on: date) -> None:
    """Bring what quotas allow between two days, both included, in line with the openings of those days."""
    in_force = catalogue.quotas(work)
    zones = {row.id: ZoneInfo(row.time_zone) for row in catalogue.locations(work)}
    days: dict[tuple[str, date], list[LineDay]] = {}
    for day in capacity.days_of(work, first_on, last_on).values():
        days.setdefault((day.location_id, day.on), []).append(day)
    quotas.put_days(
        work,
        (
            QuotaDay(
                location_id=location_id,
                on=on,
                quota_id=quota.id,
                limit_ticks=quota.limit(_shared_ticks(quota, lines)),
                released_at=quota.released_at(zones[location_id], on),
            )
            for quota in in_force
            for (location_id, on), lines in days.items()
            if location_id == quota.location_id
        ),
    )
    quotas.drop_days(work, since=first_on, quota_ids=[quota.id for quota in in_force])


def _shared_ticks(quota: Quota, lines: Iterable[LineDay]) -> int:
    return sum(line.open.bit_count() for line in lines if line.kind is LineKind.DESK and quota.needs <= line.skills)


def _differs(patterns: Patterns, known: Mapping[tuple[str, date], LineDay], on: date) -> bool:
    return not all(_fits(known.get((counter.line_id, on)), counter, opened) for counter, opened in patterns.wanted(on))


def _fits(known: LineDay | None, counter: Counter, opened: int) -> bool:
    if known is None:
        return opened == 0
    return known == counter.day(on=known.on, opened=opened, free=known.free)


def read_patterns(reading: Reading, first_on: date, last_on: date) -> Patterns:
    """Return the stored patterns, with the closings between two days, both included."""
    closed = closed_days(catalogue.calendar_rules(reading))
    return Patterns(
        counters=tuple(
            Counter(
                line_id=row.id,
                location_id=row.location_id,
                kind=LineKind(row.kind),
                skills=frozenset(row.skills),
                shifts=tuple(weekly(entry) for entry in row.shifts) if row.offered else (),
                in_use=row.offered,
            )
            for row in catalogue.lines(reading)
        ),
        hours={
            location_id: tuple(weekly(entry) for entry in entries)
            for location_id, entries in catalogue.hours_of_locations(reading).items()
        },
        closures={} if closed is None else closed.closures_by_day(first_on, last_on),
        changes=tuple(opening_changes.in_force(reading, first_on, last_on)),
        reliefs=relief.applied_skills(reading, first_on, last_on),
    )


def weekly(entry: Mapping[str, Any]) -> Weekly:
    """Return stored weekly hours as the rules know them."""
    return Weekly(
        weekdays=frozenset(entry["weekdays"]),
        span=span(entry["from"], entry["until"]),
        breaks=tuple(span(start, end) for start, end in entry.get("breaks", ())),
        valid_from=_day(entry.get("valid_from")),
        valid_until=_day(entry.get("valid_until")),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
