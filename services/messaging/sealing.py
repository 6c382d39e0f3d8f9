"""How a personal number travels and rests: sealed in messages and sessions, locked in tables.

`Sealer` makes the same token of the same text each time, so that a repeated request is equal to the first one; two
equal tokens therefore tell that they mean the same person. `Vault` makes another envelope each time and ties it to the
row in which it lies; a number is found again by its keyed digest.

All keys are derived from the installation's secret. With an older secret beside it, what was sealed or locked under
that one still opens; everything new gets the present one.
Sources: RFC 5297 (AES-SIV), NIST SP 800-38D (AES-GCM), RFC 2104 (HMAC).
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from services.messaging.errors import Malformed
from services.messaging.keys import derive_key
from services.messaging.settings import Secret

LONGEST_TOKEN = 400
"""Signs in the longest token; longer texts are not what this is for."""

_PREFIX = "s1-"
_SEALED_AS = b"balie:sealed:1"

_FORMAT = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEAD_BYTES = len(_FORMAT) + _KEY_ID_BYTES + _NONCE_BYTES


class Sealer:
    """Seals short texts for the way between processes, the same text always into the same token."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the keys of 64 bytes, the present one first."""
        self._ciphers = [AESSIV(key) for key in keys]

    @classmethod
    def of(cls, secret_key: Secret, previous: Secret | None = None) -> "Sealer":
        """Return the sealer of an installation with this secret; `previous` is its older secret, while that lasts."""
        return cls([_sealing_key(secret) for secret in _present(secret_key, previous)])

    def seal(self, text: str) -> str:
        """Return the token of a text: `s1-` and base64url without padding, safe in JSON, a cookie and a log.

        Raises: ValueError (an empty text, or one whose token would be longer than LONGEST_TOKEN).
        """
        if not text:
            raise ValueError("There is nothing to seal.")
        token = _PREFIX + _base64url(self._ciphers[0].encrypt(text.encode(), [_SEALED_AS]))
        if len(token) > LONGEST_TOKEN:
            raise ValueError("The text is too long to be sealed.")
        return token

    def open(self, token: str) -> str:
        """Return the text of a token.

        Raises: Malformed (this installation did not make it).
        """
        sealed = _unsealable(token)
        for cipher in self._ciphers if sealed else ():
            try:
                return cipher.decrypt(sealed, [_SEALED_AS]).decode()
            except InvalidTag:
                continue
        raise Malformed({"sealed": ["This was not sealed here. Log in again."]})


class CannotUnlock(Exception):
    """An envelope in a table does not open: its secret is gone, or somebody moved or changed it. A person must act."""


class Vault:
    """Locks texts for the time that they lie in a table.

    An envelope is: format (1 byte), key id (4), nonce (12), ciphertext, tag (16). Nonces are random: one key is good
    for 2**32 envelopes, more than a municipality writes.
    """

    def __init__(
        self, keys: Sequence[bytes], digest_keys: Sequence[bytes], random_bytes: Callable[[int], bytes]
    ) -> None:
        """Take the keys of 32 bytes, the present ones first."""
        self._ciphers = {_key_id(key): AESGCM(key) for key in reversed(keys)}
        self._key_id = _key_id(keys[0])
        self._digest_keys = tuple(digest_keys)
        self._random_bytes = random_bytes

    @classmethod
    def of(
        cls,
        secret_key: Secret,
        previous: Secret | None = None,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> "Vault":
        """Return the vault of an installation with this secret; `previous` is its older secret, while that lasts."""
        known = _present(secret_key, previous)
        return cls(
            [derive_key(secret, "vault") for secret in known],
            [derive_key(secret, "vault-digest") for secret in known],
            random_bytes,
        )

    def lock(self, text: str, *, bound_to: str) -> bytes:
        """Return the envelope of a text. It opens only for the same `bound_to`, such as `party.bsn.<id of the row>`."""
        head = _FORMAT + self._key_id
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._key_id].encrypt(nonce, text.encode(), head + bound_to.encode())
        return head + nonce + sealed

    def unlock(self, envelope: bytes, *, bound_to: str) -> str:
        """Return the text of an envelope.

        Raises: CannotUnlock.
        """
        envelope = bytes(envelope)  # a database driver may hand over a memoryview
        head = envelope[: len(_FORMAT) + _KEY_ID_BYTES]
        cipher = self._ciphers.get(head[len(_FORMAT) :])
        if len(envelope) < _HEAD_BYTES + _TAG_BYTES or not head.startswith(_FORMAT):
            raise CannotUnlock("This is no envelope of ours.")
        if cipher is None:
            raise CannotUnlock("It was locked under another secret. Set BALIE_SECRET_KEY_PREVIOUS to the older one.")
        try:
            text = cipher.decrypt(envelope[len(head) : _HEAD_BYTES], envelope[_HEAD_BYTES:], head + bound_to.encode())
        except InvalidTag:
            raise CannotUnlock("It was changed, or moved from another row.") from None
        return text.decode()

    def digest(self, text: str) -> bytes:
        """Return the 32 bytes under which a text is written, so that it can be found and not be read.

        Texts that differ only in spaces around them or in how Unicode composes their signs have the same digest.
        """
        return _digest(self._digest_keys[0], text)

    def digests(self, text: str) -> tuple[bytes, ...]:
        """Return the digests to look a text up by: the present one and, while it lasts, that of the older secret."""
        return tuple(_digest(key, text) for key in self._digest_keys)


def _present(secret_key: Secret, previous: Secret | None) -> list[str]:
    return [secret.reveal() for secret in (secret_key, previous) if secret is not None]


def _sealing_key(secret: str) -> bytes:
    # AES-256-SIV takes two keys of 256 bits: for the synthetic IV and for the counter mode.
    return derive_key(secret, "sealing-iv") + derive_key(secret, "sealing-text")


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unsealable(token: str) -> bytes:
    """Return the bytes of a token, or none when it is written in another way than ours: one text has one token."""
    body = token[len(_PREFIX) :]
    if len(token) > LONGEST_TOKEN or not token.startswith(_PREFIX):
        return b""
    try:
        sealed = base64.b64decode(body.encode() + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return sealed if len(sealed) > _TAG_BYTES and _base64url(sealed) == body else b""


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"balie:key-id:" + key).digest()[:_KEY_ID_BYTES]


def _digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, unicodedata.normalize("NFC", text.strip()).encode(), hashlib.sha256).digest()
