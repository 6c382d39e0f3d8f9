"""The form of each command, made from the contract of its particulars: what the registry asks is what the page asks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.pages.asking import Form
from gateway.pages.desk.labels import hint_of, label_of, option_word
from gateway.pages.texts import _
from services.contracts.civil_registry import particulars_of
from services.presenting.times import HOME

Record = Mapping[str, Any]
Options = Sequence[tuple[str, str]]

Declared = fields.Field[Any]
"""A field of a contract."""

ONE_LINE = 200
"""A text that may be longer gets a field of several lines."""
MOST_LINES = 10
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `path`: where its value goes in the particulars; `name`: what it is called on the page."""

    name: str
    path: tuple[str, ...]
    widget: str
    label: str
    hint: str = ""
    required: bool = True
    most: int = 1000
    options: Options = ()
    initial: str = ""
    rows: tuple["Field", ...] = ()


def fields_of(command: str, record: Record, choices: Mapping[str, Options] | None = None) -> tuple[Field, ...]:
    """Return the fields of a command's form, in the order of its contract.

    `choices`: what can be chosen where the contract takes any text, such as rooms, by the name of the field.
    """
    found = _of_schema(particulars_of(command)(), command, ())
    return tuple(_for_record(field, command, record, choices or {}) for field in found)


def fields_of_schema(schema: Schema, prefix: str) -> tuple[Field, ...]:
    """Return the fields of any contract, in its order; those of its parts have the part in their path."""
    return tuple(_of_schema(schema, prefix, ()))


def shown_at_first(record: Record, questions: Sequence[Field]) -> dict[str, Any]:
    """Return what stands in the fields before anybody types: what the record says already."""
    known: dict[str, Any] = {field.name: field.initial for field in questions if field.initial}
    for field in questions:
        if field.widget == "bsn":  # a number is typed anew, or kept
            continue
        value: Any = record["content"]
        for step in field.path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if field.widget == "rows" and isinstance(value, list):
            known |= {
                f"{field.name}-{number}-{part.name}": _as_value(part, one.get(part.path[-1]))
                for number, one in enumerate(value)
                for part in field.rows
            }
        elif field.widget == "moment" and isinstance(value, str):
            at = datetime.fromisoformat(value).astimezone(HOME)
            known |= {field.name: at.date(), f"{field.name}-time": f"{at:%H:%M}"}
        elif value is not None and (len(field.path) > 1 or isinstance(value, bool | str)):
            known[field.name] = _as_value(field, value)
    return known


def read(form: Form, questions: Sequence[Field], today: date) -> dict[str, Any]:
    """Return the particulars that a form says; what is wrong stands in its errors."""
    told: dict[str, Any] = {}
    for field in questions:
        value = _READERS[field.widget](form, field, today)
        if value in (None, "", []):
            continue
        inner = told
        for step in field.path[:-1]:
            inner = inner.setdefault(step, {})
        inner[field.path[-1]] = value
    return told


# --- from the contract to fields


def _of_schema(schema: Schema, prefix: str, path: tuple[str, ...]) -> Iterator[Field]:
    for name, field in schema.fields.items():
        here = (*path, name)
        if isinstance(field, fields.Nested):
            yield from _of_schema(field.schema, f"{prefix}-{name}", here)
        else:
            yield _field(field, f"{prefix}-{name}".replace("_", "-"), here)


def _field(field: Declared, name: str, path: tuple[str, ...]) -> Field:
    shown = Field(
        name=name,
        path=path,
        widget="bsn" if path[-1] == "bsn" else _widget_of(field),
        label=label_of(path, name),
        hint=hint_of(path),
        required=field.required,
        most=_most(field),
        options=_options(field),
        initial=field.load_default if isinstance(field.load_default, str) else "",
    )
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        inner = field.inner.schema.fields.items()
        rows = tuple(_field(one, part.replace("_", "-"), (part,)) for part, one in inner)
        return replace(shown, widget="rows", rows=rows)
    return shown


def _widget_of(field: Declared) -> str:
    match field:
        case fields.Email():
            return "email"
        case fields.AwareDateTime():
            return "moment"
        case fields.Date():
            return "day"
        case fields.Boolean():
            must = any(isinstance(one, validate.Equal) for one in field.validators)
            return "must" if must else "yes-no" if field.required else "tick"
        case fields.List():
            return "several" if _options(field) else "numbers" if isinstance(field.inner, fields.Integer) else "lines"
        case fields.Integer():
            return "number"
        case fields.UUID():
            return "reference"
    if type(field).__name__ == "LocalTime":
        return "clock"
    if _options(field):
        return "choice"
    return "text" if _most(field) <= ONE_LINE else "area"


def _options(field: Declared) -> Options:
    inner = field.inner if isinstance(field, fields.List) else field
    for one in inner.validators:
        if isinstance(one, validate.OneOf):
            return tuple((str(choice), option_word(str(choice))) for choice in one.choices)
    return ()


