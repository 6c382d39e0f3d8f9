"""How a product's places are given out: what a town sets per product beside its length and its skills."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from services.appointments.domain.draw_rules import DrawRule, Every, Moment


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
class CollectionRule:
    """What is made for the visitor and collected in a second visit, and when. See `domain/collection.py`."""

    product_id: str
    """The second visit, as a product with a length and skills of its own."""
    after_working_days: int
    within_days: int


@dataclass(frozen=True, slots=True)
class ListRules:
    """How a product's waiting list works. `min_lead` and `window` count contact hours only."""

    min_gain: timedelta = timedelta(days=3)
    """How much sooner an offered time must be, or 30 % of the wait when that is less."""
    min_lead: timedelta = timedelta(hours=4)
    """A place that begins sooner than this goes to everybody at once."""
    window: timedelta = timedelta(hours=2)
    """How long a freed place is kept for the list while nobody has been asked."""


@dataclass(frozen=True, slots=True)
class Reconfirm:
    """When a visit that was booked long ahead by the web is asked about once more. In calendar days before the visit,
    but `lead_days`: those from booking to visit of which there must be more."""

    lead_days: int = 21
    ask_days: int = 7
    remind_days: int = 5
    until_days: int = 3
    """On this day, at noon, the place of who never answered and never looked goes to somebody else."""


USUAL_MOST_LIVE = 2
"""Coming visits for one product by one e-mail address or phone number, where the town's files do not say otherwise.

Source: domain/appointments.md 8.2.2.
"""


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
    waiting_list: ListRules | None = None
    """Who has a later visit may be offered a place that came free."""
    collection: CollectionRule | None = None
    """What must be collected later."""
    code: bool = False
    """Who wants a place first types a code that was mailed to him."""
    most_live: int | None = USUAL_MOST_LIVE
    """How many coming visits may be booked by the web with one e-mail address or phone number; None: any number."""
    bound: bool = False
    """The visit belongs to one person, by name and birth date, who has no second one; by default if scarce or drawn."""
    reconfirm: Reconfirm | None = None
    """Who booked long ago is asked whether he still comes."""
    draws: tuple[DrawRule, ...] = ()
    """Days whose places are given out by lot, and what is left of them for everybody."""


OPEN_TO_ALL = Policy()
"""First come, first served."""


def read_policy(stored: Mapping[str, Any]) -> Policy:
    """Return the policy that a product's row holds."""
    relief, listed, collection = (stored.get(key) for key in ("relief", "waiting_list", "collection"))
    reconfirm = stored.get("reconfirm")
    return Policy(
        scarce=bool(stored.get("scarce", False)),
        code=bool(stored.get("code", False)),
        most_live=stored.get("most_live", USUAL_MOST_LIVE),
        bound=_read_bound(stored),
        reconfirm=None if reconfirm is None else Reconfirm(**reconfirm),
        late_after_hours=int(stored.get("late_after_hours", 0)),
        wait_norm_days=stored.get("wait_norm_days"),
        relief=None if relief is None else _read_relief(relief),
        waiting_list=None if listed is None else _read_list(listed),
        collection=CollectionRule(**collection) if collection else None,
        draws=tuple(map(_read_draw, stored.get("draw") or ())),
    )


def _read_draw(stored: Mapping[str, Any]) -> DrawRule:
    until = stored.get("valid_until")
    opens, closes, draws = (
        Moment(stored[step]["days_ahead"], time.fromisoformat(stored[step]["at"]))
        for step in ("opens", "closes", "draws")
    )
    return DrawRule(
        every=Every(stored["every"]),
        weekdays=frozenset(stored["weekdays"]),
        opens=opens,
        closes=closes,
        draws=draws,
        most_places=stored.get("most_places"),
        valid_from=date.fromisoformat(stored["valid_from"]),
        valid_until=None if until is None else date.fromisoformat(until),
    )


def _read_bound(stored: Mapping[str, Any]) -> bool:
    bound = stored.get("bound")
    return bool(stored.get("scarce") or stored.get("draw")) if bound is None else bool(bound)


def _read_relief(stored: Mapping[str, Any]) -> Relief:
    return Relief(
        apply=stored["mode"] == "apply",
        line_ids=tuple(stored["lines"]),
        most_hours_per_week=int(stored["most_hours_per_week"]),
    )


def _read_list(stored: Mapping[str, Any]) -> ListRules:
    usual = ListRules()
    return ListRules(
        min_gain=timedelta(days=stored["min_gain_days"]) if "min_gain_days" in stored else usual.min_gain,
        min_lead=timedelta(minutes=stored["min_lead_minutes"]) if "min_lead_minutes" in stored else usual.min_lead,
        window=timedelta(minutes=stored["window_minutes"]) if "window_minutes" in stored else usual.window,
    )


def together(policies: Iterable[Policy]) -> Policy:
    """Return the policy of a visit for several products: the most careful of each of their rules."""
    known = list(policies)
    lists = [policy.waiting_list for policy in known if policy.waiting_list is not None]
    rules = None
    if lists:
        rules = ListRules(
            min_gain=max(one.min_gain for one in lists),
            min_lead=max(one.min_lead for one in lists),
            window=min(one.window for one in lists),
        )
    return Policy(
        scarce=any(policy.scarce for policy in known),
        bound=any(policy.bound for policy in known),
        waiting_list=rules,
        reconfirm=_together_reconfirmed([policy.reconfirm for policy in known if policy.reconfirm is not None]),
    )


def _together_reconfirmed(rules: Sequence[Reconfirm]) -> Reconfirm | None:
    """Return the rules that ask least and leave most time to answer."""
    if not rules:
        return None
    return Reconfirm(
        lead_days=max(one.lead_days for one in rules),
        ask_days=max(one.ask_days for one in rules),
        remind_days=min(one.remind_days for one in rules),
        until_days=min(one.until_days for one in rules),
    )
