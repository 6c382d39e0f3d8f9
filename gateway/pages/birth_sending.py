"""Declaring a birth, at the end: the deed as it will stand there, sending it, the receipt, and the next child."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form, last_figures
from gateway.pages.birth import COUNTER_PRODUCT, STEPS, counter_page
from gateway.pages.birth_steps import stopping
from gateway.pages.birth_words import CHOICES, DECLARANTS, SEXES, full_name, role_of_other, told_of_birth
from gateway.pages.blueprints import births
from gateway.pages.cases import OWN_PAGES, OwnPages
from gateway.pages.crossing import key_for
from gateway.pages.obstacle_words import hindrances, of_keys
from gateway.pages.records import (
    CONFLICT,
    Record,
    act,
    conflict_page,
    evidence_names,
    load,
    note_refusal,
    save,
)
from gateway.pages.standing import standing_of
from gateway.pages.texts import N_, _
from services.messaging.errors import Malformed, Refusal, RemoteRefusal

OWN_PAGES["birth"] = OwnPages(
    go_on="birth_child",
    answer="birth_check",
    files=("birth-statement", "acknowledgement-deed", "name-choice-deed", "other"),
    counter=COUNTER_PRODUCT,
    begin=("birth", N_("Declare a birth online")),
    told=told_of_birth,
)

_PARTS = {"child": "birth_child", "surname": "birth_parents", "contact": "birth_contact"}
"""What must be there before a declaration can be sent, and the page that asks for it."""

_FIELDS = {
    "birth-in-future": "child",
    "time-does-not-exist": "child",
    "first-names-invalid": "child",
    "surname-choice-in-person": "surname",
    "surname-follows-first-child": "surname",
    "surname-combination-invalid": "surname",
    "name-choice-deed-invalid": "surname",
    "birth-acknowledgement-needed": "surname",
    "birth-other-parent-by-law": "surname",
}
"""The answer with which a refusal can be mended: its link on this page."""

_OF_TWIN = ("declarant", "answers", "mother", "other_parent", "surname", "contact")


@page(births, "birth_check")
@require("resident")
def check(record: UUID) -> ResponseReturnValue:
    """Show everything as it will stand on the deed, before it is sent, or before a question of ours is answered."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    missing = next((there for part, there in _PARTS.items() if part not in found["content"]), None)
    if missing is not None:
        return redirect(address(missing, record=record), 303)
    return _check_page(found, Form({}))


@page(births, "birth_check", method="POST")
@require("resident")
@writes
def send(record: UUID) -> ResponseReturnValue:
    """Send the declaration, when the declarant says that everything is right and nothing stands in the way."""
    found = load(record)
    if "save" not in found["allowed"]:  # pressed twice: it has been sent
        return redirect(address("birth_done", record=record), 303)
    form = Form.sent()
    form.ticked("confirmed", missing=_("Read everything, and tick that it is right"))
    if form.errors:
        return _check_page(found, form)
    if found["status"] != "draft":
        return redirect(address("case_answer", record=record), 303)
    preview = registry.birth_preview(current_actor(), record)
    if stopping(preview) is not None or preview["problems"]:
        return _check_page(found, form)
    try:
        kept = save(found, {"confirmed": True})
        key = key_for("submit", record, kept["version"])
        registry.act(current_actor(), kept, "submit", key=key)
    except Refusal as refusal:
        return _refused(found, form, refusal)
    except Malformed:
        return redirect(address("birth_child", record=record), 303)
    return redirect(address("birth_done", record=record), 303)


def _refused(found: Record, form: Form, refusal: Refusal) -> ResponseReturnValue:
    if refusal.code == CONFLICT:
        return conflict_page(found["record_id"], back=address("birth_check", record=found["record_id"]))
    if refusal.code == "birth-not-online":
        return counter_page(of_keys(refusal.facts.get("reasons", ())), record=found)
    note_refusal(form, refusal, _FIELDS)
    return _check_page(load(found["record_id"]), form)


def _check_page(found: Record, form: Form) -> ResponseReturnValue:
    preview = registry.birth_preview(current_actor(), found["record_id"])
    stops = stopping(preview)
    if stops is not None and found["status"] == "draft":
        return counter_page(stops, record=found)
    for problem in preview["problems"]:
        note_refusal(form, RemoteRefusal(problem["code"], "", problem["facts"]), _FIELDS)
    content = found["content"]
    shown = render_template(
        "birth_check.html",
        record=found,
        form=form,
        errors=form.errors,
        targets=form.targets,
        steps=STEPS,
        preview=preview,
        content=content,
        declarants=DECLARANTS,
        sexes=SEXES,
        choices=CHOICES,
        born_on=date.fromisoformat(content["child"]["born_on"]),
        other=_other(content, preview),
        warnings=[one for one in hindrances(preview["obstacles"]) if not one.blocks],
        evidence_names=evidence_names(),
        answering=found["status"] == "info-requested",
    )
    return shown, 422 if form.errors else 200


def _other(content: Mapping[str, Any], preview: Mapping[str, Any]) -> str:
    """Return who the other parent is: by name, or by the last figures of the number; empty when there is none."""
    role = role_of_other(content["declarant"])
    person = preview["parents"][role]
    if person is not None:
        return full_name(person["name"])
    part = content.get(role)
    return _("citizen service number ending in %(digits)s", digits=last_figures(part["bsn"])) if part else ""


@page(births, "birth_done")
@require("resident")
def done(record: UUID) -> ResponseReturnValue:
    """Tell the number, what happens next and by when, and offer the receipt and the next child of this birth."""
    found = load(record)
    if found["submitted_at"] is None:
        return redirect(address("case", record=record), 303)
    receipt = next((paper for paper in found["documents"] if paper["kind"] == "receipt"), None)
    return render_template("birth_done.html", record=found, standing=standing_of(found), receipt=receipt)


@page(births, "birth_twin", method="POST")
@require("resident")
@writes
def begin_twin(record: UUID) -> ResponseReturnValue:
    """Begin the declaration of another child of the same birth: everything but the child is taken over."""
    found = load(record)
    child = found["content"].get("child", {})
    content = {name: found["content"][name] for name in _OF_TWIN if name in found["content"]}
    content["answers"] = content["answers"] | {"born_on": child.get("born_on"), "place": child.get("place")}
    key = key_for("twin", record)
    begun = registry.start(current_actor(), "birth", language=g.lang, content=content, key=key)
    return redirect(address("birth_child", record=begun["record_id"]), 303)


@page(births, "birth_counter", method="POST")
@require("resident")
@writes
def go_to_counter(record: UUID) -> ResponseReturnValue:
    """End the draft, because the birth is declared at the counter, and lead to the appointment."""
    found = load(record)
    try:
        act(found, "redirect")
    except Refusal as refusal:
        # what only the BRP tells is no obstacle of the draft itself: then it is left to lapse
        if refusal.code not in ("can-be-declared-online", "not-now", CONFLICT):
            raise
    return redirect(address("product", choice=COUNTER_PRODUCT), 303)


@page(births, "birth_twin")
@page(births, "birth_counter")
@require("resident")
def go_back(record: UUID) -> ResponseReturnValue:
    """Go to the declaration: these addresses only answer forms."""
    return redirect(address("case", record=record), 303)
