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
    code_keys: tuple[bytes, ...]
    """The present one first."""

    @classmethod
    def of(
        cls, settings: PaperSettings, secret_key: Secret, clock: Clock, *, previous: Secret | None = None
    ) -> "PaperDesk":
        """Return the desk of an installation with this secret; papers of the `previous` one can still be checked."""
        secrets = [one for one in (secret_key, previous) if one is not None]
        return cls(
            store=FileStore(settings.filing.folder, secret_key, token=clock.token, previous=previous),
            public_url=settings.public_url,
            code_keys=tuple(derive_key(one.reveal(), PURPOSE) for one in secrets),
        )

    def verify_url(self, language: str) -> str:
        """Return the page where a paper in a language is checked."""
        return verify_link(self.public_url, language)

    def code_hash(self, code: str) -> bytes:
        """Return the 32 bytes under which a code is stored: without our key nobody can try codes on a stolen table."""
        return self.code_hashes(code)[0]

    def code_hashes(self, code: str) -> list[bytes]:
        """Return under what a code may be stored, the present way first."""
        return [hmac.new(key, code.encode(), hashlib.sha256).digest() for key in self.code_keys]
