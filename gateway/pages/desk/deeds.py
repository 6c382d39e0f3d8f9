"""A deed before it is drawn up, and drawing it up: a step of its own, after one has read it."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.login.actor import current_actor, require
from gateway.pages import records
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import desk
from gateway.pages.desk.facts import finding_words
from gateway.pages.desk.pace import desk_writes
from gateway.pages.desk.particulars import fields_of
from gateway.pages.desk.queues import for_lists
from gateway.pages.desk.review import give, load
from gateway.pages.standing import name_of
from gateway.pages.texts import N_, _

Record = dict[str, Any]

DRAW = "draw-deed"
FIRST_NAMES = f"{DRAW}-first-names"
DEED_MAKERS = ("officer", "special-officer")


@page(desk, "desk_preview")
@require("staff", roles=DEED_MAKERS)
def preview(record: UUID) -> ResponseReturnValue:
    """Show how the deed will read, or the deed as it was drawn up."""
    return deed_page(load(record), Form({}))


@page(desk, "desk_preview", method="POST")
@require("staff", roles=DEED_MAKERS)
@desk_writes
def draw(record: UUID) -> ResponseReturnValue:
    """Draw the deed up as it was shown, or show it again with the first names that the officer gives."""
    found = load(record)
    form = Form.sent()
    if form["look"]:
        return deed_page(found, form)
    status = give(found, DRAW, form)
    if status is None:
        return redirect(address("desk_record", record=record, notice=DRAW), 303)
    return deed_page(load(record), form, status=status)


def deed_page(record: Record, form: Form, *, status: int = 200) -> ResponseReturnValue:
    """Return the page of a deed that is about to be drawn up, or was."""
    told = registry.deed_preview(current_actor(), record["record_id"], first_names=form[FIRST_NAMES])
    if told["drawn"] and "officer" in for_lists()["roles"] and status == 200:  # noqa: PLR2004
        return redirect(address("desk_deed", year=told["register_year"], number=told["number"]), 303)
    shown = render_template(
        "desk/preview.html",
        record=record,
        name=name_of(record),
        preview=told,
        problems=[problem_words(one) for one in told["problems"]],
        may_draw=DRAW in record["allowed"],
        fields=fields_of(DRAW, record),
        form=form,
        errors=form.errors,
        **for_lists(),
    )
    return shown, status


_NAMES_MISSING = N_("No first names were declared. Give the child at least one, and look again")


def problem_words(problem: dict[str, Any]) -> str:
    """Return what keeps somebody from drawing a deed up."""
    if problem["code"] == "first-names-missing":
        return _(_NAMES_MISSING)
    named = [finding_words(str(code), {}) for code in problem["facts"].get("codes", ())]
    said = records.problem_words(problem["code"])
    return f"{said} ({'; '.join(named)})" if named else said
