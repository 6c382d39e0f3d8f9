"""Discrete events: things that happen at a moment, in order; things at one moment in the order in which they came."""

import heapq
from collections.abc import Callable
from itertools import count


class Events:
    """The clock of a simulation and what is still to come."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()
        self._coming: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, moment: float, happens: Callable[[], None]) -> None:
        """Have something happen at a moment, which must not lie in the past."""
        if moment < self.now:
            raise ValueError(f"{moment} lies before {self.now}")
        heapq.heappush(self._coming, (moment, next(self._order), happens))

    def run(self) -> None:
        """Let everything happen that is to come, and what comes of it."""
        while self._coming:
            self.now, _, happens = heapq.heappop(self._coming)
            happens()
