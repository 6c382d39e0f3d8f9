"""Takes files from people: of the right size and kind, whole, harmless as far as we can see, scanned when we can."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from services.filing.figures import uploads_examined
from services.filing.names import safe_name
from services.filing.refusals import BY_CODE, FileDamaged, FileEmpty, FileInfected, FileRefused, FileTooLarge
from services.filing.scanning import NOT_SCANNED, Scanner
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger

log = get_logger()

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 30
_AT_ONCE = 2
_WAIT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be stored. `scan` is `clean` or `not-scanned`: a scanner that is away keeps nobody's term."""

    content: bytes
    media_type: str
    name: str
    scan: str


class Examiner:
    """Judges files, each in a process of its own; two at once, since each may take a whole processor."""

    def __init__(self, *, largest_bytes: int, scanner: Scanner) -> None:
        self.largest_bytes = largest_bytes
        self._scanner = scanner
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def accept(self, content: bytes, given_name: str) -> Accepted:
        """Return what may be kept of a file that somebody sent.

        Raises: FileRefused (one of its kinds), Unavailable (too many files at this moment).
        """
        try:
            accepted = self._judged(content, given_name)
        except FileRefused as refusal:
            uploads_examined.labels(refusal.code).inc()
            log.info("file_refused", code=refusal.code)
            raise
        uploads_examined.labels("accepted" if accepted.scan != NOT_SCANNED else NOT_SCANNED).inc()
        return accepted

    def _judged(self, content: bytes, given_name: str) -> Accepted:
        if not content:
            raise FileEmpty
        if len(content) > self.largest_bytes:
            raise FileTooLarge
        kept, media_type = self._examined(content)
        verdict = self._scanner.scan(kept)
        if verdict == "infected":
            raise FileInfected
        return Accepted(kept, media_type, safe_name(given_name, media_type), verdict)

    def _examined(self, content: bytes) -> tuple[bytes, str]:
        if not self._room.acquire(timeout=_WAIT_SECONDS):
            raise Unavailable("Many files come in at this moment.", retry_after_seconds=10)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "services.filing.examiner"],
                input=content,
                capture_output=True,
                timeout=_SECONDS,
                check=True,
                env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},  # no settings, no secrets
                cwd=_ROOT,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            log.warning("file_examiner_ended", error=type(error).__name__, code=getattr(error, "returncode", None))
            raise FileDamaged from None
        finally:
            self._room.release()
        line, _, kept = done.stdout.partition(b"\n")
        told = json.loads(line)
        if "refused" in told:
            raise BY_CODE[told["refused"]]
        return kept, told["media_type"]
