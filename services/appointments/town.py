"""A town as its files say it, and whether the files, each right by itself, fit together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.appointments.domain.companions import Line, LineKind, able_beside, companions_of, read_also
from services.appointments.domain.ticks import FULL
from services.appointments.domain.visit import ticks_for


@dataclass(frozen=True, slots=True)
class Town:
    """What the files say, as rows for the catalogue."""

    products: list[dict[str, Any]]
    locations: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    calendar: dict[str, Any]
    quotas: list[dict[str, Any]] = field(default_factory=list)
    exempt: list[dict[str, Any]] = field(default_factory=list)


def contradictions(town: Town) -> list[str]:
    """Return where the files, each right by itself, do not fit together."""
    errors = []
    named = (
        ("products", town.products), ("locations", town.locations), ("lines", town.lines), ("quotas", town.quotas),
        ("exempt", town.exempt),
    )  # fmt: skip
    for name, entries in named:
        ids = [entry["id"] for entry in entries]
        errors += [
            f"{name}.yaml: {known}: this id stands there twice" for known in {i for i in ids if ids.count(i) > 1}
        ]
    places = {entry["id"] for entry in town.locations}
    products = {entry["id"] for entry in town.products}
    counters = {entry["id"] for entry in town.lines if entry["kind"] == LineKind.DESK}
    for entry in town.lines:
        if entry["location_id"] not in places:
            errors.append(f"lines.yaml: {entry['id']}.location_id: locations.yaml has no {entry['location_id']}")
    for entry in town.products:
        errors += _lines_missing(entry, town)
        errors += [
            f"products.yaml: {entry['id']}.shared_minutes: there is no product {other}"
            for other in entry["shared_minutes"]
            if other not in products
        ]
        errors += [
            f"products.yaml: {entry['id']}.policy.relief.lines: lines.yaml has no counter {line_id}"
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


def _lines_missing(product: Mapping[str, Any], town: Town) -> list[str]:
    """Return why no location could do a product."""
    needs = set(product["needs"])
    counters = [line for line in town.lines if line["kind"] == LineKind.DESK and needs <= set(line["skills"])]
    if not counters:
        return [f"products.yaml: {product['id']}.needs: no counter in lines.yaml has all of these skills"]
    missing = [
        f"products.yaml: {product['id']}.also.{number}: no {need['kind']} in lines.yaml has all of these skills"
        for number, need in enumerate(product["also"])
        if not any(line["kind"] == need["kind"] and set(need["skills"]) <= set(line["skills"]) for line in town.lines)
    ]
    if missing or any(_able_beside(product, town, counter["location_id"]) for counter in counters):
        return missing
    return [f"products.yaml: {product['id']}.also: no location with a counter for it has enough lines for all of this"]


def _able_beside(product: Mapping[str, Any], town: Town, location_id: str) -> bool:
    setup, visit, wrap = (ticks_for(product[name]) for name in ("setup_minutes", "minutes", "wrap_minutes"))
    asked = [(also, 1) for also in read_also(product["also"])]
    return able_beside(
        companions_of(asked, setup_ticks=setup, owned_ticks=setup + visit + wrap),
        [
            Line(line["id"], LineKind(line["kind"]), frozenset(line["skills"]), FULL)
            for line in town.lines
            if line["location_id"] == location_id
        ],
    )
