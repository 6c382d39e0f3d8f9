"""What is on offer: locations, products, counters and the calendar, as the town's files say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select, update
from sqlalchemy.dialects.postgresql import insert

from services.appointments.domain.companions import Companion, Line, LineKind, able_beside, read_also
from services.appointments.domain.policy import read_policy
from services.appointments.domain.quotas import Quota
from services.appointments.domain.ticks import FULL
from services.appointments.domain.visit import Product, Size, Wanted, companions_for
from services.appointments.tables import calendar, exempt, line, location, product, quota
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """The whole catalogue as one load of the town's files left it; all rows in the order of the files.

    Two editions are never equal, so that what is worked out from one may be kept with it.
    """

    id: UUID
    products: tuple[Row[Any], ...]
    locations: tuple[Row[Any], ...]
    lines: tuple[Row[Any], ...]
    counters: tuple[Row[Any], ...]
    """Those of the lines at which visits are served."""
    quotas: tuple[Quota, ...]
    exempt: Mapping[bytes, date | None]
    """Digests of addresses and numbers that may have any number of visits, and until when."""

    def is_exempt(self, keys: Iterable[bytes | None], on: date) -> bool:
        """Say whether one of these digests is that of somebody who books for many others."""
        return any(key in self.exempt and (self.exempt[key] or on) >= on for key in keys if key is not None)

    def quotas_on(
        self, *, location_id: str, products: Collection[str], channel: str, needs: Collection[str]
    ) -> tuple[str, ...]:
        """Return the quotas that a visit at a location is held to."""
        return tuple(
            quota.id
            for quota in self.quotas
            if quota.location_id == location_id and quota.binds(products=products, channel=channel, needs=needs)
        )

    def offered_products(self, on: date) -> list[Row[Any]]:
        """Return the products on offer on a day."""
        return [
            row
            for row in self.products
            if row.offered
            and (row.valid_from is None or row.valid_from <= on)
            and (row.valid_until is None or row.valid_until >= on)
        ]

    def rules_of_products(self, product_ids: Collection[str], on: date) -> dict[str, Product]:
        """Return what the rules must know of those of these products that are on offer on a day."""
        return {row.id: rules_of(row) for row in self.offered_products(on) if row.id in product_ids}

    def rules_by_id(self, product_ids: Collection[str]) -> list[Product]:
        """Return what the rules must know of these products, also when they are no longer on offer."""
        return [rules_of(row) for row in self.products if row.id in product_ids]

    def all_products(self) -> list[Product]:
        """Return what the rules must know of every product, also of those no longer on offer."""
        return [rules_of(row) for row in self.products]

    def skills_for(self, product_ids: Collection[str]) -> frozenset[str]:
        """Return the skills that products need together, also when they are no longer on offer."""
        return frozenset(skill for row in self.products if row.id in product_ids for skill in row.needs)

    def companions_for(self, wanted: Iterable[Wanted], size: Size) -> tuple[Companion, ...]:
        """Return what a visit of a size needs besides its counter, also when a product is no longer on offer."""
        persons = {part.product_id: part.persons for part in wanted}
        return companions_for([(product, persons[product.product_id]) for product in self.rules_by_id(persons)], size)

    def offered_locations(self) -> list[Row[Any]]:
        """Return the locations that are in use."""
        return [row for row in self.locations if row.offered]

    def location_by_id(self, location_id: str) -> Row[Any] | None:
        """Return a location, or None when there is none that is in use."""
        return next((row for row in self.locations if row.id == location_id and row.offered), None)

    def time_zone_of(self, location_id: str) -> str:
        """Return the name of a location's time zone, also when the location is no longer in use."""
        return next(str(row.time_zone) for row in self.locations if row.id == location_id)

    def locations_able(self, needs: Collection[str], companions: Sequence[Companion] = ()) -> list[str]:
        """Return the locations at which some single counter has all of these skills, with all that is needed besides.

        Whether anything is free or even open is another matter.
        """
        able = {row.location_id for row in self.counters if row.offered and set(needs) <= set(row.skills)}
        here = [row.id for row in self.offered_locations() if row.id in able]
        return [location_id for location_id in here if not companions or self._able_beside(location_id, companions)]

    def _able_beside(self, location_id: str, companions: Sequence[Companion]) -> bool:
        lines = [
            Line(row.id, LineKind(row.kind), frozenset(row.skills), FULL)
            for row in self.lines
            if row.offered and row.location_id == location_id
        ]
        return able_beside(companions, lines)


class _Shelf:
    """The edition that this process read last. Editions never change, so one is as good as its id is new."""

    last: Edition | None = None


