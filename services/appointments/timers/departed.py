"""Looks for the visits of people whose death was registered.

Who died is asked of the civil registry between two transactions, kept in memory only, and asked anew after a crash:
every step may be repeated.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from services.appointments import figures
from services.appointments.commands import departed as commands
from services.appointments.domain.departed import Departed, Likeness
from services.appointments.people import People
from services.appointments.storage import departed as storage
from services.appointments.timers.reconfirming import Asks
from services.contracts import civil_registry
from services.contracts.base import dump, load
from services.messaging.database import Transactions
from services.messaging.errors import Refusal, Unavailable
from services.messaging.log import get_logger, set_correlation
from services.messaging.rpc_client import RpcFault
from services.messaging.work import Reading

log = get_logger()

LEASE = timedelta(minutes=2)
_PAUSES = (timedelta(seconds=5), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))
_NOBODY = "record-unknown"


def follow_deaths(transactions: Transactions, services: Asks, people: People) -> bool:
    """Look for the visits of the death that waits longest; return whether there may be another one to do at once."""
    if follow_next_death(transactions, services, people):
        return True
    with transactions.reading() as reading:
        since, doubts = storage.waiting_since(reading), storage.open_doubts(reading)
    figures.departure_oldest_seconds.set(0 if since is None else (transactions.clock.now() - since).total_seconds())
    figures.departed_doubts.set(len(doubts))
    return False


def follow_next_death(transactions: Transactions, services: Asks, people: People) -> bool:
    """Look for the visits of the death that waits longest; return whether there was one that could be followed."""
    with transactions.work() as work:
        claimed = storage.claim(work, LEASE)
    if claimed is None:
        return False
    record_id, attempts = claimed.record_id, claimed.attempts
    set_correlation(claimed.correlation_id)
    try:
        departed = _departed(services, record_id)
    except Refusal as refusal:
        if refusal.code != _NOBODY:
            raise
        _settle(transactions, record_id, "unknown")
        return True
    except (Unavailable, RpcFault):
        with transactions.work() as work:
            storage.postpone(work, record_id, work.now + _PAUSES[min(attempts, len(_PAUSES)) - 1])
        log.warning("departure_postponed", record_id=record_id, attempts=attempts)
        return False
    _follow(transactions, people, record_id, departed)
    _settle(transactions, record_id, "followed")
    return True


def _departed(services: Asks, record_id: UUID) -> Departed:
    asked = dump(civil_registry.AboutFact, {"record_id": record_id})
    return Departed.of(load(civil_registry.Departed, services.call("civil_registry", "departed", asked)))


def _follow(transactions: Transactions, people: People, record_id: UUID, departed: Departed) -> None:
    """End the visits that are surely his, one transaction each, and leave the rest to staff."""
    with transactions.reading() as reading:
        certain = storage.ids_of_person(reading, _keys(people, departed))
        doubtful = _doubtful(reading, departed)
    ended = 0
    for appointment_id in certain:
        with transactions.work() as work:
            ended += commands.end_visit_of_deceased(work, appointment_id, record_id)
    for appointment_id, ground in doubtful:
        with transactions.work() as work:
            commands.doubt(work, appointment_id, record_id, ground)
    log.info("departure_followed", record_id=record_id, ended_count=ended, doubts_count=len(doubtful))


def _keys(people: People, departed: Departed) -> Sequence[bytes]:
    if departed.born_on is None:
        return []
    return [people.person(name, departed.born_on) for name in sorted(departed.written)]


def _doubtful(reading: Reading, departed: Departed) -> list[tuple[UUID, Likeness]]:
    coming = storage.names_of_coming(reading, departed.born_on)
    judged = ((known, departed.likeness(name, birth_on)) for known, name, birth_on in coming)
    return [(known, ground) for known, ground in judged if ground not in (None, Likeness.SAME)]


def _settle(transactions: Transactions, record_id: UUID, state: str) -> None:
    with transactions.work() as work:
        storage.settle(work, record_id, state)
    figures.departures.labels(state).inc()
