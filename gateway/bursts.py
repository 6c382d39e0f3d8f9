"""Notices when one network or one mail domain takes unusually many places. It tells operators; it stops nobody.

What is told is a keyed hash that changes each day: a log line can be compared with others of that day, and tells
nobody's address. Each process counts for itself, and remembers a bounded number.
"""

import hmac
import threading

from cachetools import LRUCache
from prometheus_client import Counter

from gateway.settings import GatewaySettings
from services.messaging.clock import Clock
from services.messaging.keys import derive_key
from services.messaging.log import get_logger

log = get_logger()

WINDOW_SECONDS = 600
_REMEMBERED = 10_000

found = Counter("balie_bursts_total", "Networks and mail domains that took unusually many places.", ("kind",))


class Bursts:
    """Counts per ten minutes. One per app."""

    def __init__(self, settings: GatewaySettings, clock: Clock) -> None:
        self._most = {"network": settings.burst_holds, "mail-domain": settings.burst_mails}
        for kind in self._most:
            found.labels(kind)  # from the start, so that the first one is a rise
        self._clock = clock
        self._key = derive_key(settings.secret_key.reveal(), "bursts")
        self._lock = threading.Lock()
        self._counts: LRUCache[tuple[str, str, int], int] = LRUCache(_REMEMBERED)

    def note(self, kind: str, who: str) -> None:
        """Count one place for a network or a mail domain; tell operators at each multiple of what is usual."""
        now = self._clock.now()
        key = (kind, who, int(now.timestamp()) // WINDOW_SECONDS)
        with self._lock:
            count = self._counts[key] = self._counts.get(key, 0) + 1
        if count % self._most[kind] == 0:
            mark = hmac.digest(self._key, f"{now.date()}|{kind}|{who}".encode(), "sha256").hex()[:16]
            found.labels(kind).inc()
            log.warning("burst", kind=kind, source_id=mark, taken_count=count)
