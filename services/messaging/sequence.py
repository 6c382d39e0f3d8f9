"""Keeps the facts of one aggregate in order for a consumer: the next one is done, an older one is stale, one that
came too early is parked until those before it have been done.

The row in `seen_version` is locked for the length of the effect's transaction, so the order also holds between
several instances of a consumer. A fact that ends among the dead letters holds back only the later facts of its own
aggregate: replaying or dropping it lets them go.
"""

from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.messaging import inbox
from services.messaging.envelope import Envelope, decode
from services.messaging.tables import tables
from services.messaging.topology import RETRY_DELAYS_SECONDS
from services.messaging.work import Reading, Work

FIRST_MEETING_GRACE = timedelta(seconds=sum(RETRY_DELAYS_SECONDS)) + timedelta(minutes=5)
"""A consumer that never saw an aggregate waits this long for its beginning, which may be on the retry ladder; then it
starts with what it has: it is a new consumer of an old aggregate."""
GIVE_UP_AFTER = timedelta(hours=24)
"""A gap that nobody closed: far longer than all retries, short enough that nobody waits for a mail for ever."""

_seen, _parked, _setback = tables.seen_version, tables.parked, tables.setback


class Place(Enum):
    """Where a fact stands in the life of its aggregate, for one consumer."""

    NEXT = "next"
    STALE = "stale"
    EARLY = "early"


def place_of(work: Work, consumer: str, event: Envelope) -> Place:
    """Return where an event stands, and lock the aggregate for this consumer until the work ends."""
    seen = _lock(work, consumer, event.aggregate_id)
    if event.version <= seen:
        return Place.STALE
    return Place.NEXT if event.version == seen + 1 else Place.EARLY


def advance(work: Work, consumer: str, event: Envelope) -> None:
    """Note that an event has been done."""
    work.connection.execute(
        update(_seen)
        .where(_seen.c.consumer == consumer, _seen.c.aggregate_id == event.aggregate_id)
        .values(version=event.version)
    )


def park(work: Work, consumer: str, event: Envelope) -> None:
    """Keep an event that came too early."""
    work.connection.execute(
        insert(_parked)
        .values(
            consumer=consumer,
            aggregate_id=event.aggregate_id,
            version=event.version,
            body=event.encode(),
            parked_at=work.now,
        )
        .on_conflict_do_nothing()
    )


def take_next_parked(work: Work, consumer: str, aggregate_id: UUID) -> Envelope | None:
    """Take the parked event whose turn it is, if any; the aggregate is locked until the work ends."""
    seen = _lock(work, consumer, aggregate_id)
    return _take(work, consumer, aggregate_id, seen + 1)


def take_despite_gap(work: Work, consumer: str, aggregate_id: UUID) -> Envelope | None:
    """Take the earliest parked event of an aggregate, though something before it never came.

    Looks again under the lock: another instance may have been faster, and what is left may be a young gap.
    """
    seen = _lock(work, consumer, aggregate_id)
    earliest, since = work.connection.execute(
        select(func.min(_parked.c.version), func.min(_parked.c.parked_at)).where(
            _parked.c.consumer == consumer, _parked.c.aggregate_id == aggregate_id
        )
    ).one()
    patience = FIRST_MEETING_GRACE if seen == 0 else GIVE_UP_AFTER
    if since is None or since >= work.now - patience:
        return None
    return _take(work, consumer, aggregate_id, earliest)


def earliest_parked(reading: Reading, consumer: str, aggregate_id: UUID) -> Envelope | None:
    """Return the parked event of an aggregate that is first in turn, without taking it."""
    body = reading.connection.execute(
        select(_parked.c.body)
        .where(_parked.c.consumer == consumer, _parked.c.aggregate_id == aggregate_id)
        .order_by(_parked.c.version)
        .limit(1)
    ).scalar_one_or_none()
    return None if body is None else decode(bytes(body))


def count_failure(work: Work, consumer: str, event: Envelope) -> int:
    """Count that a parked event's effect failed; return how often it has."""
    attempts: int | None = work.connection.execute(
        update(_parked)
        .where(_is(consumer, event))
        .values(attempts=_parked.c.attempts + 1)
        .returning(_parked.c.attempts)
    ).scalar_one_or_none()
    return attempts or 0


def discard(work: Work, consumer: str, event: Envelope) -> None:
    """Forget a parked event that is among the dead letters now, and that it was ever received."""
    work.connection.execute(delete(_parked).where(_is(consumer, event)))
    inbox.forget_one(work, consumer, event)


def releasable(reading: Reading, consumer: str, limit: int = 50) -> list[UUID]:
    """Return aggregates with a parked event whose turn it is (its effect failed when it was tried first)."""
    rows = reading.connection.execute(
        select(_parked.c.aggregate_id)
        .join(_seen, (_seen.c.consumer == _parked.c.consumer) & (_seen.c.aggregate_id == _parked.c.aggregate_id))
        .where(_parked.c.consumer == consumer, _parked.c.version == _seen.c.version + 1)
        .order_by(_parked.c.parked_at)
        .limit(limit)
    )
    return list(rows.scalars())


def overdue(reading: Reading, consumer: str, limit: int = 50) -> list[UUID]:
    """Return aggregates whose gap has lasted too long."""
    rows = reading.connection.execute(
        select(_parked.c.aggregate_id)
        .join(_seen, (_seen.c.consumer == _parked.c.consumer) & (_seen.c.aggregate_id == _parked.c.aggregate_id))
        .where(
            _parked.c.consumer == consumer,
            (_parked.c.parked_at < reading.now - GIVE_UP_AFTER)
            | (
                (_seen.c.version == 0)
                & (_parked.c.parked_at < reading.now - FIRST_MEETING_GRACE)
                # A setback proves that the beginning is known: it is on the retry ladder or among the dead letters.
                & ~exists().where(_setback.c.aggregate_id == _parked.c.aggregate_id)
            ),
        )
        .group_by(_parked.c.aggregate_id)
        .order_by(func.min(_parked.c.parked_at))
        .limit(limit)
    )
    return list(rows.scalars())


def parked_count(reading: Reading, consumer: str) -> tuple[int, datetime | None]:
    """Return how many events are parked, and since when the oldest is."""
    rows, since = reading.connection.execute(
        text("SELECT count(*), min(parked_at) FROM parked WHERE consumer = :consumer"), {"consumer": consumer}
    ).one()
    return rows, since


def _lock(work: Work, consumer: str, aggregate_id: UUID) -> int:
    seen: int = work.connection.execute(
        insert(_seen)
        .values(consumer=consumer, aggregate_id=aggregate_id, version=0)
        .on_conflict_do_update(index_elements=["consumer", "aggregate_id"], set_={"version": _seen.c.version})
        .returning(_seen.c.version)
    ).scalar_one()
    return seen


def _is(consumer: str, event: Envelope) -> ColumnElement[bool]:
    return and_(
        _parked.c.consumer == consumer,
        _parked.c.aggregate_id == event.aggregate_id,
        _parked.c.version == event.version,
    )


def _take(work: Work, consumer: str, aggregate_id: UUID, version: int) -> Envelope | None:
    body = work.connection.execute(
        delete(_parked)
        .where(_parked.c.consumer == consumer, _parked.c.aggregate_id == aggregate_id, _parked.c.version == version)
        .returning(_parked.c.body)
    ).scalar_one_or_none()
    return None if body is None else decode(bytes(body))
