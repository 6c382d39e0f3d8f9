"""Reads what the municipality offers from `data/`, once at start; whatever is wrong is named with file and key."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate

from services.civil_registry.domain.declarations import Declaration, Term, TermRule
from services.civil_registry.domain.holidays import WorkingDays
from services.contracts.base import Texts, slug

FOLDER = Path(__file__).resolve().parent / "data"


class OfferingError(Exception):
    """A data file is missing or wrong; the text says which one, where, and what is wrong."""


class _Day(fields.Field[date]):
    """A day: YAML reads `2026-01-02` as a date by itself."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        if type(value) is not date:
            raise ValidationError("Write a day as YYYY-MM-DD, without quotes.")
        return value


class _DecreeDay(Schema):
    day = _Day(required=True)
    source = fields.String(required=True)


class _DecreeDays(Schema):
    known_until = _Day(required=True)
    days = fields.List(fields.Nested(_DecreeDay), required=True)


class _Term(Schema):
    description = fields.Nested(Texts, required=True)
    source = fields.String(required=True)
    rule = fields.Enum(TermRule, by_value=True, required=True)


class _Declaration(Schema):
    kind = slug()
    dutch_name = fields.String(required=True)
    names = fields.Nested(Texts, required=True)
    declared_by = fields.Nested(Texts, required=True)
    term = fields.Nested(_Term, required=True)
    counter_product_id = fields.String(required=True, allow_none=True)
    online = fields.Boolean(required=True)
    valid_from = _Day(required=True)
    valid_until = _Day(load_default=None, allow_none=True)


class _Declarations(Schema):
    declarations = fields.List(fields.Nested(_Declaration), required=True, validate=validate.Length(min=1))


@dataclass(frozen=True, slots=True)
class Offering:
    """The declarations of all periods, and the days that count for their terms."""

    declarations: tuple[Declaration, ...]
    is_working_day: WorkingDays
    decree_days_known_until: date

    def on(self, day: date) -> tuple[Declaration, ...]:
        """Return the declarations offered on a day, in the order of the file."""
        return tuple(declaration for declaration in self.declarations if declaration.offered_on(day))


def read_offering(folder: Path = FOLDER) -> Offering:
    """Return what the files of a folder say.

    Raises: OfferingError.
    """
    decrees = _read(folder / "decree_days.yaml", _DecreeDays())
    declarations = tuple(
        _declaration(entry) for entry in _read(folder / "declarations.yaml", _Declarations())["declarations"]
    )
    _refuse_overlaps(declarations)
    return Offering(
        declarations=declarations,
        is_working_day=WorkingDays(entry["day"] for entry in decrees["days"]),
        decree_days_known_until=decrees["known_until"],
    )


def _read(file: Path, schema: Schema) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise OfferingError(f"{file.name} cannot be read: {error}") from None
    except ValidationError as error:
        raise OfferingError(f"{file.name}: {error.messages}") from None
    return loaded


def _declaration(entry: dict[str, Any]) -> Declaration:
    return Declaration(**entry | {"term": Term(**entry["term"])})


def _refuse_overlaps(declarations: tuple[Declaration, ...]) -> None:
    for number, one in enumerate(declarations):
        for other in declarations[number + 1 :]:
            if one.kind == other.kind and (one.offered_on(other.valid_from) or other.offered_on(one.valid_from)):
                raise OfferingError(f"declarations.yaml: two entries of {one.kind} are in force on the same day.")
