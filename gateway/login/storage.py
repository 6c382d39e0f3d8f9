"""The SQL of sessions and of log-ins under way. Each statement is a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from gateway.login.tables import login_attempt, session

_OPEN = text("""
    WITH gone AS (DELETE FROM session WHERE id_digest = :replaced)
    INSERT INTO session (id_digest, login, person_digest, content, idle_seconds, started_at, idle_until, ends_at)
    VALUES (:id_digest, :login, :person_digest, :content, :idle_seconds, :started_at, :idle_until, :ends_at)
""")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as it lies in the table; `content` is locked."""

    id_digest: bytes
    login: str
    person_digest: bytes
    content: bytes
    idle_until: datetime
    ends_at: datetime


def open_session(
    connection: Connection, row: SessionRow, *, idle: timedelta, now: datetime, replaced: bytes | None
) -> None:
    """Add a session, and end the one that the same browser had."""
    connection.execute(
        _OPEN,
        {
            "id_digest": row.id_digest,
            "login": row.login,
            "person_digest": row.person_digest,
            "content": row.content,
            "idle_seconds": int(idle.total_seconds()),
            "started_at": now,
            "idle_until": row.idle_until,
            "ends_at": row.ends_at,
            "replaced": replaced,
        },
    )


def use_session(connection: Connection, id_digest: bytes, *, now: datetime) -> SessionRow | None:
    """Return a session that has not ended, and keep it awake; None when there is none."""
    awake_until = bindparam("now", type_=session.c.idle_until.type) + func.make_interval(
        0, 0, 0, 0, 0, 0, session.c.idle_seconds
    )
    found = connection.execute(
        update(session)
        .where(session.c.id_digest == id_digest, session.c.idle_until > now)
        .values(idle_until=func.least(awake_until, session.c.ends_at))
        .returning(*(session.c[name] for name in SessionRow.__slots__)),
        {"now": now},
    ).first()
    return SessionRow(*found) if found else None


def end_session(connection: Connection, id_digest: bytes) -> None:
    """End one session; nothing happens when it has ended."""
    connection.execute(delete(session).where(session.c.id_digest == id_digest))


def end_sessions_of(connection: Connection, person_digest: bytes) -> int:
    """End every session of a person, on every device; return how many there were."""
    return connection.execute(delete(session).where(session.c.person_digest == person_digest)).rowcount


def begin_attempt(
    connection: Connection, state_digest: bytes, *, browser_digest: bytes, content: bytes, expires_at: datetime
) -> None:
    """Remember that a browser set out to log in."""
    connection.execute(
        insert(login_attempt).values(
            state_digest=state_digest, browser_digest=browser_digest, content=content, expires_at=expires_at
        )
    )


def take_attempt(connection: Connection, state_digest: bytes, *, browser_digest: bytes, now: datetime) -> bytes | None:
    """Return what a browser set out with, once: it is gone then. None: never, already taken, too late, or not his."""
    found = connection.execute(
        delete(login_attempt)
        .where(login_attempt.c.state_digest == state_digest, login_attempt.c.browser_digest == browser_digest)
        .returning(login_attempt.c.content, login_attempt.c.expires_at)
    ).first()
    return bytes(found.content) if found and found.expires_at > now else None


def sweep(connection: Connection, *, now: datetime) -> int:
    """Remove what has ended; return how many rows went."""
    sessions = connection.execute(delete(session).where(session.c.idle_until <= now)).rowcount
    return sessions + connection.execute(delete(login_attempt).where(login_attempt.c.expires_at <= now)).rowcount


def open_sessions(connection: Connection, *, now: datetime) -> dict[str, int]:
    """Return how many sessions there are of each log-in."""
    rows = connection.execute(
        select(session.c.login, func.count()).where(session.c.idle_until > now).group_by(session.c.login)
    )
    return {row[0]: row[1] for row in rows}
