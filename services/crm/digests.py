"""Keyed digests of e-mail addresses and phone numbers: they can be compared, and not be read back.

Without the key a list of all Dutch phone numbers would undo a plain hash in minutes. The key is derived from the
installation's secret; with another secret, nobody is found any more.
"""

import hashlib
import hmac

from services.crm.domain.identity import Identifier
from services.messaging.keys import derive_key
from services.messaging.settings import Secret

PURPOSE = "crm-identifiers"


class Digests:
    """Makes the digests of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, secret_key: Secret) -> "Digests":
        """Return the digests of an installation with this secret."""
        return cls(derive_key(secret_key.reveal(), PURPOSE))

    def digest(self, identifier: Identifier) -> bytes:
        """Return the 32 bytes under which an identifier is stored."""
        text = f"{identifier.kind.value}:{identifier.value}".encode()
        return hmac.new(self._key, text, hashlib.sha256).digest()
