"""Rounds of one kind of request: rate, waiting times and CPU of every program."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.cpu import machine_seconds, used
from tests.bench.crowd import Answer, Visit, drive
from tests.bench.figures import milliseconds, percentile, ratio
from tests.bench.town import BenchTown

CLIENTS = 32
PROGRAMS = ("gateway", "appointments", "postgres", "rabbitmq", "floor", "clients")
"""Those with a column of their own; the others share one."""
HEAD = ("", "req/s", "ratio", "p50 ms", "p99 ms", "all CPU", "ratio", *PROGRAMS, "others", "elsewhere")
"""All CPU is that of the servers, without the clients. Elsewhere: how many cores did what was not ours meanwhile; much
of it makes rates incomparable between runs, CPU less so."""


@dataclass
class Course:
    """Rounds of one kind of request."""

    visits: list[Visit] = field(default_factory=list)
    cpu: list[Mapping[str, float]] = field(default_factory=list)
    elsewhere: list[float] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [visit.rate for visit in self.visits]

    def add(self, visit: Visit, cpu: Mapping[str, float], machine: float) -> None:
        """Add a round, and the CPU seconds that each program, and the whole machine, used in it."""
        self.visits.append(visit)
        self.cpu.append(cpu)
        self.elsewhere.append(max(0.0, machine - sum(cpu.values())) / visit.seconds)

    @property
    def served_by(self) -> list[float]:
        """The CPU seconds of all servers for one request, in each round."""
        rounds = zip(self.visits, self.cpu, strict=True)
        return [(sum(spent.values()) - spent["clients"]) / len(visit.answers) for visit, spent in rounds]

    def microseconds(self) -> dict[str, float]:
        """Return the median CPU of each program for one request."""
        rounds = list(zip(self.visits, self.cpu, strict=True))
        programs = {name for used_by in self.cpu for name in used_by}
        return {
            name: statistics.median(used_by.get(name, 0.0) / len(visit.answers) * 1e6 for visit, used_by in rounds)
            for name in programs
        }

    def row(self, name: str, base: "Course") -> list[object]:
        """Return the row under HEAD, with ratios to another course that ran side by side: of rates, and of CPU."""
        waits = [[answer.seconds for answer in visit.answers] for visit in self.visits]
        spent = self.microseconds()
        others = sum(value for program, value in spent.items() if program not in PROGRAMS)
        return [
            name,
            f"{statistics.median(self.rates):.0f}",
            f"{ratio(self.rates, base.rates):.2f}",
            *(milliseconds(statistics.median(percentile(each, share) for each in waits)) for share in (0.5, 0.99)),
            f"{statistics.median(self.served_by) * 1e6:.0f}",
            f"{ratio(self.served_by, base.served_by):.1f}",
            *(f"{spent.get(program, 0.0):.0f}" for program in PROGRAMS),
            f"{others:.0f}",
            f"{statistics.median(self.elsewhere):.1f}",
        ]


def one_round(
    town: BenchTown,
    course: Course,
    ports: Sequence[int],
    requests: Iterable[bytes],
    *,
    seconds: float,
    expected: int = 201,
) -> list[Answer]:
    """Measure one round, and return its answers.

    Raises: RuntimeError (some answer has another status: the figures would mean nothing).
    """
    before, machine = town.cpu(), machine_seconds()
    visit = drive(ports, requests, clients=CLIENTS, seconds=seconds)
    machine, cpu = machine_seconds() - machine, used(before, town.cpu())
    if set(visit.statuses) != {expected}:
        wrong = next(answer for answer in visit.answers if answer.status != expected)
        raise RuntimeError(f"answers: {dict(visit.statuses)}; one of them: {wrong.body.decode()}")
    course.add(visit, cpu, machine)
    return visit.answers
