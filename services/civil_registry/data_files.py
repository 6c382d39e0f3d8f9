"""Reads dated data from files; whatever is wrong is named with file and key."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import yaml
from marshmallow import Schema, ValidationError, fields

FOLDER = Path(__file__).resolve().parent / "data"


class DataFileError(Exception):
    """A data file is missing or wrong; the text says which one, where, and what is wrong."""


class Day(fields.Field[date]):
    """A day: YAML reads `2026-01-02` as a date by itself."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        if type(value) is not date:
            raise ValidationError("Write a day as YYYY-MM-DD, without quotes.")
        return value


class Dated(Protocol):
    """Something that is in force from one day to another, both included."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_until(self) -> date | None: ...


def read_file(file: Path, schema: Schema) -> dict[str, Any]:
    """Return the checked content of a file.

    Raises: DataFileError.
    """
    try:
        loaded: dict[str, Any] = schema.load(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise DataFileError(f"{file.name} cannot be read: {error}") from None
    except ValidationError as error:
        raise DataFileError(f"{file.name}: {error.messages}") from None
    return loaded


def in_force(entry: Dated, day: date) -> bool:
    """Say whether an entry is in force on a day."""
    return entry.valid_from <= day and (entry.valid_until is None or day <= entry.valid_until)


def refuse_overlaps(file: str, name: str, entries: Sequence[Dated]) -> None:
    """Do nothing when no day has two of the entries.

    Raises: DataFileError.
    """
    for number, one in enumerate(entries):
        for other in entries[number + 1 :]:
            if in_force(one, other.valid_from) or in_force(other, one.valid_from):
                raise DataFileError(f"{file}: two entries of {name} are in force on the same day.")


def refuse_gaps(file: str, name: str, entries: Sequence[Dated]) -> None:
    """Do nothing when every day from the first entry on has exactly one of the entries.

    Raises: DataFileError.
    """
    if not entries:
        raise DataFileError(f"{file}: there is no entry of {name}.")
    refuse_overlaps(file, name, entries)
    ordered = sorted(entries, key=lambda entry: entry.valid_from)
    for earlier, later in pairwise(ordered):
        if earlier.valid_until is None or earlier.valid_until + timedelta(days=1) != later.valid_from:
            raise DataFileError(f"{file}: no entry of {name} is in force before {later.valid_from}.")
    if ordered[-1].valid_until is not None:
        raise DataFileError(f"{file}: no entry of {name} is in force after {ordered[-1].valid_until}.")
