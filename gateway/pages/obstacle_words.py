"""Why somebody has to come to the counter, or what to know, in plain words: the keys of `contracts.OBSTACLES`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g

from gateway.pages.texts import N_, _
from services.presenting import times


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One obstacle as people read it: what it is, and what to do. `to_counter`: our own counter helps."""

    key: str
    why: str
    cure: str
    blocks: bool
    to_counter: bool


_COUNTER = N_("Make an appointment and declare at the counter.")
_TOGETHER = N_("Make an appointment and come together. Both bring an identity document.")

WORDS: Mapping[str, tuple[str, str]] = {
    "birth-elsewhere": (
        N_("The child was not born in Enschede."),
        N_("Declare the birth in the municipality where the child was born."),
    ),
    "birth-time-impossible": (
        N_("The moment of birth lies ahead, or was never on the clock."),
        N_("Check the day and the time."),
    ),
    "birth-late": (
        N_("The last day to declare was %(last_on)s."),
        N_("You can still declare. We have to tell the public prosecutor that it is late."),
    ),
    "birth-by-other": (
        N_("Online only the mother, the father or the other mother can declare."),
        N_("Were you there at the birth, and can the parents not come? Make an appointment."),
    ),
    "birth-not-alive": (
        N_("We are sorry. You told us that the child does not live."),
        N_("You need not do this online. We help you in person, at a quiet moment. Call us, or make an appointment."),
    ),
    "birth-mother-unknown": (
        N_("We do not find the mother by her citizen service number."),
        N_("Check the number. Is it right? Then make an appointment."),
    ),
    "birth-not-acknowledged": (
        N_("The child still has to be acknowledged. That cannot be done online."),
        N_("Make an appointment and come together. You acknowledge the child and declare the birth in one visit."),
    ),
    "birth-without-professional": (
        N_("No doctor or midwife was there who can confirm the birth."),
        _COUNTER,
    ),
    "birth-name-choice": (
        N_("It is your first child together, and you want to choose the surname. Both parents do that in person."),
        N_("Make an appointment and come together. You choose the surname and declare the birth in one visit."),
    ),
    "birth-parent-abroad": (N_("One of the parents is not registered as living in the Netherlands."), _COUNTER),
    "birth-two-addresses": (N_("The parents are not registered at one address."), _COUNTER),
    "birth-no-dutch-parent": (
        N_("Neither parent has the Dutch nationality. We have to look at papers together."),
        _COUNTER,
    ),
    "birth-sex-undetermined": (
        N_("The sex of the child could not be determined."),
        N_("Make an appointment. Bring the statement of the doctor."),
    ),
    "birth-foreign-name-law": (
        N_("You want the name to follow the law of another country. We look at that together."),
        _COUNTER,
    ),
    "death-elsewhere": (
        N_("The death did not take place in Enschede."),
        N_("Declare the death in the municipality where it took place."),
    ),
    "death-time-impossible": (
        N_("The moment of death lies ahead, or was never on the clock."),
        N_("Check the day and the time."),
    ),
    "death-not-by-undertaker": (N_("Online only an authorised undertaker can declare."), _COUNTER),
    "death-term-over": (
        N_("The last day for the funeral has passed. The mayor has to declare."),
        N_("Call us at once: 14 053."),
    ),
    "death-without-bsn": (N_("The citizen service number of the deceased is not known."), _COUNTER),
    "death-stillborn": (N_("The child was stillborn. We take such a declaration in person."), _COUNTER),
    "marriage-partner-abroad": (N_("One of you is not registered as living in the Netherlands."), _TOGETHER),
    "marriage-guardianship": (N_("One of you is under guardianship."), _TOGETHER),
    "marriage-kin": (N_("You are relatives of each other."), _TOGETHER),
    "marriage-conversion": (
        N_("You have a registered partnership with each other. It is converted into a marriage."),
        _TOGETHER,
    ),
    "marriage-residence": (N_("We need a statement about residence and the purpose of the marriage."), _TOGETHER),
}


def hindrances(obstacles: Iterable[Mapping[str, Any]]) -> list[Hindrance]:
    """Return what the registry answered to `check_birth`, in words."""
    return [
        _hindrance(one["text"], one["facts"], blocks=one["blocks"], to_counter=one["redirects"]) for one in obstacles
    ]


def of_keys(keys: Iterable[str]) -> list[Hindrance]:
    """Return the reasons of a refusal, whose facts hold the keys, in words."""
    return [_hindrance(key, {}, blocks=True, to_counter=not key.endswith("-elsewhere")) for key in keys]


def _hindrance(key: str, facts: Mapping[str, Any], *, blocks: bool, to_counter: bool) -> Hindrance:
    why, cure = WORDS[key]
    last_on = facts.get("last_on")
    values = {"last_on": times.day(date.fromisoformat(last_on), g.lang)} if last_on else {}
    return Hindrance(key, _(why, **values), _(cure), blocks, to_counter)
