"""The firms that the town works with, by KvK number: a dated town file, read at start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.messaging.settings import SettingsError

KINDS = ("undertaker", "care-provider")


@dataclass(frozen=True, slots=True)
class Partner:
    """One firm, from the first to the last day on which it may log in; `valid_until` None: until further notice."""

    kvk: str
    name: str
    kind: str
    valid_from: date
    valid_until: date | None = None


class Partners:
    """The firms of a town. One that is not in the file may not log in, whatever its means."""

    def __init__(self, known: Iterable[Partner] = ()) -> None:
        self._known = tuple(known)

    def of(self, kvk: str, *, on: date) -> Partner | None:
        """Return the firm with a number on a day, or None when it is no partner then."""
        for partner in self._known:
            until = partner.valid_until or date.max
            if partner.kvk == kvk and partner.valid_from <= on <= until:
                return partner
        return None

    @classmethod
    def read(cls, file: Path) -> "Partners":
        """Return the firms of a file such as `deploy/demo/enschede/partners.yaml`.

        Raises: SettingsError (it is not there, or does not fit; each error is named).
        """
        try:
            written = yaml.safe_load(file.read_text(encoding="utf-8"))
            rows = _File().load(written)["partners"]
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SettingsError(f"BALIE_TOWN_FOLDER: {file} cannot be read ({type(error).__name__}).") from None
        except ValidationError as error:
            raise SettingsError(f"BALIE_TOWN_FOLDER: {file} does not fit: {error.messages}") from None
        return cls(Partner(**{key: row[key] for key in Partner.__slots__ if key in row}) for row in rows)


class _Day(fields.Date):
    """A day; YAML has made it a date already."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value.isoformat() if isinstance(value, date) else value, attr, data, **kwargs)


class _Partner(Schema):
    kvk = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{8}\Z", error="Must be 8 digits, quoted."))
    name = fields.String(required=True, validate=validate.Length(min=1, max=100))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    valid_from = _Day(required=True)
    valid_until = _Day(load_default=None, allow_none=True)
    source = fields.String(required=True, validate=validate.Length(min=1))

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["valid_until"] and data["valid_until"] < data["valid_from"]:
            raise ValidationError("Lies before valid_from.", "valid_until")


class _File(Schema):
    partners = fields.List(fields.Nested(_Partner), required=True)

    @validates_schema
    def _one_at_a_time(self, data: dict[str, Any], **_: Any) -> None:
        rows = sorted(data["partners"], key=lambda row: (row["kvk"], row["valid_from"]))
        for before, after in pairwise(rows):
            until = before["valid_until"] or date.max
            if before["kvk"] == after["kvk"] and after["valid_from"] <= until:
                raise ValidationError(f"{after['kvk']} stands twice for one day.", "partners")
