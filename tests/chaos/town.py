"""A town of its own to break: the same processes as `make up`, under the same supervisor, on other ports."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pika
from sqlalchemy import Engine, create_engine

from deploy.local import commands
from deploy.local import place as places
from deploy.local.place import HOST, ROOT, Place
from deploy.local.processes import GATEWAY, LOAD, MIGRATE, STAND_INS, Process, processes
from deploy.local.servers import Server, prepare_servers
from deploy.local.supervisor import Supervisor, end_leftovers
from deploy.local.waiting import broker_trouble, database_trouble, readiness_trouble, wait_until

_BASE_PORT = 19000
_SECOND_OFFSET = 40
_NODE_OFFSET = 100
_RATES = ("BALIE_RATE_READS", "BALIE_RATE_HOLDS", "BALIE_RATE_WRITES", "BALIE_RATE_LINKS")
_CLUSTER_SECONDS = 120
_SINGLE = ("postgres", *(process.name for process in STAND_INS))
_RABBITMQCTL = Path("/usr/lib/rabbitmq/bin/rabbitmqctl")


@dataclass(frozen=True, slots=True)
class SecondProcess(Process):
    """Another instance of a process, as it would run on a second machine."""

    def ops_port(self, place: Place) -> int:
        return place.port + 1 if self.ops_offset is None else place.base_port + self.ops_offset + _SECOND_OFFSET

    def environment(self, place: Place) -> dict[str, str]:
        port = str(self.ops_port(place))
        return {"BALIE_PORT": port} if self.ops_offset is None else {"BALIE_OPS_PORT": port}


class ChaosTown:
    """Started whole and empty; stopped whole. With three nodes: a broker cluster, and two of every process."""

    def __init__(self, *, nodes: int = 1) -> None:
        self.nodes = nodes
        home = ROOT / ".local" / ("chaos" if nodes == 1 else "chaos-cluster")
        own = Place(
            home=home,
            base_port=_BASE_PORT,
            port=_BASE_PORT + 80,
            secrets=places.keep_secrets(home, {}),
            extra=dict.fromkeys(_RATES, "1000000 per minute"),
        )
        urls = [own.amqp_url.replace(f":{own.amqp_port}/", f":{_node_port(own, n)}/") for n in range(nodes)]
        clustered = {"BALIE_AMQP_URL": ";".join(urls), "BALIE_RPC_QUEUE_TYPE": "quorum"} if nodes > 1 else {}
        self.place = replace(own, extra={**own.extra, **clustered})
        self._urls = urls
        self._supervisor = Supervisor(self.place)
        self._engines: dict[str, Engine] = {}
        self._processes = processes(self.place) + (_second_ones(self.place) if nodes > 1 else ())

    @property
    def urls(self) -> list[str]:
        """Return the addresses of the gateways; in production a load balancer stands before them."""
        return [f"http://{HOST}:{p.ops_port(self.place)}" for p in self._processes if p.command == GATEWAY.command]

    def start(self) -> None:
        """Start servers and processes on an empty database with the demo town."""
        self.stop()
        end_leftovers(self.place)
        commands.remove(self.place, keep={"secrets.env"})
        self.place.make_folders()
        servers = self._servers()
        self._supervisor.start(servers, self._processes)
        self._supervisor.run([server.name for server in servers])
        wait = partial(wait_until, seconds=_CLUSTER_SECONDS)
        wait(partial(database_trouble, self.place.database_url), what="PostgreSQL")
        wait(partial(broker_trouble, self._urls[0]), what="RabbitMQ")
        self._join(servers)
        for url in self._urls:
            wait(partial(broker_trouble, url), what="RabbitMQ")
        for command in (MIGRATE, LOAD):
            argv = [sys.executable, *command[1:]]
            subprocess.run(argv, env=self.place.environment(), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        self._supervisor.run([process.name for process in self._processes])
        for process in self._processes:
            wait(partial(readiness_trouble, process.ready_url(self.place)), what=process.name)

    def _servers(self) -> list[Server]:
        """Return the servers of one town, with the further nodes of its broker."""
        servers = prepare_servers(self.place)
        first = next(server for server in servers if server.name == "rabbitmq")
        return servers + [self._node(first, number) for number in range(1, self.nodes)]

    def _node(self, first: Server, number: int) -> Server:
        environment = dict(first.environment)
        folder = Path(environment["HOME"])
        configuration = folder / f"rabbitmq-{number + 1}.conf"
        configuration.write_text(
            f"listeners.tcp.1 = {HOST}:{_node_port(self.place, number)}\nlog.console = true\nlog.file = false\n"
            "disk_free_limit.absolute = 200MB\n"
        )
        environment |= {
            "RABBITMQ_NODENAME": f"balie{number + 1}@localhost",
            "RABBITMQ_DIST_PORT": str(self.place.distribution_port + number * _NODE_OFFSET),
            "RABBITMQ_CONFIG_FILE": str(configuration),
        }
        return replace(first, name=f"rabbitmq-{number + 1}", environment=environment)

    def _join(self, servers: Sequence[Server]) -> None:
        """Make one cluster of the nodes."""
        for server in servers:
            if server.name.startswith("rabbitmq-"):
                for step in (["await_startup"], ["stop_app"], ["join_cluster", "balie@localhost"], ["start_app"]):
                    command = [str(_RABBITMQCTL), "-n", server.environment["RABBITMQ_NODENAME"], *step]
                    environment = {**os.environ, **server.environment}
                    environment.pop("RABBITMQ_DIST_PORT")
                    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Stop everything."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        self._supervisor.stop()

    @property
    def victims(self) -> list[str]:
        """What may be killed or frozen: every process and server; in a cluster all that there is more than one of."""
        names = sorted(info["name"] for info in self._supervisor.states() if info["name"] != "epmd")
        return names if self.nodes == 1 else [name for name in names if name not in _SINGLE]

    def pid(self, name: str) -> int | None:
        """Return the pid of a program, or None while it is not running."""
        for info in self._supervisor.states():
            if info["name"] == name:
                return int(info["pid"]) or None
        return None

    def kill(self, name: str, number: signal.Signals) -> bool:
        """Send a signal to a program and its children; say whether it was there."""
        pid = self.pid(name)
        if pid is None:
            return False
        try:
            os.killpg(os.getpgid(pid), number)
        except ProcessLookupError:
            return False
        return True

    def halt(self, name: str) -> None:
        """Stop one program until `resume`."""
        self._supervisor.halt(name)

    def resume(self, name: str) -> None:
        """Start a program that was halted."""
        self._supervisor.run([name])

    def broker(self) -> pika.BlockingConnection:
        """Return a connection to any node of the broker."""
        return pika.BlockingConnection([pika.URLParameters(url) for url in self._urls])

    @property
    def broker_urls(self) -> list[str]:
        """Return the addresses of the broker's nodes."""
        return self._urls

    def engine(self, service: str) -> Engine:
        """Return a pool on a service's database, to look at what is there."""
        if service not in self._engines:
            url = self.place.database_url.replace("postgresql://", "postgresql+psycopg2://")
            self._engines[service] = create_engine(f"{url}/balie_{service}", pool_pre_ping=True)
        return self._engines[service]

    def all_ready(self) -> bool:
        """Say whether every process can do its work and every node of the broker is up."""
        nodes = any(broker_trouble(url) for url in self._urls)
        return not nodes and not any(readiness_trouble(process.ready_url(self.place)) for process in self._processes)


def _node_port(place: Place, number: int) -> int:
    return place.amqp_port + number * _NODE_OFFSET


def _second_ones(place: Place) -> tuple[Process, ...]:
    return tuple(
        SecondProcess(f"{process.name}-2", process.command, process.ops_offset)
        for process in processes(place)
        if process not in STAND_INS
    )
