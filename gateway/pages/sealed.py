"""Small sealed notes in the visitor's browser: encrypted and signed, so that the gateway itself remembers nothing."""

import json
import zlib
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, request

from services.messaging.keys import derive_key

LARGEST_COOKIE = 4000
"""Browsers refuse a cookie of more than 4096 bytes, name and attributes included."""


class Seal:
    """Writes and reads one kind of encrypted cookie. Source: RFC 6265; Fernet specification."""

    def __init__(self, name: str, *, secret: str, max_age_seconds: int, secure: bool) -> None:
        self._name = name
        self._max_age = max_age_seconds
        self._secure = secure
        self._fernet = Fernet(urlsafe_b64encode(derive_key(secret, f"cookie-{name}")))

    def read(self) -> dict[str, Any]:
        """Return what the cookie of this request holds; nothing when it is absent, old, broken or a stranger's."""
        token = request.cookies.get(self._name, "")
        if not token or len(token) > LARGEST_COOKIE:
            return {}
        try:
            opened = self._fernet.decrypt(token.encode(), ttl=self._max_age)
            content = json.loads(zlib.decompress(opened))
        except (InvalidToken, ValueError, zlib.error):
            return {}
        return content if isinstance(content, dict) else {}

    def write(self, response: Response, content: dict[str, Any]) -> None:
        """Put content into the visitor's browser; nothing at all clears the cookie.

        Raises: ValueError (more than a cookie can hold).
        """
        if not content:
            response.delete_cookie(self._name, path="/", secure=self._secure, httponly=True, samesite="Lax")
            return
        packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode())
        token = self._fernet.encrypt(packed).decode()
        if len(token) > LARGEST_COOKIE:
            raise ValueError("The cookie would be too large.")
        response.set_cookie(
            self._name,
            token,
            max_age=self._max_age,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )
