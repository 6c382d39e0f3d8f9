"""How long a search for free days takes, on calendars more and more full; in the service, and over HTTP."""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle
from typing import Any

from sqlalchemy import Engine, text

from services.appointments import queries
from services.appointments.domain.ticks import TICKS
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from tests.bench.course import CLIENTS, HEAD, Course, one_round
from tests.bench.crowd import request
from tests.bench.figures import milliseconds, percentile, table
from tests.bench.synthetic import CLOSES, LICENCE, LOCATION, MINUTES, MOVE, OPENS, PASSPORT
from tests.bench.town import CORE, LINES, BenchTown, bench_town

FULL = (0.45, 0.80, 0.95)
MIXES = {"1 product": (PASSPORT,), "3 products": (PASSPORT, LICENCE, MOVE)}
LIVE, SAME, DIFFERENT = "/health/live", "/v1/free-days, one question", "/v1/free-days, many questions"


def main(*, long: bool) -> None:
    """Print the tables."""
    with bench_town() as town:
        print(in_service(town, searches=1000 if long else 100))
        town.start(*CORE)
        print(over_http(town, rounds=7 if long else 3, seconds=5.0 if long else 2.0))


def in_service(town: BenchTown, *, searches: int) -> str:
    """Return the table of searches by direct calls, each with a transaction as the service opens it."""
    transactions = Transactions(town.database, SystemClock(), source="appointments")
    rows = []
    for full in FULL:
        fill(town.database, full=full, seed=1)
        rows += [_row(transactions, full, name, mix, searches) for name, mix in MIXES.items()]
    title = f"Search in the service: free days over 26 weeks x {LINES} counters, {searches} searches each"
    return table(title, ("calendar", "", "days found", "p50 ms", "p99 ms"), rows)


def _row(transactions: Transactions, full: float, name: str, mix: Sequence[str], searches: int) -> list[object]:
    found = search(transactions, mix)  # and fill every cache
    seconds = []
    for _ in range(searches):
        began = time.perf_counter()
        search(transactions, mix)
        seconds.append(time.perf_counter() - began)
    p50, p99 = (milliseconds(percentile(seconds, share)) for share in (0.5, 0.99))
    return [f"{full:.0%} full", name, len(found["days"]), p50, p99]


def search(transactions: Transactions, mix: Sequence[str]) -> dict[str, Any]:
    """Return the free days for one person and some products."""
    products = [{"product_id": product_id, "persons": 1} for product_id in mix]
    with transactions.reading() as reading:
        return queries.free_days(reading, location_id=LOCATION, products=products)


def over_http(town: BenchTown, *, rounds: int, seconds: float) -> str:
    """Return the table of repeated searches against the cheapest request there is."""
    days = town.free_days()
    asked = {LIVE: [LIVE], SAME: [_path(PASSPORT)], DIFFERENT: [_path(PASSPORT, on) for on in days]}
    courses = {name: Course() for name in asked}
    for paths in asked.values():  # to warm up
        one_round(town, Course(), town.ports, _endlessly(paths), seconds=seconds, expected=200)
    for name, paths in list(asked.items()) * rounds:
        one_round(town, courses[name], town.ports, _endlessly(paths), seconds=seconds, expected=200)
    title = (
        f"Search over HTTP: {CLIENTS} clients, medians of {rounds} interleaved rounds of {seconds:g} s\n"
        f"  ratios to {LIVE}; CPU in microseconds per request; elsewhere in cores"
    )
    return table(title, HEAD, [course.row(name, courses[LIVE]) for name, course in courses.items()])


def _path(product: str, from_on: date | None = None) -> str:
    bound = f"&fromDate={from_on}" if from_on else ""
    return f"/v1/free-days?locationId={LOCATION}&product={product}{bound}"


def _endlessly(paths: Sequence[str]) -> Iterator[bytes]:
    return cycle([request("GET", path) for path in paths])


def fill(pool: Engine, *, full: float, seed: int) -> None:
    """Take a share of all ticks, in visits of a quarter of an hour at random; there are no appointments behind them."""
    chance = random.Random(seed)
    with pool.begin() as connection:
        days = connection.execute(text('SELECT line_id, "on" FROM line_day')).all()
        connection.execute(
            text('UPDATE line_day SET free = open & CAST(:free AS bit(288)) WHERE line_id = :line_id AND "on" = :on'),
            [{"line_id": line_id, "on": on, "free": _free_bits(chance, full)} for line_id, on in days],
        )
        connection.execute(text("ANALYZE line_day"))


def _free_bits(chance: random.Random, full: float) -> str:
    ticks = MINUTES // 5
    before = OPENS.hour * 12
    visits = "".join(("0" if chance.random() < full else "1") * ticks for _ in range((CLOSES.hour - OPENS.hour) * 4))
    return f"{'0' * before}{visits}{'0' * (TICKS - before - len(visits))}"
