"""The six digits that are mailed to somebody who wants a place. They are worked out from their id, never stored."""

import hashlib
import hmac
from uuid import UUID

from services.messaging.keys import derive_key
from services.messaging.settings import Secret

PURPOSE = "mail-codes"
DIGITS = 6


class Codes:
    """Makes and checks codes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, secret_key: Secret) -> "Codes":
        """Return the codes of an installation with this secret."""
        return cls(derive_key(secret_key.reveal(), PURPOSE))

    def code(self, code_id: UUID) -> str:
        """Return the digits that belong to an id."""
        digest = hmac.new(self._key, str(code_id).encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"

    def fits(self, code_id: UUID, typed: str) -> bool:
        """Say whether somebody typed the right digits; spaces do not matter."""
        bare = "".join(typed.split())
        return hmac.compare_digest(self.code(code_id).encode(), bare.encode(errors="replace"))
