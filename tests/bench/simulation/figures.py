"""The figures by which policies are compared, as domain/appointments.md 9 defines them, and tables of them."""

from collections.abc import Iterable, Sequence


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below or at which `share` of the values lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def gini(values: Iterable[float]) -> float:
    """Return 0 when all have the same, towards 1 when one has everything."""
    ordered = sorted(values)
    total = sum(ordered)
    if not total:
        return 0.0
    ranked = sum(rank * value for rank, value in enumerate(ordered, start=1))
    return (2 * ranked / total - len(ordered) - 1) / len(ordered)


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return lines with columns under one another, the first to the left."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    text = ("  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines)
    return "\n".join([title, *(f"  {line}" for line in text), ""])
