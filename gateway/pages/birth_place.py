"""Where a child was born: one of the places that the town knows, or another address in it."""

from gateway import registry
from gateway.pages.asking import Form
from gateway.pages.texts import _

ELSEWHERE = "elsewhere"
"""The choice of another address; its street and number are typed into the field `address`."""


def options() -> list[tuple[str, str]]:
    """Return the places to choose from, by their number."""
    known = registry.birth_places()["places"]
    return [
        *((str(number), place) for number, place in enumerate(known)),
        (ELSEWHERE, _("At another address in Enschede")),
    ]


def read(form: Form) -> str:
    """Return the place that a form names; empty when it names none."""
    known = dict(options())
    chosen = form.one_of("place", tuple(known), missing=_("Choose where the child was born"))
    if chosen == ELSEWHERE:
        return form.text("address", missing=_("Fill in street and number where the child was born"), most=120)
    return known.get(chosen, "")


def shown(place: str | None) -> dict[str, str | None]:
    """Return the fields of a form that show a place."""
    if not place:
        return {}
    chosen = next((number for number, known in options() if known == place), ELSEWHERE)
    return {"place": chosen, "address": place if chosen == ELSEWHERE else None}
