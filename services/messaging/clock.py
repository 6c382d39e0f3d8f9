"""Where time, ids and randomness come from: passed in everywhere else, so that deadlines and DST can be tested."""

import secrets
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4


class Clock(Protocol):
    """The ambient world as a parameter."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def new_id(self) -> UUID:
        """Return an id that nobody else has."""

    def token(self, nbytes: int) -> bytes:
        """Return unguessable bytes."""


class SystemClock:
    """The real world."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def new_id(self) -> UUID:
        """Return a random (version 4) UUID."""
        return uuid4()

    def token(self, nbytes: int) -> bytes:
        """Return bytes from the operating system's source of randomness."""
        return secrets.token_bytes(nbytes)
