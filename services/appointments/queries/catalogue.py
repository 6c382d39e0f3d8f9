"""What is on offer, and where."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.appointments.domain.policy import Policy, read_policy
from services.appointments.domain.ticks import local_day
from services.appointments.storage import catalogue
from services.messaging.work import Reading

TOWN_ZONE = ZoneInfo("Europe/Amsterdam")
"""The zone in which a day of the catalogue begins; each location has its own for its agenda."""


def list_products(reading: Reading) -> dict[str, Any]:
    """Return the products on offer today, with the fees that are in force today."""
    today = local_day(TOWN_ZONE, reading.now)
    edition = catalogue.edition(reading)
    return {
        "products": [
            {
                "product_id": row.id,
                "names": row.names,
                "summary": row.summary,
                "bring": row.bring,
                "minutes": row.minutes,
                "extra_minutes_per_person": row.extra_minutes_per_person,
                "max_persons": row.max_persons,
                "fees": fees_on(row.fees, today),
                "channels": row.channels,
                "audience": row.audience,
                **_shown(read_policy(row.policy)),
                "location_ids": edition.locations_able(row.needs, catalogue.rules_of(row).companions_for_one),
                "collection": row.policy.get("collection"),
                "wait_norm_days": row.policy.get("wait_norm_days"),
            }
            for row in edition.offered_products(today)
        ]
    }


def _shown(policy: Policy) -> dict[str, Any]:
    return {
        "scarce": policy.scarce,
        "code": policy.code,
        "most_live": policy.most_live,
        "bound": policy.bound,
        "drawn": bool(policy.draws),
    }


def fees_on(fees: Sequence[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
    """Return for each group of people the fee that is in force on a day: the one that began last."""
    in_force: dict[str, Mapping[str, Any]] = {}
    for fee in sorted(fees, key=lambda fee: str(fee["valid_from"])):
        if fee["valid_from"] <= on.isoformat():
            in_force[fee["applies_to"]] = fee
    return [{"applies_to": group, "cents": fee["cents"]} for group, fee in in_force.items()]


def list_locations(reading: Reading) -> dict[str, Any]:
    """Return the locations, with the opening hours that are in force today."""
    return {
        "locations": [
            {
                "location_id": row.id,
                "name": row.name,
                "street": row.street,
                "postal_code": row.postal_code,
                "city": row.city,
                "time_zone": row.time_zone,
                "phone": row.phone,
                "directions": row.directions,
                "opening_hours": hours_on(row.hours, local_day(ZoneInfo(row.time_zone), reading.now)),
            }
            for row in catalogue.edition(reading).offered_locations()
        ]
    }


def hours_on(hours: Sequence[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
    """Return the weekly opening hours that are in force on a day, from Monday on."""
    day = on.isoformat()
    found = [
        {"weekday": weekday, "opens": entry["from"], "closes": entry["until"]}
        for entry in hours
        if (entry.get("valid_from") or day) <= day <= (entry.get("valid_until") or day)
        for weekday in entry["weekdays"]
    ]
    return sorted(found, key=lambda entry: (entry["weekday"], entry["opens"]))
