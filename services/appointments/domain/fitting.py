"""Which of the counters that could take a visit should take it."""

from collections.abc import Mapping

from services.appointments.domain.ticks import TICKS, mask, to_text


def rooms(free: int, first: int, ticks: int) -> tuple[int, int]:
    """Return how many free ticks touch a free run before and behind it."""
    text = to_text(free)
    before = first - (text.rfind("0", 0, first) + 1)
    after = text.find("0", first + ticks)
    return before, (TICKS if after < 0 else after) - first - ticks


def best_fits(free_by_line: Mapping[str, int], first: int, ticks: int, *, shortest: int = 1) -> list[str]:
    """Return the lines that have the run free, the best first; equals keep the order in which they were given.

    Best is where no gap remains that is too short for the shortest visit (in ticks), and among those where the least
    room remains, so that long runs stay whole for long visits. The first rule gains 1 to 2 points of occupancy over the
    second alone, which by itself is hardly better than chance (docs/policies.md).

    Source: domain/appointments.md 7.1.6.
    """
    wanted = mask(first, ticks)

    def waste(line_id: str) -> tuple[bool, int]:
        before, behind = rooms(free_by_line[line_id], first, ticks)
        return 0 < before < shortest or 0 < behind < shortest, before + behind

    return sorted((line_id for line_id, free in free_by_line.items() if free & wanted == wanted), key=waste)
