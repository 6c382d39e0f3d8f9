"""The shape of a town's readable files: products, locations, lines and calendar, in YAML.

A file that does not fit is refused as a whole, with every error at once: file, key, and what is wrong.
"""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import holidays
import yaml
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.appointments.domain.companions import COMPANION_KINDS, LineKind
from services.appointments.domain.openings import Weekly
from services.appointments.domain.policy import USUAL_MOST_LIVE, Reconfirm
from services.appointments.domain.quotas import AT_MOST, RESERVE
from services.appointments.domain.ticks import NIGHT, TICK_MINUTES
from services.appointments.openings import weekly
from services.appointments.storage.calendar import span
from services.appointments.town import Town, contradictions
from services.appointments.town_draws import DrawFile, beyond_horizon, check_one_rule_a_day
from services.appointments.town_fields import SLUG, WEEKDAYS, Day, clock, iso, must
from services.contracts.appointments import MAX_PERSONS
from services.contracts.base import CHANNELS, slug

FILES = ("products.yaml", "locations.yaml", "lines.yaml", "calendar.yaml", "quotas.yaml", "exempt.yaml")
_MAY_BE_MISSING = ("quotas.yaml", "exempt.yaml")


_ALWAYS = {
    "weekdays": list(range(7)), "from": "04:00", "until": "24:00", "breaks": [], "valid_from": None, "valid_until": None
}  # fmt: skip


