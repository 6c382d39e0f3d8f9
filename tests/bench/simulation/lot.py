"""A scarce product (Dutch nationals abroad), a batch of places a week: by lot, or to who is fastest.

All figures are assumptions; the shape follows domain/appointments.md 8 (Skopje, Berlin, AER 2021). In the race a
broker's script is faster than anybody, takes places without having a client yet, and sells them. Under the lot a
place is bound to a name, so a broker can only enter clients, each once.
"""

import hmac
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.bench.simulation.figures import gini, percentile

PLACES = 60
BROKER_CLIENTS = 0.10
"""Share of the people who pay a broker from the start."""
TURNS_TO_BROKER = 0.05
"""Share of those who got nothing that pay one the week after."""
HOARD = 6
"""Places a week that brokers take for clients whom they hope to find."""
AWAKE = 0.7
"""Share that can sit before a screen at the moment of a release."""
PATIENCE = 16
"""Weeks after which somebody goes to another town."""


@dataclass(slots=True)
class Request:
    """Somebody who wants a place; `rank` is the share of people who are faster than this one."""

    number: int
    week: int
    rank: float
    client: bool
    """Pays a broker from the start."""
    turned: bool = False
    """Pays a broker in the end."""
    served: int | None = None

    @property
    def broker(self) -> bool:
        """Say whether a broker acts for this one."""
        return self.client or self.turned


@dataclass
class Fairness:
    """What the weeks came to."""

    requests: list[Request] = field(default_factory=list)
    given: int = 0
    unused: int = 0
    to_brokers: int = 0

    def waits(self) -> list[float]:
        """Return the weeks that people waited who wanted no broker; who got nothing, or gave in, counts as longest."""
        return [
            (PATIENCE if request.served is None or request.turned else request.served - request.week)
            for request in self.requests
            if not request.client
        ]

    def success(self, *, slowest: bool) -> float:
        """Return which share of the slowest (or fastest) fourth got a place without paying a broker."""
        mine = [
            request
            for request in self.requests
            if not request.client and (request.rank >= 0.75 if slowest else request.rank < 0.25)
        ]
        return sum(request.served is not None and not request.turned for request in mine) / len(mine)

    def cells(self) -> list[str]:
        """Return the cells of the table's row."""
        waits = self.waits()
        return [
            f"{(self.given - self.unused) / self.given:.3f}",
            f"{self.to_brokers / self.given:.0%}",
            f"{self.success(slowest=False):.0%}",
            f"{self.success(slowest=True):.0%}",
            f"{percentile(waits, 0.5):.0f}",
            f"{percentile(waits, 0.9):.0f}",
            f"{gini(waits):.2f}",
        ]


Order = Callable[[list[Request], Random, int], list[Request]]
"""Who wants a place, chance, and the week -> who gets one first."""


def by_lot(waiting: list[Request], rng: Random, week: int) -> list[Request]:
    """Return everybody by the keyed hash of the request: it can be checked once the week's secret is published.

    Source: domain/appointments.md 8.2.6.
    """
    secret = f"{week}-{rng.random()}".encode()
    return sorted(waiting, key=lambda request: hmac.digest(secret, str(request.number).encode(), "sha256"))


def by_speed(waiting: list[Request], rng: Random, week: int) -> list[Request]:
    """Return scripts first, then who is awake, by the seconds they need (a fast person may have a slow day)."""
    del week
    awake = [request for request in waiting if request.broker or rng.random() < AWAKE]
    return sorted(awake, key=lambda request: 0.0 if request.broker else 1 + request.rank + rng.gauss(0, 0.15))


def simulate(order: Order, *, load: float, weeks: int, seed: int) -> Fairness:
    """Return what some weeks of releases came to; people come at `load` times the places."""
    arrivals, chance = Random(seed), Random(seed + 1)
    fairness, waiting = Fairness(), deque[Request]()
    hoard = HOARD if order is by_speed else 0
    for week in range(weeks + PATIENCE):
        if week < weeks:
            new = _arrive(arrivals, week=week, load=load, first=len(fairness.requests))
            fairness.requests.extend(new)
            waiting.extend(new)
        _release(order(list(waiting), chance, week), fairness, week=week, hoard=hoard)
        left = (request for request in waiting if request.served is None and week - request.week < PATIENCE)
        waiting = deque(left)
        sold = _turn_to_brokers(waiting, chance, week=week, hoard=hoard)
        fairness.to_brokers += sold
        fairness.unused += hoard - sold
        waiting = deque(request for request in waiting if request.served is None)
    return fairness


def _arrive(rng: Random, *, week: int, load: float, first: int) -> list[Request]:
    number, moment, found = first, rng.expovariate(load * PLACES), list[Request]()
    while moment < 1:
        found.append(Request(number, week, rng.random(), client=rng.random() < BROKER_CLIENTS))
        number += 1
        moment += rng.expovariate(load * PLACES)
    return found


def _release(ordered: list[Request], fairness: Fairness, *, week: int, hoard: int) -> None:
    served = ordered[: PLACES - hoard]
    for request in served:
        request.served = week
    fairness.given += len(served) + hoard
    fairness.to_brokers += sum(request.broker for request in served)


def _turn_to_brokers(waiting: deque[Request], rng: Random, *, week: int, hoard: int) -> int:
    if not hoard:
        return 0
    sold = 0
    for request in waiting:
        request.turned = request.turned or rng.random() < TURNS_TO_BROKER
        if request.broker and sold < hoard:
            request.served = week
            sold += 1
    return sold
