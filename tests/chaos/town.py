"""A town of its own to break: the same processes as `make up`, under the same supervisor, on other ports."""

import os
import signal

from sqlalchemy import Engine, create_engine

from deploy.local import commands
from deploy.local import place as places
from deploy.local.place import ROOT, Place
from deploy.local.processes import processes
from deploy.local.supervisor import Supervisor, end_leftovers
from deploy.local.waiting import readiness_trouble

_BASE_PORT = 19000
_RATES = ("BALIE_RATE_READS", "BALIE_RATE_HOLDS", "BALIE_RATE_WRITES", "BALIE_RATE_LINKS")


class ChaosTown:
    """Started whole and empty; stopped whole."""

    def __init__(self) -> None:
        home = ROOT / ".local" / "chaos"
        self.place = Place(
            home=home,
            base_port=_BASE_PORT,
            port=_BASE_PORT + 80,
            secrets=places.keep_secrets(home, {}),
            extra=dict.fromkeys(_RATES, "1000000 per minute"),
        )
        self._supervisor = Supervisor(self.place)
        self._engines: dict[str, Engine] = {}

    def start(self) -> None:
        """Start servers and processes on an empty database with the demo town."""
        self.stop()
        end_leftovers(self.place)
        commands.remove(self.place, keep={"secrets.env"})
        commands.start_town(self.place, self._supervisor)

    def stop(self) -> None:
        """Stop everything."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        self._supervisor.stop()

    @property
    def victims(self) -> list[str]:
        """What may be killed or frozen: every process and both servers."""
        return sorted(info["name"] for info in self._supervisor.states() if info["name"] != "epmd")

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

    def engine(self, service: str) -> Engine:
        """Return a pool on a service's database, to look at what is there."""
        if service not in self._engines:
            url = self.place.database_url.replace("postgresql://", "postgresql+psycopg2://")
            self._engines[service] = create_engine(f"{url}/balie_{service}", pool_pre_ping=True)
        return self._engines[service]

    def all_ready(self) -> bool:
        """Say whether every process can do its work."""
        return not any(readiness_trouble(process.ready_url(self.place)) for process in processes(self.place))
