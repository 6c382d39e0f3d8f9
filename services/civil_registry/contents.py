"""What a record says, in its three forms: as a message (BSNs sealed), as stored (BSNs apart), as rules read it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from services.civil_registry.domain.birth_facts import NoticedBirth
from services.civil_registry.domain.record import Kind, Record
from services.civil_registry.office import Office
from services.civil_registry.secrets import Secrets
from services.contracts.base import load, schema_of
from services.contracts.civil_registry import BirthContent, BirthNotice, DeathContent, MarriageContent, PermitContent
from services.messaging.errors import Malformed

_CONTRACTS: Mapping[Kind, type[Schema]] = {
    Kind.BIRTH: BirthContent,
    Kind.DEATH: DeathContent,
    Kind.PERMIT: PermitContent,
    Kind.MARRIAGE: MarriageContent,
}


def noticed(content: Mapping[str, Any], mother: str) -> NoticedBirth:
    """Return what a stored notice says."""
    known = schema_of(BirthNotice).fields
    return NoticedBirth.of({name: known[name].deserialize(value) for name, value in content.items()}, mother=mother)


def checked_parts(kind: Kind, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given parts of a record's content in JSON-native form; each part is whole by itself.

    Raises: Malformed (every wrong field of every part, at once).
    """
    known = schema_of(_CONTRACTS[kind]).fields
    parts: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            wrong[name] = ["Unknown field."]
            continue
        try:
            known[name].deserialize(value)
        except ValidationError as error:
            wrong[name] = error.messages
        else:
            parts[name] = value
    if wrong:
        raise Malformed(wrong)
    return parts


def split(parts: Mapping[str, Any], office: Office) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the parts without citizen service numbers, and the numbers by the name of their part.

    Raises: Malformed (a number that was not sealed here), BsnInvalid, BsnTestRange.
    """
    content: dict[str, Any] = {}
    numbers: dict[str, str] = {}
    for name, value in parts.items():
        content[name] = value
        if isinstance(value, Mapping) and "bsn" in value:
            content[name] = {key: inner for key, inner in value.items() if key != "bsn"}
            if value["bsn"] is not None:
                numbers[name] = office.read_bsn(value["bsn"])
    return content, numbers


def joined(record: Record, secrets: Secrets) -> dict[str, Any]:
    """Return a record's content as a message says it, its numbers sealed."""
    content = dict(record.content)
    for name, bsn in record.parties.items():
        part = content.get(name)
        if isinstance(part, Mapping):
            content[name] = {**part, "bsn": secrets.sealer.seal(bsn)}
    return content


def whole(record: Record, secrets: Secrets) -> dict[str, Any]:
    """Return the complete content as rules read it: dates are dates, numbers still sealed.

    Raises: Malformed (something that a submitted record must say is missing).
    """
    return load(_CONTRACTS[record.kind], joined(record, secrets))


def typed(record: Record, secrets: Secrets) -> dict[str, Any]:
    """Return the parts that are filled in, as rules read them."""
    known = schema_of(_CONTRACTS[record.kind]).fields
    return {name: known[name].deserialize(value) for name, value in joined(record, secrets).items() if name in known}
