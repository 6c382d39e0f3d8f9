"""How citizen service numbers are kept from eyes: sealed in messages, locked in tables, found by a keyed digest."""

from dataclasses import dataclass

from services.messaging.sealing import Sealer, Vault
from services.messaging.settings import Secret


@dataclass(frozen=True, slots=True)
class Secrets:
    """The two ways of hiding, with keys of their own. Source: architecture decision 14; BIO2 8.24."""

    sealer: Sealer
    vault: Vault

    @classmethod
    def of(cls, secret_key: Secret, previous: Secret | None = None) -> "Secrets":
        """Return what is derived from the installation's key; what an earlier one locked can still be opened."""
        return cls(Sealer.of(secret_key, previous), Vault.of(secret_key, previous))

    def lock_bsn(self, bsn: str, *, bound_to: str) -> bytes:
        """Return a BSN as it is stored in the named place."""
        return self.vault.lock(bsn, bound_to=bound_to)

    def unlock_bsn(self, locked: bytes, *, bound_to: str) -> str:
        """Return the BSN that was stored in the named place."""
        return self.vault.unlock(locked, bound_to=bound_to)

    def digest(self, bsn: str) -> bytes:
        """Return what a BSN is found by."""
        return self.vault.digest(bsn)
