"""Who comes twice, to request a document and to collect it: both times are held and booked together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.pages.catalogue import products
from gateway.pages.draft import Draft, HeldTime
from gateway.rpc import services
from services.contracts.appointments import (
    BookedPair,
    CollectionDays,
    ConfirmPair,
    FindCollectionDays,
    FindFreeDays,
    FindFreePairs,
    FreeDays,
    FreePairs,
    HoldPair,
    Pair,
    PairRef,
)
from services.contracts.base import Done
from services.presenting.times import HOME

_MINUTE = timedelta(minutes=1)


def collects(draft: Draft) -> bool:
    """Say whether something is made that must be collected in a second visit."""
    offered = products()
    return any(offered[product].get("collection") for product, _ in draft.products if product in offered)


def working_days(draft: Draft) -> int:
    """Return how many working days it takes to make what is requested."""
    offered = products()
    rules = [offered[product].get("collection") for product, _ in draft.products if product in offered]
    days: int = max(rule["after_working_days"] for rule in rules if rule)
    return days


def days_for(visit: Mapping[str, Any], *, with_collection: bool) -> dict[str, Any]:
    """Return the days with room for a visit; when asked, only those after which there is room to collect.

    Raises: Refusal, Unavailable.
    """
    if with_collection:
        return services().ask("appointments.free_pairs", FindFreePairs, FreePairs, visit)
    return services().ask("appointments.free_days", FindFreeDays, FreeDays, visit)


def collection_days(draft: Draft, requested_at: datetime) -> dict[str, Any]:
    """Return the days with room to collect what is requested at a moment.

    Raises: Refusal, Unavailable.
    """
    wish = {**draft.visit(), "requested_on": requested_at.astimezone(HOME).date()}
    return services().ask("appointments.collection_days", FindCollectionDays, CollectionDays, wish)


def hold_both(draft: Draft, requested_at: datetime, collected_at: datetime, *, key: str) -> HeldTime:
    """Return both times, held together.

    Raises: Refusal (its fact `visit` says which of the two cannot be), Unavailable.
    """
    wish = {**draft.visit(), "starts_at": requested_at, "collection_starts_at": collected_at, "channel": "web"}
    pair = services().tell("appointments.hold_pair", HoldPair, Pair, wish, key=key)
    return _held(pair, pair["secret"])


def extend_both(held: HeldTime, *, key: str) -> HeldTime:
    """Return both times, held for ten more minutes.

    Raises: Refusal, Unavailable.
    """
    return _held(services().tell("appointments.extend_pair", PairRef, Pair, _ref(held), key=key), held.secret)


def release_both(held: HeldTime) -> None:
    """Give both times back.

    Raises: Refusal, Unavailable.
    """
    services().tell("appointments.release_pair", PairRef, Done, _ref(held))


def confirm_both(held: HeldTime, person: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    """Return the appointment to request, booked together with the one to collect.

    Raises: Refusal, Unavailable.
    """
    booked = services().tell("appointments.confirm_pair", ConfirmPair, BookedPair, {**_ref(held), **person}, key=key)
    request: dict[str, Any] = booked["request"]
    return request


def _ref(held: HeldTime) -> dict[str, Any]:
    return {"journey_id": held.hold_id, "secret": held.secret}


def _held(pair: Mapping[str, Any], secret: str) -> HeldTime:
    request, collection = pair["request"], pair["collection"]
    return HeldTime(
        hold_id=str(pair["journey_id"]),
        secret=secret,
        starts_at=request["starts_at"],
        minutes=(request["ends_at"] - request["starts_at"]) // _MINUTE,
        expires_at=min(request["expires_at"], collection["expires_at"]),
        extendable=request["extendable"],
        collected_at=collection["starts_at"],
    )


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one must wait today for a place, beside how long it should be."""

    first_free: datetime | None
    days: int
    norm_days: int


def wait_for(wanted: Iterable[tuple[str, int]], first_free: datetime | None) -> Wait | None:
    """Return the wait for a visit, measured by its strictest norm; None for one without a norm."""
    offered = products()
    norms = [offered[product].get("wait_norm_days") for product, _ in wanted if product in offered]
    norm_days = min(filter(None, norms), default=None)
    if norm_days is None:
        return None
    today = services().clock.now().astimezone(HOME).date()
    days = (first_free.astimezone(HOME).date() - today).days if first_free else 0
    return Wait(first_free, days, norm_days)


def waits() -> dict[str, Wait]:
    """Return the wait of today for one person, for each product on offer that has a norm; none when nobody can say."""
    found = {}
    for product_id, product in products().items():
        if not product.get("wait_norm_days"):
            continue
        firsts = [_first_free(product, place) for place in product["location_ids"]]
        wait = wait_for([(product_id, 1)], min(filter(None, firsts), default=None))
        if wait is not None:
            found[product_id] = wait
    return found


def _first_free(product: Mapping[str, Any], location_id: str) -> datetime | None:
    visit = {"location_id": location_id, "products": [{"product_id": product["product_id"], "persons": 1}]}
    first: datetime | None = days_for(visit, with_collection=bool(product.get("collection")))["first_free"]
    return first
