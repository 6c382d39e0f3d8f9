"""The log of looks (*logboek dataverwerkingen*): who looked at whom, and why. It can only be added to.

A look is written before anything is shown, and whoever cannot write it shows nothing. The database numbers the rows
without gaps and seals each with the one before, under a lock that lasts until the commit: inside a longer transaction,
write it last.

Sources: BIO2 8.15.01 (action, object, result, origin, actor, time), 8.15.05-06; Logboek Dataverwerkingen (trace,
processing activity, one row per data subject); AVG art. 5 lid 2, 15.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text

from services.civil_registry.domain.actor import Actor, Role
from services.civil_registry.processing import purposes
from services.civil_registry.secrets import Secrets
from services.civil_registry.tables import access_log
from services.messaging.log import correlation_id, is_correlation_id
from services.messaging.work import Acting, Reading

GRANTED, REFUSED = "granted", "refused"
_LINKS_AT_ONCE = 20_000


def note(
    reading: Reading,
    secrets: Secrets,
    *,
    actor: Actor,
    purpose: str,
    record_id: UUID | None,
    persons: Iterable[str],
    queue: str | None = None,
    action: str = "look",
    result: str = GRANTED,
    origin: str | None = None,
) -> str:
    """Write down a look, one row for each person by BSN, and one without a person when there is nobody in it.

    Returns the look as W3C Trace Context, so that another system can name it in its own log. `origin` is the way in:
    by default the gateway, or the background process when time acts.

    Raises: KeyError (the purpose does not stand in `data/processing.yaml`: a bug).
    """
    kind, actor_id, actor_digest = _who(actor, secrets)
    row = {
        "at": reading.now,
        "actor_kind": kind,
        "actor_id": actor_id,
        "actor_digest": actor_digest,
        "action": action,
        "object": _object(record_id, queue, action),
        "purpose": purpose,
        "processing_activity": purposes()[purpose].activity,
        "record_id": record_id,
        "result": result,
        "origin": origin or ("background" if kind == "system" else "gateway"),
        "trace_id": _trace(reading),
    }
    digests: list[bytes | None] = [secrets.digest(bsn) for bsn in dict.fromkeys(persons)]
    rows = [row | {"person_digest": digest} for digest in digests or [None]]
    first = reading.connection.execute(
        insert(access_log).values(rows).returning(access_log.c.trace_id, access_log.c.id)
    ).fetchall()[0]
    return f"00-{first.trace_id.hex}-{first.id:016x}-01"


def _who(actor: Actor, secrets: Secrets) -> tuple[str, str | None, bytes | None]:
    if actor.bsn is not None:
        return "resident", None, secrets.digest(actor.bsn)
    if actor.staff_id is not None:
        return "staff", actor.staff_id, None
    kind = next((role for role in (Role.UNDERTAKER, Role.CARE_PROVIDER) if role in actor.roles), Role.SYSTEM)
    return kind.value, actor.subject, None


def _object(record_id: UUID | None, queue: str | None, action: str) -> str:
    if queue is not None:
        return f"queue:{queue}"
    if action == "read-log":
        return "access-log"
    return "person" if record_id is None else "record"


def _trace(reading: Reading) -> UUID:
    current = reading.correlation_id if isinstance(reading, Acting) else correlation_id()
    if is_correlation_id(current):
        return UUID(current)
    new: UUID = reading.connection.execute(select(func.gen_random_uuid())).scalar_one()
    return new


# --- reading it -------------------------------------------------------------------------------------------------


def of_person(reading: Reading, digests: Sequence[bytes], since: datetime) -> Sequence[Any]:
    """Return who looked at a person, who is known by any of these digests; oldest first."""
    return _rows(reading, access_log.c.person_digest.in_(digests), since)


def by_staff(reading: Reading, staff_id: str, since: datetime) -> Sequence[Any]:
    """Return whom a staff member looked at, by digest; oldest first."""
    return _rows(reading, (access_log.c.actor_id == staff_id) & (access_log.c.actor_kind == "staff"), since)


def _rows(reading: Reading, condition: Any, since: datetime) -> Sequence[Any]:
    return reading.connection.execute(
        select(access_log).where(condition, access_log.c.at >= since).order_by(access_log.c.id)
    ).fetchall()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain found: how long it is, its last hash, and the first row that does not fit (None: all do).

    Who may write to the database could make the whole chain anew; then its last hash differs from the one that was
    kept elsewhere.
    """

    last_id: int
    last_hash: bytes
    broken_at: int | None


_ENDS = text(  # one statement, so that looks that are written meanwhile do not show in a part of it
    """
    SELECT head.last_id, head.hash, newest.id AS newest_id, newest.hash AS newest_hash
      FROM access_log_head AS head
      LEFT JOIN LATERAL (SELECT id, hash FROM access_log ORDER BY id DESC LIMIT 1) AS newest ON true
    """
)
_BROKEN = text(
    """
    SELECT min(place.id)
      FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS place (id)
      LEFT JOIN access_log AS looked ON looked.id = place.id
      LEFT JOIN access_log AS before ON before.id = place.id - 1
     WHERE looked.id IS NULL
        OR looked.hash IS DISTINCT FROM
           access_log_hash(CASE WHEN place.id = 1 THEN decode(repeat('00', 32), 'hex') ELSE before.hash END, looked)
    """
)


def verify(reading: Reading) -> Verdict:
    """Return whether the chain of looks is whole, from the first row to the last."""
    ends = reading.connection.execute(_ENDS).one()
    newest_id = ends.newest_id or 0
    broken_at = None
    for first in range(1, min(ends.last_id, newest_id) + 1, _LINKS_AT_ONCE):
        span = {"first": first, "last": min(first + _LINKS_AT_ONCE - 1, ends.last_id, newest_id)}
        broken_at = reading.connection.scalar(_BROKEN, span)
        if broken_at is not None:
            break
    if broken_at is None and newest_id != ends.last_id:
        broken_at = min(newest_id, ends.last_id) + 1
    if broken_at is None and newest_id and bytes(ends.newest_hash) != bytes(ends.hash):
        broken_at = newest_id
    return Verdict(last_id=ends.last_id, last_hash=bytes(ends.hash), broken_at=broken_at)
