"""How a product's places are given out: what a town sets per product beside its length and its skills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one product's places. Everything is off unless the town's files switch it on."""

    scarce: bool = False
    """More people want it than there are places: cancelled places go to the list first, and names are bound."""

    code: bool = False
    """Who wants a place first types a code that was mailed to him."""


OPEN_TO_ALL = Policy()
"""First come, first served."""


def read_policy(stored: Mapping[str, Any]) -> Policy:
    """Return the policy that a product's row holds."""
    return Policy(scarce=bool(stored.get("scarce", False)), code=bool(stored.get("code", False)))
