"""A town to measure: the processes of `make up` on the servers of the tests, with more gunicorn workers."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, text

from deploy.local.place import ROOT, Place, test_servers
from deploy.local.processes import GATEWAY, LOAD, PROCESSES, Process
from deploy.local.supervisor import Supervisor, end_leftovers
from services.contracts.subscriptions import SERVICES
from services.messaging.database import engine
from services.migrate import DATABASES
from tests.bench.cpu import cpu_seconds
from tests.bench.synthetic import LOCATION, PASSPORT, write_town
from tests.chaos.judge import Judge
from tests.city import RATES, CityProcess, eventually, forget_queues
from tests.servers import Servers

LINES = 30
THREADS = 16
UNLIMITED = "1000000 per minute"

_PREFIX = "bench_"
_UNDER_GUNICORN = (*GATEWAY.command[:-1], "--threads", str(THREADS))


class _Gateway(Process):
    """A gateway, or the floor with a gateway's gunicorn settings, on a port of its own."""

    def environment(self, place: Place) -> dict[str, str]:
        return {"BALIE_PORT": str(self.ops_port(place))}


GATEWAYS = (
    _Gateway("gateway", (*_UNDER_GUNICORN, GATEWAY.command[-1]), None),
    _Gateway("gateway-2", (*_UNDER_GUNICORN, GATEWAY.command[-1]), 61),
)
"""Several with one worker each, as deploy/kubernetes runs them. Of one gunicorn's workers whoever wakes first takes a
connection: sometimes one had all, and the figures told nothing but that (benoitc/gunicorn, issues 2817 and 3433).
"""
FLOORS = tuple(
    _Gateway(name, (*_UNDER_GUNICORN, "tests.bench.floor:app_here()"), offset)
    for name, offset in (("floor", 60), ("floor-2", 62))
)
CORE = (*(gateway.name for gateway in GATEWAYS), "appointments")
"""What one booking waits for; the others hear of it afterwards."""
FLOOR_PROCESSES = tuple(floor.name for floor in FLOORS)


class BenchTown:
    """The town: empty databases, a synthetic agenda, and the processes that one asks for."""

    def __init__(self, servers: Servers, *, lines: int = LINES) -> None:
        own = test_servers()
        self._servers = servers
        self._lines = lines
        self._amqp_url = servers.vhost("city")
        self.place = Place(
            home=own.home / "city",  # `measure` ends what is left behind there
            base_port=own.base_port,
            port=own.port,
            secrets=own.secrets,
            given_database=servers.database_url,
            given_broker=self._amqp_url,
            database_prefix=_PREFIX,
            extra=dict.fromkeys(RATES, UNLIMITED) | {"BENCH_FLOOR_DATABASE": servers.database(f"{_PREFIX}floor")},
        )
        programs = [*(process for process in PROCESSES if process != GATEWAY), *GATEWAYS, *FLOORS]
        self._processes = {process.name: CityProcess(process, self.place) for process in programs}

    @property
    def ports(self) -> list[int]:
        """Where the gateways listen."""
        return [gateway.ops_port(self.place) for gateway in GATEWAYS]

    @property
    def floor_ports(self) -> list[int]:
        return [floor.ops_port(self.place) for floor in FLOORS]

    def prepare(self) -> None:
        """Make empty databases and queues, and lay out the agenda."""
        end_leftovers(self.place)
        shutil.rmtree(self.place.home, ignore_errors=True)
        self.place.make_folders()
        forget_queues(self._amqp_url)
        for service in DATABASES:
            self._servers.new_database(service, prefix=_PREFIX)
        folder = self.place.home / "town"
        folder.mkdir()
        write_town(folder, lines=self._lines)
        self.run_here([*LOAD[:-1], str(folder)])

    def run_here(self, command: list[str]) -> str:
        """Return what a command of the town printed.

        Raises: CalledProcessError.
        """
        argv = [sys.executable, *command[1:]]
        done = subprocess.run(argv, cwd=ROOT, env=self.place.environment(), capture_output=True, text=True, check=True)
        return done.stdout

    def start(self, *names: str) -> None:
        """Start processes, all but the floor when none is named, and wait until they are ready."""
        wanted = [self._processes[name] for name in names or self._processes.keys() - FLOOR_PROCESSES]
        starting = [process for process in wanted if not process.alive()]
        for process in starting:
            process.start()
        for process in starting:
            process.wait_ready()

    def stop(self, *names: str) -> None:
        """Stop processes, all when none is named."""
        running = [process for name in names or self._processes if (process := self._processes[name]).alive()]
        for process in running:
            process.ask_to_stop()
        for process in running:
            process.stop()
        if not names and "database" in self.__dict__:
            self.database.dispose()

    @cached_property
    def database(self) -> Engine:
        """The database of appointments."""
        return self.engine_of("appointments")

    def engine_of(self, service: str) -> Engine:
        return engine(self._servers.database(f"{_PREFIX}{service}"), pool_size=3)

    def get(self, path: str) -> Any:
        """Return what the gateway answers."""
        with urllib.request.urlopen(f"{self.place.public_url}{path}", timeout=30) as answer:
            return json.load(answer)

    def free_days(self) -> list[date]:
        """Return the days on which passport visits are on offer, without today."""
        found = self.get(f"/v1/free-days?locationId={LOCATION}&product={PASSPORT}")["days"]
        return [date.fromisoformat(day["date"]) for day in found][1:]

    def cpu(self) -> Mapping[str, float]:
        """Return the CPU seconds that each program has used: our processes, PostgreSQL, RabbitMQ and this client.

        All gateways are one program, and so are both floors.
        """
        servers = {info["name"]: int(info["pid"]) for info in Supervisor(test_servers()).states()}
        own = {name: process.pid for name, process in self._processes.items() if process.alive()}
        roots = own | {name: servers[name] for name in ("postgres", "rabbitmq")}
        spent: dict[str, float] = defaultdict(float, clients=sum(os.times()[:2]))
        for name, seconds in cpu_seconds(roots).items():
            spent[name.removesuffix("-2")] += seconds
        return spent

    def settle(self, *, within: float = 600) -> None:
        """Wait until all that was booked has been told to everybody: each booking has its mail, and nothing waits."""
        engines = {service: self.engine_of(service) for service in SERVICES}
        judge = Judge(self.place.public_url, engines.__getitem__, self.place.mail)
        booked = self._booked()  # asked once: to count them again and again is work that the table would show as ours
        eventually(lambda: self._mails() >= booked, within=within, what="a mail for each booking")
        eventually(lambda: not judge.unrest(), within=within, what="nothing waits")
        for pool in engines.values():
            pool.dispose()

    def _mails(self) -> int:
        return sum(entry.name.endswith(".eml") for entry in os.scandir(self.place.mail))

    def _booked(self) -> int:
        with self.database.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM appointment WHERE state = 'booked'")).scalar_one())

    def drift(self) -> str:
        """Return what `services.appointments.check` says."""
        argv = [sys.executable, "-m", "services.appointments.check"]
        done = subprocess.run(argv, cwd=ROOT, env=self.place.environment(), capture_output=True, text=True, check=False)
        return done.stdout.strip()


@contextmanager
def bench_town(*, lines: int = LINES) -> Iterator[BenchTown]:
    """Yield a prepared town without processes; stop what was started in it."""
    town = BenchTown(servers_here(), lines=lines)
    town.prepare()
    try:
        yield town
    finally:
        town.stop()


def servers_here() -> Servers:
    """Return the servers that `make bench` started."""
    return Servers(database_url=os.environ["BALIE_DATABASE_URL"], amqp_url=os.environ["BALIE_AMQP_URL"])
