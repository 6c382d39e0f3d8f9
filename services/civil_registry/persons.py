"""How a person of the BRP is told to whoever asks by RPC, and kept with a record: with sealed numbers only."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.civil_registry.domain.person import PartialDate, Person, PersonName, Relative
from services.messaging.sealing import Sealer


def told(person: Person, sealer: Sealer) -> dict[str, Any]:
    """Return a person as contracts.civil_registry.Person; no number in it is in the clear."""
    content = asdict(person) | {"bsn": sealer.seal(person.bsn)}
    for relatives in ("partners", "parents", "children"):
        content[relatives] = [_sealed(relative, sealer) for relative in content[relatives]]
    return content


def _sealed(relative: dict[str, Any], sealer: Sealer) -> dict[str, Any]:
    return relative | {"bsn": sealer.seal(relative["bsn"]) if relative["bsn"] else None}


def persons_from(stored: Mapping[str, Mapping[str, Any]], sealer: Sealer) -> dict[str, Person | None]:
    """Return the persons that were told and kept, by the path of their part."""
    return {role: _person(plain, sealer) for role, plain in stored.items()}


def _person(plain: Mapping[str, Any], sealer: Sealer) -> Person:
    relatives = {
        name: tuple(_relative(one, sealer) for one in plain[name]) for name in ("partners", "parents", "children")
    }
    known = {
        "bsn": sealer.open(plain["bsn"]),
        "name": PersonName(**plain["name"]),
        "born": PartialDate(**plain["born"]),
        "suspended_on": _day(plain["suspended_on"]),
        "nationalities": tuple(plain["nationalities"]),
    }
    return Person(**{**plain, **known, **relatives})


def _relative(plain: Mapping[str, Any], sealer: Sealer) -> Relative:
    known = {
        "bsn": sealer.open(plain["bsn"]) if plain["bsn"] else None,
        "name": PersonName(**plain["name"]),
        "born": PartialDate(**plain["born"]),
        "since_on": _day(plain["since_on"]),
        "ended_on": _day(plain["ended_on"]),
    }
    return Relative(**{**plain, **known})


def _day(plain: Mapping[str, Any] | None) -> PartialDate | None:
    return None if plain is None else PartialDate(**plain)
