"""What a use case is given: a database connection, the time, ids, and a mouth. Its edge owns the transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.messaging.clock import Clock
from services.messaging.envelope import Envelope
from services.messaging.prepared import Prepared


@cache
def _schema(event: Any) -> Any:
    """Return the one instance of a contract: making one costs more than using it."""
    return event()


@cache
def _promised(event: Any) -> list[str]:
    """Return the fields that every event of a kind has."""
    return [name for name, inner in _schema(event).fields.items() if inner.required and not inner.allow_none]


@dataclass(slots=True)
class Reading:
    """What a query gets. `now` is one instant for the whole question, aware, in UTC."""

    connection: Connection
    now: datetime
    memo: dict[Any, Any] = field(default_factory=dict, kw_only=True)
    """What this question has looked up already and need not look up again."""


@dataclass(slots=True)
class Acting(Reading):
    """What everything that changes something is given: ids, randomness, and where it came from."""

    clock: Clock
    source: str
    correlation_id: str
    causation_id: str | None = field(default=None, kw_only=True)

    def new_id(self) -> UUID:
        """Return an id that nobody else has."""
        return self.clock.new_id()

    def token(self, nbytes: int) -> bytes:
        """Return unguessable bytes."""
        return self.clock.token(nbytes)

    def envelope(self, event: Any, *, about: UUID, version: int, **data: Any) -> Envelope:
        """Return a fact as it will travel.

        `event` is a contract, `about` the aggregate, `version` the number of this fact in its life (from 1, no gaps).

        Raises: ValueError (the data do not fit the event's contract: a bug).
        """
        dumped = _schema(event).dump(data | {"version": version})
        self._check(event, dumped)
        return Envelope(
            id=self.new_id(),
            type=event.type,
            source=self.source,
            aggregate_id=about,
            version=version,
            occurred_at=self.now,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            data=dumped,
        )

    def _check(self, event: Any, dumped: dict[str, Any]) -> None:
        if problems := _schema(event).validate(dumped):
            raise ValueError(f"{event.__name__}: {problems}")


@dataclass(slots=True)
class Work(Acting):
    """What a command, a reaction or a timer gets, inside one open transaction that its edge will commit."""

    events: list[Envelope] = field(default_factory=list, kw_only=True)

    def publish(self, event: Any, *, about: UUID, version: int, **data: Any) -> None:
        """Say that something happened; it is told to others once this work has committed, and only then.

        The caller has locked or written the aggregate's row before, so that ids follow the order of commits.

        Raises: ValueError (the data do not fit the event's contract: a bug).
        """
        self.events.append(self.envelope(event, about=about, version=version, **data))


@dataclass(slots=True)
class Stroke(Acting):
    """What a command gets that is one single statement, alone or with others of its kind in one round trip.

    Many people at once meet in a few commands; as one statement they cost a fifth (docs/decisions/0014). The command
    does not execute it: it says what is to be done, as a `Strike`, and `strokes` does that of all in one transaction.
    The statement carries what an edge otherwise writes by itself: the claim on the Idempotency-Key with the answer
    (`idempotency.CLAIM`) and the event (`outbox.TELL`). One that finds nothing to do must leave nothing behind.
    """

    operation: str
    key: str
    request_hash: bytes
    answer: Callable[[Any], dict[str, Any]]
    """Makes the stored form of a reply."""

    def _check(self, event: Any, dumped: dict[str, Any]) -> None:
        """Let pass what has all fields: to look at their contents again cost the service a tenth of a confirmation.

        They were read by contracts when the request and what it is about came in, and on the thorough way, which
        writes the same, this fact is checked in full.
        """
        if wanting := [name for name in _promised(event) if dumped.get(name) is None]:
            raise ValueError(f"{event.__name__}: {wanting}")


@dataclass(frozen=True, slots=True)
class Strike:
    """What is to be done for one command: a statement with its values, and the answer if it finds something to do."""

    statement: Prepared
    values: Mapping[str, Any]
    answer: dict[str, Any]
    turn: Any
    """Those of one kind are done in the order of their turns, so that all wait for one another in the same order."""
    done: Callable[[], None]
    """Called once it is done."""
