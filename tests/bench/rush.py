"""Far more residents than places: what is sold, what the others hear, and whether anything was sold twice."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import text

from tests.bench.asking import confirm_when_held, hold_requests
from tests.bench.crowd import Visit, drive
from tests.bench.draws import ask_and_draw
from tests.bench.figures import milliseconds, percentile, table
from tests.bench.synthetic import times_of
from tests.bench.town import BenchTown, bench_town

CLIENTS = 64
LINES = 20
HEAD = ("", "wanted", "places", "sold", "held 201", "taken 409", "wait 429/503", "other", "per s", "p50 ms", "p99 ms")


def main(*, long: bool) -> None:
    """Print the table."""
    share = 1.0 if long else 0.4
    with bench_town(lines=LINES) as town:
        town.start()
        print(measure(town, share=share))


def measure(town: BenchTown, *, share: float) -> str:
    """Return the table of a rush and of a release, at full size or a share of it; every process of the town runs.

    Raises: RuntimeError (not exactly all places were sold).
    """
    days = town.free_days()
    in_rush = list(chain.from_iterable(times_of(on) for on in days[:2]))[: round(50 * share)]
    given = [_given(town, "rush", _first_come, in_rush, wanted=round(5000 * share))]
    for number, (name, release) in enumerate(RELEASES.items(), start=2):
        times = times_of(days[7 * number])[:3]
        given.append(_given(town, f"release, {name}", release, times, wanted=round(3000 * share)))
    town.settle()
    title = f"Rush: {CLIENTS} clients over HTTP, each confirms at once what it holds; the whole town runs"
    rows, notes = zip(*given, strict=True)
    return "\n  ".join([table(title, HEAD, rows), *filter(None, notes), town.drift()])


def _first_come(town: BenchTown, times: Sequence[datetime], wanted: int) -> tuple[Visit, str]:
    """Return what a crowd saw that came all at once for some times; who asks first has the place."""
    asked = [times[number % len(times)] for number in range(wanted)]
    random.Random(wanted).shuffle(asked)
    return drive(town.ports, hold_requests(asked), clients=CLIENTS, follow=confirm_when_held), ""


def _by_draw(town: BenchTown, times: Sequence[datetime], wanted: int) -> tuple[Visit, str]:
    """Return what people saw who asked for a place in a draw, each with a code by mail; then lots are drawn."""
    drawn = ask_and_draw(town, times, wanted, clients=CLIENTS)
    return drawn.visit, (
        f"draw: held 201 are requests, each after a code by mail; lots of {wanted} cast in {drawn.cast_seconds:.2f} s,"
        f" everybody told in {drawn.told_seconds:.0f} s"
    )


GiveOut = Callable[[BenchTown, Sequence[datetime], int], tuple[Visit, str]]
"""Gives out places among so many who want one; returns what they saw, and what the table does not show."""

RELEASES: dict[str, GiveOut] = {"first come": _first_come, "by draw": _by_draw}
"""Ways to give out few places to many at an announced moment."""


def _given(
    town: BenchTown, name: str, give_out: GiveOut, times: Sequence[datetime], *, wanted: int
) -> tuple[list[object], str]:
    """Return a row of the table, and what it does not show.

    Raises: RuntimeError (not exactly all places were sold).
    """
    visit, note = give_out(town, times, wanted)
    held = [answer.status for answer in visit.answers if answer.step == 0]
    places, sold, waits = len(times) * LINES, _sold(town, times), [answer.seconds for answer in visit.answers]
    if sold != places:
        raise RuntimeError(f"{name}: {places} places, {sold} sold")
    kinds = [held.count(201), held.count(409), held.count(429) + held.count(503)]
    row = [
        name,
        wanted,
        places,
        sold,
        *kinds,
        len(held) - sum(kinds),
        f"{visit.rate:.0f}",
        milliseconds(percentile(waits, 0.5)),
        milliseconds(percentile(waits, 0.99)),
    ]
    return row, note


def _sold(town: BenchTown, times: Sequence[datetime]) -> int:
    statement = "SELECT count(*) FROM appointment WHERE state = 'booked' AND starts_at = ANY(:times)"
    with town.database.connect() as connection:
        return int(connection.execute(text(statement), {"times": list(times)}).scalar_one())
