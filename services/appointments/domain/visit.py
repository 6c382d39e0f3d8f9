"""How long a visit takes and what it needs of a counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.appointments.domain.companions import Also, Companion, companions_of
from services.appointments.domain.errors import TooManyPersons, VisitTooLong
from services.appointments.domain.policy import OPEN_TO_ALL, Policy
from services.appointments.domain.ticks import TICK_MINUTES

RULE_VERSION = 1
"""Stored with every appointment: a later rule never resizes a visit that was booked under an earlier one."""


@dataclass(frozen=True, slots=True)
class Product:
    """What the rules must know of a product. All lengths in minutes."""

    product_id: str
    needs: frozenset[str]
    minutes: int
    extra_minutes: int
    max_persons: int
    setup_minutes: int
    wrap_minutes: int
    lead_minutes: int
    horizon_days: int
    shared_minutes: Mapping[str, int]
    """Minutes saved when another product (the key) is done in the same visit, such as one check of identity."""
    policy: Policy = OPEN_TO_ALL
    also: tuple[Also, ...] = ()
    """What it needs besides the counter."""

    @property
    def ticks_for_one(self) -> int:
        """Return how many ticks of a counter a visit of one person for this product alone takes."""
        return ticks_for(self.setup_minutes) + ticks_for(self.minutes) + ticks_for(self.wrap_minutes)

    @property
    def companions_for_one(self) -> tuple[Companion, ...]:
        """Return what a visit of one person for this product alone needs besides its counter."""
        return companions_of(
            [(also, 1) for also in self.also],
            setup_ticks=ticks_for(self.setup_minutes),
            owned_ticks=self.ticks_for_one,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product for a number of persons."""

    product_id: str
    persons: int


@dataclass(frozen=True, slots=True)
class Size:
    """The length of a visit in ticks: what its holder sees, and what the counter needs before and after."""

    setup_ticks: int
    visit_ticks: int
    wrap_ticks: int

    @property
    def owned_ticks(self) -> int:
        """Return how many ticks of the counter the visit takes in all."""
        return self.setup_ticks + self.visit_ticks + self.wrap_ticks

    @property
    def minutes(self) -> int:
        """Return how long the visit is for its holder."""
        return self.visit_ticks * TICK_MINUTES


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody comes for, worked out: its size, the skills it needs of one counter, what it needs besides, and
    when it may be booked.
    """

    wanted: tuple[Wanted, ...]
    needs: frozenset[str]
    size: Size
    lead: timedelta
    horizon_days: int
    scarce: bool = False
    by_draw: bool = False
    """Some of the days for one of its products are given out by lot."""
    quota_ids: tuple[str, ...] = ()
    """The quotas that it is held to at its location."""
    companions: tuple[Companion, ...] = ()


def merged(wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Return what is wanted with each product once; naming a product twice means more persons."""
    persons: dict[str, int] = {}
    for part in wanted:
        persons[part.product_id] = persons.get(part.product_id, 0) + part.persons
    return tuple(Wanted(product_id, number) for product_id, number in persons.items())


def ticks_for(minutes: int) -> int:
    """Return the ticks that cover a number of minutes, rounded up."""
    return -(-minutes // TICK_MINUTES)


def visit_minutes(parts: Sequence[tuple[Product, int]]) -> int:
    """Return the minutes that products for numbers of persons take together, before rounding.

    The sum of (base + extra for each further person), less what pairs of products share, but never less than the
    longest part by itself.

    Source: domain/appointments.md 4.9.
    """
    lengths = [product.minutes + product.extra_minutes * (persons - 1) for product, persons in parts]
    shared = sum(
        max(one.shared_minutes.get(other.product_id, 0), other.shared_minutes.get(one.product_id, 0))
        for index, (one, _) in enumerate(parts)
        for other, _ in parts[index + 1 :]
    )
    return max(sum(lengths) - shared, *lengths)


def size_of(parts: Sequence[tuple[Product, int]]) -> Size:
    """Return the size of a visit for products and numbers of persons: prepared as the first, wrapped up as the last."""
    return Size(
        setup_ticks=ticks_for(parts[0][0].setup_minutes),
        visit_ticks=ticks_for(visit_minutes(parts)),
        wrap_ticks=ticks_for(parts[-1][0].wrap_minutes),
    )


def plan_visit(wanted: Sequence[Wanted], products: Mapping[str, Product], *, most_minutes: int) -> Visit:
    """Return the visit that does all that is wanted at one counter.

    It needs the preparation of its first product and the wrapping-up of its last. `most_minutes` is the location's
    limit for one visit.

    Raises: KeyError (a product that is not in `products`), TooManyPersons, VisitTooLong.
    """
    once = merged(wanted)
    parts = [(products[part.product_id], part.persons) for part in once]
    for product, persons in parts:
        if persons > product.max_persons:
            raise TooManyPersons(product_id=product.product_id, most_persons=product.max_persons)
    size = size_of(parts)
    if size.minutes > most_minutes:
        raise VisitTooLong(minutes=size.minutes, most_minutes=most_minutes)
    return Visit(
        wanted=once,
        needs=frozenset().union(*(product.needs for product, _ in parts)),
        size=size,
        lead=timedelta(minutes=max(product.lead_minutes for product, _ in parts)),
        horizon_days=min(product.horizon_days for product, _ in parts),
        scarce=any(product.policy.scarce for product, _ in parts),
        companions=companions_for(parts, size),
        by_draw=any(product.policy.draws for product, _ in parts),
    )


def companions_for(parts: Sequence[tuple[Product, int]], size: Size) -> tuple[Companion, ...]:
    """Return what a visit of a size needs besides its counter, for products and numbers of persons."""
    return companions_of(
        [(also, persons) for product, persons in parts for also in product.also],
        setup_ticks=size.setup_ticks,
        owned_ticks=size.owned_ticks,
    )
