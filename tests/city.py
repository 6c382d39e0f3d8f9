"""A whole town for the journeys: every process of Balie, as `make up` runs it, on the servers of `make test`."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pika
from sqlalchemy import URL, Engine, create_engine, text

from deploy.local.place import ROOT, Place, test_servers
from deploy.local.ports import check_free
from deploy.local.processes import LOAD, PROCESSES, Process
from deploy.local.supervisor import MARK, end_leftovers
from deploy.local.waiting import readiness_trouble
from services.contracts.subscriptions import SUBSCRIPTIONS
from services.messaging.database import engine
from services.messaging.rpc_client import RpcClient
from services.messaging.topology import build
from services.migrate import DATABASES
from tests.cable import Cable
from tests.mailbox import Mailbox
from tests.servers import Servers

READY_SECONDS = 120
PREFIX = "city_"
RATES = (
    "BALIE_RATE_READS",
    "BALIE_RATE_HOLDS",
    "BALIE_RATE_WRITES",
    "BALIE_RATE_LINKS",
    "BALIE_RATE_SCARCE",
    "BALIE_RATE_LOGINS",
    "BALIE_RATE_CODES",
)


def eventually(condition: Callable[[], Any], *, within: float = 60, what: str = "") -> Any:
    """Return the first true value of a condition; fail when there is none within a wide margin."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or condition}")
        time.sleep(0.05)
    return value


def without_database(url: URL) -> None:
    """Drop a database, also when somebody is still connected."""
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))
    server.dispose()


