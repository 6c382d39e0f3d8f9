"""What is on offer: locations, products, counters and the calendar, as the town's files say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.appointments.domain.policy import read_policy
from services.appointments.domain.visit import Product
from services.appointments.tables import calendar, line, location, product
from services.messaging.work import Reading, Work


def offered_products(reading: Reading, on: date) -> Sequence[Row[Any]]:
    """Return the products on offer on a day, in the order of the files."""
    statement = (
        select(product)
        .where(
            product.c.offered,
            or_(product.c.valid_from.is_(None), product.c.valid_from <= on),
            or_(product.c.valid_until.is_(None), product.c.valid_until >= on),
        )
        .order_by(product.c.position)
    )
    return reading.connection.execute(statement).all()


def rules_of_products(reading: Reading, product_ids: Collection[str], on: date) -> dict[str, Product]:
    """Return what the rules must know of those of these products that are on offer on a day."""
    return {row.id: rules_of(row) for row in offered_products(reading, on) if row.id in product_ids}


def rules_by_id(reading: Reading, product_ids: Collection[str]) -> list[Product]:
    """Return what the rules must know of these products, also when they are no longer on offer."""
    rows = reading.connection.execute(select(product).where(product.c.id.in_(product_ids)))
    return [rules_of(row) for row in rows]


def all_products(reading: Reading) -> list[Product]:
    """Return what the rules must know of every product, also of those no longer on offer."""
    return [rules_of(row) for row in reading.connection.execute(select(product).order_by(product.c.position))]


def skills_for(reading: Reading, product_ids: Collection[str]) -> frozenset[str]:
    """Return the skills that products need together, also when they are no longer on offer."""
    rows = reading.connection.execute(select(product.c.needs).where(product.c.id.in_(product_ids)))
    return frozenset(skill for row in rows for skill in row.needs)


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
    )


def offered_locations(reading: Reading) -> Sequence[Row[Any]]:
    """Return the locations, in the order of the files."""
    return reading.connection.execute(select(location).where(location.c.offered).order_by(location.c.position)).all()


def location_by_id(reading: Reading, location_id: str) -> Row[Any] | None:
    """Return a location, or None when there is none that is in use."""
    return reading.connection.execute(
        select(location).where(location.c.id == location_id, location.c.offered)
    ).one_or_none()


def time_zone_of(reading: Reading, location_id: str) -> str:
    """Return the name of a location's time zone, also when the location is no longer in use."""
    name: str = reading.connection.execute(
        select(location.c.time_zone).where(location.c.id == location_id)
    ).scalar_one()
    return name


def counters(reading: Reading) -> Sequence[Row[Any]]:
    """Return all counters, also those out of use (`offered` says which), in the order of the files."""
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
    rules: Mapping[str, Any],
) -> None:
    """Make the catalogue what the files say. What they no longer name stays, out of use: visits refer to it."""
    for table, rows in ((location, locations), (product, products), (line, lines)):
        _put(work, table, rows)
    _put(work, calendar, [{"id": 1, "rules": rules}])


def _put(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if "offered" in table.c:
        gone = update(table).where(table.c.id.not_in([row["id"] for row in rows])).values(offered=False)
        work.connection.execute(gone)
        rows = [{**row, "position": position, "offered": True} for position, row in enumerate(rows)]
    for row in rows:
        statement = insert(table).values(**row)
        changed = {name: statement.excluded[name] for name in row if name != "id"}
        work.connection.execute(statement.on_conflict_do_update(index_elements=[table.c.id], set_=changed))