def _most(field: Declared) -> int:
    inner = field.inner if isinstance(field, fields.List) else field
    lengths = [one.max for one in inner.validators if isinstance(one, validate.Length) and one.max]
    return int(lengths[0]) if lengths else ONE_LINE


def _for_record(field: Field, command: str, record: Record, choices: Mapping[str, Options]) -> Field:
    """Return a field as it is for this record: with the witnesses, rooms and officers that there are."""
    last = field.path[-1]
    if field.widget == "numbers":
        people = enumerate(record["content"].get(last) or ())
        return replace(field, options=tuple((str(at), f"{one['first_names']} {one['surname']}") for at, one in people))
    if choices.get(last):
        return replace(field, widget="choice", options=tuple(choices[last]))
    if (command, last) == ("draw-deed", "first_names") and (record["content"].get("child") or {}).get("first_names"):
        return replace(field, widget="none")
    return field


def _as_value(field: Field, value: Any) -> Any:
    if field.widget == "day" and isinstance(value, str):
        return date.fromisoformat(value)
    return value


# --- from what was typed to particulars


def _needed(field: Field) -> str:
    return _("%(label)s: fill this in", label=field.label) if field.required else ""


def _day(form: Form, field: Field, _today: date) -> str | None:
    found = form.day(field.name, field.label, needed=field.required)
    return None if found is None else found.isoformat()


def _moment(form: Form, field: Field, today: date) -> str | None:
    on = _day(form, field, today)
    if on is None:
        return None
    typed = form.clock(f"{field.name}-time", _("Time"))
    if not typed:
        return None
    at = datetime.combine(date.fromisoformat(on), time.fromisoformat(typed), HOME)
    if at.astimezone(UTC).astimezone(HOME).time() != at.time():
        form.wrong(f"{field.name}-time", _("This time did not exist: summer time began. Check the time"))
    return at.isoformat()


def _yes_or_no(form: Form, field: Field, _today: date) -> bool | None:
    return form.yes_or_no(field.name, missing=_needed(field) or _("Make a choice"))


def _tick(form: Form, field: Field, _today: date) -> bool | None:
    return form.ticked(field.name, missing=_("Tick this: %(label)s", label=field.label) if field.required else "")


def _choice(form: Form, field: Field, _today: date) -> str:
    return form.one_of(field.name, [value for value, _word in field.options], missing=_needed(field))


def _several(form: Form, field: Field, _today: date) -> list[str]:
    known = {value for value, _word in field.options}
    return [value for value in form.chosen(field.name) if value in known]


def _numbers(form: Form, field: Field, today: date) -> list[int]:
    found = [int(value) for value in _several(form, field, today)]
    if not found and field.required:
        form.wrong(field.name, _needed(field))
    return found


def _number(form: Form, field: Field, _today: date) -> int | None:
    typed = form.text(field.name, missing=_needed(field), most=6)
    if typed and not (typed.isascii() and typed.isdigit()):
        form.wrong(field.name, _("%(label)s: fill in a number", label=field.label))
        return None
    return int(typed) if typed else None


def _lines(form: Form, field: Field, _today: date) -> list[str]:
    typed = form.area(field.name, missing=_needed(field)).split("\n")
    found = [line.strip() for line in typed if line.strip()]
    if len(found) > MOST_LINES or any(len(line) > field.most for line in found):
        form.wrong(field.name, _("At most %(lines)s lines of %(most)s characters", lines=MOST_LINES, most=field.most))
    return found


def _rows(form: Form, field: Field, today: date) -> list[dict[str, Any]]:
    found = []
    for number in range(MOST_ROWS):
        parts = [replace(part, name=f"{field.name}-{number}-{part.name}") for part in field.rows]
        names = {name for name in form.typed if name.startswith(f"{field.name}-{number}-") and form[name]}
        if names:
            found.append(read(form, parts, today))
    if not found and field.required:
        form.wrong(field.name, _needed(field), at=f"{field.name}-0-{field.rows[0].name}")
    return found


_Reader = Callable[[Form, Field, date], Any]
_READERS: Mapping[str, _Reader] = {
    "text": lambda form, field, _today: form.text(field.name, missing=_needed(field), most=field.most),
    "bsn": lambda form, field, _today: form.bsn(field.name, missing=_needed(field)),
    "email": lambda form, field, _today: form.email(field.name) if field.required or form[field.name] else "",
    "reference": lambda form, field, _today: form.text(field.name, missing=_needed(field), most=field.most),
    "area": lambda form, field, _today: form.area(field.name, missing=_needed(field), most=field.most),
    "clock": lambda form, field, _today: form.clock(field.name, field.label, needed=field.required),
    "day": _day,
    "moment": _moment,
    "yes-no": _yes_or_no,
    "must": _tick,
    "tick": _tick,
    "choice": _choice,
    "several": _several,
    "number": _number,
    "numbers": _numbers,
    "lines": _lines,
    "rows": _rows,
    "none": lambda _form, _field, _today: None,
}
