"""A town as its files say it, and whether the files, each right by itself, fit together."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Town:
    """What the files say, as rows for the catalogue."""

    products: list[dict[str, Any]]
    locations: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    calendar: dict[str, Any]
    quotas: list[dict[str, Any]] = field(default_factory=list)


def contradictions(town: Town) -> list[str]:
    """Return where the files, each right by itself, do not fit together."""
    errors = []
    named = (
        ("products", town.products), ("locations", town.locations), ("lines", town.lines), ("quotas", town.quotas)
    )  # fmt: skip
    for name, entries in named:
        ids = [entry["id"] for entry in entries]
        errors += [
            f"{name}.yaml: {known}: this id stands there twice" for known in {i for i in ids if ids.count(i) > 1}
        ]
    places = {entry["id"] for entry in town.locations}
    products = {entry["id"] for entry in town.products}
    counters = {entry["id"] for entry in town.lines}
    for entry in town.lines:
        if entry["location_id"] not in places:
            errors.append(f"lines.yaml: {entry['id']}.location_id: locations.yaml has no {entry['location_id']}")
    for entry in town.products:
        if not any(set(entry["needs"]) <= set(counter["skills"]) for counter in town.lines):
            errors.append(f"products.yaml: {entry['id']}.needs: no counter in lines.yaml has all of these skills")
        errors += [
            f"products.yaml: {entry['id']}.shared_minutes: there is no product {other}"
            for other in entry["shared_minutes"]
            if other not in products
        ]
        errors += [
            f"products.yaml: {entry['id']}.policy.relief.lines: lines.yaml has no {line_id}"
            for line_id in (entry["policy"].get("relief") or {}).get("lines", ())
            if line_id not in counters
        ]
        collection = entry["policy"].get("collection")
        if collection and collection["product_id"] not in products - {entry["id"]}:
            missing = collection["product_id"]
            errors.append(f"products.yaml: {entry['id']}.policy.collection: there is no product {missing}")
    for entry in town.quotas:
        if entry["location_id"] not in places:
            errors.append(f"quotas.yaml: {entry['id']}.location_id: locations.yaml has no {entry['location_id']}")
        errors += [
            f"quotas.yaml: {entry['id']}.products: there is no product {other}"
            for other in entry["rules"]["products"]
            if other not in products
        ]
    for entry in town.calendar["closures"]:
        if entry["location_id"] not in {None, *places}:
            errors.append(f"calendar.yaml: {entry['on']}.location_id: locations.yaml has no {entry['location_id']}")
    return errors
