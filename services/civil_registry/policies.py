"""Reads what the municipality decided for itself within the law, once at start."""

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from marshmallow import Schema, fields, validate

from services.civil_registry.data_files import FOLDER, DataFileError, Day, read_file, refuse_gaps
from services.civil_registry.domain.policy import (
    BY_LAW,
    BirthCondition,
    BirthPolicy,
    CeremonyHours,
    DeathCondition,
    DeathPolicy,
    FreeCeremony,
    MarriageCondition,
    MarriagePolicy,
    Municipality,
    Policies,
    Policy,
)
from services.contracts.civil_registry import LocalTime

_FILE = "policy.yaml"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FREE_A_WEEK = 2
"""Source: Wet rechten burgerlijke stand art. 4, for a municipality of more than 10,000 inhabitants."""

Condition = TypeVar("Condition", bound=StrEnum)


def _switches(conditions: type[StrEnum]) -> fields.Nested:
    """Return a required field in which every condition is switched on or off by name."""
    return fields.Nested(
        Schema.from_dict({str(condition): fields.Boolean(required=True) for condition in conditions}), required=True
    )


def _count() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


def _days_before() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=0))


class _Municipality(Schema):
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}\Z"))
    name = fields.String(required=True, validate=validate.Length(min=1))


class _Birth(Schema):
    online = _switches(BirthCondition)
    most_first_names = _count()
    most_signs_of_first_names = _count()
    point_out_as_surname = fields.List(fields.String(validate=validate.Length(min=1)), required=True)


class _Death(Schema):
    online = _switches(DeathCondition)
    warn_on_working_day = _count()
    escalate_on_working_day = _count()
    originals_days = _count()


class _Hours(Schema):
    opens_at = LocalTime(required=True)
    closes_at = LocalTime(required=True)


class _Free(Schema):
    weekday = fields.String(required=True, validate=validate.OneOf(_WEEKDAYS))
    at = LocalTime(required=True)
    room_id = fields.String(required=True)


class _Marriage(Schema):
    online = _switches(MarriageCondition)
    hours = fields.Nested(_Hours, required=True)
    couple_changes_until_days = _days_before()
    couple_plans_until_days = _days_before()
    option_hours = _count()
    option_days = _count()
    partner_answers_days = _count()
    recheck_days = fields.List(_days_before(), required=True, validate=validate.Length(min=1))
    sign_minutes = _count()
    free = fields.List(fields.Nested(_Free), required=True, validate=validate.Length(min=_FREE_A_WEEK))
    titles_without_sham_statement = fields.List(fields.String(), required=True)


class _Policy(Schema):
    municipality = fields.Nested(_Municipality, required=True)
    notices_from_abroad = fields.Nested(_Municipality, required=True)
    birth = fields.Nested(_Birth, required=True)
    death = fields.Nested(_Death, required=True)
    marriage = fields.Nested(_Marriage, required=True)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class _Policies(Schema):
    policies = fields.List(fields.Nested(_Policy), required=True)


def read_policies(folder: Path = FOLDER) -> Policies:
    """Return what `policy.yaml` of a folder says, period by period.

    Raises: DataFileError.
    """
    policies = [_policy(**entry) for entry in read_file(folder / _FILE, _Policies())["policies"]]
    refuse_gaps(_FILE, "policies", policies)
    return Policies(tuple(sorted(policies, key=lambda policy: policy.valid_from)))


def _policy(
    *,
    municipality: dict[str, str],
    notices_from_abroad: dict[str, str],
    birth: dict[str, Any],
    death: dict[str, Any],
    marriage: dict[str, Any],
    **period: Any,
) -> Policy:
    return Policy(
        municipality=Municipality(**municipality),
        notices_from_abroad=Municipality(**notices_from_abroad),
        birth=_birth(birth),
        death=DeathPolicy(**death | {"online": _switched_on(DeathCondition, death["online"])}),
        marriage=_marriage(marriage),
        **period,
    )


def _birth(said: dict[str, Any]) -> BirthPolicy:
    names = frozenset(said["point_out_as_surname"])
    return BirthPolicy(**said | {"online": _switched_on(BirthCondition, said["online"]), "point_out_as_surname": names})


def _marriage(said: dict[str, Any]) -> MarriagePolicy:
    hours = CeremonyHours(_time(said["hours"]["opens_at"]), _time(said["hours"]["closes_at"]))
    free = tuple(
        FreeCeremony(_WEEKDAYS.index(one["weekday"]), _time(one["at"]), one["room_id"]) for one in said["free"]
    )
    return MarriagePolicy(
        online=_switched_on(MarriageCondition, said["online"]),
        hours=hours,
        couple_changes_until_days=said["couple_changes_until_days"],
        couple_plans_until_days=said["couple_plans_until_days"],
        option_hours=said["option_hours"],
        option_days=said["option_days"],
        partner_answers_days=said["partner_answers_days"],
        recheck_days=tuple(sorted(said["recheck_days"], reverse=True)),
        sign_minutes=said["sign_minutes"],
        free=free,
        titles_without_sham_statement=frozenset(said["titles_without_sham_statement"]),
    )


def _switched_on(conditions: type[Condition], switches: dict[str, bool]) -> frozenset[Condition]:
    for condition in conditions:
        if condition in BY_LAW and not switches[condition]:
            raise DataFileError(f"{_FILE}: `{condition}` is law and cannot be switched off.")
    return frozenset(condition for condition in conditions if switches[condition])


def _time(text: str) -> time:
    return time.fromisoformat(text)
