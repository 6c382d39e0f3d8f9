"""Counts for `limits` in the memory of one process.

That library's own memory starts a thread at nearly every request, to forget what is over; that cost more than the
counting itself. This one forgets in passing, once in a while.
"""

import threading
import time

from limits.storage import Storage

_FORGET_EVERY_SECONDS = 60


class Counters(Storage):
    """Numbers that end at a time."""

    STORAGE_SCHEME = None
    base_exceptions = ValueError

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._forget_at = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a number, which begins anew after `expiry` seconds; return what it is then."""
        now = time.time()
        with self._lock:
            if now >= self._forget_at:
                self._forget_at = now + _FORGET_EVERY_SECONDS
                self._counts = {known: (count, ends) for known, (count, ends) in self._counts.items() if ends > now}
            count, ends = self._counts.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + expiry
            self._counts[key] = (count + amount, ends)
        return count + amount

    def get(self, key: str) -> int:
        """Return a number; 0 when it is over."""
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when a number begins anew, in seconds since 1970; now when it is over."""
        return max(time.time(), self._counts.get(key, (0, 0.0))[1])

    def check(self) -> bool:
        """Say that it works."""
        return True

    def reset(self) -> int:
        """Forget all; return how many there were."""
        with self._lock:
            known, self._counts = len(self._counts), {}
        return known

    def clear(self, key: str) -> None:
        """Forget a number."""
        with self._lock:
            self._counts.pop(key, None)
