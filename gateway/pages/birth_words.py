"""What the parts of a birth declaration are called on pages."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import g

from gateway.pages.texts import N_, _
from services.presenting import times

Options = list[tuple[str, str, str]]
"""Value, label and explanation of each choice."""

PARTNER, OTHER, NOBODY = "partner", "other", "nobody"
"""Who the other parent is."""

DECLARANTS = {
    "mother": N_("The mother who gave birth"),
    "father": N_("The father"),
    "other-mother": N_("The other mother, who did not give birth"),
}
SEXES = {"female": N_("A girl"), "male": N_("A boy"), "undetermined": N_("It could not be determined")}
CHOICES = {
    "mother": N_("The surname of the mother who gave birth"),
    "other-parent": N_("The surname of the other parent"),
    "mother-then-other": N_("Both surnames, first that of the mother"),
    "other-then-mother": N_("Both surnames, first that of the other parent"),
}
PARENTS = {
    "mother": N_("Mother who gave birth"),
    "other_parent": N_("The other parent"),
}
_ACKNOWLEDGED = {
    "not-needed": (
        N_("Not needed"),
        N_("We are married or registered partners. The child was born during that time."),
    ),
    "done": (N_("Yes"), N_("There is a deed of acknowledgement.")),
    "to-do": (N_("No, not yet"), N_("Then you do it at the counter, in the same visit.")),
}
_NAME_CHOICES = {
    "none": (N_("No, we choose nothing"), N_("Then the law decides. You see the surname before you send anything.")),
    "deed": (N_("Yes, we have done that"), N_("We have a deed of name choice.")),
    "wanted": (N_("Yes, we still want to do that"), N_("Is it your first child? Then you both come to the counter.")),
}
FIRST_NAME_PROBLEMS = {
    "too-many": N_("These are too many first names. Leave some out"),
    "too-long": N_("Together the first names are too long. Leave some out"),
    "digit": N_("A first name has no figures. Write it in letters"),
    "initial": N_("Write all first names in full, without dots"),
    "sign": N_("A first name has letters only, and at most a hyphen or an apostrophe inside"),
}


def own_role(declarant: str) -> str:
    """Return in which part of the declaration its declarant stands."""
    return "mother" if declarant == "mother" else "other_parent"


def role_of_other(declarant: str) -> str:
    """Return in which part of the declaration the other parent stands."""
    return "other_parent" if declarant == "mother" else "mother"


def declarants() -> Options:
    """Return who may declare online."""
    return [(who, _(word), "") for who, word in DECLARANTS.items()]


def sexes() -> Options:
    """Return what a child can be; the last one leads to the counter."""
    hint = _("Then you declare the birth at the counter, with the statement of the doctor.")
    return [(sex, _(word), hint if sex == "undetermined" else "") for sex, word in SEXES.items()]


def acknowledgements() -> Options:
    """Return whether the child has been acknowledged."""
    return [(key, _(word), _(hint)) for key, (word, hint) in _ACKNOWLEDGED.items()]


def name_choices() -> Options:
    """Return whether the parents choose the surname."""
    return [(key, _(word), _(hint)) for key, (word, hint) in _NAME_CHOICES.items()]


def others(partner: Mapping[str, Any] | None) -> Options:
    """Return who can be the other parent; `partner` is who the BRP knows as partner of whoever asks."""
    first = [(PARTNER, full_name(partner["name"]), _("Your partner, as we know you two"))] if partner else []
    return [
        *first,
        (OTHER, _("Somebody else") if partner else _("This is the other parent:"), _("Fill in the number below.")),
        (NOBODY, _("There is no other parent"), _("The child was not acknowledged, and will not be now.")),
    ]


def surnames(left: list[Mapping[str, Any]]) -> Options:
    """Return the surnames that the law leaves: what the child would be called, and whose that is."""
    options = []
    for one in left:
        choice, surname = one["choice"], one["surname"]
        words = _(CHOICES[choice])
        options.append((choice, surname or words, words if surname else ""))
    return options


def paper_hints() -> dict[str, str]:
    """Return what to know of the papers that can be added."""
    return {
        "birth-statement": _("With it we need not wait for the doctor or midwife."),
        "acknowledgement-deed": _("Only if it was not made in Enschede."),
        "name-choice-deed": _("Only if it was not made in Enschede."),
    }


def told_of_birth(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what was declared of a birth, label and value."""
    child = record["content"].get("child")
    if child:
        sex = SEXES[child["sex"]]
        yield _("First names, in order"), child["first_names"]
        yield _("Girl or boy"), _(sex)
        born_on = times.day(date.fromisoformat(child["born_on"]), g.lang)
        yield _("Born"), f"{times.at_sentence_start(born_on)}, {child['born_time']}"
        yield _("Where"), child["place"]


def full_name(name: Mapping[str, str]) -> str:
    """Return first names, prefix and surname."""
    return " ".join(name[part] for part in ("first_names", "prefix", "surname") if name[part])


def partial_date(told: Mapping[str, int | None]) -> str:
    """Return as much of a day as is known."""
    year, month, day = told["year"], told["month"], told["day"]
    if year is None:
        return _("day unknown")
    if month is None or day is None:
        return str(year)
    return times.bare_date(date(year, month, day), g.lang)
