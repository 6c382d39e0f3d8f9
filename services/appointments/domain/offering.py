"""Which of the possible start times are shown.

The server takes every start at which a counter has the run free; people are shown fewer, tidier ones. Each block of
consecutive possible starts is walked from its beginning in steps of the visit's own length, so that visits of one
kind lie shoulder to shoulder and leave no holes. (Issue 5 refines this: tidy times while a day is roomy, and only
starts that leave no hole when it fills. Nothing but this file knows the rule.)
"""

from services.appointments.domain.ticks import TICKS, to_text


def offered_starts(possible: int, ticks: int) -> list[int]:
    """Return the ticks to offer, in order, out of the bits of possible starts of a run of `ticks` ticks."""
    text = to_text(possible)
    offered: list[int] = []
    begin = text.find("1")
    while begin >= 0:
        end = text.find("0", begin)
        end = TICKS if end < 0 else end
        offered.extend(range(begin, end, ticks))
        begin = text.find("1", end)
    return offered
