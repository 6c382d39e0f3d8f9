"""The secret that opens an appointment without an account. It is worked out, never stored.

130 bits of an HMAC over the id and the link's version; the key is derived from the installation's secret. The same
secret serves hold and appointment; a new link version makes every older link worthless.
"""

import base64
import hmac
from datetime import timedelta
from uuid import UUID

from services.messaging.keys import derive_key
from services.messaging.settings import Secret

PURPOSE = "appointment-links"
FIRST_VERSION = 1
LIVES_ON = timedelta(days=30)
"""How long after the visit a secret link still opens it. Source: domain/appointments.md 4.14."""

_LENGTH = 26


class Links:
    """Makes and checks secrets of links."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, secret_key: Secret) -> "Links":
        """Return the links of an installation with this secret."""
        return cls(derive_key(secret_key.reveal(), PURPOSE))

    def secret(self, appointment_id: UUID, link_version: int = FIRST_VERSION) -> str:
        """Return the secret of a hold or an appointment."""
        digest = hmac.digest(self._key, f"{appointment_id}:{link_version}".encode(), "sha256")
        return base64.b32encode(digest).decode().lower()[:_LENGTH]

    def opens(self, appointment_id: UUID, link_version: int, secret: str) -> bool:
        """Say whether a secret is the right one, in a time that does not depend on how wrong it is."""
        typed = secret.strip().lower().encode(errors="replace")
        return hmac.compare_digest(self.secret(appointment_id, link_version).encode(), typed)
