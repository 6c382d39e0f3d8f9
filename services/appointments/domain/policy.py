"""How a product's places are given out: what a town sets per product beside its length and its skills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CollectionRule:
    """What is made for the visitor and collected in a second visit, and when. See `domain/collection.py`."""

    product_id: str
    """The second visit, as a product with a length and skills of its own."""
    after_working_days: int
    within_days: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one product's places. Everything is off unless the town's files switch it on."""

    scarce: bool = False
    """More people want it than there are places: cancelled places go to the list first, and names are bound."""
    collection: CollectionRule | None = None
    """What must be collected later."""
    wait_norm_days: int | None = None
    """Within how many days the municipality wants to have room; shown beside the wait of today."""


OPEN_TO_ALL = Policy()
"""First come, first served."""


def read_policy(stored: Mapping[str, Any]) -> Policy:
    """Return the policy that a product's row holds."""
    collection = stored.get("collection")
    return Policy(
        scarce=bool(stored.get("scarce", False)),
        collection=CollectionRule(**collection) if collection else None,
        wait_norm_days=stored.get("wait_norm_days"),
    )
