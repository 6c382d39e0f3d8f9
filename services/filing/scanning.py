"""Asks a virus scanner (ClamAV's clamd) when there is one. Without an answer a file is kept, and marked.

Source: clamd(8), INSTREAM. A scanner that is away must not let a legal term pass (civil_registry.md 1.7, #2180).
"""

import socket
import struct
from urllib.parse import urlsplit

from services.messaging.log import get_logger

log = get_logger()

CLEAN, INFECTED, NOT_SCANNED = "clean", "infected", "not-scanned"
_SECONDS = 15
_PIECE = 64 * 1024
_LONGEST_ANSWER = 1000


class Scanner:
    """The scanner at an address such as `tcp://clamd:3310`; an empty address is no scanner."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)

    def scan(self, content: bytes) -> str:
        """Return `clean`, `infected`, or `not-scanned` when nobody could tell."""
        if not self._address.scheme:
            return NOT_SCANNED
        try:
            answer = self._ask(content)
        except OSError as error:
            log.warning("scanner_away", error=type(error).__name__)
            return NOT_SCANNED
        if answer.endswith("FOUND"):
            return INFECTED
        if answer.endswith("OK"):
            return CLEAN
        log.warning("scanner_without_verdict")
        return NOT_SCANNED

    def _ask(self, content: bytes) -> str:
        with self._connected() as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), _PIECE):
                piece = content[at : at + _PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := line.recv(_LONGEST_ANSWER)):
                answer += more
        return answer.rstrip(b"\0\n").decode(errors="replace")

    def _connected(self) -> socket.socket:
        if self._address.scheme == "unix":
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(_SECONDS)
            line.connect(self._address.path)
            return line
        return socket.create_connection((self._address.hostname or "", self._address.port or 0), timeout=_SECONDS)
