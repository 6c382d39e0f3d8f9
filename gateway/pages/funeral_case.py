"""One death for the firm that declared it: its permit beside it, papers that come later, and another funeral."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway.files import takes_files
from gateway.limits import writes
from gateway.login.actor import require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import funerals
from gateway.pages.cases import OWN_PAGES, OwnPages, case_page, papers_of
from gateway.pages.death_drafts import note_funeral_refusal
from gateway.pages.funeral_forms import funeral_shown, read_funeral, term_words
from gateway.pages.funeral_sending import answers_of, funeral_in_words
from gateway.pages.funeral_words import PLANS, funeral_kinds, options
from gateway.pages.records import CONFLICT, act, attach, conflict_page, evidence_names, load
from gateway.pages.standing import history_of, refused_because, standing_of
from gateway.pages.texts import N_, _
from services.messaging.errors import Refusal

Record = Mapping[str, Any]

PAPERS = ("a-certificate", "no-objection", "doctor-statement", "body-donation", "other")
_PAPERS_HELP_IN = ("submitted", "in-review", "awaiting-prosecutor", "info-requested")
_ENDED = ("refused", "revoked")

_CHANGES = {
    "plan": (N_("Another day or place"), "funeral"),
    "request-amendment": (N_("Ask for a change of the permit"), "amendment"),
    "request-permit": (N_("Ask for the permit again"), "requested"),
}
"""What an undertaker can do about the funeral, by command: the title of the page, and what is told afterwards."""


def _beside(death: Record) -> dict[str, Any]:
    """Return what the page of a death shows beside it: its newest permit, and everything of both."""
    permit = newest_permit(death)
    both = [death] if permit is None else [death, permit]
    command = _change_of(death, permit)
    return {
        "cases_page": address("funerals"),
        "permit": permit,
        "permit_standing": permit and standing_of(permit),
        "permit_because": refused_because(permit) if permit else "",
        "permit_papers": papers_of(permit) if permit else [],
        "all_history": sorted((line for one in both for line in history_of(one)), key=lambda line: line.at)[::-1],
        "all_papers": [paper for one in both for paper in papers_of(one)],
        "said": answers_of(death["content"]) if _is_whole(death["content"]) else None,
        "plan": funeral_in_words(permit["content"]["funeral"]) if permit else None,
        "wish": _wish_of(permit),
        "term": term_words((permit or death)["terms"]),
        "originals_by": death["terms"].get("originals_by"),
        "change": _title_of(command, permit),
        "papers_help": death["status"] in _PAPERS_HELP_IN,
        "paper_kinds": [(kind, evidence_names()[kind]) for kind in PAPERS],
    }


OWN_PAGES["death"] = OwnPages(
    go_on="death_check", answer="death_check", files=PAPERS, template="death_case.html", more=_beside
)


def newest_permit(death: Record) -> Record | None:
    """Return the permit of a death that was asked for last, None when none was."""
    children = sorted(death["children"], key=lambda child: (child["started_at"], str(child["record_id"])))
    return load(children[-1]["record_id"]) if children else None


def _is_whole(content: Mapping[str, Any]) -> bool:
    return {"deceased", "death", "funeral"} <= content.keys()


def _wish_of(permit: Record | None) -> dict[str, Any] | None:
    wish = permit["decisions"].get("wish") if permit else None
    return {"funeral": funeral_in_words(wish["funeral"]), "reason": wish["reason"]} if wish else None


def _change_of(death: Record, permit: Record | None) -> str:
    """Return which command about the funeral an undertaker can give now; empty: none."""
    if permit is None:
        return ""
    for command in ("plan", "request-amendment"):
        if command in permit["allowed"] and not permit["decisions"].get("wish"):
            return command
    return "request-permit" if permit["status"] in _ENDED and "request-permit" in death["allowed"] else ""


def _title_of(command: str, permit: Record | None) -> str:
    """Return what the page for a command is called; empty: there is none."""
    if not command or permit is None:
        return ""
    unplanned = command == "plan" and not permit["content"]["funeral"].get("at")
    title = _CHANGES[command][0]
    return _("Fill in the day and the time of the funeral") if unplanned else _(title)


# --- another funeral than the one that was declared


@page(funerals, "permit_plan")
@require("undertaker")
def ask_plan(record: UUID) -> ResponseReturnValue:
    """Ask what the permit should say from now on."""
    death = load(record)
    permit = newest_permit(death)
    command = _change_of(death, permit)
    if permit is None or not command:
        return redirect(address("case", record=record), 303)
    return _plan_page(death, permit, command, Form.showing(funeral_shown(permit["content"]["funeral"])))


@page(funerals, "permit_plan", method="POST")
@require("undertaker")
@writes
def take_plan(record: UUID) -> ResponseReturnValue:
    """Tell what is planned now, ask that the permit says it, or ask for the permit again: whatever can be done."""
    death = load(record)
    permit = newest_permit(death)
    command = _change_of(death, permit)
    form = Form.sent()
    if permit is None or not command or form["command"] != command:
        return redirect(address("case", record=record), 303)
    particulars: dict[str, Any] = {"funeral": read_funeral(form, permit["terms"])}
    if command == "request-amendment":
        particulars["reason"] = form.area("why", missing=_("Write why the permit has to change"), most=1000)
    if form.errors:
        return _plan_page(death, permit, command, form)
    about = death if command == "request-permit" else permit
    try:
        act(about, command, particulars)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(about["record_id"], back=address("permit_plan", record=record))
        note_funeral_refusal(form, refusal)
        return _plan_page(death, permit, command, form)
    return redirect(address("case", record=record, notice=_CHANGES[command][1]), 303)


def _plan_page(death: Record, permit: Record, command: str, form: Form) -> ResponseReturnValue:
    shown = render_template(
        "permit_plan.html",
        record=death,
        version=(death if command == "request-permit" else permit)["version"],
        command=command,
        title=_title_of(command, permit),
        form=form,
        errors=form.errors,
        kinds=funeral_kinds(),
        plans=options(PLANS),
        term=term_words(permit["terms"]),
        because=refused_because(permit),
    )
    return shown, 422 if form.errors else 200


# --- papers that come later


@page(funerals, "death_file", method="POST")
@require("undertaker")
@takes_files()
@writes
def add_file(record: UUID) -> ResponseReturnValue:
    """Put a paper to a declaration that we look at."""
    death = load(record)
    form = Form.sent()
    kind = form.one_of("kind", PAPERS, missing=_("Choose which paper it is"))
    number = attach(form, death, {"file": kind}) if kind else 0
    if not number and not form.errors:
        form.wrong("file", _("Choose a file"))
    if form.errors:
        return case_page(death, form=form)
    return redirect(address("case", record=record, notice="added"), 303)


@page(funerals, "death_file")
@require("undertaker")
def go_back(record: UUID) -> ResponseReturnValue:
    """Go to the declaration: this address only answers forms."""
    return redirect(address("case", record=record), 303)
