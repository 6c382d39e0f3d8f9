"""Many want one slot at the same instant: exactly as many get it as counters are free."""

from collections.abc import Sequence
from datetime import date

from tests.bench.asking import hold_requests
from tests.bench.crowd import Visit, drive
from tests.bench.figures import milliseconds, percentile, table
from tests.bench.synthetic import LICENCE, MOVE, PASSPORT, times_of
from tests.bench.town import CORE, BenchTown, bench_town

BOOKERS = 64
COUNTERS = {MOVE: 1, LICENCE: 2, PASSPORT: 3}
"""In a town with three counters."""


def main(*, long: bool) -> None:
    """Print the table."""
    with bench_town(lines=3) as town:
        town.start(*CORE)
        print(measure(town, rounds=50 if long else 5))


def measure(town: BenchTown, *, rounds: int) -> str:
    """Return the table.

    Raises: RuntimeError (a slot was sold too often, or not often enough).
    """
    days = iter(town.free_days())
    rows = [_row(town, product, free, [next(days) for _ in range(rounds)]) for product, free in COUNTERS.items()]
    title = f"Contention: {BOOKERS} simultaneous bookers of one slot, {rounds} slots one after the other"
    head = ("free counters", "got it", "too late (409)", "other answers", "p50 ms", "p99 ms")
    return f"{table(title, head, rows)}\n  {town.drift()}"


def _row(town: BenchTown, product: str, free: int, days: Sequence[date]) -> list[object]:
    visits = [_one_slot(town, product, on) for on in days]
    got = [visit.statuses[201] for visit in visits]
    late = [visit.statuses[409] for visit in visits]
    if set(got) != {free}:
        raise RuntimeError(f"{free} counters were free, and so many got the slot: {got}")
    waits = [answer.seconds for visit in visits for answer in visit.answers]
    other = BOOKERS * len(visits) - sum(got) - sum(late)
    return [
        free,
        f"{min(got)} in each",
        f"{min(late)} to {max(late)}",
        other,
        milliseconds(percentile(waits, 0.5)),
        milliseconds(percentile(waits, 0.99)),
    ]


def _one_slot(town: BenchTown, product: str, on: date) -> Visit:
    return drive(town.ports, hold_requests(times_of(on)[:1] * BOOKERS, product=product), clients=BOOKERS)
