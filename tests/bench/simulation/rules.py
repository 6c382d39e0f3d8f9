"""The rules that are compared. What the house has in its domain is used; the rest waits here for its place there.

`no_hole` belongs to services/appointments/domain/offering.py and `repacked` to domain/colouring.py: once they are
there, these two functions become calls of them, and nothing else in the simulation changes.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from services.appointments.domain.fitting import best_fits, room_left
from services.appointments.domain.offering import offered_starts
from services.appointments.domain.ticks import FULL, TICKS, mask, run_starts
from tests.bench.simulation.demand import SHORTEST

Offer = Callable[[Sequence[int], int], int]
"""The free ticks of a day's counters and the length of a visit -> the starts that are shown, as bits."""
Choose = Callable[[Mapping[str, int], int, int], list[str]]
"""The free ticks by counter, first tick and length of a visit -> the counters that can take it, best first."""
Run = tuple[int, int]
"""First tick and number of ticks."""


def _every(ticks: int) -> int:
    return sum(mask(first, 1) for first in range(0, 288, ticks))


QUARTERS, HALVES = _every(3), _every(6)


def every_tick(lines: Sequence[int], ticks: int) -> int:
    """Return every start that a counter has free."""
    shown = 0
    for free in lines:
        shown |= run_starts(free, ticks)
    return shown


def quarter_grid(lines: Sequence[int], ticks: int) -> int:
    """Return the starts on a quarter of an hour."""
    return every_tick(lines, ticks) & QUARTERS


def tidy(lines: Sequence[int], ticks: int) -> int:
    """Return what the house shows today."""
    return sum(mask(first, 1) for first in offered_starts(every_tick(lines, ticks), ticks))


def _without_hole(free: int, ticks: int) -> int:
    possible = run_starts(free, ticks)
    touches_before = possible & ~(free >> 1)
    touches_behind = possible & ~((free << ticks) & FULL)
    roomy = run_starts(free, ticks + SHORTEST)
    tight = touches_before | touches_behind | (possible & HALVES)
    return tight & (touches_before | (roomy >> SHORTEST)) & (touches_behind | roomy)


def no_hole(lines: Sequence[int], ticks: int) -> int:
    """Return the starts that leave no hole shorter than the shortest product; all possible ones if there are none.

    Such a start touches a visit or the edge of the opening, or lies on a half hour with room on both sides.

    Source: domain/appointments.md 7.1.7.
    """
    good = 0
    for free in lines:
        good |= _without_hole(free, ticks)
    return good or every_tick(lines, ticks)


def best_fit(lines: Mapping[str, int], first: int, ticks: int) -> list[str]:
    """Return the counters that can take a visit, tightest first."""
    return best_fits(lines, first, ticks)


def hole_free(lines: Mapping[str, int], first: int, ticks: int) -> list[str]:
    """Return the counters that can take a visit, tightest first; behind them those on which it would leave a hole.

    A hole is too short for the shortest visit. Belongs to services/appointments/domain/fitting.py, if it is wanted.
    """

    def leaves_hole(line: str) -> bool:
        rooms = room_before(lines[line], first, ticks), room_behind(lines[line], first, ticks)
        return any(0 < room < SHORTEST for room in rooms)

    return sorted(best_fits(lines, first, ticks), key=leaves_hole)


def random_counter(rng: Random) -> Choose:
    """Return a rule that takes any counter that can."""

    def choose(lines: Mapping[str, int], first: int, ticks: int) -> list[str]:
        fitting = best_fits(lines, first, ticks)
        rng.shuffle(fitting)
        return fitting

    return choose


def repacked(opening: Mapping[str, int], seated: Mapping[int, tuple[str, Run]], newcomer: Run) -> list[str] | None:
    """Return a counter for each who is seated, in that order, and for the newcomer; None when two greedy walks fail.

    Times never change. Visits are walked by start; each goes to the counter that closes first, and in the second walk
    to the one with the least idle time before it.

    Source: domain/appointments.md 7.1.6.
    """
    runs = [*(run for _, run in seated.values()), newcomer]
    for rank in (room_behind, room_before):
        found: dict[int, str] = {}
        free = dict(opening)
        for place, (first, ticks) in sorted(enumerate(runs), key=lambda visit: visit[1]):
            wanted = mask(first, ticks)
            fitting = [line for line, bits in free.items() if bits & wanted == wanted]
            if not fitting:
                break
            found[place] = min(fitting, key=lambda name: rank(free[name], first, ticks))
            free[found[place]] &= ~wanted
        else:
            return [found[place] for place in range(len(runs))]
    return None


def room_behind(free: int, first: int, ticks: int) -> int:
    """Return how many ticks are free from the end of a run on."""
    later = TICKS - first - ticks
    taken = ~free & ((1 << later) - 1)
    return later - taken.bit_length()


def room_before(free: int, first: int, ticks: int) -> int:
    """Return how many ticks are free up to the beginning of a free run."""
    return room_left(free, first, ticks) - room_behind(free, first, ticks)
