"""What a booking over HTTP costs: holding and confirming through the gateway, against a floor of two bare inserts."""

import itertools
import math
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import text

from services.migrate import create_database
from tests.bench import floor
from tests.bench.asking import confirm_request, hold_requests, key, wanted
from tests.bench.course import CLIENTS, HEAD, PROGRAMS, Course, one_round
from tests.bench.cpu import machine_seconds, used
from tests.bench.crowd import Visit, request
from tests.bench.figures import table
from tests.bench.synthetic import scattered_times
from tests.bench.town import CORE, FLOOR_PROCESSES, GATEWAYS, LINES, THREADS, BenchTown, bench_town

WARM_SECONDS = 2
_MAIL_SECONDS = 3600
"""For thousands of mails, on a machine that others use too."""
FLOOR, HOLD, CONFIRM = "floor: two inserts", "hold", "confirm"
TOLD = "hold, confirm, all told"


def main(*, long: bool) -> None:
    """Print the table."""
    rounds, seconds = (7, 10.0) if long else (3, 3.0)
    with bench_town() as town:
        print(measure(town, rounds=rounds, seconds=seconds))


def measure(town: BenchTown, *, rounds: int, seconds: float) -> str:
    """Return the table of interleaved rounds: first what one booking waits for, then with the whole town awake."""
    _prepare_floor(town)
    town.start(*CORE, *FLOOR_PROCESSES)
    times = scattered_times(town.free_days(), lines=LINES, seed=1)
    _round(town, times, defaultdict(Course), seconds=WARM_SECONDS)
    alone: dict[str, Course] = defaultdict(Course)
    for _ in range(rounds):
        _round(town, times, alone, seconds=seconds)
    town.start()
    town.settle(within=_MAIL_SECONDS)
    whole: dict[str, Course] = defaultdict(Course)
    for _ in range(max(2, rounds // 2)):
        _round_until_told(town, times, whole, seconds=seconds)
    title = (
        f"Booking: {CLIENTS} clients, {len(GATEWAYS)} gateways x {THREADS} threads, medians of {rounds} interleaved"
        f" rounds of {seconds:g} s\n  ratios to the floor; CPU in microseconds per request; elsewhere in cores;"
        f" PostgreSQL with fsync={_setting(town, 'fsync')}, synchronous_commit={_setting(town, 'synchronous_commit')}"
    )
    rows = [course.row(name, alone[FLOOR]) for name, course in alone.items()]
    rows += [course.row(f"{name}, whole town", whole[FLOOR]) for name, course in whole.items()]
    return f"{table(title, HEAD, rows)}\n  others, in {TOLD}: {_others(whole[TOLD])}\n  {town.drift()}"


def _others(course: Course) -> str:
    spent = {name: value for name, value in course.microseconds().items() if name not in PROGRAMS}
    in_order = sorted(spent, key=lambda name: -spent[name])
    return ", ".join(f"{name} {spent[name]:.0f}" for name in in_order)


def _round(town: BenchTown, times: Iterator[datetime], courses: dict[str, Course], *, seconds: float) -> None:
    """Let the crowd ask the floor, hold, and confirm what was held."""
    one_round(town, courses[FLOOR], town.floor_ports, _floor_requests(), seconds=seconds)
    held = one_round(town, courses[HOLD], town.ports, hold_requests(times), seconds=seconds)
    one_round(town, courses[CONFIRM], town.ports, map(confirm_request, held), seconds=math.inf)


def _round_until_told(
    town: BenchTown, times: Iterator[datetime], courses: dict[str, Course], *, seconds: float
) -> None:
    """Do a round, and wait until all have heard of it: mails are sent, contacts are linked."""
    one_round(town, courses[FLOOR], town.floor_ports, _floor_requests(), seconds=seconds)
    before, machine, began = town.cpu(), machine_seconds(), time.perf_counter()
    held = one_round(town, courses[HOLD], town.ports, hold_requests(times), seconds=seconds)
    booked = one_round(town, courses[CONFIRM], town.ports, map(confirm_request, held), seconds=math.inf)
    town.settle(within=_MAIL_SECONDS)
    took = time.perf_counter() - began
    courses[TOLD].add(Visit(took, booked), used(before, town.cpu()), machine_seconds() - machine)


def _setting(town: BenchTown, name: str) -> str:
    with town.database.connect() as connection:
        return str(connection.execute(text(f"SHOW {name}")).scalar_one())


def _prepare_floor(town: BenchTown) -> None:
    pool = town.engine_of("floor")
    create_database(pool.url.render_as_string(hide_password=False))
    with pool.begin() as connection:
        connection.execute(text(floor.SCHEMA))
    pool.dispose()


def _floor_requests() -> Iterator[bytes]:
    body = wanted(datetime(2027, 1, 4, 9, tzinfo=UTC))
    return (request("POST", "/bookings", body=body, headers=key()) for _ in itertools.count())
