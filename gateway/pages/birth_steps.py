"""Declaring a birth, page by page: the child, the parents and the surname, contact and papers. Each page is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.files import takes_files
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages import birth_place
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.birth import STEPS, counter_page
from gateway.pages.birth_words import (
    CHOICES,
    FIRST_NAME_PROBLEMS,
    PARENTS,
    full_name,
    paper_hints,
    partial_date,
    sexes,
    surnames,
)
from gateway.pages.blueprints import births
from gateway.pages.board import local_day
from gateway.pages.obstacle_words import Hindrance, hindrances, of_keys
from gateway.pages.records import CONFLICT, Record, attach, conflict_page, evidence_names, load, save
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.civil_registry import SEXES
from services.messaging.errors import Refusal

_NOT_ONE_OF = "surname-choice-in-person"
_OF_THE_PARENTS = ("birth-acknowledgement-needed", "birth-other-parent-by-law")
"""Why no surname at all can be chosen: the parents have to come."""

Content = Mapping[str, Any]


# --- the child


@page(births, "birth_child")
@require("resident")
def ask_child(record: UUID) -> ResponseReturnValue:
    """Ask who was born: all official first names, sex, day and time, and where."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    form = Form.showing(_child_shown(found["content"]))
    problem = asked("notice")
    if problem in FIRST_NAME_PROBLEMS:
        form.wrong("first-names", _(FIRST_NAME_PROBLEMS[problem]))
    return _child_page(found, form)


@page(births, "birth_child", method="POST")
@require("resident")
@writes
def take_child(record: UUID) -> ResponseReturnValue:
    """Keep who was born."""
    found = load(record)
    form = Form.sent()
    child = _read_child(form)
    if form.errors:
        return _child_page(found, form)
    return _kept(found, {"child": child}, this="birth_child", then="birth_parents")


def _read_child(form: Form) -> dict[str, Any]:
    today = local_day(services().clock.now())
    first_names = form.text("first-names", missing=_("Fill in all official first names"), most=200)
    sex = form.one_of("sex", SEXES, missing=_("Choose whether it is a girl or a boy"))
    born_on = form.day("born", _("Day of birth"), latest=today)
    born_time = form.clock("born-time", _("Time of birth"))
    place = birth_place.read(form)
    return {
        "first_names": first_names,
        "sex": sex,
        "born_on": born_on and born_on.isoformat(),
        "born_time": born_time,
        "municipality": registry.birth_places()["municipality"],
        "place": place,
    }


def _child_shown(content: Content) -> dict[str, Any]:
    child, answers = content.get("child") or {}, content.get("answers") or {}
    born_on = child.get("born_on") or answers.get("born_on")
    return {
        "first-names": child.get("first_names"),
        "sex": child.get("sex"),
        "born": date.fromisoformat(born_on) if born_on else None,
        "born-time": child.get("born_time"),
        **birth_place.shown(child.get("place") or answers.get("place")),
    }


def _child_page(found: Record, form: Form) -> ResponseReturnValue:
    last_on = found["terms"].get("declare_by")
    today = local_day(services().clock.now())
    shown = render_template(
        "birth_child.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        sexes=sexes(),
        places=birth_place.options(),
        late_after=date.fromisoformat(last_on) if last_on and date.fromisoformat(last_on) < today else None,
        declare_by=date.fromisoformat(last_on) if last_on else None,
    )
    return shown, 422 if form.errors else 200


# --- the parents and the surname


