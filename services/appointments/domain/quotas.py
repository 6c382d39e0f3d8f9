"""Reserved capacity: how much of a day some visits may take of the counters that all of them need.

`at_most` bounds a group of products (nationals abroad: at most 40 % of the passport counters). `reserve` keeps a share
free for a group (urgent, walk-in) and so bounds everybody else. Either opens by itself some days ahead. Groups nest: a
visit is held to every quota that it falls under.

Source: domain/appointments.md 7.1.11.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.appointments.domain.ticks import instant_of, tick_of

AT_MOST = "at_most"
RESERVE = "reserve"


@dataclass(frozen=True, slots=True)
class Quota:
    """One rule at one location. An empty group of products or channels means all of them."""

    id: str
    location_id: str
    kind: str
    products: frozenset[str]
    channels: frozenset[str]
    needs: frozenset[str]
    """The skills of the counters that are shared: their open ticks are the whole of which `share` is a part."""
    share: int
    """Percent of the open ticks of a day."""
    release_days: int | None
    """How many days ahead the quota ends; None: never."""
    release_at: time

    def binds(self, *, products: Collection[str], channel: str, needs: Collection[str]) -> bool:
        """Say whether a visit is counted and bounded."""
        if not self.needs & set(needs):
            return False
        of_group = (not self.products or bool(self.products & set(products))) and (
            not self.channels or channel in self.channels
        )
        return of_group == (self.kind == AT_MOST)

    def limit(self, open_ticks: int) -> int:
        """Return how many of a day's open ticks those who are bound may take, rounded down."""
        part = self.share if self.kind == AT_MOST else 100 - self.share
        return open_ticks * part // 100

    def released_at(self, zone: ZoneInfo, on: date) -> datetime | None:
        """Return the instant from which the quota of a day no longer counts."""
        if self.release_days is None:
            return None
        return instant_of(zone, on - timedelta(days=self.release_days), tick_of(self.release_at))
