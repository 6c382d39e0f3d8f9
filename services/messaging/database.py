"""Engines and transactions: the only place where one is begun or committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from services.messaging import outbox
from services.messaging.clock import Clock
from services.messaging.log import correlation_id as current_correlation
from services.messaging.settings import Secret
from services.messaging.work import Reading, Work

STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 5_000
_SESSION = {
    "timezone": "UTC",
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "lock_timeout": LOCK_TIMEOUT_MS,
    "work_mem": "32MB",  # a search takes 1; once years lie behind, the planner expects 40 and would sort instead
    "idle_in_transaction_session_timeout": 15_000,
    "plan_cache_mode": "force_generic_plan",  # of prepared statements only: planned once, whatever their first values
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
_RETRY_STATES = frozenset({"40001", "40P01", "55P03", "57014"})  # serialization, deadlock, lock and statement time-out


def engine(url: str | Secret, *, pool_size: int = 12, autocommit: bool = False) -> Engine:
    """Return a pool of connections in READ COMMITTED, UTC, with time-outs; parameters never show in errors.

    READ COMMITTED is part of the design: a guarded UPDATE waits for the row's lock and looks again. `autocommit` makes
    each statement a transaction of its own (still READ COMMITTED).
    """
    return create_engine(
        url.reveal() if isinstance(url, Secret) else url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,
        isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED",
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            # A peer that has vanished is noticed on both sides within half a minute: locks do not stay with the dead.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
            "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
        },
    )


def is_down(error: BaseException) -> bool:
    """Say whether an error means that the database cannot be reached at all (rather than refused a statement)."""
    if isinstance(error, PoolExhausted) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return True
    if isinstance(error, OperationalError | InterfaceError):
        state = getattr(error.orig, "pgcode", None)
        return state is None or (state[:2] in ("08", "57", "53") and state != "57014")
    return False


def may_pass(error: BaseException) -> bool:
    """Say whether the same transaction may well succeed when tried again at once (deadlock, lock time-out)."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "pgcode", None) in _RETRY_STATES


def answers(pool: Engine) -> bool:
    """Say whether the database answers a trivial question."""
    try:
        with pool.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (DBAPIError, PoolExhausted):
        return False
    return True


class Transactions:
    """Opens work on one database. Used by every edge: RPC, events, timers, commands on the command line, tests."""

    def __init__(self, pool: Engine, clock: Clock, *, source: str, singles: Engine | None = None) -> None:
        """`singles` is a pool in autocommit for single statements; without it `pool` lends its connections, and each
        is switched over and back, which costs a round trip.
        """
        self.engine = pool
        self.clock = clock
        self.source = source
        self._reading = singles or pool.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Open a look at the database, each statement by itself."""
        with self._reading.connect() as connection:
            yield Reading(connection, self.clock.now())

    @contextmanager
    def work(self, *, correlation_id: str | None = None, causation_id: str | None = None) -> Iterator[Work]:
        """Open one transaction; commit it, with the events it published, when the block ends without an error."""
        with self.engine.begin() as connection:
            work = self._work(connection, correlation_id, causation_id)
            yield work
            outbox.put(work)

    def _work(self, connection: Connection, correlation_id: str | None, causation_id: str | None) -> Work:
        return Work(
            connection=connection,
            now=self.clock.now(),
            clock=self.clock,
            source=self.source,
            correlation_id=correlation_id or current_correlation() or str(self.clock.new_id()),
            causation_id=causation_id,
        )
