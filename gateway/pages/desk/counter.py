"""A declaration at the counter: a clerk fills in for somebody who stands before him, in one form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.login.actor import current_actor, require
from gateway.pages import records
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form, last_figures
from gateway.pages.blueprints import desk
from gateway.pages.crossing import key_for, renew_form_key
from gateway.pages.desk.facts import CONTENTS
from gateway.pages.desk.labels import label_of
from gateway.pages.desk.pace import desk_writes
from gateway.pages.desk.particulars import Field, fields_of_schema, read, shown_at_first
from gateway.pages.desk.queues import for_lists, today
from gateway.pages.desk.review import load, note, rooms_of
from gateway.pages.standing import name_of
from gateway.pages.texts import _
from services.messaging.errors import Malformed, Refusal

Record = dict[str, Any]

KINDS = ("birth", "death", "marriage")
CLERKS = ("clerk", "officer")
_PREFIX = "content"


@page(desk, "desk_begin", method="POST")
@require("staff", roles=CLERKS)
@desk_writes
def begin() -> ResponseReturnValue:
    """Begin a declaration for somebody at the counter."""
    kind = Form.sent().one_of("kind", KINDS)
    if not kind:
        return redirect(address("desk"), 303)
    begun = registry.start(current_actor(), kind, language="nl", content={}, key=key_for("start", kind))
    return redirect(address("desk_fill", record=begun["record_id"]), 303)


@page(desk, "desk_begin")
@require("staff")
def go_back() -> ResponseReturnValue:
    """Go to the queues: this address only answers forms."""
    return redirect(address("desk"), 303)


@page(desk, "desk_fill")
@require("staff", roles=CLERKS)
def fill(record: UUID) -> ResponseReturnValue:
    """Show all that a declaration says, to be filled in or changed."""
    found = load(record)
    if not may_fill(found):
        return redirect(address("desk_record", record=record), 303)
    every = [field for fields in _parts_of(found).values() for field in fields]
    return _page(found, Form.showing(shown_at_first(found, every)))


@page(desk, "desk_fill", method="POST")
@require("staff", roles=CLERKS)
@desk_writes
def save(record: UUID) -> ResponseReturnValue:
    """Keep those parts of a declaration in which something was typed; each of them must be whole."""
    found = load(record)
    form = Form.sent()
    content = _read(form, found)
    if form.errors:
        return _page(found, form, status=422)
    seen = records.shown(found)
    try:
        registry.save(current_actor(), seen, content, key=key_for("save", record, seen["version"], content))
    except Refusal as refusal:
        note(form, "save", refusal)
        renew_form_key()
        return _page(load(record), form, status=409)
    except Malformed as malformed:
        form.wrong("save", _("This cannot be kept so: %(fields)s", fields=", ".join(_named(malformed.errors))))
        renew_form_key()
        return _page(found, form, status=422)
    return redirect(address("desk_record", record=record, notice="save"), 303)


def may_fill(record: Mapping[str, Any]) -> bool:
    """Say whether a clerk can fill a declaration in: one that was begun at the counter."""
    return record["source"] == "counter" and "save" in record["allowed"]


def _page(record: Record, form: Form, *, status: int = 200) -> ResponseReturnValue:
    shown = render_template(
        "desk/fill.html",
        record=record,
        name=name_of(record),
        parts_of_it=[(label_of((part,)), fields) for part, fields in _parts_of(record).items()],
        form=form,
        errors=form.errors,
        **for_lists(),
    )
    return shown, status


def _parts_of(record: Record) -> dict[str, list[Field]]:
    """Return the fields of each part of what a kind of declaration says, as they are for this record."""
    choices = rooms_of(record) if record["kind"] == "marriage" else {}
    parts: dict[str, list[Field]] = {}
    for field in fields_of_schema(CONTENTS[record["kind"]](), _PREFIX):
        shown = replace(field, widget="choice", options=choices[name]) if choices.get(name := field.path[-1]) else field
        if field.widget == "bsn" and (sealed := _kept(record, field)):
            hint = _("Filled in: a number that ends in %(digits)s. Leave this empty to keep it.")
            shown = replace(field, hint=hint % {"digits": last_figures(sealed)}, required=False)
        parts.setdefault(field.path[0], []).append(shown)
    return parts


def _read(form: Form, record: Record) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for fields in _parts_of(record).values():
        names = tuple(field.name for field in fields)
        if any(form[name] for name in form.typed if name.startswith(names)):
            content |= read(form, fields, today())
            for field in fields:
                part, last = content.get(field.path[0]), field.path[-1]
                if field.widget == "bsn" and isinstance(part, dict) and last not in part and _kept(record, field):
                    part[last] = _kept(record, field)
    return content


def _kept(record: Record, field: Field) -> str:
    part = record["content"].get(field.path[0])
    return str(part.get(field.path[-1]) or "") if isinstance(part, Mapping) else ""


def _named(errors: Any) -> list[str]:
    """Return the names of the fields that a contract did not take."""
    if not isinstance(errors, Mapping):
        return []
    found = []
    for name, why in errors.items():
        inner = _named(why)
        found += inner or [label_of((str(name),))]
    return found
