"""What a booking over HTTP costs: holding and confirming through the gateway, against a floor of two bare inserts."""

import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import text

from services.migrate import create_database
from tests.bench import floor
from tests.bench.asking import confirm_request, hold_requests, key, wanted
from tests.bench.cpu import used
from tests.bench.crowd import Answer, Visit, drive, request
from tests.bench.figures import milliseconds, percentile, ratio, table
from tests.bench.synthetic import scattered_times
from tests.bench.town import CORE, THREADS, WORKERS, BenchTown, bench_town

CLIENTS = 32
WARM_SECONDS = 2
FLOOR, HOLD, CONFIRM = "floor: two inserts", "hold", "confirm"
FLOOR_WHOLE, HOLD_WHOLE, CONFIRM_WHOLE = (f"{name}, whole town" for name in ("floor", "hold", "confirm"))
SHOWN = ("gateway", "appointments", "postgres", "rabbitmq", "floor", "others", "clients")


@dataclass
class Course:
    """Rounds of one kind of request."""

    visits: list[Visit] = field(default_factory=list)
    cpu: list[dict[str, float]] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [visit.rate for visit in self.visits]

    def microseconds(self, program: str) -> float:
        """Return the median CPU of a program for one request."""
        return statistics.median(
            used_by[program] / len(visit.answers) * 1e6 for visit, used_by in zip(self.visits, self.cpu, strict=True)
        )

    def latency(self, share: float) -> str:
        return milliseconds(statistics.median(percentile([a.seconds for a in v.answers], share) for v in self.visits))


def main(*, long: bool) -> None:
    """Print the table."""
    rounds, seconds = (7, 10.0) if long else (3, 3.0)
    with bench_town() as town:
        print(measure(town, rounds=rounds, seconds=seconds))


def measure(town: BenchTown, *, rounds: int, seconds: float) -> str:
    """Return the table of interleaved rounds: first what one booking waits for, then with the whole town awake."""
    _prepare_floor(town)
    town.start(*CORE, "floor")
    times = scattered_times(town.free_days(), lines=30, seed=1)
    courses: dict[str, Course] = defaultdict(Course)
    _rounds(town, times, defaultdict(Course), names=(FLOOR, HOLD, CONFIRM), rounds=1, seconds=WARM_SECONDS)
    _rounds(town, times, courses, names=(FLOOR, HOLD, CONFIRM), rounds=rounds, seconds=seconds)
    town.start()
    town.settle()
    whole = (FLOOR_WHOLE, HOLD_WHOLE, CONFIRM_WHOLE)
    _rounds(town, times, courses, names=whole, rounds=max(2, rounds // 2), seconds=seconds)
    drift = town.drift()
    title = (
        f"Booking: {CLIENTS} clients, {WORKERS} gunicorn workers x {THREADS} threads, medians of {rounds} interleaved"
        f" rounds of {seconds:g} s\n  PostgreSQL with fsync={_setting(town, 'fsync')},"
        f" synchronous_commit={_setting(town, 'synchronous_commit')}; CPU in microseconds per request"
    )
    head = ("", "req/s", "/ floor", "p50 ms", "p99 ms", *SHOWN)
    rows = [_row(name, courses) for name in (FLOOR, HOLD, CONFIRM, *whole)]
    return f"{table(title, head, rows)}\n  {drift}"


def _row(name: str, courses: dict[str, Course]) -> list[object]:
    course = courses[name]
    base = courses[FLOOR_WHOLE if "whole" in name else FLOOR]
    return [
        name,
        f"{statistics.median(course.rates):.0f}",
        f"{ratio(course.rates, base.rates):.2f}",
        course.latency(0.5),
        course.latency(0.99),
        *(f"{course.microseconds(program):.0f}" for program in SHOWN),
    ]


def _rounds(
    town: BenchTown,
    times: Iterator[datetime],
    courses: dict[str, Course],
    *,
    names: tuple[str, str, str],
    rounds: int,
    seconds: float,
) -> None:
    """Let the crowd ask the floor, hold, and confirm what was held; in turns."""
    for_floor, for_holds, for_confirms = names
    for _ in range(rounds):
        _round(town, courses[for_floor], town.floor_port, _floor_requests(), seconds=seconds)
        held = _round(town, courses[for_holds], town.port, hold_requests(times), seconds=seconds)
        _round(town, courses[for_confirms], town.port, map(confirm_request, held), seconds=3600)
        if "whole" in for_floor:
            town.settle()


def _round(town: BenchTown, course: Course, port: int, requests: Iterable[bytes], *, seconds: float) -> list[Answer]:
    """Measure one round, and return its answers.

    Raises: RuntimeError (some request was not accepted: the figures would mean nothing).
    """
    before = town.cpu()
    visit = drive(port, requests, clients=CLIENTS, seconds=seconds)
    cpu = used(before, town.cpu())
    if set(visit.statuses) != {201}:
        wrong = next(answer for answer in visit.answers if answer.status != 201)
        raise RuntimeError(f"answers: {dict(visit.statuses)}; one of them: {wrong.body.decode()}")
    cpu["others"] = sum(spent for name, spent in cpu.items() if name not in SHOWN)
    course.visits.append(visit)
    course.cpu.append(cpu)
    return visit.answers


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
