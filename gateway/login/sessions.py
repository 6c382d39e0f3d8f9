"""Sessions of people who logged in: on the server, shared by all gateways. The browser holds a random id only.

What the table holds of it is locked, and found by a digest of the id: neither a copy of the database nor the right to
write to it makes a session. Source: OWASP Session Management; BIO2 8.05.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from gateway.login import storage
from gateway.login.claims import Identity
from gateway.login.settings import LoginSettings
from gateway.login.storage import SessionRow
from services.messaging.clock import Clock
from services.messaging.database import engine, is_down, may_pass
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger
from services.messaging.sealing import CannotUnlock, Sealer, Vault
from services.messaging.settings import Secret

log = get_logger()

ATTEMPT_MINUTES = 15
"""How long somebody may take at his provider."""

_ID_BYTES = 32
_LONGEST_ID = 64
_POOL_SIZE = 10
_ACTING_BYTES = 16
_LAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. `subject` of a resident is his sealed BSN; `hint` its last digits, for himself only.

    `acting` tells who acted for a company, by a keyed digest: the same person is recognised, and nobody is named.
    `form_token` ties forms to this session: one that was opened as somebody else is not taken.
    """

    login: str
    kind: str
    subject: str
    level: str
    roles: tuple[str, ...]
    acting: str
    name: str
    hint: str
    form_token: str
    id_digest: bytes
    person_digest: bytes
    idle_until: datetime
    ends_at: datetime

    def actor(self) -> dict[str, Any]:
        """Return who this is, as `contracts.civil_registry.Actor` asks it."""
        actor: dict[str, Any] = {"kind": self.kind, "subject": self.subject, "level": self.level}
        actor["roles"] = list(self.roles)
        return actor | ({"acting": self.acting} if self.acting else {})


_IN_THE_ROW = ("login", "id_digest", "person_digest", "idle_until", "ends_at")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A log-in under way: what ties the answer to it, and where to go on. `back` is an address of ours, or empty."""

    login: str
    level: str
    back: str
    language: str
    nonce: str
    verifier: str


class Sessions:
    """The sessions of this installation. Every method may raise Unavailable: the database is away."""

    def __init__(
        self, settings: LoginSettings, clock: Clock, *, secret_key: Secret, previous_key: Secret | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._vault = Vault.of(secret_key, previous_key)
        self._sealer = Sealer.of(secret_key, previous_key)
        url = settings.database_url
        self._pool = engine(url, pool_size=_POOL_SIZE, autocommit=True) if url else None

    def open(self, login: str, who: Identity, *, replaced: str = "") -> tuple[str, Session]:
        """Return the new id of somebody who just logged in, and his session; the one that it takes the place of ends.

        Always a new id, also at a step up: one that was planted before is worth nothing.
        """
        session_id, now = self.random_text(), self._clock.now()
        staff = who.kind == "staff"
        minutes = self._settings.staff_idle_minutes if staff else self._settings.idle_minutes
        idle, ends_at = timedelta(minutes=minutes), now + timedelta(hours=self._settings.longest_hours)
        session = Session(
            login=login,
            kind=who.kind,
            subject=self._sealer.seal(who.subject) if who.kind == "resident" else who.subject,
            level=who.level,
            roles=who.roles,
            acting=self._vault.digest(f"acting|{who.acting}")[:_ACTING_BYTES].hex() if who.acting else "",
            name=who.name,
            hint=who.subject[-_LAST_DIGITS:] if who.kind == "resident" else "",
            form_token=self.random_text(),
            id_digest=_digest(session_id),
            person_digest=self._vault.digest(_person(login, who, session_id)),
            idle_until=min(now + idle, ends_at),
            ends_at=ends_at,
        )
        inside = {name: value for name, value in asdict(session).items() if name not in _IN_THE_ROW}
        content = self._vault.lock(json.dumps(inside), bound_to=_place("session", session.id_digest))
        row = SessionRow(
            content=content, **{name: getattr(session, name) for name in SessionRow.__slots__ if name != "content"}
        )
        with self._database() as connection:
            storage.open_session(connection, row, idle=idle, now=now, replaced=_digest(replaced) if replaced else None)
        return session_id, session

    def current(self, session_id: str) -> Session | None:
        """Return the session with an id, which stays awake by it; None when it has ended or never was."""
        if self._pool is None or not session_id or len(session_id) > _LONGEST_ID:
            return None
        with self._database() as connection:
            row = storage.use_session(connection, _digest(session_id), now=self._clock.now())
        inside = self._unlocked(row.content, _place("session", row.id_digest)) if row else None
        if row is None or inside is None:
            return None
        in_row = {name: getattr(row, name) for name in _IN_THE_ROW}
        return Session(**{**inside, **in_row, "roles": tuple(inside["roles"])})

    def end(self, session: Session, *, everywhere: bool) -> None:
        """End a session, or all of that person on every device."""
        with self._database() as connection:
            if everywhere:
                storage.end_sessions_of(connection, session.person_digest)
            else:
                storage.end_session(connection, session.id_digest)

    def begin(self, attempt: Attempt, *, browser: str) -> str:
        """Remember that a browser sets out to log in; return the text by which its answer is recognised (`state`)."""
        state = self.random_text()
        digest = _digest(state)
        content = self._vault.lock(json.dumps(asdict(attempt)), bound_to=_place("attempt", digest))
        expires_at = self._clock.now() + timedelta(minutes=ATTEMPT_MINUTES)
        with self._database() as connection:
            storage.begin_attempt(
                connection, digest, browser_digest=_digest(browser), content=content, expires_at=expires_at
            )
        return state

    def take(self, state: str, *, browser: str) -> Attempt | None:
        """Return what a browser set out with, once; None when it is old, was taken, or is another browser's."""
        if not state or not browser:
            return None
        digest = _digest(state)
        with self._database() as connection:
            locked = storage.take_attempt(connection, digest, browser_digest=_digest(browser), now=self._clock.now())
        inside = self._unlocked(locked, _place("attempt", digest)) if locked else None
        return Attempt(**inside) if inside else None

    def random_text(self) -> str:
        """Return an unguessable text of 43 signs."""
        return urlsafe_b64encode(self._clock.token(_ID_BYTES)).rstrip(b"=").decode()

    def _unlocked(self, content: bytes, place: str) -> Mapping[str, Any] | None:
        try:
            unlocked: dict[str, Any] = json.loads(self._vault.unlock(content, bound_to=place))
        except CannotUnlock:  # the secret changed, or somebody wrote to the table: either way he logs in again
            log.warning("session_unreadable")
            return None
        return unlocked

    @contextmanager
    def _database(self) -> Iterator[Connection]:
        if self._pool is None:
            raise Unavailable("Nobody can log in here.")
        try:
            with self._pool.connect() as connection:
                yield connection
        except (DBAPIError, PoolExhausted) as error:
            if not (is_down(error) or may_pass(error)):
                raise
            log.warning("sessions_away", error=type(error).__name__)
            raise Unavailable from None


def same(one: str, other: str) -> bool:
    """Say whether two secret texts are equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _digest(text: str) -> bytes:
    # Plain, because nobody can guess what is hashed: 256 random bits.
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _person(login: str, who: Identity, session_id: str) -> str:
    """Return what all sessions of one person share. Colleagues at a firm are others, also when they are not told."""
    acting = who.acting or (session_id if login == "company" else "")
    return f"{login}|{who.subject}|{acting}"


def _place(table: str, digest: bytes) -> str:
    return f"{table}.content.{digest.hex()}"
