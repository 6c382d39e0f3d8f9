"""Keyed digests by which visits of one e-mail address, phone number or person are counted; none can be read back.

Without the key a list of all Dutch phone numbers would undo a plain hash in minutes. The key is derived from the
installation's secret; with another secret, earlier visits are no longer counted.
"""

import hashlib
import hmac
from datetime import date

from services.appointments.domain.person import person_text
from services.messaging.keys import derive_key
from services.messaging.settings import Secret
from services.presenting.addresses import same_email, same_phone

PURPOSE = "appointment-people"
LENGTH = 16


class People:
    """Makes the digests of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, secret_key: Secret) -> "People":
        """Return the digests of an installation with this secret."""
        return cls(derive_key(secret_key.reveal(), PURPOSE))

    def email(self, typed: str) -> bytes:
        """Return the digest of an e-mail address, however it is written."""
        return self._digest("email", same_email(typed))

    def phone(self, typed: str | None) -> bytes | None:
        """Return the digest of a phone number, or None when nobody could be called by it."""
        number = same_phone(typed)
        return None if number is None else self._digest("phone", number)

    def person(self, name: str, birth_on: date) -> bytes:
        """Return the digest of a person, however the name is written."""
        return self._digest("person", person_text(name, birth_on))

    def _digest(self, kind: str, value: str) -> bytes:
        text = f"{kind}:{value}".encode()
        return hmac.new(self._key, text, hashlib.sha256).digest()[:LENGTH]
