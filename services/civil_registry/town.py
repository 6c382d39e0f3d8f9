"""The town's own data for its civil registry: officers as appointed, rooms for ceremonies. Dated; read at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate

from services.civil_registry.domain.case import Officer
from services.civil_registry.domain.rooms import Room
from services.civil_registry.domain.working_time import OfficeHours
from services.civil_registry.secrets import Secrets

TASKS = ("birth", "death", "marriage", "ceremony", "later-mention", "extract", "sworn-statement")


class TownError(Exception):
    """A town's file is missing or wrong; the text says which one, where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Town:
    """One municipality."""

    code: str
    """Code of the municipality; 0153 is Enschede [GK]."""
    name: str
    address: str
    telephone: str
    register_part: str
    """The register part in which this office numbers its deeds."""
    officers: Mapping[str, Officer]
    officer_names: Mapping[str, str]
    birth_places: tuple[str, ...]
    """Hospitals and birth centres in which most children are born."""
    rooms: Mapping[str, Room]
    office_hours: OfficeHours
    targets: Mapping[str, float]
    """Which share of each kind the city wants declared online."""


class _Officer(Schema):
    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    special = fields.Boolean(load_default=False)
    appointed_from = fields.Date(required=True)
    appointed_until = fields.Date(load_default=None, allow_none=True)
    sworn_on = fields.Date(load_default=None, allow_none=True)
    tasks = fields.List(fields.String(validate=validate.OneOf(TASKS)), load_default=list)
    bsn = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}\Z"))


class _Room(Schema):
    id = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,62}\Z"))
    name = fields.String(required=True)
    place = fields.String(required=True)
    minutes = fields.Integer(load_default=30, strict=True, validate=validate.Range(min=5, max=240))
    special_house = fields.Boolean(load_default=False)


class _Hours(Schema):
    opens_at = fields.Time("%H:%M", required=True)
    closes_at = fields.Time("%H:%M", required=True)


class _Town(Schema):
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}\Z"))
    name = fields.String(required=True)
    address = fields.String(required=True)
    telephone = fields.String(required=True)
    register_part = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Z]\Z"))
    officers = fields.List(fields.Nested(_Officer), required=True)
    birth_places = fields.List(fields.String(validate=validate.Length(min=1, max=120)), load_default=list)
    rooms = fields.List(fields.Nested(_Room), required=True)
    office_hours = fields.Nested(_Hours, required=True)
    targets = fields.Dict(keys=fields.String(), values=fields.Float(), load_default=dict)


def read_town(folder: Path, secrets: Secrets) -> Town:
    """Return what `registry.yaml` of a town's folder says; of an officer's BSN only a digest is kept.

    Raises: TownError.
    """
    file = folder / "registry.yaml"
    try:
        content: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        town = _Town().load(_typed(content))
    except (OSError, yaml.YAMLError) as error:
        raise TownError(f"{file.name} cannot be read: {error}") from None
    except ValidationError as error:
        raise TownError(f"{file.name}: {error.messages}") from None
    return Town(
        code=town["code"],
        name=town["name"],
        address=town["address"],
        telephone=town["telephone"],
        register_part=town["register_part"],
        officers={entry["staff_id"]: _officer(entry, secrets) for entry in town["officers"]},
        officer_names={entry["staff_id"]: entry["name"] for entry in town["officers"]},
        birth_places=tuple(town["birth_places"]),
        rooms={entry["id"]: Room(**entry) for entry in town["rooms"]},
        office_hours=OfficeHours(**town["office_hours"]),
        targets=town["targets"],
    )


def _typed(content: Any) -> Any:
    """Return the file's content with whole numbers as such: everything else is read as text, leading zeros included."""
    for room in content.get("rooms", []) if isinstance(content, dict) else []:
        if isinstance(room, dict) and str(room.get("minutes", "")).isdigit():
            room["minutes"] = int(room["minutes"])
    return content


def _officer(entry: Mapping[str, Any], secrets: Secrets) -> Officer:
    return Officer(
        staff_id=entry["staff_id"],
        special=entry["special"],
        appointed_from=entry["appointed_from"],
        appointed_until=entry["appointed_until"],
        sworn_on=entry["sworn_on"],
        tasks=frozenset(entry["tasks"]),
        bsn_digest=secrets.digest(entry["bsn"]).hex(),
    )
