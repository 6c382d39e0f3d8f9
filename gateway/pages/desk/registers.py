"""The registers: how far they are, a deed with what was added to it, papers of it, and closing a year."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.api.problems import PROBLEMS
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import desk
from gateway.pages.crossing import key_for, renew_form_key
from gateway.pages.desk import tasks
from gateway.pages.desk.labels import label_of_change, option_word, paper_name
from gateway.pages.desk.pace import desk_writes
from gateway.pages.desk.queues import for_lists, today
from gateway.pages.desk.review import note
from gateway.pages.texts import N_, _
from services.contracts.civil_registry import REGISTERS
from services.messaging.errors import Malformed, Refusal

OFFICER = ("officer",)
DIGITS = {"birth": "1", "death": "2", "marriage": "3", "partnership": "5"}
"""The first position of a deed's number. Source: Regeling vermelding nummer op akten art. 2."""
_SHORTEST, _LONGEST, _WITH_LETTER = 4, 6, 7
_FIRST_YEAR = 1811

NOTICES = {
    "closed": N_("The register was closed."),
    "extract": N_("The paper was made. You find it below."),
    "mention": N_("The mention was added."),
    "slip": N_("The slip was corrected by a mention."),
    "court-order": N_("The order of the court was mentioned."),
    "block": N_("No extracts are given of this deed for the time being."),
    "allow": N_("Extracts may be given of this deed again."),
}


@page(desk, "desk_registers")
@require("staff", roles=OFFICER)
def overview() -> ResponseReturnValue:
    """Show all register parts, and the way to a deed by kind, year and number."""
    return _overview(Form.showing({"register": "birth", "year": today().year}))


def _overview(form: Form, *, status: int = 200) -> ResponseReturnValue:
    parts = registry.registers(current_actor())
    shown = render_template(
        "desk/registers.html",
        parts_of_registers=parts,
        closable=_closable(parts),
        registers=[(name, option_word(name)) for name in REGISTERS],
        done=_told(),
        form=form,
        errors=form.errors,
        option_word=option_word,
        **for_lists(),
    )
    return shown, status if status != 200 or not form.errors else 422  # noqa: PLR2004


def _told() -> str:
    text = NOTICES.get(asked("notice"))
    return _(text) if text else ""


def _closable(parts: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return the registers of past years of which a part is open."""
    year = today().year
    return list(
        dict.fromkeys(
            (one["register"], one["register_year"])
            for one in parts
            if one["closed_at"] is None and one["register_year"] < year
        )
    )


@page(desk, "desk_deed_find", method="POST")
@require("staff", roles=OFFICER)
@desk_writes
def find() -> ResponseReturnValue:
    """Go to a deed by register, year and number, typed whole or without register and part."""
    form = Form.sent()
    kind = form.one_of("register", REGISTERS, missing=_("Choose a register"))
    year = form.text("year", missing=_("Fill in the year"), most=4)
    number = _number(form, kind)
    if year and not (year.isascii() and year.isdigit() and _FIRST_YEAR <= int(year) <= today().year):
        form.wrong("year", _("Fill in a year from 1811 to now"))
    if form.errors:
        return _overview(form)
    return redirect(address("desk_deed", year=int(year), number=number), 303)


def _number(form: Form, kind: str) -> str:
    """Return a number of six positions from what was typed: four figures, or all six or seven positions."""
    typed = "".join(form.text("number", missing=_("Fill in the number of the deed"), most=12).split()).upper()
    if not typed or not kind:
        return ""
    if typed.isdigit() and len(typed) <= _SHORTEST:
        part = (form["part"] or _only_part(kind)).upper()
        typed = f"{DIGITS[kind]}{part}{int(typed):04}"
    elif len(typed) == _WITH_LETTER:
        typed = typed[:2] + typed[3:]
    if len(typed) != _LONGEST or not (typed[0] + typed[2:]).isdigit() or not typed[1].isalnum() or not typed.isascii():
        form.wrong("number", _("Fill in four figures, or all six positions of the number, such as 1A0123"))
    return typed


def _only_part(kind: str) -> str:
    """Return the part of a register in which deeds are made; the first one where there are several."""
    return next((str(one["part"]) for one in registry.registers(current_actor()) if one["register"] == kind), "A")


@page(desk, "desk_close", method="POST")
@require("staff", roles=OFFICER)
@desk_writes
def close() -> ResponseReturnValue:
    """Close a register of a past year."""
    form = Form.sent()
    kind = form.one_of("close-register", REGISTERS, missing=_("Choose a register"))
    form.ticked("close-sure", missing=_("Tick that the last deed of the year was made"))
    year = form["close-year"]
    if form.errors or not (year.isascii() and year.isdigit()):
        return _overview(form)
    try:
        registry.close_register(current_actor(), kind, int(year), key=key_for("close", kind, year))
    except Refusal as refusal:
        note(form, "close-sure", refusal)
        renew_form_key()
        return _overview(form, status=PROBLEMS[refusal.code].status)
    return redirect(address("desk_registers", notice="closed"), 303)


@page(desk, "desk_deed_find")
@page(desk, "desk_close")
@require("staff", roles=OFFICER)
def go_back() -> ResponseReturnValue:
    """Go to the registers: these addresses only answer forms."""
    return redirect(address("desk_registers"), 303)


# --- one deed


@page(desk, "desk_deed")
@require("staff", roles=OFFICER)
def deed(year: int, number: str) -> ResponseReturnValue:
    """Show a deed, what was added to it, and the papers of it; the look is logged."""
    return _deed_page(_found(year, number), Form({}))


def _found(year: int, number: str) -> dict[str, Any]:
    try:
        return registry.deed(current_actor(), year, number)
    except Malformed:
        abort(404)


def _deed_page(found: Mapping[str, Any], form: Form, *, task: str = "", status: int = 200) -> ResponseReturnValue:
    shown = render_template(
        "desk/deed.html",
        deed=found,
        task=task,
        tasks=tasks,
        done=_told(),
        paper_name=paper_name,
        option_word=option_word,
        label_of_change=label_of_change,
        form=form if task else Form.showing(tasks.at_first(found)),
        errors=form.errors,
        **for_lists(),
    )
    return shown, status


@page(desk, "desk_deed_act", method="POST")
@require("staff", roles=OFFICER)
@desk_writes
def act(year: int, number: str, task: str) -> ResponseReturnValue:
    """Give out a paper of a deed, add to it, or block its extracts."""
    does: Callable[[Form, Mapping[str, Any]], dict[str, Any]] | None = tasks.TASKS.get(task)
    if does is None:
        abort(404)
    found = _found(year, number)
    form = Form.sent()
    told = does(form, found)
    if form.errors:
        return _deed_page(found, form, task=task, status=422)
    key = key_for(task, year, number, told)
    try:
        tasks.give(current_actor(), task, {"register_year": year, "number": number, **told}, key=key)
    except Refusal as refusal:
        note(form, task, refusal)
        renew_form_key()
        return _deed_page(found, form, task=task, status=PROBLEMS[refusal.code].status)
    except Malformed:
        form.wrong(task, _("A change cannot be written so. Days are typed as 2026-11-26"))
        renew_form_key()
        return _deed_page(found, form, task=task, status=422)
    return redirect(address("desk_deed", year=year, number=number, notice=tasks.notice_of(task, told)), 303)


@page(desk, "desk_deed_act")
@require("staff", roles=OFFICER)
def back_to_deed(year: int, number: str, task: str) -> ResponseReturnValue:
    """Go to the deed: this address only answers forms."""
    return redirect(address("desk_deed", year=year, number=number), 303)
