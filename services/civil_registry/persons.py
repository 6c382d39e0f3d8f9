"""How a person of the BRP is told to whoever asks by RPC: with sealed numbers only."""

from dataclasses import asdict
from typing import Any

from services.civil_registry.domain.person import Person
from services.messaging.sealing import Sealer


def told(person: Person, sealer: Sealer) -> dict[str, Any]:
    """Return a person as contracts.civil_registry.Person; no number in it is in the clear."""
    content = asdict(person) | {"bsn": sealer.seal(person.bsn)}
    for relatives in ("partners", "parents", "children"):
        content[relatives] = [_sealed(relative, sealer) for relative in content[relatives]]
    return content


def _sealed(relative: dict[str, Any], sealer: Sealer) -> dict[str, Any]:
    return relative | {"bsn": sealer.seal(relative["bsn"]) if relative["bsn"] else None}
