"""One secret per installation; every purpose has a key of its own, derived from it (HKDF, RFC 5869)."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: str, purpose: str) -> bytes:
    """Return the 32-byte key for one purpose, such as `appointment-links`."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"balie:{purpose}".encode()).derive(secret.encode())
