"""Which of the possible start times are shown.

The server takes every start at which a counter has the run free; people are shown fewer. While a day is roomy they see
tidy times, on the quarter of an hour. When it fills they see only starts that leave no hole: each gap before and after
the visit is nothing, or long enough for the shortest product. In a simulated full day that fills 98-99 % of the
counters, where a fixed grid of a quarter of an hour leaves a fifth of them empty.

Source: domain/appointments.md 7.1.7.
"""

from dataclasses import dataclass
from functools import cache

from services.appointments.domain.ticks import FULL, TICKS, mask, run_starts

TIDY_STEP = 3
"""Ticks between tidy starts: a quarter of an hour."""
LOOSE_STEP = 6
"""Ticks between starts that touch nothing on a day that fills: half an hour."""
ROOMY = 0.5
"""A day is roomy while at least this share of its open ticks is free."""


@dataclass(frozen=True, slots=True)
class DayRoom:
    """What a location's counters have to give to one kind of visit on a day, as bits of owned starts."""

    possible: int
    """Starts at which some counter has the run free."""
    snug: int
    """Those of them that leave no hole on that counter."""
    free_ticks: int
    open_ticks: int

    @property
    def roomy(self) -> bool:
        """Say whether there is so much room that holes do not matter."""
        return self.free_ticks >= ROOMY * self.open_ticks


@cache
def grid(step: int, setup_ticks: int) -> int:
    """Return the owned starts of visits that their holders see begin on every `step`th tick of the day."""
    bits = 0
    for shown in range(0, TICKS, step):
        if shown >= setup_ticks:
            bits |= mask(shown - setup_ticks, 1)
    return bits


def snug_starts(free: int, ticks: int, *, shortest: int, setup_ticks: int) -> int:
    """Return the starts on one counter that leave no gap shorter than `shortest` ticks on either side.

    A start touches an earlier visit or the opening on one side at least, or lies on the half hour.
    """
    gap = run_starts(free, shortest)
    touches_before = ~(free >> 1) & FULL
    touches_behind = ~(free << ticks) & FULL
    gap_before = gap >> shortest
    gap_behind = (gap << ticks) & FULL
    touching = (touches_before & (touches_behind | gap_behind)) | (touches_behind & gap_before)
    loose = grid(LOOSE_STEP, setup_ticks) & gap_before & gap_behind
    return run_starts(free, ticks) & (touching | loose)


def offered_starts(room: DayRoom, *, setup_ticks: int) -> int:
    """Return the owned starts to show. Something is shown whenever something is possible."""
    shown = room.possible & grid(TIDY_STEP, setup_ticks) if room.roomy else room.snug
    return shown or room.snug or room.possible


def ticks_of(bits: int) -> list[int]:
    """Return the ticks whose bit is set, in order."""
    ticks = []
    while bits:
        tick = TICKS - bits.bit_length()
        ticks.append(tick)
        bits &= ~mask(tick, 1)
    return ticks
