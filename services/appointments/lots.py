"""The draw among those who wished on one day: a keyed hash, so that nobody can work out or steer who goes first."""

import hashlib
import hmac
from datetime import date
from uuid import UUID

from services.messaging.keys import derive_key
from services.messaging.settings import Secret

PURPOSE = "waiting-list-order"


class Lots:
    """Draws the rank of a wish; the same visit and day always draw the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, secret_key: Secret) -> "Lots":
        """Return the lots of an installation with this secret."""
        return cls(derive_key(secret_key.reveal(), PURPOSE))

    def rank(self, appointment_id: UUID, wished_on: date) -> str:
        """Return the rank of a visit's wish among the wishes of one day."""
        return hmac.new(self._key, f"{appointment_id}:{wished_on.isoformat()}".encode(), hashlib.sha256).hexdigest()