@page(births, "birth_parents")
@require("resident")
def ask_parents(record: UUID) -> ResponseReturnValue:
    """Show both parents as the BRP has them, and ask which surname the child gets, of those that the law leaves."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    if "child" not in found["content"]:
        return redirect(address("birth_child", record=record), 303)
    surname = found["content"].get("surname") or {}
    return _parents_page(
        found, Form.showing({"choice": surname.get("choice"), "deed": surname.get("name_choice_deed")})
    )


@page(births, "birth_parents", method="POST")
@require("resident")
@writes
def take_parents(record: UUID) -> ResponseReturnValue:
    """Keep the surname that was chosen."""
    found = load(record)
    form = Form.sent()
    choice = form.one_of("choice", tuple(CHOICES), missing=_("Choose the surname of the child"))
    surname: dict[str, Any] = {"choice": choice}
    if found["content"].get("answers", {}).get("name_choice") == "deed":
        surname["name_choice_deed"] = form.text(
            "deed", missing=_("Fill in the number of the deed, for example 2026-0123"), most=20
        )
    if form.errors:
        return _parents_page(found, form)
    return _kept(found, {"surname": surname}, this="birth_parents", then="birth_contact")


def _parents_page(found: Record, form: Form) -> ResponseReturnValue:
    preview = registry.birth_preview(current_actor(), found["record_id"])
    for problem in preview["problems"]:
        if problem["code"] == "first-names-invalid" and not form.errors:
            there = address("birth_child", record=found["record_id"], notice=problem["facts"].get("problem", ""))
            return redirect(there, 303)
    stops = stopping(preview)
    if stops is not None:
        return counter_page(stops, record=found)
    left = [one for one in preview["surnames"] if one["refusal"] is None]
    if len(left) == 1 and not form["choice"]:
        form = Form({"choice": [left[0]["choice"]]})
    shown = render_template(
        "birth_parents.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        preview=preview,
        left=left,
        options=surnames(left),
        in_person=any(one["refusal"] == _NOT_ONE_OF for one in preview["surnames"]),
        follows=next((one for one in preview["surnames"] if one["refusal"] == "surname-follows-first-child"), None),
        with_deed=found["content"].get("answers", {}).get("name_choice") == "deed",
        roles=("mother", "other_parent") if found["content"].get("other_parent") else ("mother",),
        role_names={role: _(name) for role, name in PARENTS.items()},
        full_name=full_name,
        partial_date=partial_date,
    )
    return shown, 422 if form.errors else 200


def stopping(preview: Mapping[str, Any]) -> list[Hindrance] | None:
    """Return what keeps a birth from being declared online, None when nothing does."""
    found = hindrances(preview["obstacles"])
    if any(one.blocks for one in found):
        return found
    refusals = {one["refusal"] for one in preview["surnames"]}
    if len(refusals) == 1 and (code := refusals.pop()) in _OF_THE_PARENTS:
        return of_keys(["birth-not-acknowledged"]) if code == _OF_THE_PARENTS[0] else [_by_law()]
    return None


def _by_law() -> Hindrance:
    why = _(
        "The mother was married or had a registered partner when the child was born. By law, that is the other parent."
    )
    cure = _("Check your first answers. Are they right? Then make an appointment.")
    return Hindrance("birth-other-by-law", why, cure, blocks=True, to_counter=True)


# --- contact and papers


@page(births, "birth_contact")
@require("resident")
def ask_contact(record: UUID) -> ResponseReturnValue:
    """Ask where we reach the declarant, and for the papers that he has."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    if "surname" not in found["content"]:
        return redirect(address("birth_parents", record=record), 303)
    contact = found["content"].get("contact") or {}
    return _contact_page(found, Form.showing({"email": contact.get("email"), "phone": contact.get("phone")}))


@page(births, "birth_contact", method="POST")
@require("resident")
@takes_files()
@writes
def take_contact(record: UUID) -> ResponseReturnValue:
    """Keep contact and papers."""
    found = load(record)
    form = Form.sent()
    contact = {"email": form.email(), "phone": form.phone() or None, "language": g.lang}
    attach(form, found, {kind: kind for kind in _papers_of(found["content"])})
    if form.errors:
        return _contact_page(load(record), form)
    return _kept(found, {"contact": contact}, this="birth_contact", then="birth_check")


def _papers_of(content: Content) -> list[str]:
    """Return the papers that belong to the answers; the statement of doctor or midwife always does."""
    answers = content.get("answers", {})
    papers = ["birth-statement"]
    if answers.get("acknowledgement") == "done":
        papers.append("acknowledgement-deed")
    if answers.get("name_choice") == "deed":
        papers.append("name-choice-deed")
    return papers


def _contact_page(found: Record, form: Form) -> ResponseReturnValue:
    shown = render_template(
        "birth_contact.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        papers=_papers_of(found["content"]),
        hints=paper_hints(),
        evidence_names=evidence_names(),
    )
    return shown, 422 if form.errors else 200


# --- what all pages do


def _kept(found: Record, content: Content, *, this: str, then: str) -> ResponseReturnValue:
    """Keep a part and go on: to the next page, or back to the check when all has been filled in before.

    The `confirmed` of before does not count for what is changed: the check page asks for it anew.
    """
    try:
        save(found, content)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(found["record_id"], back=address(this, record=found["record_id"]))
        raise
    complete = {"child", "surname", "contact"} <= {*found["content"], *content}
    return redirect(address("birth_check" if complete else then, record=found["record_id"]), 303)
