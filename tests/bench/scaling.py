"""How far does one town go, and all 342 at once? A model of queues, fed with measured.yaml.

Run by `python -m tests.bench.scaling`; needs no server. Seeds are fixed: the same file prints the same tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf
from pathlib import Path
from typing import Any

import yaml

from tests.bench.simulation.figures import percentile, table
from tests.bench.simulation.queueing import Flow, Load, Network, Route

MEASURED = Path(__file__).with_name("measured.yaml")
PARTS = ("gateway", "broker", "service", "database")
"""What needs CPU; `row` and `commit` only need time."""
SEED = 342
MICRO = 1e-6

Row = Sequence[str]
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """The figures of the file, as loads and machines."""

    figures: Figures
    requests: int = 30_000
    """How many are simulated for a row of a table; more where they are over before the queues are long."""

    def bookings(self, residents: float, *, releases: float) -> float:
        """Return bookings a second in a rush in which all of a release is asked for in the first minutes."""
        demand = self.figures["demand"]
        return float(residents * demand["visits_per_resident_year"] / releases / demand["rush_seconds"])

    def peak_hour(self, residents: float) -> float:
        """Return bookings a second in the busiest hour of a year without rushes."""
        demand = self.figures["demand"]
        day = residents * demand["visits_per_resident_year"] / demand["working_days"] * demand["peak_day"]
        return float(day * demand["peak_hour"] / 3600)

    @property
    def requests_per_booking(self) -> float:
        """Return how often the gateway is asked for each booked visit."""
        booking = self.figures["booking"]
        return float(booking["holds"] + booking["confirms"] + booking["looks"])

    def load(self, bookings: float, *, towns: int) -> Load:
        """Return the requests of so many bookings a second in towns of one size; each has a hot row of its own."""
        booking, kinds = self.figures["booking"], dict[str, tuple[Route, float]]()
        looks = bookings * booking["looks"]
        kinds["cached"] = (self._route("cached"), looks * booking["share_cached"])
        kinds["search"] = (self._route("search"), looks * (1 - booking["share_cached"]))
        kinds["confirm"] = (self._route("confirm"), bookings * booking["confirms"])
        for town in range(towns):
            route = tuple((f"row-{town}" if part == "row" else part, cost) for part, cost in self._route("hold"))
            kinds[f"hold-{town}"] = (route, bookings * booking["holds"] / towns)
        return Load(kinds, seconds=self.requests * max(1 / bookings / self.requests_per_booking, 1 / 7_500))

    def _route(self, kind: str) -> Route:
        costs: Mapping[str, float] = self.figures["requests"]["kinds"][kind]
        return tuple((part, cost * MICRO) for part, cost in costs.items())

    def per_booking(self) -> dict[str, float]:
        """Return the seconds that one booking, with all its looks, takes of each part and of the row."""
        found = self.load(1.0, towns=1).demands()
        return {part.partition("-")[0]: seconds * self.requests_per_booking for part, seconds in found.items()}

    @property
    def afterwards(self) -> float:
        """Return the seconds of CPU of what follows a booking and that nobody waits for."""
        return float(self.figures["afterwards"]["microseconds"] * MICRO)

    def network(self, cores: Mapping[str, int], *, towns: int) -> Network:
        """Return a machine with these cores, and a row for each town on it."""
        rows = {f"row-{town}": 1.0 for town in range(towns)}
        return Network(
            {**cores, **rows, "commit": inf},
            most_inside=self.figures["gateway"]["most_in_flight"] * cores["gateway"],
            refusal=self.figures["requests"]["kinds"]["refusal"]["gateway"] * MICRO,
        )

    def run(self, bookings: float, cores: Mapping[str, int], *, towns: int = 1) -> Flow:
        """Return what a machine makes of so many bookings a second."""
        return self.network(cores, towns=towns).run(self.load(bookings, towns=towns), seed=SEED)

    def cores_needed(self, bookings: float) -> int:
        """Return how many cores so many bookings a second keep as busy as is wise, and no busier.

        What nobody waits for may take longer than the rush, up to the time within which everybody is told.
        """
        spread = self.figures["demand"]["rush_seconds"] / self.figures["afterwards"]["told_within_seconds"]
        work = sum(self.per_booking()[part] for part in PARTS) + self.afterwards * spread
        return ceil(bookings * work / self.figures["cost"]["highest_use"])


FLOW = ("booked/s", "requests/s", "p50 ms", "p99 ms", "refused", "busiest", "its use")
ONE_OF_EACH = dict.fromkeys(PARTS, 1)


def _cells(model: Model, flow: Flow, *, machines: int = 1) -> Row:
    busiest = max(flow.use, key=lambda part: flow.use[part])
    return (
        f"{machines * flow.done / model.requests_per_booking:,.2f}",
        f"{machines * flow.done:,.1f}",
        f"{percentile(flow.latencies, 0.5) * 1000:.1f}",
        f"{percentile(flow.latencies, 0.99) * 1000:.1f}",
        f"{flow.refused:.0%}",
        busiest.partition("-")[0],
        f"{flow.use[busiest]:.1%}",
    )


def one_booking(model: Model) -> Iterator[Row]:
    """Return what a booking takes of each part, and how many a second one core of it (or one row) carries."""
    for part, seconds in model.per_booking().items():
        if part != "commit":
            yield part, f"{seconds / MICRO:,.0f}", f"{1 / seconds:,.0f}"
    yield "afterwards", f"{model.afterwards / MICRO:,.0f}", f"{1 / model.afterwards:,.0f}"


def one_town(model: Model) -> Iterator[Row]:
    """Return what a town of Enschede's size makes of its hours, with one process on one core for each part."""
    residents, releases = model.figures["places"]["enschede"], model.figures["demand"]["releases_per_year"]
    month = model.bookings(residents, releases=releases)
    hours = {"busiest hour of the year": model.peak_hour(residents), "a month released": month}
    hours |= {f"{times} times that": times * month for times in (5, 10, 20, 30, 40)}
    for name, bookings in hours.items():
        yield name, f"{bookings:,.2f}", *_cells(model, model.run(bookings, ONE_OF_EACH))
    for gateways in (2, 3, 4):
        flow = model.run(40 * month, {**ONE_OF_EACH, "gateway": gateways})
        yield f"the last with {gateways} gateways", f"{40 * month:,.2f}", *_cells(model, flow)


