"""What do the rules for showing, giving and giving back places do? A year of synthetic demand, the same for each rule.

Run by `python -m tests.bench.policies` (a minute); needs no server. Seeds are fixed: the same code prints the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from tests.bench.simulation import lot, rules
from tests.bench.simulation.agenda import Agenda
from tests.bench.simulation.demand import HORIZON, WARM_UP, Calendar, Person, calendar, people
from tests.bench.simulation.figures import table
from tests.bench.simulation.waiting import InListOrder, PublicAtOnce, cells
from tests.bench.simulation.year import Outcome, Year

SEED = 20270104
DESKS = 4
YEAR = 364
FULL, TIGHT = 1.10, 0.95
"""What people want, as a share of what the counters can take: more than there is, and nearly all of it."""

Row = Sequence[str]
AGENDA_HEADER = ("", "occupancy", "refused", "TNAA d", "wait d", "p90/p10", "Gini", "no-shows")
WAITING_HEADER = (
    *("", "occupancy", "reused", "TNAA d", "moved", "days gained"),
    *("by looking", "by script", "by offer", "passed: looking", "script", "offer"),
)
LOT_HEADER = ("", "used", "by brokers", "fastest 1/4", "slowest 1/4", "wait w", "p90", "Gini")


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The counters and the people: the same for every rule."""

    openings: Calendar
    people: Sequence[Person]
    days: int

    def year(self, agenda: Agenda) -> Outcome:
        """Return what one set of rules made of it."""
        return Year(self.people, agenda, days=self.days).run()


def world(*, load: float, days: int = YEAR, desks: int = DESKS) -> World:
    """Return a world that is measured for some days after its warm-up."""
    days += WARM_UP
    openings = calendar(days=days + HORIZON + 1, desks=desks)
    return World(openings, people(openings=openings, days=days, load=load, seed=SEED), days)


@cache
def best_fit(it: World, offer: rules.Offer) -> Row:
    """Return the cells of a year in which the counter is the best fit; two tables show some of them."""
    return _cells(it.year(Agenda(it.openings, offer=offer, choose=rules.best_fit)))


def offering(it: World) -> Iterator[Row]:
    """Return a row for each rule that says which starts are shown; the counter is the best fit."""
    for name, offer in {
        "15-minute grid": rules.quarter_grid,
        "every tick": rules.every_tick,
        "no hole": rules.no_hole,
    }.items():
        yield name, *best_fit(it, offer)


def counters(it: World) -> Iterator[Row]:
    """Return a row for each rule that says which counter takes a visit."""
    for shown, offer in {"every tick": rules.every_tick, "no hole": rules.no_hole}.items():
        chance = Agenda(it.openings, offer=offer, choose=rules.random_counter(Random(SEED)))
        hole_free = Agenda(it.openings, offer=offer, choose=rules.hole_free)
        repacked = Agenda(it.openings, offer=offer, choose=rules.best_fit, repack=True)
        yield f"{shown}, random counter", *_cells(it.year(chance))
        yield f"{shown}, best fit", *best_fit(it, offer)
        yield f"{shown}, hole-free, then best fit", *_cells(it.year(hole_free))
        yield f"{shown}, best fit + repack", *_cells(it.year(repacked))


def cancelled_places(it: World) -> Iterator[Row]:
    """Return a row for each rule that says who gets a place that was given back."""

    def agenda() -> Agenda:
        return Agenda(it.openings, offer=rules.no_hole, choose=rules.best_fit)

    yield "public at once", *cells(PublicAtOnce(it.people, agenda(), days=it.days))
    for hours in (2, 8):
        listed = InListOrder(it.people, agenda(), days=it.days, window=hours * 60)
        yield f"list for {hours} contact hours", *cells(listed)


def scarce_product() -> Iterator[Row]:
    """Return a row for each order in which a weekly batch is given away."""
    for load in (0.9, 1.1, 1.3):
        for name, order in {"first come": lot.by_speed, "by lot": lot.by_lot}.items():
            yield f"{load:.0%} wanted, {name}", *lot.simulate(order, load=load, weeks=52, seed=SEED).cells()


def _cells(outcome: Outcome) -> Row:
    return (
        f"{outcome.occupancy:.3f}",
        f"{outcome.refused:.1%}",
        f"{outcome.tnaa:.0f}",
        f"{outcome.wait:.1f}",
        f"{outcome.wait_spread:.1f}",
        f"{outcome.wait_gini:.2f}",
        f"{outcome.no_shows:.1%}",
    )


def main() -> None:
    """Print the tables."""
    full, tight = world(load=FULL), world(load=TIGHT)
    print(f"{DESKS} counters, a year, {len(full.people)} people want {FULL:.0%} of the open time (seed {SEED})\n")
    print(table("Which starts are shown", AGENDA_HEADER, offering(full)))
    print(table(f"Which starts are shown, {TIGHT:.0%} wanted", AGENDA_HEADER, offering(tight)))
    print(table("Which counter takes it", AGENDA_HEADER, counters(full)))
    print(table("Who gets a place that was given back", WAITING_HEADER, cancelled_places(full)))
    print(table("A scarce product: a batch a week", LOT_HEADER, scarce_product()))


if __name__ == "__main__":
    main()
