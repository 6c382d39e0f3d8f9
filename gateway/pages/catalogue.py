"""Products and locations in the words of the visitor's language, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g

from gateway.rpc import services

Product = dict[str, Any]
Location = dict[str, Any]


def products() -> dict[str, Product]:
    """Return the products that can be booked on the web, by id, in the order in which residents see them.

    Raises: Unavailable.
    """
    return {product["product_id"]: product for product in services().products() if "web" in product["channels"]}


def locations() -> dict[str, Location]:
    """Return the locations by id.

    Raises: Unavailable.
    """
    return {location["location_id"]: location for location in services().locations()}


def local(texts: dict[str, str]) -> str:
    """Return one of several translations: the one in the language of this page."""
    return texts[g.lang]


def locations_for(chosen: Iterable[str]) -> list[Location]:
    """Return the locations where all chosen products can be done in one visit.

    Raises: Unavailable.
    """
    offered = products()
    wanted = [set(offered[product]["location_ids"]) for product in chosen if product in offered]
    common = set.intersection(*wanted) if wanted else set()
    return [location for key, location in locations().items() if key in common]


def place_line(location: Location) -> str:
    """Return a location on one line: `Stadskantoor, Hengelosestraat 51, 7514 AD Enschede`."""
    return f"{location['name']}, {location['street']}, {location['postal_code']} {location['city']}"


@dataclass(frozen=True, slots=True)
class Line:
    """One product of a visit, as the summary shows it. `fees` is pairs of who pays and cents for one person."""

    product_id: str
    name: str
    persons: int
    bring: tuple[str, ...]
    fees: tuple[tuple[str, int], ...]
    collects: bool = False
    bound: bool = False


@dataclass(frozen=True, slots=True)
class VisitInWords:
    """A visit as the summary shows it."""

    lines: tuple[Line, ...]
    location: Location | None

    @property
    def bring(self) -> tuple[str, ...]:
        """What to bring, each thing once."""
        return tuple(dict.fromkeys(thing for line in self.lines for thing in line.bring))

    @property
    def collects(self) -> bool:
        """Say whether something is made that must be collected in a second visit."""
        return any(line.collects for line in self.lines)

    @property
    def bound(self) -> bool:
        """Say whether the visit belongs to one person, by name and birth date."""
        return any(line.bound for line in self.lines)

    @property
    def several(self) -> bool:
        """Say whether more than one person comes."""
        return any(line.persons > 1 for line in self.lines)

    @property
    def total_cents(self) -> int | None:
        """What the visit costs; None when it depends on the age of who comes."""
        cents = 0
        for line in self.lines:
            if any(who != "everyone" for who, _ in line.fees):
                return None
            cents += sum(fee for _, fee in line.fees) * line.persons
        return cents


def in_words(wanted: Iterable[tuple[str, int]], location_id: str) -> VisitInWords:
    """Return a visit in words; products that are no longer offered are left out.

    Raises: Unavailable.
    """
    offered = products()
    known = [(offered[product], persons) for product, persons in wanted if product in offered]
    lines = tuple(
        Line(
            product_id=product["product_id"],
            name=local(product["names"]),
            persons=persons,
            bring=tuple(local(text) for text in product["bring"]),
            fees=tuple((fee["applies_to"], fee["cents"]) for fee in product["fees"]),
            collects=bool(product.get("collection")),
            bound=bool(product.get("bound")),
        )
        for product, persons in known
    )
    return VisitInWords(lines, locations().get(location_id) if location_id else None)
