"""What clients were told, written down outside the system: the only truth that the judge believes."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class Booking:
    """One resident's visit as the resident knows it. The e-mail address is his alone."""

    email: str
    reference: str = ""
    secret: str = ""
    starts_at: str = ""
    told: list[str] = field(default_factory=list)
    """What was confirmed to him, in order: booked, moved, cancelled."""
    unsure: str = ""
    """A write whose outcome he never learned, however often he asked."""


@dataclass
class Ledger:
    """All bookings and the outcome of every write."""

    bookings: list[Booking] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    resolved: Counter[str] = field(default_factory=Counter)
    """Writes whose first outcome was unknown, by what a repeat with the same key told."""
    accepted_at: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, email: str) -> Booking:
        booking = Booking(email)
        with self._lock:
            self.bookings.append(booking)
        return booking

    def write_down(self, outcome: str, *, first_unknown: bool) -> None:
        """Note how a write ended: accepted, refused or unresolved."""
        with self._lock:
            self.outcomes[outcome] += 1
            if first_unknown:
                self.resolved[outcome] += 1
            if outcome == "accepted":
                self.accepted_at.append(time.monotonic())

    def longest_standstill(self) -> float:
        """Return the longest time in seconds in which no client had anything accepted."""
        times = sorted(self.accepted_at)
        return max((later - earlier for earlier, later in pairwise(times)), default=0.0)
