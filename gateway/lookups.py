"""Questions that many ask at once: each is asked of a service only once, and its answer serves all for a moment."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache

from gateway.gates import Gate

LARGEST = 1024
"""Answers that one process keeps; of more the longest unused goes."""


@dataclass(slots=True, eq=False)
class Found:
    """A reply that others share: nobody changes it. `about` is the place that it tells of."""

    reply: dict[str, Any]
    good_until: float
    about: str = ""

    @property
    def good(self) -> bool:
        """Say whether it may still be told."""
        return time.monotonic() < self.good_until


class Lookups:
    """The answers of the last moment, of one process. A question that failed is forgotten: the next asks anew."""

    def __init__(self, gate: Gate, *, seconds: float) -> None:
        self._gate = gate
        self._seconds = seconds
        self._lock = threading.Lock()
        self._found: LRUCache[Hashable, Found] = LRUCache(LARGEST)
        self._asking: dict[Hashable, tuple[str, Future[Found]]] = {}

    def get(self, key: Hashable, ask: Callable[[], dict[str, Any]], *, about: str = "") -> Found:
        """Return the answer to a question; who asks while another asks the same waits for that answer.

        Raises: Busy (too many wait already), and whatever `ask` raises, to all who waited for it.
        """
        with self._lock:
            known = self._found.get(key)
        if known is not None and known.good:
            return known
        with self._gate:
            return self._joined(key, ask, about)

    def forget(self, about: str) -> None:
        """Ask anew from now on about a place, or about all when it is empty: somebody saw that an answer was old."""
        with self._lock:
            for found in self._found.values():
                if about in ("", found.about):
                    found.good_until = 0.0
            for key in [key for key, (place, _) in self._asking.items() if about in ("", place)]:
                del self._asking[key]

    def _joined(self, key: Hashable, ask: Callable[[], dict[str, Any]], about: str) -> Found:
        with self._lock:
            known = self._found.get(key)
            if known is not None and known.good:
                return known
            _, others = self._asking.get(key, ("", None))
            mine: Future[Found] = Future()
            if others is None:
                self._asking[key] = (about, mine)
        if others is not None:
            return others.result()  # no longer than the one who asks waits: his call has a deadline
        try:
            found = Found(ask(), time.monotonic() + self._seconds, about)
        except BaseException as error:
            self._settle(key, mine, None)
            mine.set_exception(error)
            raise
        self._settle(key, mine, found)
        mine.set_result(found)
        return found

    def _settle(self, key: Hashable, mine: Future[Found], found: Found | None) -> None:
        with self._lock:
            if self._asking.get(key, ("", None))[1] is not mine:  # forgotten while it was asked: serves who waited
                if found is not None:
                    found.good_until = 0.0
                return
            del self._asking[key]
            if found is not None:
                self._found[key] = found
