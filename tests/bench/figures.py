"""What every table of the bench is made of: percentiles, ratios and columns of text."""

import math
import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share (0 to 1) of the values does not exceed."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    in_order = sorted(values)
    return in_order[max(0, math.ceil(share * len(in_order)) - 1)]


def ratio(ours: Sequence[float], base: Sequence[float]) -> float:
    """Return the median of the ratios of rounds that were run side by side."""
    return statistics.median(own / other for own, other in zip(ours, base, strict=True))


def milliseconds(seconds: float) -> str:
    """Return a time as a table shows it."""
    return f"{seconds * 1000:.1f}"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table: the first column to the left, numbers to the right."""
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(cells))
        for cells in (list(zip(line, widths, strict=True)) for line in lines)
    ]
    return "\n".join([title, *(f"  {line.rstrip()}" for line in text)])
