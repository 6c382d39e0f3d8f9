"""Giving notice, at the end: everything as it will be sent, asking the second partner, and the page of the notice."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form, last_figures
from gateway.pages.blueprints import weddings
from gateway.pages.board import local_day
from gateway.pages.cases import OWN_PAGES, OwnPages
from gateway.pages.crossing import key_for
from gateway.pages.obstacle_words import of_keys
from gateway.pages.records import CONFLICT, Record, conflict_page, evidence_names, load, note_refusal, save
from gateway.pages.texts import N_, _
from gateway.pages.wedding import counter_page
from gateway.pages.wedding_steps import PAPERS, PARTS
from gateway.pages.wedding_words import BOND_WORDS, KINSHIP_WORDS, NAME_WORDS, STEPS, as_day, my_part
from gateway.rpc import services
from services.messaging.errors import Refusal

FIELDS = {
    "partners-are-one": "partners",
    "marriage-notice-exists": "partners",
    "marriage-too-soon": "ceremony",
    "marriage-notice-expired": "ceremony",
    "ceremony-time-impossible": "ceremony",
    "room-not-free": "ceremony",
    "room-unknown": "ceremony",
    "officer-not-competent": "ceremony",
    "officer-is-party": "ceremony",
    "witness-count": "witnesses",
    "witness-not-independent": "witnesses",
}
"""The answer with which a refusal can be mended: its link on this page."""


@page(weddings, "wedding_check")
@require("resident")
def check(record: UUID) -> ResponseReturnValue:
    """Show everything as it will be sent, before the second partner is asked; or after a question of ours."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    missing = _missing(found)
    if missing is not None:
        return redirect(address(missing, record=record), 303)
    return _check_page(found, Form({}))


def _missing(found: Record) -> str | None:
    """Return the page of the first part that is not filled in."""
    for part, there in PARTS.items():
        if part not in found["content"]:
            return there
    return None if "name_use" in (found["content"].get(my_part(found)) or {}) else "wedding_statements"


@page(weddings, "wedding_check", method="POST")
@require("resident")
@writes
def send(record: UUID) -> ResponseReturnValue:
    """Ask the second partner to confirm, when the first one says that everything is right."""
    found = load(record)
    if found["status"] != "draft":  # pressed twice: it has been sent
        return redirect(address("wedding_done", record=record), 303)
    form = Form.sent()
    form.ticked("confirmed", missing=_("Read everything, and tick that it is right"))
    if form.errors:
        return _check_page(found, form)
    try:
        before = save(found, {"confirmed": True})
        key = key_for("invite-partner", record, before["version"])
        registry.act(current_actor(), before, "invite-partner", key=key)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("wedding_check", record=record))
        if refusal.code == "marriage-not-online":
            return counter_page(of_keys(refusal.facts.get("reasons", ())), record=found)
        note_refusal(form, refusal, FIELDS)
        return _check_page(load(record), form)
    return redirect(address("wedding_done", record=record), 303)


def _check_page(found: Record, form: Form) -> ResponseReturnValue:
    shown = render_template(
        "wedding_check.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        answering=found["status"] == "info-requested",
        evidence_names=evidence_names(),
        **in_words(found),
    )
    return shown, 422 if form.errors else 200


@page(weddings, "wedding_done")
@require("resident")
def done(record: UUID) -> ResponseReturnValue:
    """Tell the first partner what the second one does now, with which number, and until when the time is kept."""
    found = load(record)
    if found["status"] != "awaiting-partner" or my_part(found) != "partner_1":
        return redirect(address("case", record=record), 303)
    told_by = found["terms"].get("assent_by")
    assent_by = as_day(told_by) if told_by else None
    return render_template("wedding_done.html", record=found, assent_by=assent_by, **in_words(found))


# --- how a notice reads


def in_words(found: Record) -> dict[str, Any]:
    """Return what the pages of a notice show of it, for whichever of the two looks at it."""
    content = found["content"]
    mine = my_part(found)
    theirs = "partner_1" if mine == "partner_2" else "partner_2"
    other = content.get(theirs) or {}
    names = found["names"]
    ceremony, bond, kinship = (content.get(name) for name in ("ceremony", "bond", "kinship"))
    chosen = (content.get(mine) or {}).get("name_use", "own")
    return {
        "content": content,
        "mine": content.get(mine) or {},
        "first": mine == "partner_1",
        "own_name": names.get(mine, ""),
        "other_name": names.get(theirs, ""),
        "other_figures": last_figures(other["bsn"]) if mine == "partner_1" and other.get("bsn") else "",
        "bond": _(BOND_WORDS[bond]) if bond else "",
        "kinship": _(KINSHIP_WORDS[kinship][0]) if kinship else "",
        "name_use": _(NAME_WORDS[chosen]),
        "ceremony": ceremony and _ceremony(found, ceremony),
        "witnesses": [one | {"born_on": as_day(one["born_on"])} for one in content.get("witnesses") or ()],
    }


def _ceremony(found: Record, ceremony: Mapping[str, Any]) -> dict[str, Any]:
    """Return place, day and time in words; `free_of_charge` when they cost nothing."""
    on = as_day(ceremony["on"])
    offer = registry.ceremony_times(current_actor(), found["record_id"], ceremony["room_id"], on=on)
    rooms = {room["room_id"]: room for room in offer["rooms"]}
    officers = {one["officer_id"]: one["name"] for one in offer["officers"]}
    here = rooms.get(ceremony["room_id"], {})
    return {
        "on": on,
        "time": ceremony["time"],
        "room": here.get("name", ""),
        "minutes": here.get("minutes"),
        "officer": officers.get(ceremony.get("officer_id") or "", ""),
        "free_of_charge": any(one["time"] == ceremony["time"] and one["free_of_charge"] for one in offer["times"]),
    }


def _of_case(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of a notice needs beside it."""
    notes = [one["note"] for one in found["history"] if one["command"] == "decline"]
    until = found["terms"].get("change_until")
    today = local_day(services().clock.now())
    return in_words(dict(found)) | {
        "declined": found["status"] == "draft" and bool(notes),
        "why": "".join(notes[-1:]),
        "change_until": as_day(until) if until else None,
        "can_change": until is None or today <= as_day(until),
    }


OWN_PAGES["marriage"] = OwnPages(
    go_on="wedding_check",
    answer="wedding_check",
    files=PAPERS,
    template="wedding_case.html",
    more=_of_case,
    begin=("wedding", N_("Give notice of marriage or registered partnership")),
)
