"""Which of the possible start times are shown.

The server takes every start at which a counter has the run free; people are shown fewer. While a day is roomy they see
tidy times, on the quarter of an hour. When it fills they see only starts that leave no hole: each gap before and after
the visit is nothing, or long enough for the shortest product. In a simulated full day that fills 98-99 % of the
counters, where a fixed grid of a quarter of an hour leaves a fifth of them empty.

Source: domain/appointments.md 7.1.7.
"""

from dataclasses import dataclass
from functools import cache

from services.appointments.domain.ticks import FULL, TICKS, earlier, in_any, later, mask, repeated, run_starts

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


def room_of(free: int, counters: int, *, ticks: int, shortest: int, setup_ticks: int, open_ticks: int) -> DayRoom:
    """Return what the counters of a day, whose free ticks lie side by side, have to give to visits of `ticks` ticks."""
    possible, snug = starts_on(free, ticks, shortest=shortest, setup_ticks=setup_ticks, counters=counters)
    return DayRoom(in_any(possible, counters), in_any(snug, counters), free.bit_count(), open_ticks)


def starts_on(free: int, ticks: int, *, shortest: int, setup_ticks: int, counters: int = 1) -> tuple[int, int]:
    """Return the possible starts, and those of them that leave no gap shorter than `shortest` ticks on either side.

    A start touches an earlier visit or the opening on one side at least, or lies on the half hour. The days of several
    `counters` may lie side by side: a step takes as long for thirty of them as for one.
    """
    short, long = sorted((ticks, shortest))
    shorter = run_starts(free, short, days=counters)
    longer = run_starts(shorter, long, known=short, days=counters)
    run, gap = (longer, shorter) if ticks == long else (shorter, longer)
    every = repeated(FULL, counters)
    touches_before = every ^ earlier(free, 1, days=counters)
    touches_behind = every ^ later(free, ticks, days=counters)
    gap_before = earlier(gap, shortest, days=counters)
    gap_behind = later(gap, ticks, days=counters)
    touching = (touches_before & (touches_behind | gap_behind)) | (touches_behind & gap_before)
    loose = repeated(grid(LOOSE_STEP, setup_ticks), counters) & gap_before & gap_behind
    return run, run & (touching | loose)


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
