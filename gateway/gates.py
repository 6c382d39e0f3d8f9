"""Doors that let in so many at once and send the rest away at once, so that those inside are served in time.

Searches, the other questions and the commands each have a door: a crowd of readers keeps nobody from booking. The
doors together are narrower than the threads of a gunicorn worker, so that a thread is always left to say `busy`.
"""

import threading
from collections.abc import Callable
from types import TracebackType

from prometheus_client import Counter, Gauge

from services.messaging.errors import Busy

inside = Gauge("balie_gateway_calls_in_flight", "Requests that wait for a service.", ("kind",))
turned_away = Counter("balie_gateway_shed_total", "Requests sent away because too many wait already.", ("kind",))

_LONGEST_SECONDS = 5


class Gate:
    """A door for so many at once. `chance` returns a random byte: who was sent away does not come back in step."""

    def __init__(self, kind: str, *, at_once: int, chance: Callable[[], int]) -> None:
        self._room = threading.BoundedSemaphore(at_once)
        self._chance = chance
        self._inside = inside.labels(kind)
        self._turned_away = turned_away.labels(kind)

    def __enter__(self) -> None:
        """Go in.

        Raises: Busy.
        """
        if not self._room.acquire(blocking=False):
            self._turned_away.inc()
            raise Busy(retry_after_seconds=1 + self._chance() % _LONGEST_SECONDS)
        self._inside.inc()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._inside.dec()
        self._room.release()
