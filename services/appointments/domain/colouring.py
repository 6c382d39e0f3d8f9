"""Which counter serves which visit of one location's day: the desk is provisional until the visitor is called.

Times never change here, only desks. A visit that must find a desk may push others aside, which then look for another
desk at their own time; the fewest moves win. The search visits a bounded number of positions, so that it ends quickly
on any day; what it does not find within them counts as impossible. Rooms and devices are given out by the same rules,
each kind by itself: a desk is then a room, and a visit its stay in it.

Source: domain/appointments.md 4.10, 7.1.6, 7.1.9.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.appointments.domain.ticks import mask

MOST_POSITIONS = 3_000

SeatId = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter on the day: when it is open to visits that may be moved, and what can be done there."""

    line_id: str
    open: int
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seat:
    """A visit and its present counter; None for one that has no counter yet."""

    visit_id: UUID
    first: int
    ticks: int
    needs: frozenset[str]
    line_id: str | None
    part: int = 0
    """0 for the visit's counter; what it has besides is numbered from 1."""

    @property
    def id(self) -> SeatId:
        """Return what tells this seat from all others of a day."""
        return self.visit_id, self.part

    @property
    def mask(self) -> int:
        """Return the owned ticks as bits."""
        return mask(self.first, self.ticks)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a day: visits that got another counter, and those for which there is none."""

    moves: Mapping[SeatId, str]
    left: tuple[Seat, ...]


def crowded(desks: Iterable[Desk], seats: Iterable[Seat], newcomer: Seat) -> bool:
    """Say that no arrangement can hold the newcomer: at some tick there are too few counters for those who need them.

    Counted are counters and visits of the newcomer's kind: what others do elsewhere cannot help.
    """
    desks = [desk for desk in desks if newcomer.needs <= desk.skills]
    rivals = [seat for seat in seats if newcomer.needs <= seat.needs]
    for tick in range(newcomer.first, newcomer.first + newcomer.ticks):
        bit = mask(tick, 1)
        room = sum(1 for desk in desks if desk.open & bit)
        if room <= sum(1 for seat in rivals if seat.mask & bit):
            return True
    return False


def seated(desks: Sequence[Desk], seats: Sequence[Seat], newcomers: Sequence[Seat]) -> dict[SeatId, str] | None:
    """Return which visits get which other counter so that the newcomers have one too; None when nothing was found.

    The answer names the newcomers and every visit that moves, and as few of these as possible. All others stay.
    """
    search = _Search(desks, seats)
    for most_moves in range(len(seats) + 1):
        search.cut_short = False
        found = search.place({}, newcomers, len(newcomers) + most_moves)
        if found is not None or not search.cut_short:
            return found
        if search.positions >= MOST_POSITIONS:
            return None
    return None


def settle(desks: Sequence[Desk], seats: Sequence[Seat]) -> Settled:
    """Give every visit that lies outside the opening of its counter another one, as far as there is room.

    Visits with the fewest counters to choose from go first, then the earliest. A visit inside its counter's opening
    never loses its place; at worst it moves to another counter.
    """
    openings = {desk.line_id: desk.open for desk in desks}
    out = [seat for seat in seats if seat.mask & ~openings.get(seat.line_id or "", 0)]
    homeless = {seat.id for seat in out}
    now = {seat.id: seat for seat in seats if seat.id not in homeless}
    moves: dict[SeatId, str] = {}
    left = []
    for seat in sorted(out, key=lambda seat: (len(_able(desks, seat)), seat.first, str(seat.visit_id), seat.part)):
        found = seated(desks, list(now.values()), [seat])
        if found is None:
            left.append(seat)
            continue
        now[seat.id] = seat
        now |= {seat_id: replace(now[seat_id], line_id=line_id) for seat_id, line_id in found.items()}
        moves |= found
    here = {seat.id: seat.line_id for seat in seats}
    return Settled({seat_id: line_id for seat_id, line_id in moves.items() if here[seat_id] != line_id}, tuple(left))


def _able(desks: Iterable[Desk], seat: Seat) -> list[Desk]:
    wanted = seat.mask
    return [desk for desk in desks if seat.needs <= desk.skills and desk.open & wanted == wanted]


@dataclass(slots=True)
class _Search:
    """One search; `cut_short` tells that more moves, or more patience, might have found something."""

    desks: Sequence[Desk]
    seats: Sequence[Seat]
    positions: int = 0
    cut_short: bool = False
    _by_desk: dict[str, list[Seat]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for seat in self.seats:
            if seat.line_id is not None:
                self._by_desk.setdefault(seat.line_id, []).append(seat)

    def place(self, chosen: dict[Seat, str], waiting: Sequence[Seat], most: int) -> dict[SeatId, str] | None:
        """Return counters for all who wait and all whom they push aside, when `most` visits may change in all."""
        if not waiting:
            return {seat.id: line_id for seat, line_id in chosen.items()}
        self.positions += 1
        if self.positions >= MOST_POSITIONS:
            self.cut_short = True
            return None
        seat, pushed_by_desk = self._hardest(chosen, waiting)
        others = [other for other in waiting if other is not seat]
        for line_id, pushed in pushed_by_desk:
            if len(chosen) + len(waiting) + len(pushed) > most:
                self.cut_short = True
                continue
            found = self.place({**chosen, seat: line_id}, [*others, *pushed], most)
            if found is not None:
                return found
        return None

    def _hardest(
        self, chosen: Mapping[Seat, str], waiting: Collection[Seat]
    ) -> tuple[Seat, list[tuple[str, list[Seat]]]]:
        """Return who has the fewest counters left, and whom it pushes aside at each, fewest first."""
        choices = [(seat, self._choices(chosen, waiting, seat)) for seat in waiting]
        return min(choices, key=lambda choice: (len(choice[1]), choice[0].first))

    def _choices(
        self, chosen: Mapping[Seat, str], waiting: Collection[Seat], seat: Seat
    ) -> list[tuple[str, list[Seat]]]:
        found = []
        for desk in _able(self.desks, seat):
            if desk.line_id == seat.line_id:
                continue  # it was pushed away from there, by somebody who now stands there
            if any(line_id == desk.line_id and other.mask & seat.mask for other, line_id in chosen.items()):
                continue
            pushed = [
                other
                for other in self._by_desk.get(desk.line_id, ())
                if other.mask & seat.mask and other not in chosen and other not in waiting
            ]
            found.append((desk.line_id, pushed))
        return sorted(found, key=lambda choice: (len(choice[1]), choice[0]))