def forget_queues(amqp_url: str) -> None:
    """Delete all queues of the town, with what an earlier run left in them."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    channel = connection.channel()
    for queue in build(SUBSCRIPTIONS).queues:
        channel.queue_delete(queue.name)
    connection.close()


class CityProcess:
    """One process of the town."""

    def __init__(self, process: Process, place: Place) -> None:
        self.name = process.name
        self._process = process
        self._place = place
        self._running: subprocess.Popen[bytes] | None = None
        self.log_file = place.log(process.name)

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    @property
    def ops_url(self) -> str:
        """Where /health/live, /health/ready and /metrics are."""
        return self._process.ready_url(self._place).removesuffix("/health/ready")

    def start(self) -> None:
        """Start it; `wait_ready` waits until it can do its work."""
        with self.log_file.open("ab") as log:
            self._running = subprocess.Popen(
                self._process.argv(),
                cwd=ROOT,
                env=self._place.environment() | self._process.environment(self._place) | {MARK: str(self._place.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def ready(self) -> bool:
        return self.alive() and not readiness_trouble(f"{self.ops_url}/health/ready")

    def wait_ready(self, within: float = READY_SECONDS) -> None:
        """Wait until it is ready; fail at once when it ended."""
        deadline = time.monotonic() + within
        while reason := readiness_trouble(f"{self.ops_url}/health/ready"):
            if not self.alive():
                raise AssertionError(f"{self.name} ended while starting:\n{self.log()[-3000:]}")
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name} not ready within {within} s ({reason}):\n{self.log()[-3000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it, with its children, without a chance to tidy up (SIGKILL)."""
        if self.alive():
            os.killpg(self.pid, signal.SIGKILL)
            assert self._running is not None
            self._running.wait(timeout=30)

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        if self.alive():
            os.kill(self.pid, signal.SIGTERM)

    def stop(self, within: float = 40) -> int:
        """Ask it to end in order (SIGTERM); wait, and return its exit code."""
        assert self._running is not None
        self.ask_to_stop()
        return self._running.wait(timeout=within)

    def pause(self) -> None:
        """Freeze it, with its children (SIGSTOP)."""
        os.killpg(self.pid, signal.SIGSTOP)

    def cont(self) -> None:
        """Let it go on after `pause`."""
        os.killpg(self.pid, signal.SIGCONT)

    def restart(self) -> None:
        """Stop it when it runs, start it, and wait until it is ready."""
        if self.alive():
            self.cont()
            self.stop()
        self.start()
        self.wait_ready()

    def log(self) -> str:
        """Return all that it logged."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the structured log lines of one event."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == name]

    def metrics(self) -> str:
        with urllib.request.urlopen(f"{self.ops_url}/metrics", timeout=5) as answer:
            return str(answer.read().decode())


class City:
    """The town. `url`, `mailbox`, `rpc`, `database(service)`, `process(name)`, `broker_cable`."""

    def __init__(self, servers: Servers) -> None:
        own = test_servers()
        self._servers = servers
        direct = servers.vhost("city")
        target = urlsplit(direct)
        self.broker_cable = Cable(str(target.hostname), int(target.port or 5672))
        """Between the town's processes and the broker: `city.broker_cable.cut()`."""
        self._direct_amqp_url = direct
        self.place = Place(
            home=own.home / "city",
            base_port=own.base_port,
            port=own.port,
            secrets=own.secrets,
            given_database=servers.database_url,
            given_broker=_through(self.broker_cable, direct),
            database_prefix=PREFIX,
            extra=dict.fromkeys(RATES, "100000 per minute")
            | {
                "BALIE_WAITING_LIST_DEBOUNCE_SECONDS": "1",
                "BALIE_CHALLENGE": "off",  # tests ask more in a minute than a town; a journey of its own does the sum
                "BALIE_SEARCH_SECONDS": "0",  # a test takes what it has just seen; unit tests look at older answers
            },
        )
        self.url = self.place.public_url
        self.mailbox = Mailbox(self.place.mail)
        self._processes = {process.name: CityProcess(process, self.place) for process in PROCESSES}
        self._engines: dict[str, Engine] = {}
        self._rpc: RpcClient | None = None
        self._log_sizes: dict[str, int] = {}

    def start(self) -> None:
        """Make empty databases and queues, load the demo data, start every process and wait until all are ready."""
        end_leftovers(self.place)
        shutil.rmtree(self.place.home, ignore_errors=True)
        self.place.make_folders()
        check_free(self.place)
        forget_queues(self._direct_amqp_url)
        for service in DATABASES:
            self._servers.new_database(service, prefix=PREFIX)
        self._load()
        for process in self._processes.values():
            process.start()
        for process in self._processes.values():
            process.wait_ready()

    def _load(self) -> None:
        done = subprocess.run(
            [sys.executable, *LOAD[1:]],
            cwd=ROOT,
            env=self.place.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"loading the demo town failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"

    def mend(self) -> None:
        """Put right what a test broke: cables, paused and dead processes. Remember where the logs are now."""
        self.broker_cable.mend()
        for process in self._processes.values():
            if process.alive():
                process.cont()
            else:
                process.start()
        for process in self._processes.values():
            process.wait_ready()
        self._log_sizes = {name: len(process.log()) for name, process in self._processes.items()}

    def stop(self) -> None:
        """Stop every process, in order; kill what does not stop."""
        if self._rpc is not None:
            self._rpc.close()
        for pool in self._engines.values():
            pool.dispose()
        running = [process for process in self._processes.values() if process.alive()]
        for process in running:
            process.cont()
            process.ask_to_stop()
        for process in running:
            try:
                process.stop()
            except subprocess.TimeoutExpired:
                process.kill()
        self.broker_cable.close()

    def process(self, name: str) -> CityProcess:
        """Return a process by its name in deploy/local/processes.py, such as `appointments-relay`."""
        return self._processes[name]

    @property
    def processes(self) -> tuple[CityProcess, ...]:
        return tuple(self._processes.values())

    @property
    def rpc(self) -> RpcClient:
        """A client that speaks to the services directly, past the gateway and the cable."""
        if self._rpc is None:
            self._rpc = RpcClient(self._direct_amqp_url, name="journeys")
            eventually(lambda: self._rpc is not None and self._rpc.connected, what="connected to the broker")
        return self._rpc

    def database(self, service: str) -> Engine:
        """Return a pool on a service's database, to look at what is there."""
        if service not in self._engines:
            self._engines[service] = engine(self._servers.database(f"{PREFIX}{service}"), pool_size=5)
        return self._engines[service]

    def environment(self) -> dict[str, str]:
        """Return the variables of the town, to run one of its commands."""
        return self.place.environment()

    def recent_lines(self, at_most: int = 12) -> str:
        """Return the last lines that each process logged since the test began."""
        text = []
        for name, process in self._processes.items():
            lines = process.log()[self._log_sizes.get(name, 0) :].splitlines()[-at_most:]
            text += [f"[{name}] {line}" for line in lines]
        return "\n".join(text)


def _through(cable: Cable, url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{cable.port}"))
