"""The rules that are compared: those of the house are called, the others stand here only to be compared."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from services.appointments.domain.fitting import best_fits, rooms
from services.appointments.domain.offering import starts_on
from services.appointments.domain.ticks import mask, run_starts
from tests.bench.simulation.demand import SHORTEST

Offer = Callable[[Sequence[int], int], int]
"""The free ticks of a day's counters and the length of a visit -> the starts that are shown, as bits."""
Choose = Callable[[Mapping[str, int], int, int], list[str]]
"""The free ticks by counter, first tick and length of a visit -> the counters that can take it, best first."""
Run = tuple[int, int]
"""First tick and number of ticks."""


def _every(ticks: int) -> int:
    return sum(mask(first, 1) for first in range(0, 288, ticks))


QUARTERS = _every(3)


def every_tick(lines: Sequence[int], ticks: int) -> int:
    """Return every start that a counter has free."""
    shown = 0
    for free in lines:
        shown |= run_starts(free, ticks)
    return shown


def quarter_grid(lines: Sequence[int], ticks: int) -> int:
    """Return the starts on a quarter of an hour."""
    return every_tick(lines, ticks) & QUARTERS


def no_hole(lines: Sequence[int], ticks: int) -> int:
    """Return the starts that leave no hole shorter than the shortest product; all possible ones if there are none.

    Such a start touches a visit or the edge of the opening, or lies on a half hour with room on both sides.

    Source: domain/appointments.md 7.1.7.
    """
    good = 0
    for free in lines:
        good |= starts_on(free, ticks, shortest=SHORTEST, setup_ticks=0)[1]
    return good or every_tick(lines, ticks)


def best_fit(lines: Mapping[str, int], first: int, ticks: int) -> list[str]:
    """Return the counters that can take a visit, tightest first."""
    return best_fits(lines, first, ticks)


def hole_free(lines: Mapping[str, int], first: int, ticks: int) -> list[str]:
    """Return the counters that can take a visit as the house chooses: no lost gap first, then tightest."""
    return best_fits(lines, first, ticks, shortest=SHORTEST)


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
    return rooms(free, first, ticks)[1]


def room_before(free: int, first: int, ticks: int) -> int:
    """Return how many ticks are free up to the beginning of a run."""
    return rooms(free, first, ticks)[0]
