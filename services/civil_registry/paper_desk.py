"""What giving out papers needs beside the work: the files' store, the key of the codes, where papers are checked."""

import hashlib
import hmac
from dataclasses import dataclass

from services.civil_registry.settings import PaperSettings
from services.filing.store import FileStore
from services.messaging.clock import Clock
from services.messaging.keys import derive_key
from services.messaging.settings import Secret
from services.presenting.links import verify_link

PURPOSE = "document-codes"


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """Where papers of one installation are made."""

    store: FileStore
    public_url: str
    code_key: bytes

    @classmethod
    def of(cls, settings: PaperSettings, secret_key: Secret, clock: Clock) -> "PaperDesk":
        """Return the desk of an installation with this secret."""
        return cls(
            store=FileStore(settings.filing.folder, secret_key, token=clock.token),
            public_url=settings.public_url,
            code_key=derive_key(secret_key.reveal(), PURPOSE),
        )

    def verify_url(self, language: str) -> str:
        """Return the page where a paper in a language is checked."""
        return verify_link(self.public_url, language)

    def code_hash(self, code: str) -> bytes:
        """Return the 32 bytes under which a code is stored: without our key nobody can try codes on a stolen table."""
        return hmac.new(self.code_key, code.encode(), hashlib.sha256).digest()
