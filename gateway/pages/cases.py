"""My cases: what a resident declared, where it stands, and what he can do about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.files import takes_files
from gateway.limits import writes
from gateway.login.actor import current_actor, current_session, require
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import cases
from gateway.pages.records import CONFLICT, act, attach, conflict_page, evidence_names, load, paper_answer
from gateway.pages.standing import OVER, history_of, name_of, refused_because, standing_of
from gateway.pages.texts import N_, _
from gateway.pages.verifying import KINDS as PAPERS
from services.messaging.errors import Refusal

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnPages:
    """The pages on which a kind of declaration is filled in. `answer`: where parts are changed after our question."""

    go_on: str
    answer: str = ""
    files: tuple[str, ...] = ()
    """The kinds of evidence that its declarant can add."""
    counter: str = ""
    """The product of the appointment at which it is declared instead."""
    begin: tuple[str, str] | None = None
    """The page that tells how to begin, and what its link says."""
    told: Callable[[Record], Iterable[tuple[str, str]]] = lambda _: ()
    """What was declared, as its owner reads it: label and value."""


OWN_PAGES: dict[str, OwnPages] = {}
"""By kind; each kind's pages add theirs."""

NOTICES = {
    "answered": N_("We have received your answer."),
    "withdrawn": N_("It has been withdrawn."),
    "added": N_("We have received the document."),
    "sent": N_("It has been sent."),
}


@page(cases, "cases")
@require("resident")
def my_cases() -> ResponseReturnValue:
    """Show everything that a resident declared, or was asked to confirm; what waits for him first."""
    found = registry.my_records(current_actor())
    lines = [(one, standing_of(one)) for one in found if one["kind"] != "funeral-permit"]
    now = [line for line in lines if line[1].turn != OVER]
    return render_template(
        "cases.html",
        who=current_session(),
        now=sorted(now, key=lambda line: line[1].turn != "yours"),
        over=[line for line in lines if line[1].turn == OVER],
        name_of=name_of,
        own_pages=OWN_PAGES,
        beginnings=[(there, _(words)) for there, words in (one.begin for one in OWN_PAGES.values() if one.begin)],
    )


@page(cases, "case")
@require("resident")
def my_case(record: UUID) -> ResponseReturnValue:
    """Show one declaration: where it stands, what comes next and by when, its papers, and what happened."""
    return case_page(load(record))


def case_page(record: Record, *, form: Form | None = None) -> ResponseReturnValue:
    """Return the page of one declaration for whoever it belongs to."""
    form = form or Form({})
    told = NOTICES.get(asked("notice"))
    page_of = OWN_PAGES.get(record["kind"])
    shown = render_template(
        "case.html",
        record=record,
        name=name_of(record),
        standing=standing_of(record),
        history=history_of(record),
        because=refused_because(record),
        papers=_papers(record),
        evidence_names=evidence_names(),
        own=page_of,
        facts=list(page_of.told(record)) if page_of else [],
        told=_(told) if told else "",
        form=form,
        errors=form.errors,
    )
    return shown, 422 if form.errors else 200


def _papers(record: Record) -> list[tuple[Record, str]]:
    """Return the papers that we gave out, with what they are called."""
    named = [(paper, PAPERS.get(paper["kind"])) for paper in record["documents"]]
    return [(paper, _(name)) for paper, name in named if name]


@page(cases, "case_file", method="POST")
@require("resident")
@takes_files()
@writes
def add_file(record: UUID) -> ResponseReturnValue:
    """Put a statement of the doctor or midwife to a declaration that waits for it."""
    found = load(record)
    form = Form.sent()
    number = attach(form, found, {"birth-statement": "birth-statement"})
    if not number and not form.errors:
        form.wrong("birth-statement", _("Choose a file"))
    if form.errors:
        return case_page(found, form=form)
    try:
        act(found, "add-statement")
    except Refusal as refusal:
        if refusal.code not in (CONFLICT, "not-now"):  # the midwife was faster: then the file is a welcome extra
            raise
    return redirect(address("case", record=record, notice="added"), 303)


@page(cases, "case_file")
@require("resident")
def go_back(record: UUID) -> ResponseReturnValue:
    """Go to the declaration: this address only answers forms."""
    return redirect(address("case", record=record), 303)


@page(cases, "case_paper")
@require("resident")
def paper(record: UUID, paper: UUID) -> ResponseReturnValue:
    """Send a paper that we gave out, such as the receipt."""
    return paper_answer(paper)


# --- answering our question


@page(cases, "case_answer")
@require("resident")
def ask_answer(record: UUID) -> ResponseReturnValue:
    """Show what we asked, and take the answer; parts are changed on the pages where they were filled in."""
    found = load(record)
    if "supply-info" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    return _answer_page(found, Form({}))


@page(cases, "case_answer", method="POST")
@require("resident")
@takes_files()
@writes
def answer(record: UUID) -> ResponseReturnValue:
    """Send the answer to our question, with files and with what was changed before."""
    found = load(record)
    form = Form.sent()
    note = form.area("note")
    own = OWN_PAGES.get(found["kind"])
    attach(form, found, {kind: kind for kind in own.files} if own else {})
    if form.errors:
        return _answer_page(found, form)
    try:
        act(found, "supply-info", {"note": note})
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("case_answer", record=record))
        if refusal.code != "nothing-supplied":
            raise
        form.wrong("note", _("Write an answer, change something, or add a document"))
        return _answer_page(found, form)
    return redirect(address("case", record=record, notice="answered"), 303)


def _answer_page(record: Record, form: Form) -> ResponseReturnValue:
    shown = render_template(
        "case_answer.html",
        record=record,
        name=name_of(record),
        standing=standing_of(record),
        own=OWN_PAGES.get(record["kind"]),
        evidence_names=evidence_names(),
        form=form,
        errors=form.errors,
    )
    return shown, 422 if form.errors else 200


# --- withdrawing


@page(cases, "case_withdraw")
@require("resident")
def ask_withdraw(record: UUID) -> ResponseReturnValue:
    """Ask whether a declaration is really to be withdrawn."""
    found = load(record)
    if "withdraw" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    return render_template("case_withdraw.html", record=found, name=name_of(found), draft=found["status"] == "draft")


@page(cases, "case_withdraw", method="POST")
@require("resident")
@writes
def withdraw(record: UUID) -> ResponseReturnValue:
    """Withdraw a declaration, as the page showed it."""
    found = load(record)
    try:
        act(found, "withdraw", {"note": request.form.get("note", "").strip()[:1000]})
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("case", record=record))
        raise
    return redirect(address("case", record=record, notice="withdrawn"), 303)
