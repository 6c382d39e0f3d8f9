"""Does booking or searching slow down with the years? The same work beside few and beside very many past visits."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine, text

from services.appointments import commands
from services.appointments.links import Links
from services.appointments.load import load
from services.appointments.people import People
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from tests.bench.figures import percentile, ratio, table
from tests.bench.past import grow_past
from tests.bench.search import MIXES, search
from tests.bench.synthetic import LOCATION, PASSPORT, scattered_times, write_town
from tests.bench.town import LINES, servers_here
from tests.city import without_database
from tests.servers import Servers

Done = TypeVar("Done")

BOOKINGS, SEARCHES = 60, 20
DEEDS = ("hold", "confirm", "search")
_WARM_ROUNDS = 1


@dataclass
class Agenda:
    """A database with so many past visits, and the times that are left to book."""

    transactions: Transactions
    past: int
    links: Links
    people: People
    times: Iterator[datetime]
    rounds: dict[str, list[float]] = field(default_factory=lambda: {deed: [] for deed in DEEDS})

    def one_round(self) -> None:
        """Book and search, and keep the median of each deed."""
        timings: dict[str, list[float]] = {deed: [] for deed in DEEDS}
        for _ in range(BOOKINGS):
            held = _timed(timings["hold"], partial(self.hold, next(self.times)))
            _timed(timings["confirm"], partial(self.confirm, held))
        for _ in range(SEARCHES):
            _timed(timings["search"], partial(search, self.transactions, MIXES["1 product"]))
        for deed, seconds in timings.items():
            self.rounds[deed].append(percentile(seconds, 0.5))

    def hold(self, starts_at: datetime) -> UUID:
        """Return the id of a new hold."""
        wanted = {"product_id": PASSPORT, "persons": 1}
        with self.transactions.work() as work:
            reply = commands.hold_slot(
                work, location_id=LOCATION, products=[wanted], starts_at=starts_at, channel="web"
            )
        return UUID(str(base.dump(contracts.Hold, reply)["hold_id"]))

    def confirm(self, hold_id: UUID) -> None:
        """Make an appointment of a hold."""
        asked = {
            "hold_id": str(hold_id),
            "secret": self.links.secret(hold_id),
            "name": "J. de Vries",
            "email": f"{hold_id}@bench.example",
            "language": "nl",
        }
        with self.transactions.work() as work:
            commands.confirm_hold(work, self.links, self.people, **base.load(contracts.ConfirmHold, asked))


def _timed(timings: list[float], deed: Callable[[], Done]) -> Done:
    began = time.perf_counter()
    done = deed()
    timings.append(time.perf_counter() - began)
    return done


def main(*, long: bool) -> None:
    """Print the table."""
    sizes = (10_000, 1_000_000, 5_000_000) if long else (10_000, 100_000)
    servers = servers_here()
    agendas = [_made(servers, past) for past in sizes]
    try:
        print(measure(agendas, rounds=15 if long else 5))
    finally:
        for agenda in agendas:
            agenda.transactions.engine.dispose()
            without_database(agenda.transactions.engine.url)


def measure(agendas: list[Agenda], *, rounds: int) -> str:
    """Return the table of interleaved rounds on each agenda."""
    for _ in range(_WARM_ROUNDS + rounds):
        for agenda in agendas:
            agenda.one_round()
    title = (
        f"History: commands and search called directly, commits do not wait for the disk\n  medians of {rounds}"
        f" interleaved rounds of {BOOKINGS} bookings and {SEARCHES} searches; microseconds, ratio to the shortest past"
    )
    return table(
        title,
        ("past visits", *(column for deed in DEEDS for column in (deed, "ratio"))),
        [_row(agenda, agendas[0]) for agenda in agendas],
    )


def _row(agenda: Agenda, fewest: Agenda) -> list[object]:
    cells: list[object] = [f"{agenda.past:,}"]
    for deed in DEEDS:
        own, base_rounds = (each.rounds[deed][_WARM_ROUNDS:] for each in (agenda, fewest))
        cells += [f"{statistics.median(own) * 1e6:.0f}", f"{ratio(own, base_rounds):.2f}"]
    return cells


def _made(servers: Servers, past: int) -> Agenda:
    pool = engine(servers.new_database("appointments", prefix=f"bench_{past}_"), pool_size=2)
    with pool.begin() as connection:
        connection.execute(text(f'ALTER DATABASE "{pool.url.database}" SET synchronous_commit = off'))
    pool.dispose()  # the next connections know the setting
    return agenda_with_past(pool, past)


def agenda_with_past(pool: Engine, past: int, *, lines: int = LINES) -> Agenda:
    """Fill an empty database with a synthetic town, one visit to come, and copies of it in the past."""
    transactions = Transactions(pool, SystemClock(), source="appointments")
    with TemporaryDirectory() as folder:
        load(transactions, read_town(write_town(Path(folder), lines=lines)))
    days = [day["on"] for day in search(transactions, MIXES["1 product"])["days"]][1:]
    times = scattered_times(days, lines=lines, seed=2)
    agenda = Agenda(transactions, past, Links(b"k" * 32), People(b"p" * 32), times)
    agenda.confirm(agenda.hold(next(times)))
    grow_past(pool, past)
    return agenda