class TownFilesError(Exception):
    """The files cannot be loaded; each line of the text is one error."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class _Texts(Schema):
    nl = fields.String(required=True, validate=validate.Length(min=1))
    en = fields.String(required=True, validate=validate.Length(min=1))
    de = fields.String(required=True, validate=validate.Length(min=1))


class _Dated(Schema):
    """Where a value comes from, and since when it holds."""

    source = fields.String(required=True, validate=validate.Length(min=3))
    to_verify = fields.Boolean(load_default=False)


class _Fee(_Dated):
    applies_to = fields.String(required=True, validate=validate.OneOf(("everyone", "adult", "child")))
    cents = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    valid_from = Day(required=True)


class _Relief(Schema):
    mode = fields.String(required=True, validate=validate.OneOf(("propose", "apply")))
    lines = fields.List(fields.String(validate=SLUG), required=True, validate=validate.Length(min=1))
    most_hours_per_week = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1000))


class _WaitingList(Schema):
    min_gain_days = fields.Integer(strict=True, validate=validate.Range(min=1, max=60))
    min_lead_minutes = fields.Integer(strict=True, validate=validate.Range(min=60, max=7 * 24 * 60))
    window_minutes = fields.Integer(strict=True, validate=validate.Range(min=10, max=24 * 60))


class _CollectionRule(Schema):
    product_id = slug()
    after_working_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=60))
    within_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=182))


_USUAL_QUESTION = Reconfirm()


class _Reconfirm(Schema):
    lead_days = fields.Integer(
        load_default=_USUAL_QUESTION.lead_days, strict=True, validate=validate.Range(min=2, max=182)
    )
    ask_days = fields.Integer(
        load_default=_USUAL_QUESTION.ask_days, strict=True, validate=validate.Range(min=1, max=60)
    )
    remind_days = fields.Integer(strict=True, validate=validate.Range(min=1, max=60))
    until_days = fields.Integer(
        load_default=_USUAL_QUESTION.until_days, strict=True, validate=validate.Range(min=1, max=60)
    )

    @validates_schema(skip_on_field_errors=True)
    def _in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        days = [data[key] for key in ("lead_days", "ask_days", "remind_days", "until_days") if key in data]
        must(
            days == sorted(set(days), reverse=True) and data["ask_days"] - data["until_days"] > 1,
            "Must be in order, with a day for the second mail: lead_days > ask_days > remind_days > until_days.",
        )

    @post_load
    def _with_reminder(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"remind_days": (data["ask_days"] + data["until_days"]) // 2, **data}


class _Policy(Schema):
    """How places are given out; read by `domain/policy.py`."""

    scarce = fields.Boolean(load_default=False)
    late_after_hours = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=24 * 30))
    wait_norm_days = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1, max=182)
    )
    relief = fields.Nested(_Relief, load_default=None, allow_none=True)
    waiting_list = fields.Nested(_WaitingList, load_default=None, allow_none=True)

    code = fields.Boolean(load_default=False)
    collection = fields.Nested(_CollectionRule, load_default=None, allow_none=True)
    most_live = fields.Integer(
        load_default=USUAL_MOST_LIVE, allow_none=True, strict=True, validate=validate.Range(min=1, max=50)
    )
    bound = fields.Boolean(load_default=None, allow_none=True)
    reconfirm = fields.Nested(_Reconfirm, load_default=None, allow_none=True)
    draw = fields.List(fields.Nested(DrawFile), load_default=list)

    @validates_schema
    def _one_draw_a_day(self, data: Mapping[str, Any], **_: Any) -> None:
        check_one_rule_a_day(data["draw"])
        must(not data["draw"] or data.get("bound") is not False, "A drawn place is for one person: leave out bound.")

    @validates_schema
    def _relief_has_a_norm(self, data: Mapping[str, Any], **_: Any) -> None:
        must(
            data.get("relief") is None or data.get("wait_norm_days") is not None,
            "Set wait_norm_days too: relief begins when the wait passes it.",
        )


class _Also(Schema):
    """What a product needs besides its counter; read by `domain/companions.py`."""

    kind = fields.String(required=True, validate=validate.OneOf(COMPANION_KINDS))
    skills = fields.List(fields.String(validate=SLUG), required=True, validate=validate.Length(min=1))
    from_minutes = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=0, max=475)
    )
    minutes = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(min=5, max=480))
    extra_minutes = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(min=0, max=480), data_key="extra_minutes_per_person"
    )

    @validates_schema
    def _extra_to_something(self, data: Mapping[str, Any], **_: Any) -> None:
        must(data["minutes"] is not None or not data["extra_minutes"], "Give minutes too: it is extra to them.")


class _Product(Schema):
    id = slug()
    names = fields.Nested(_Texts, required=True)
    summary = fields.Nested(_Texts, required=True)
    bring = fields.List(fields.Nested(_Texts), required=True)
    needs = fields.List(fields.String(validate=SLUG), required=True, validate=validate.Length(min=1))
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=5, max=480))
    extra_minutes_per_person = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=480))
    max_persons = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MAX_PERSONS))
    setup_minutes = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=120))
    wrap_minutes = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=120))
    lead_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=60 * 24 * 60))
    horizon_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=182))
    shared_minutes = fields.Dict(
        keys=fields.String(validate=SLUG), values=fields.Integer(strict=True, validate=validate.Range(min=0)),
        load_default=dict,
    )  # fmt: skip
    fees = fields.List(fields.Nested(_Fee), required=True)
    channels = fields.List(fields.String(validate=validate.OneOf(CHANNELS)), required=True)
    audience = fields.String(required=True, validate=validate.OneOf(("resident", "abroad")))
    valid_from = Day(load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True)
    policy = fields.Nested(_Policy, load_default=dict)
    also = fields.List(fields.Nested(_Also), load_default=list)

    @validates_schema(skip_on_field_errors=True)
    def _fits_inside(self, data: Mapping[str, Any], **_: Any) -> None:
        needs = [(need["kind"], *sorted(need["skills"])) for need in data["also"]]
        if len(set(needs)) < len(needs):
            raise ValidationError("The same is needed twice: give the lines different skills.", "also")
        for need in data["also"]:
            ends = (need["from_minutes"] or 0) + (need["minutes"] or TICK_MINUTES)
            fits = ends <= data["minutes"] and need["extra_minutes"] <= data["extra_minutes_per_person"]
            if not fits:
                raise ValidationError(f"The {need['kind']} is needed longer than the visit lasts.", "also")

    @validates_schema(skip_on_field_errors=True)
    def _drawn_within_the_horizon(self, data: Mapping[str, Any], **_: Any) -> None:
        for rule in data["policy"].get("draw", ()):
            must(not beyond_horizon(rule, data["horizon_days"]), "Lots are drawn for days beyond horizon_days.")
        must(not (data["policy"].get("draw") and data["also"]), "A draw gives out counters only: leave out also.")


class _Weekly(Schema):
    """Hours that repeat on weekdays. Stored with weekdays as numbers, 0 = Monday."""

    weekdays = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)), required=True, validate=validate.Length(min=1)
    )
    opens = clock(required=True, data_key="from")
    closes = clock(required=True, data_key="until")
    breaks = fields.List(fields.Tuple((clock(), clock())), load_default=list)
    valid_from = Day(load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True)

    @validates_schema
    def _inside_the_day(self, data: Mapping[str, Any], **_: Any) -> None:
        for start, end in [(data["opens"], data["closes"]), *data["breaks"]]:
            must(start < end, f"{start} must come before {end}.")
            must(not span(start, end).bits & NIGHT, "Nothing may be open from 01:00 to 04:00 (the clock changes then).")

    @post_load
    def _as_row(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            "weekdays": sorted(WEEKDAYS.index(day) for day in data["weekdays"]),
            "from": data["opens"],
            "until": data["closes"],
            "breaks": [list(pause) for pause in data["breaks"]],
            "valid_from": iso(data["valid_from"]),
            "valid_until": iso(data["valid_until"]),
        }


def _overlap(one: Weekly, other: Weekly) -> bool:
    """Say whether there is a day on which both hours hold at the same time."""
    in_force = (one.valid_from or date.min) <= (other.valid_until or date.max) and (other.valid_from or date.min) <= (
        one.valid_until or date.max
    )
    return bool(in_force and one.weekdays & other.weekdays and one.bits & other.bits)


class _Location(Schema):
    id = slug()
    name = fields.String(required=True)
    street = fields.String(required=True)
    postal_code = fields.String(required=True)
    city = fields.String(required=True)
    time_zone = fields.String(required=True, validate=validate.OneOf(("Europe/Amsterdam",)))
    phone = fields.String(required=True)
    directions = fields.Nested(_Texts, required=True)
    max_visit_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=5, max=480))
    hours = fields.List(fields.Nested(_Weekly), required=True)


class _Part(Schema):
    """What can be done at a counter during some shifts: a specialist is there for a part of the day only."""

    skills = fields.List(fields.String(validate=SLUG), required=True)
    shifts = fields.List(fields.Nested(_Weekly), required=True)


class _Line(Schema):
    id = slug()
    location_id = slug()
    name = fields.String(required=True)
    kind = fields.String(load_default=LineKind.DESK.value, validate=validate.OneOf(tuple(LineKind)))
    skills = fields.List(fields.String(validate=SLUG))
    shifts = fields.List(fields.Nested(_Weekly))
    parts = fields.List(fields.Nested(_Part), validate=validate.Length(min=1, max=26))
    at_most = fields.Integer(strict=True, validate=validate.Range(min=1, max=99))

    @validates_schema(skip_on_field_errors=True)
    def _parts_or_whole(self, data: Mapping[str, Any], **_: Any) -> None:
        whole = {"skills", "shifts"} & set(data)
        if data["kind"] == LineKind.DESK:
            must(
                not whole if "parts" in data else len(whole) == 2,  # noqa: PLR2004
                "Give both skills and shifts, or parts that each have both.",
            )
        else:
            must(not whole if "parts" in data else "skills" in whole, "Give skills, or parts that each have them.")
        limit = data["kind"] == LineKind.LIMIT
        must(limit == ("at_most" in data), "A limit says at_most how many at a time; nothing else does.")
        must(not limit or "parts" not in data, "A limit has no parts: make two limits.")
        for one, other in combinations(data.get("parts", ()), 2):
            if any(_overlap(weekly(early), weekly(late)) for early in one["shifts"] for late in other["shifts"]):
                raise ValidationError("Two parts of one counter are staffed at the same time.")


class _Holidays(Schema):
    country = fields.String(required=True, validate=validate.OneOf(tuple(holidays.list_supported_countries())))
    categories = fields.List(fields.String(validate=validate.OneOf(("public", "optional"))), required=True)
    open_anyway = fields.List(Day(), load_default=list)


class _DecreeDay(_Dated):
    on = Day(required=True, data_key="day")  # YAML 1.1 reads the word `on` as true


class _Closure(_Dated):
    on = Day(required=True, data_key="day")
    reason = fields.String(required=True)
    location_id = fields.String(load_default=None, allow_none=True, validate=SLUG)
    closed_from = clock(load_default=None, allow_none=True, data_key="from")
    closed_until = clock(load_default=None, allow_none=True, data_key="until")

    @validates_schema
    def _both_or_neither(self, data: Mapping[str, Any], **_: Any) -> None:
        start, end = data["closed_from"], data["closed_until"]
        must((start is None) == (end is None), "Give both from and until, or neither (the whole day).")
        must(start is None or start < end, f"{start} must come before {end}.")


class _Calendar(Schema):
    holidays = fields.Nested(_Holidays, required=True)
    decree_days = fields.List(fields.Nested(_DecreeDay), required=True)
    closures = fields.List(fields.Nested(_Closure), required=True)

    @post_load
    def _as_rules(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        legal = data["holidays"]
        return {
            "holidays": {**legal, "open_anyway": [on.isoformat() for on in legal["open_anyway"]]},
            "decree_days": [{**entry, "on": entry["on"].isoformat()} for entry in data["decree_days"]],
            "closures": [
                {
                    "on": entry["on"].isoformat(),
                    "reason": entry["reason"],
                    "source": entry["source"],
                    "location_id": entry["location_id"],
                    "from": entry["closed_from"],
                    "until": entry["closed_until"],
                }
                for entry in data["closures"]
            ],
        }


class _Quota(Schema):
    """Which part of the shared counters some visits may take, or is kept for them."""

    id = slug()
    location_id = slug()
    kind = fields.String(required=True, validate=validate.OneOf((AT_MOST, RESERVE)))
    products = fields.List(fields.String(validate=SLUG), load_default=list)
    channels = fields.List(fields.String(validate=validate.OneOf(CHANNELS)), load_default=list)
    needs = fields.List(fields.String(validate=SLUG), required=True, validate=validate.Length(min=1))
    share = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=100))
    release_days = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 182))
    release_at = clock(load_default="08:00")

    @validates_schema
    def _some_group(self, data: Mapping[str, Any], **_: Any) -> None:
        must(bool(data["products"] or data["channels"]), "Name the products or the channels that it is about.")

    @post_load
    def _as_row(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"id": data.pop("id"), "location_id": data.pop("location_id"), "rules": data}


class _Quotas(Schema):
    quotas = fields.List(fields.Nested(_Quota), load_default=list)


class _Exempt(Schema):
    """An e-mail address or phone number with which more visits may be booked, as a digest of this installation."""

    digest = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[0-9a-f]{32}\Z", error="Must be a digest: `python -m services.appointments.exempt ADDRESS` prints it."
        ),
    )
    note = fields.String(required=True, validate=validate.Length(min=3, max=200))
    valid_until = Day(load_default=None, allow_none=True)

    @post_load
    def _as_row(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"id": data["digest"], "note": data["note"], "valid_until": data["valid_until"]}


class _ExemptList(Schema):
    exempt = fields.List(fields.Nested(_Exempt), load_default=list)


class _Products(Schema):
    products = fields.List(fields.Nested(_Product), required=True, validate=validate.Length(min=1))


class _Locations(Schema):
    locations = fields.List(fields.Nested(_Location), required=True, validate=validate.Length(min=1))


class _Lines(Schema):
    lines = fields.List(fields.Nested(_Line), required=True, validate=validate.Length(min=1))


def read_town(folder: Path) -> Town:
    """Return what the files of a town say.

    Raises: TownFilesError (a file is missing, is no YAML or does not fit; or the files contradict one another).
    """
    errors: list[str] = []
    shapes: tuple[type[Schema], ...] = (_Products, _Locations, _Lines, _Calendar, _Quotas, _ExemptList)
    products, locations, lines, calendar, quotas, exempt = (
        _read(folder / name, shape, errors) for name, shape in zip(FILES, shapes, strict=True)
    )
    if errors:
        raise TownFilesError(errors)
    town = Town(
        products=[_product_row(entry) for entry in products["products"]],
        locations=locations["locations"],
        lines=[row for entry in lines["lines"] for row in _line_rows(entry)],
        calendar=calendar,
        quotas=quotas["quotas"],
        exempt=exempt["exempt"],
    )
    if errors := contradictions(town):
        raise TownFilesError(errors)
    return town


def _read(path: Path, shape: type[Schema], errors: list[str]) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        loaded: dict[str, Any] = shape().load(content if isinstance(content, dict) else {})
    except FileNotFoundError:
        if path.name in _MAY_BE_MISSING:
            return shape().load({})  # type: ignore[no-any-return]
        errors.append(f"{path.name}: the file is missing")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        errors.append(f"{path.name}: is not valid YAML{place}")
    except ValidationError as error:
        errors.extend(f"{path.name}: {key}: {what}" for key, what in _flat(error.messages))
    else:
        return loaded
    return {}


def _flat(messages: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, Mapping):
        return [
            found
            for name, inner in messages.items()
            for found in _flat(inner, key if name == "_schema" else f"{key}.{name}".lstrip("."))
        ]
    return [(key, str(message)) for message in messages]


def _line_rows(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a counter as one line per part: `desk-3`, `desk-3-b`, `desk-3-c`, all with its name.

    Skills belong to a line for the whole day; so a counter whose skills change during the day is several lines. A limit
    is as many lines as may be in use at a time: `notice`, `notice-2`. What is not staffed is there day and night, but
    open only while its location is.

    Source: domain/appointments.md 7.1.9, 7.1.12.
    """
    parts, at_most = entry.pop("parts", None), entry.pop("at_most", 1)
    if parts is None:
        row = {"shifts": [dict(_ALWAYS)], **entry}
        return [row, *({**row, "id": f"{entry['id']}-{number}"} for number in range(2, at_most + 1))]
    endings = ["", *(f"-{letter}" for letter in ascii_lowercase[1:])]
    return [{**entry, **part, "id": entry["id"] + ending} for part, ending in zip(parts, endings, strict=False)]


def _product_row(entry: dict[str, Any]) -> dict[str, Any]:
    fees = [{**fee, "valid_from": fee["valid_from"].isoformat()} for fee in entry["fees"]]
    return {**entry, "fees": fees}
