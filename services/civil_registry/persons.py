"""A person of the BRP as contracts tell him, and back: with sealed numbers only."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.civil_registry.domain.person import PartialDate, Person, PersonName, Relative
from services.messaging.sealing import Sealer

_RELATIVES = ("partners", "parents", "children")


def told(person: Person, sealer: Sealer) -> dict[str, Any]:
    """Return a person as contracts.civil_registry.Person; no number in it is in the clear."""
    content = asdict(person) | {"bsn": sealer.seal(person.bsn)}
    for relatives in _RELATIVES:
        content[relatives] = [_sealed(relative, sealer) for relative in content[relatives]]
    return content


def persons_from(told_persons: Mapping[str, Mapping[str, Any]]) -> dict[str, Person]:
    """Return people by role from what was told of them and kept.

    Their numbers stay sealed: rules only compare them, and equal tokens mean the same person.
    """
    return {role: _person(kept) for role, kept in told_persons.items()}


def _sealed(relative: dict[str, Any], sealer: Sealer) -> dict[str, Any]:
    return relative | {"bsn": sealer.seal(relative["bsn"]) if relative["bsn"] else None}


def _person(kept: Mapping[str, Any]) -> Person:
    relatives = {name: tuple(_relative(one) for one in kept[name]) for name in _RELATIVES}
    return Person(
        **{
            **kept,
            **relatives,
            "name": PersonName(**kept["name"]),
            "born": PartialDate(**kept["born"]),
            "nationalities": tuple(kept["nationalities"]),
            "suspended_on": _date(kept["suspended_on"]),
        }
    )


def _relative(kept: Mapping[str, Any]) -> Relative:
    dates = {name: _date(kept[name]) for name in ("since_on", "ended_on")}
    return Relative(**{**kept, **dates, "name": PersonName(**kept["name"]), "born": PartialDate(**kept["born"])})


def _date(kept: Mapping[str, int | None] | None) -> PartialDate | None:
    return None if kept is None else PartialDate(**kept)
