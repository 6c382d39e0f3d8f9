"""Which of the counters that could take a visit should take it."""

from collections.abc import Mapping

from services.appointments.domain.ticks import TICKS, mask, to_text


def room_left(free: int, first: int, ticks: int) -> int:
    """Return how many free ticks would still touch a run once it is taken."""
    text = to_text(free)
    before = first - (text.rfind("0", 0, first) + 1)
    after = text.find("0", first + ticks)
    return before + (TICKS if after < 0 else after) - first - ticks


def best_fits(free_by_line: Mapping[str, int], first: int, ticks: int) -> list[str]:
    """Return the lines that have the run free, tightest fit first; equals keep the order in which they were given.

    Best fit keeps long runs whole for long visits (simulated: 1 to 2 points of occupancy above random choice,
    domain/appointments.md 7.1.6).
    """
    wanted = mask(first, ticks)
    fitting = [line_id for line_id, free in free_by_line.items() if free & wanted == wanted]
    return sorted(fitting, key=lambda line_id: room_left(free_by_line[line_id], first, ticks))
