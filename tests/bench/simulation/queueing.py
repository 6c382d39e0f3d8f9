"""A network of stations with waiting lines: requests walk through them, and the gateway refuses what is too much.

Arrivals are Poisson and service times exponential, which is worse than real ones, so the model errs on the safe side
and its simplest cases can be checked by formula.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from random import Random

from tests.bench.simulation.events import Events

Route = Sequence[tuple[str, float]]
"""The stations that a request visits and the mean seconds that it takes each."""


@dataclass
class Station:
    """Some servers and one line before them, first come, first served."""

    servers: float
    busy: int = 0
    worked: float = 0.0
    line: deque[Callable[[], None]] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Load:
    """Requests of several kinds (a route and how many a second) that come for some seconds."""

    kinds: Mapping[str, tuple[Route, float]]
    seconds: float

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return sum(rate for _, rate in self.kinds.values())

    def demands(self) -> dict[str, float]:
        """Return the mean seconds of work that one request brings to each station."""
        found: dict[str, float] = {}
        for route, rate in self.kinds.values():
            for station, seconds in route:
                found[station] = found.get(station, 0.0) + seconds * rate / self.rate
        return found


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of a load: per second, in seconds, and by station how much of its servers' time was worked."""

    offered: float
    done: float
    refused: float
    latencies: Sequence[float]
    use: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Network:
    """Stations by name. At most `most_inside` requests are inside; who comes then is refused.

    A refusal takes the first station `refusal` seconds, unless its line is full: then the balancer says it for nothing.
    """

    servers: Mapping[str, float]
    most_inside: float = inf
    refusal: float = 0.0
    most_in_line: float = 2048

    def run(self, load: Load, *, seed: int, warm_up: float = 0.1) -> Flow:
        """Return what became of a load; the first `warm_up` of its time is not counted."""
        return _Run(self, load, Random(seed), warm_up).flow()


class _Run:
    def __init__(self, network: Network, load: Load, rng: Random, warm_up: float) -> None:
        self._events, self._network, self._load, self._rng = Events(), network, load, rng
        self._stations = {name: Station(count) for name, count in network.servers.items()}
        self._from = warm_up * load.seconds
        self._inside = self._came = self._refused = self._done = 0
        self._latencies: list[float] = []

    def flow(self) -> Flow:
        for route, rate in self._load.kinds.values():
            self._schedule(route, rate)
        self._events.run()
        counted = self._load.seconds - self._from
        return Flow(
            offered=self._came / counted,
            done=self._done / counted,
            refused=self._refused / max(1, self._came),
            latencies=self._latencies,
            use={name: station.worked / station.servers / counted for name, station in self._stations.items()},
        )

    def _schedule(self, route: Route, rate: float) -> None:
        moment = self._events.now + self._rng.expovariate(rate)
        if moment < self._load.seconds:
            self._events.at(moment, lambda: self._comes(route, rate))

    def _comes(self, route: Route, rate: float) -> None:
        self._schedule(route, rate)
        counts = self._counts()
        self._came += counts
        if self._inside < self._network.most_inside:
            self._inside += 1
            self._walk(route, 0, since=self._events.now)
        else:
            self._refused += counts
            first = self._stations[route[0][0]]
            if self._network.refusal and len(first.line) < self._network.most_in_line:
                self._serve(first, self._network.refusal, then=lambda: None)

    def _counts(self) -> bool:
        return self._from <= self._events.now < self._load.seconds

    def _walk(self, route: Route, step: int, *, since: float) -> None:
        if step < len(route):
            name, mean = route[step]
            self._serve(self._stations[name], mean, then=lambda: self._walk(route, step + 1, since=since))
            return
        self._inside -= 1
        self._done += self._counts()
        if since >= self._from:
            self._latencies.append(self._events.now - since)

    def _serve(self, station: Station, mean: float, *, then: Callable[[], None]) -> None:
        def begin() -> None:
            seconds = self._rng.expovariate(1 / mean)
            begun = self._events.now
            ended = begun + seconds
            station.worked += max(0.0, min(ended, self._load.seconds) - max(begun, self._from))
            self._events.at(ended, end)

        def end() -> None:
            if station.line:
                station.line.popleft()()
            else:
                station.busy -= 1
            then()

        if station.busy < station.servers:
            station.busy += 1
            begin()
        else:
            station.line.append(begin)
