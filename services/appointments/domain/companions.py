"""What a visit needs besides its counter: a quiet room, a device, or its turn among the few that may go on at once.

Such a companion is a line like a counter is, with openings and free ticks of its own, and may be needed for a part of
the visit only. "At most two of these at a time" is a limit: two lines that nobody can see.

Source: domain/appointments.md 7.1.9, 7.1.12.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.appointments.domain.fitting import best_fits
from services.appointments.domain.ticks import FULL, TICK_MINUTES, run_starts


class LineKind(StrEnum):
    """What a line is."""

    DESK = "desk"
    """A staffed counter: each visit has exactly one."""
    ROOM = "room"
    DEVICE = "device"
    LIMIT = "limit"
    """Nothing that can be seen: one of the few visits of a sort that may go on at the same time."""


COMPANION_KINDS = (LineKind.ROOM, LineKind.DEVICE, LineKind.LIMIT)
"""A second counter is none: a visit's counter is guarded on its own row, its companions on theirs."""


@dataclass(frozen=True, slots=True)
class Also:
    """What a product needs besides its counter; minutes from the start that its visitor sees.

    Without both it is needed as long as the counter is, with what the counter needs before and after; with
    `from_minutes` alone until the counter is done.
    """

    kind: LineKind
    skills: frozenset[str]
    from_minutes: int | None = None
    minutes: int | None = None
    extra_minutes: int = 0
    """For each further person."""


@dataclass(frozen=True, slots=True)
class Companion:
    """What one visit needs besides its counter; ticks from the first that the visit owns."""

    kind: LineKind
    skills: frozenset[str]
    offset: int
    ticks: int

    def overlaps(self, other: "Companion") -> bool:
        """Say whether both are needed at the same time, so that one line cannot be both."""
        return self.offset < other.offset + other.ticks and other.offset < self.offset + self.ticks


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that a visit owns besides its counter."""

    line_id: str
    need: Companion


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of one visit: its counter, and what it has besides."""

    line_id: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a day, with the ticks that may be taken."""

    line_id: str
    kind: LineKind
    skills: frozenset[str]
    bits: int

    def serves(self, need: Companion) -> bool:
        """Say whether this is such a line as is needed, free or not."""
        return self.kind == need.kind and need.skills <= self.skills


def read_also(stored: Iterable[Mapping[str, Any]]) -> tuple[Also, ...]:
    """Return what a product's row says that it needs besides a counter."""
    return tuple(
        Also(
            kind=LineKind(entry["kind"]),
            skills=frozenset(entry["skills"]),
            from_minutes=entry["from_minutes"],
            minutes=entry["minutes"],
            extra_minutes=entry["extra_minutes"],
        )
        for entry in stored
    )


def companions_of(asked: Iterable[tuple[Also, int]], *, setup_ticks: int, owned_ticks: int) -> tuple[Companion, ...]:
    """Return what a visit needs besides its counter; `asked` are needs of its products, with a number of persons.

    What several products need alike is one line: from the earliest beginning to the latest end, and at least as long
    as all of them take one after the other. Nothing is needed before or after the counter is.
    """
    spans: dict[tuple[LineKind, frozenset[str]], list[tuple[int, int]]] = {}
    for also, persons in asked:
        span = _span(also, persons, setup_ticks=setup_ticks, owned_ticks=owned_ticks)
        spans.setdefault((also.kind, also.skills), []).append(span)
    needs = []
    for (kind, skills), alike in spans.items():
        begin = min(first for first, _ in alike)
        until = max(*(until for _, until in alike), begin + sum(until - first for first, until in alike))
        ticks = min(until - begin, owned_ticks)
        needs.append(Companion(kind, skills, min(begin, owned_ticks - ticks), ticks))
    return tuple(sorted(needs, key=lambda need: (need.kind, sorted(need.skills))))


def _span(also: Also, persons: int, *, setup_ticks: int, owned_ticks: int) -> tuple[int, int]:
    if also.from_minutes is None and also.minutes is None:
        return 0, owned_ticks
    begin = also.from_minutes or 0
    first = setup_ticks + begin // TICK_MINUTES
    if also.minutes is None:
        return min(first, owned_ticks - 1), owned_ticks
    minutes = also.minutes + also.extra_minutes * (persons - 1)
    return first, setup_ticks - (-(begin + minutes) // TICK_MINUTES)


def starts_beside(needs: Sequence[Companion], lines: Sequence[Line]) -> int:
    """Return the bits of a visit's first ticks at which there is a line for each of its needs, and no line is two."""
    return _starts(tuple(needs), lines, ())


def _starts(needs: tuple[Companion, ...], lines: Sequence[Line], given: tuple[Claim, ...]) -> int:
    if not needs:
        return FULL
    need, others = needs[0], needs[1:]
    found = 0
    for line in lines:
        if _may_be(line, need, given) and (here := (run_starts(line.bits, need.ticks) << need.offset) & FULL):
            found |= here & _starts(others, lines, (*given, Claim(line.line_id, need)))
    return found


def choose_beside(needs: Sequence[Companion], lines: Sequence[Line], first: int) -> tuple[Claim, ...] | None:
    """Return a line for each need of a visit whose first tick is given, the tightest first; None when one has none.

    Equals keep the order in which they were given.
    """
    return _chosen(tuple(needs), lines, first, ())


def _chosen(
    needs: tuple[Companion, ...], lines: Sequence[Line], first: int, given: tuple[Claim, ...]
) -> tuple[Claim, ...] | None:
    if not needs:
        return given
    need, others = needs[0], needs[1:]
    free = {line.line_id: line.bits for line in lines if _may_be(line, need, given)}
    for line_id in best_fits(free, first + need.offset, need.ticks):
        found = _chosen(others, lines, first, (*given, Claim(line_id, need)))
        if found is not None:
            return found
    return None


def _may_be(line: Line, need: Companion, given: Iterable[Claim]) -> bool:
    return line.serves(need) and not any(claim.line_id == line.line_id and claim.need.overlaps(need) for claim in given)


def able_beside(needs: Sequence[Companion], lines: Iterable[Line]) -> bool:
    """Say whether there are lines for all needs at once, were all of them free."""
    return choose_beside(needs, [Line(line.line_id, line.kind, line.skills, FULL) for line in lines], 0) is not None
