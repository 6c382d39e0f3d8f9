"""People and declarations for the tests of the law: everybody lives in Enschede and is Dutch until said otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.death_facts import DeathFacts
from services.civil_registry.domain.marriage_facts import MarriageFacts
from services.civil_registry.domain.person import PartialDate, Person, PersonName, Relative
from services.civil_registry.offering import read_offering

T = TypeVar("T", bound=Any)

OFFERING = read_offering()
TERMS = OFFERING.terms
POLICY = OFFERING.policies.on(date(2026, 11, 23))
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""A Friday; what is declared as happened on Thursday is in time until Monday."""


def but(thing: T, **different: Any) -> T:
    """Return the same thing, different where it is said."""
    return replace(thing, **different)


def on(text: str) -> PartialDate:
    """Return the day of `1990-05-17`, `1990-05`, `1990` or nothing."""
    parts: list[int | None] = [int(part) for part in text.split("-")] if text else []
    return PartialDate(*(parts + [None] * 3)[:3])


def name(first_names: str = "Anna Maria", surname: str = "Jansen", prefix: str = "") -> PersonName:
    """Return a name."""
    return PersonName(first_names, prefix, surname)


def relative(
    bsn: str | None = None, *, named: PersonName | None = None, born: str = "1960-01-01", **more: Any
) -> Relative:
    """Return a partner, parent or child."""
    return Relative(bsn, named or name(), on(born), "Enschede", **more)


def partner(
    bsn: str | None, *, bond: str = "marriage", since: str = "2015-06-01", ended: str | None = None
) -> Relative:
    """Return a husband, wife or registered partner, perhaps of a bond that has ended."""
    return relative(bsn, bond=bond, since_on=on(since), ended_on=None if ended is None else on(ended))


def person(bsn: str = "000000012", **different: Any) -> Person:
    """Return somebody, different where it is said."""
    usual: dict[str, Any] = {
        "bsn": bsn,
        "name": name(),
        "sex": "female",
        "born": on("1990-05-17"),
        "born_place": "Hengelo",
        "born_country": "Nederland",
        "nationalities": ("0001",),
        "residence_title": "",
        "municipality": "0153",
        "address": "Langestraat 1, 7511 HA Enschede",
        "partners": (),
        "parents": (),
        "children": (),
        "suspended": None,
        "suspended_on": None,
        "secret": False,
        "guardianship": False,
        "under_investigation": False,
    }
    return Person(**usual | different)


MOTHER = person("000000012", partners=(partner("000000024"),))
FATHER = person(
    "000000024", sex="male", name=name("Pieter", "Dijk", "van"), born=on("1988-01-02"), partners=(partner("000000012"),)
)
PARENTS = {"mother": MOTHER, "other_parent": FATHER}


def birth(**different: Any) -> BirthFacts:
    """Return a birth that can be declared online; `child__sex="male"` changes the part `child`."""
    content: dict[str, Any] = {
        "declarant": "father",
        "answers": {
            "alive": True,
            "professional_present": True,
            "acknowledgement": "not-needed",
            "first_child": True,
            "name_choice": "none",
            "foreign_name_law": False,
        },
        "child": {
            "first_names": "Sofie Anna",
            "sex": "female",
            "born_on": date(2026, 11, 19),
            "born_time": "03:07",
            "municipality": "0153",
            "place": "Medisch Spectrum Twente",
        },
        "mother": {"bsn": "sealed"},
        "other_parent": {"bsn": "sealed"},
        "surname": {"choice": "other-parent", "name_choice_deed": None},
    }
    return BirthFacts.of(_changed(content, different))


def death(*, bsn_given: bool = True, **different: Any) -> DeathFacts:
    """Return a natural death of yesterday at home."""
    content: dict[str, Any] = {
        "deceased": {
            "first_names": "Anna Maria",
            "surname_prefix": "",
            "surname": "Jansen",
            "sex": "female",
            "born_on": date(1990, 5, 17),
        },
        "death": {
            "on": date(2026, 11, 19),
            "time": "03:07",
            "municipality": "0153",
            "place": "Langestraat 1",
            "manner": "natural",
        },
        "authorised": {"name": "J. Jansen", "relation": "son", "phone": "053"},
        "funeral": {"kind": "burial", "at": None, "plan": "within-term"},
    }
    return DeathFacts.of(_changed(content, different), bsn_given=bsn_given)


def notice(**different: Any) -> MarriageFacts:
    """Return a notice of a marriage."""
    partner_facts = {"residence": "dutch", "no_sham": False, "custody": False, "guardianship": False}
    content: dict[str, Any] = {
        "bond": "marriage",
        "partner_1": dict(partner_facts),
        "partner_2": dict(partner_facts),
        "kinship": "none",
        "witnesses": [witness("Karel"), witness("Lotte")],
        "ceremony": {"on": date(2026, 12, 18), "time": "14:00", "room_id": "stadskantoor-kamer", "officer_id": None},
    }
    return MarriageFacts.of(_changed(content, different))


def witness(first_names: str, *, surname: str = "de Groot", born_on: date = date(1985, 3, 1)) -> dict[str, Any]:
    """Return a witness as a notice names him."""
    return {"first_names": first_names, "surname": surname, "born_on": born_on, "address": "Markt 1, Enschede"}


def _changed(content: dict[str, Any], different: dict[str, Any]) -> dict[str, Any]:
    for path, value in different.items():
        part, _, field = path.partition("__")
        if field:
            content[part] = {**content[part], field: value}
        else:
            content[part] = value
    return content
