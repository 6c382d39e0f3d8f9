"""What a use case is given: a database connection, the time, ids, and a mouth. Its edge owns the transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.messaging.clock import Clock
from services.messaging.envelope import Envelope


@dataclass(slots=True)
class Reading:
    """What a query gets. `now` is one instant for the whole question, aware, in UTC."""

    connection: Connection
    now: datetime


@dataclass(slots=True)
class Work(Reading):
    """What a command, a reaction or a timer gets, inside one open transaction that its edge will commit."""

    clock: Clock
    source: str
    correlation_id: str
    causation_id: str | None = None
    events: list[Envelope] = field(default_factory=list)

    def new_id(self) -> UUID:
        """Return an id that nobody else has."""
        return self.clock.new_id()

    def token(self, nbytes: int) -> bytes:
        """Return unguessable bytes."""
        return self.clock.token(nbytes)

    def publish(self, event: Any, *, about: UUID, version: int, **data: Any) -> None:
        """Say that something happened; it is told to others once this work has committed, and only then.

        `event` is a contract, `about` the aggregate, `version` the number of this fact in its life (from 1, no gaps).
        The caller has locked or written the aggregate's row before, so that ids follow the order of commits.

        Raises: ValueError (the data do not fit the event's contract: a bug).
        """
        schema = event()
        dumped = schema.dump(data | {"version": version})
        if problems := schema.validate(dumped):
            raise ValueError(f"{event.__name__}: {problems}")
        self.events.append(
            Envelope(
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
        )
