"""The gateway's housekeeping, as a process of its own: `python -m gateway.background`."""

from prometheus_client import Gauge
from sqlalchemy import Engine

from gateway.login import storage
from gateway.login.settings import LOGINS
from services.messaging import log
from services.messaging.background import Job, run_jobs
from services.messaging.clock import Clock, SystemClock
from services.messaging.database import answers, engine
from services.messaging.settings import Environment, database_url

SWEEP_EVERY_SECONDS = 60

sessions = Gauge("balie_sessions", "People who are logged in now.", ("login",))


class Sweeper:
    """Removes sessions and log-ins that have ended. Nothing depends on it: what has ended is not used either way."""

    def __init__(self, pool: Engine, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def sweep(self) -> bool:
        """Remove what has ended, and count who is left."""
        now = self._clock.now()
        with self._pool.connect() as connection:
            storage.sweep(connection, now=now)
            left = storage.open_sessions(connection, now=now)
        for login in LOGINS:
            sessions.labels(login).set(left.get(login, 0))
        return False


def main() -> None:
    """Run until told to stop."""
    env = Environment()
    log.configure(service="gateway", process="background", level=env.text("BALIE_LOG_LEVEL", "info"))
    pool = engine(database_url("gateway", env), pool_size=1, autocommit=True)
    sweeper = Sweeper(pool, SystemClock())
    run_jobs(
        [Job("sweep-sessions", SWEEP_EVERY_SECONDS, sweeper.sweep)],
        ops_port=env.integer("BALIE_OPS_PORT", 0, most=65535) or None,
        ready={"database": lambda: answers(pool)},
    )


if __name__ == "__main__":
    main()
