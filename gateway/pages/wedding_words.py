"""What the parts of a notice of marriage or partnership are called on pages, and who of the two looks at it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.login.actor import current_actor
from gateway.pages.texts import N_, _

Record = Mapping[str, Any]

STEPS = 6
"""The first questions, the two of you, place and day, the witnesses, name and statements, the check."""

COUNTER_PRODUCT = "marriage-notice"
BOND_WORDS = {"marriage": N_("Marriage"), "partnership": N_("Registered partnership")}
NAME_WORDS = {
    "own": N_("My own surname"),
    "partner": N_("The surname of my partner"),
    "partner-own": N_("First the surname of my partner, then my own"),
    "own-partner": N_("First my own surname, then that of my partner"),
}
KINSHIP_WORDS = {
    "none": (N_("No"), ""),
    "third-or-fourth-degree": (
        N_("Yes, more distantly"),
        N_("For example uncle and niece, aunt and nephew, or cousins."),
    ),
    "siblings-by-adoption": (N_("Yes, brothers or sisters by adoption"), ""),
    "siblings": (N_("Yes, brothers or sisters"), N_("Also with one parent in common.")),
    "direct-line": (N_("Yes, in a straight line"), N_("Parent and child, or grandparent and grandchild.")),
}
RESIDENCE_WORDS = {
    "dutch": (N_("Both are Dutch"), ""),
    "eu-or-permanent": (
        N_("Who is not Dutch may stay here for good"),
        N_("As a citizen of the European Union, or with a permit for an indefinite time."),
    ),
    "other": (
        N_("One of us has another permit, or none"),
        N_("Then you both declare that you do not marry for a right of residence."),
    ),
}
OWN_RESIDENCE_WORDS = {
    "dutch": (N_("I am Dutch"), ""),
    "eu-or-permanent": (
        N_("I am not Dutch, and may stay here for good"),
        N_("As a citizen of the European Union, or with a permit for an indefinite time."),
    ),
    "other": (N_("I have another permit, or none"), ""),
}


def options(words: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return the options of a form."""
    return [(word, _(label), _(hint) if hint else "") for word, (label, hint) in words.items()]


def plain(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the options of a form that need no explanation."""
    return [(word, _(label)) for word, label in words.items()]


def my_part(record: Record) -> str:
    """Return in which part of a notice whoever is logged in stands."""
    second = record["content"].get("partner_2") or {}
    return "partner_2" if second.get("bsn") == current_actor()["subject"] else "partner_1"


def is_first_partners(record: Record) -> bool:
    """Say whether whoever is logged in gave this notice, and can still change what only he told."""
    return "save" in record["allowed"] and my_part(record) == "partner_1"


def as_day(told: date | str) -> date:
    """Return a day of a content."""
    return told if isinstance(told, date) else date.fromisoformat(told)