def edition(reading: Reading) -> Edition:
    """Return the present catalogue: one small look, and the rows only when the files were loaded anew.

    Raises: RuntimeError (nothing was ever loaded).
    """
    known = reading.memo.get(Edition)
    if known is None:
        edition_id = reading.connection.execute(select(calendar.c.edition)).scalar_one_or_none()
        known = _Shelf.last
        if known is None or known.id != edition_id:
            known = _Shelf.last = _read_edition(reading, edition_id)
        reading.memo[Edition] = known
    found: Edition = known
    return found


def edition_seen_last() -> Edition | None:
    """Return the edition that this process saw last, without asking; who uses it must check its id when it writes."""
    return _Shelf.last


def _read_edition(reading: Reading, edition_id: UUID | None) -> Edition:
    def rows(table: Table) -> tuple[Row[Any], ...]:
        return tuple(reading.connection.execute(select(table).order_by(table.c.position, table.c.id)))

    all_lines = rows(line)
    return Edition(
        id=edition_id or UUID(int=0),
        products=rows(product),
        locations=rows(location),
        lines=all_lines,
        counters=tuple(row for row in all_lines if row.kind == LineKind.DESK),
        quotas=quotas(reading),
        exempt={bytes.fromhex(row.id): row.valid_until for row in rows(exempt) if row.offered},
    )


def quotas(reading: Reading) -> tuple[Quota, ...]:
    """Return the quotas that are in force."""
    rows = reading.connection.execute(select(quota).where(quota.c.offered).order_by(quota.c.position))
    return tuple(
        Quota(
            id=row.id,
            location_id=row.location_id,
            kind=row.rules["kind"],
            products=frozenset(row.rules["products"]),
            channels=frozenset(row.rules["channels"]),
            needs=frozenset(row.rules["needs"]),
            share=row.rules["share"],
            release_days=row.rules["release_days"],
            release_at=time.fromisoformat(row.rules["release_at"]),
        )
        for row in rows
    )


def rules_of(row: Row[Any]) -> Product:
    """Return what the rules must know of a product."""
    return Product(
        product_id=row.id,
        needs=frozenset(row.needs),
        minutes=row.minutes,
        extra_minutes=row.extra_minutes_per_person,
        max_persons=row.max_persons,
        setup_minutes=row.setup_minutes,
        wrap_minutes=row.wrap_minutes,
        lead_minutes=row.lead_minutes,
        horizon_days=row.horizon_days,
        shared_minutes=row.shared_minutes,
        policy=read_policy(row.policy),
        also=read_also(row.also),
    )


def locations(reading: Reading) -> Sequence[Row[Any]]:
    """Return all locations, also those out of use."""
    return reading.connection.execute(select(location)).all()


def lines(reading: Reading) -> Sequence[Row[Any]]:
    """Return all lines, also those out of use (`offered` says which), in the order of the files."""
    return reading.connection.execute(select(line).order_by(line.c.position, line.c.id)).all()


def hours_of_locations(reading: Reading) -> dict[str, list[dict[str, Any]]]:
    """Return the weekly hours of each location; none for one that is out of use."""
    rows = reading.connection.execute(select(location.c.id, location.c.hours, location.c.offered))
    return {row.id: row.hours if row.offered else [] for row in rows}


def calendar_rules(reading: Reading) -> dict[str, Any]:
    """Return the calendar of closings as the files say it; empty before the first load."""
    rules: dict[str, Any] | None = reading.connection.execute(select(calendar.c.rules)).scalar_one_or_none()
    return rules or {}


def put_catalogue(
    work: Work,
    *,
    locations: Sequence[Mapping[str, Any]],
    products: Sequence[Mapping[str, Any]],
    lines: Sequence[Mapping[str, Any]],
    quotas: Sequence[Mapping[str, Any]],
    exempted: Sequence[Mapping[str, Any]],
    rules: Mapping[str, Any],
) -> None:
    """Make the catalogue what the files say. What they no longer name stays, out of use: visits refer to it."""
    tables = ((location, locations), (product, products), (line, lines), (quota, quotas), (exempt, exempted))
    for table, rows in tables:
        _put(work, table, rows)
    _put(work, calendar, [{"id": 1, "rules": rules, "edition": work.new_id()}])


def _put(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if "offered" in table.c:
        gone = update(table).where(table.c.id.not_in([row["id"] for row in rows])).values(offered=False)
        work.connection.execute(gone)
        rows = [{**row, "position": position, "offered": True} for position, row in enumerate(rows)]
    for row in rows:
        statement = insert(table).values(**row)
        changed = {name: statement.excluded[name] for name in row if name != "id"}
        work.connection.execute(statement.on_conflict_do_update(index_elements=[table.c.id], set_=changed))
