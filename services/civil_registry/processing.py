"""Why people are looked at, read once from `data/processing.yaml`: activities of the register (AVG art. 30), words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marshmallow import Schema, fields, validate

from services.civil_registry.data_files import FOLDER, read_file
from services.contracts.base import slug


class _Names(Schema):
    nl = fields.String(required=True)
    en = fields.String(required=True)


class _Purpose(Schema):
    purpose = slug()
    activity = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9+.-]*:\S+\Z"))
    names = fields.Nested(_Names, required=True)


class _Purposes(Schema):
    purposes = fields.List(fields.Nested(_Purpose), required=True, validate=validate.Length(min=1))


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: the URI of its processing activity, and how it is told to people."""

    activity: str
    names: Mapping[str, str]


def read_purposes(file: Path = FOLDER / "processing.yaml") -> dict[str, Purpose]:
    """Return the purposes of a file by their names on the wire.

    Raises: DataFileError.
    """
    content = read_file(file, _Purposes())
    return {entry["purpose"]: Purpose(entry["activity"], entry["names"]) for entry in content["purposes"]}


@cache
def purposes() -> Mapping[str, Purpose]:
    """Return the purposes of this installation.

    Raises: DataFileError.
    """
    return read_purposes()
