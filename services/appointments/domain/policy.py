"""How a product's places are given out: what a town sets per product beside its length and its skills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Relief:
    """Within which bounds counters may take a product over while its wait passes the norm."""

    apply: bool
    """Do it at once; otherwise propose it, and a manager decides."""
    line_ids: tuple[str, ...]
    """The counters that may be asked, and no others."""
    most_hours_per_week: int
    """The opening hours of all counters' days given in one week, together, at most."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one product's places. Everything is off unless the town's files switch it on."""

    scarce: bool = False
    """More people want it than there are places: cancelled places go to the list first, and names are bound."""
    late_after_hours: int = 0
    """Who cancels within so many hours before the start does so late; counted, never punished."""
    wait_norm_days: int | None = None
    """The third next start should lie at most so many calendar days ahead."""
    relief: Relief | None = None


OPEN_TO_ALL = Policy()
"""First come, first served."""


def read_policy(stored: Mapping[str, Any]) -> Policy:
    """Return the policy that a product's row holds."""
    relief = stored.get("relief")
    return Policy(
        scarce=bool(stored.get("scarce", False)),
        late_after_hours=int(stored.get("late_after_hours", 0)),
        wait_norm_days=stored.get("wait_norm_days"),
        relief=None
        if relief is None
        else Relief(
            apply=relief["mode"] == "apply",
            line_ids=tuple(relief["lines"]),
            most_hours_per_week=int(relief["most_hours_per_week"]),
        ),
    )