def largest_town(model: Model) -> Iterator[Row]:
    """Return what the largest town makes of a rush for a single morning at a single counter."""
    residents, releases = model.figures["places"]["amsterdam"], model.figures["demand"]["releases_per_year"]
    for name, share in {"a month": releases, "a quarter": 4, "a half year": 2, "a year": 1}.items():
        bookings = model.bookings(residents, releases=share)
        cores = {"gateway": 8, "broker": 1, "service": 4, "database": 4}
        yield f"{name} at once", f"{bookings:,.0f}", *_cells(model, model.run(bookings, cores))


def country(model: Model, *, releases: float, machines: Sequence[int]) -> Iterator[Row]:
    """Return a row for each number of machines that share the municipalities; nothing crosses from one to another."""
    places, cores = model.figures["places"], model.figures["machine"]["cores"]
    bookings = model.bookings(places["netherlands"], releases=releases)
    for count in machines:
        flow = model.run(bookings / count, cores, towns=ceil(places["municipalities"] / count))
        yield f"{count} ({count * sum(cores.values())} cores)", f"{bookings:,.0f}", *_cells(model, flow, machines=count)


def bills(model: Model) -> Iterator[Row]:
    """Return what it costs a month: cores for the rush all the time, memory and disk for each town's own set."""
    places, cost, memory = (model.figures[block] for block in ("places", "cost", "memory"))
    megabytes = (
        memory["megabytes_per_process"] * memory["processes_per_town"]
        + memory["database_megabytes_per_town"]
        + memory["broker_megabytes_per_town"]
    )
    everybody, releases = places["netherlands"], model.figures["demand"]["releases_per_year"]
    for name, residents, towns, share in (
        ("one town, a month released", places["enschede"], 1, releases),
        ("342 towns, a month released", everybody, places["municipalities"], releases),
        ("342 towns, a year at once", everybody, places["municipalities"], 1),
    ):
        cores = model.cores_needed(model.bookings(residents, releases=share))
        hours = cost["hours_per_month"]
        parts = (
            cores * cost["core_hour"] * hours,
            towns * megabytes / 1024 * cost["memory_gigabyte_hour"] * hours,
            towns * memory["disk_gigabytes_per_town"] * cost["disk_gigabyte_month"],
        )
        size = f"{cores:,}", f"{towns * megabytes / 1024:,.0f}"
        yield name, *size, *(f"{part:,.0f}" for part in parts), f"{sum(parts):,.0f}", f"{sum(parts) / towns:,.0f}"


def sources(figures: Figures) -> Iterator[Row]:
    """Return where each block of the file comes from."""
    for name, block in figures.items():
        yield name, f"{block['date']}", "assumed" if block["assumed"] else "measured or read", block["source"]


def tables(model: Model) -> Iterator[str]:
    """Return all tables, as text."""
    flow, releases = ("", "asked/s", *FLOW), model.figures["demand"]["releases_per_year"]
    bill = ("", "cores", "GB", "cores EUR", "memory EUR", "disk EUR", "a month EUR", "a town EUR")
    yield table("One booking with all its looks", ("", "µs", "bookings/s of one"), one_booking(model))
    yield table("One town of 160,000: one core for each part", flow, one_town(model))
    yield table("The largest town: everybody wants one row", flow, largest_town(model))
    months = country(model, releases=releases, machines=(1, 2, 3, 4))
    yield table("342 municipalities, a month released: machines of 8 cores", flow, months)
    years = country(model, releases=1, machines=(8, 12, 16, 20, 24, 32))
    yield table("342 municipalities, a whole year at once: machines of 8 cores", flow, years)
    yield table("What it costs", bill, bills(model))


def main() -> None:
    """Print the tables and their sources."""
    model = Model(yaml.safe_load(MEASURED.read_text(encoding="utf-8")))
    for text in tables(model):
        print(text)
    for name, date, how, source in sources(model.figures):
        print(f"  {name}: {how}, {date}: {source}")


if __name__ == "__main__":
    main()
