"""One record under review: declared beside the BRP and the documents, and each command as a form."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.api.problems import PROBLEMS
from gateway.files import takes_files
from gateway.login.actor import current_actor, require
from gateway.pages import records
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import desk
from gateway.pages.crossing import key_for, renew_form_key
from gateway.pages.desk import words
from gateway.pages.desk.facts import blocks_of, finding_words, found_of, moments_of
from gateway.pages.desk.labels import option_word, paper_name
from gateway.pages.desk.pace import desk_writes
from gateway.pages.desk.particulars import Field, Options, fields_of, read, shown_at_first
from gateway.pages.desk.queues import for_lists, today
from gateway.pages.standing import name_of
from gateway.pages.texts import _
from services.messaging.errors import Refusal

Record = dict[str, Any]

LOOK_FIRST = ("draw-deed",)
"""Commands that are given on the page of the deed, after one has read it."""
WITH_ROOMS = frozenset({"schedule", "change-officer"})
CONFLICT = records.CONFLICT


@dataclass(frozen=True, slots=True)
class Offered:
    """One command on the page: its words, its fields with what stands in them, and whether it is open at once."""

    command: str
    button: str
    fields: tuple[Field, ...]
    form: Form
    opened: bool


@page(desk, "desk_record")
@require("staff")
def show(record: UUID) -> ResponseReturnValue:
    """Show one record with everything that is needed to decide on it."""
    return review_page(load(record))


def load(record_id: UUID) -> Record:
    """Return a record for staff; the look is logged.

    Raises: Refusal (`record-unknown`), Unavailable.
    """
    return registry.record(current_actor(), record_id, purpose="handling")


def review_page(record: Record, *, sent: str = "", form: Form | None = None, status: int = 200) -> ResponseReturnValue:
    """Return the page of one record. `sent`: the command whose form came back with `form`, errors or not."""
    form = form or Form({})
    shown = render_template(
        "desk/record.html",
        record=record,
        name=name_of(record),
        blocks=blocks_of(record),
        findings=found_of(record),
        moments=moments_of(record),
        offered=offered(record, sent, form),
        lost=lost(record, sent, form),
        done=words.told(asked("notice")),
        evidence_names=records.evidence_names(),
        paper_name=paper_name,
        option_word=option_word,
        may_add=may_add(record),
        form=form,
        errors=form.errors,
        **for_lists(),
    )
    return shown, status if status != 200 or not form.errors else 422  # noqa: PLR2004


def offered(record: Record, sent: str, form: Form) -> list[Offered]:
    """Return the commands of a record that staff is offered here, the one that carries it on first."""
    commands = words.in_order(record)
    choices = rooms_of(record) if WITH_ROOMS & set(commands) else {}
    found = []
    for number, command in enumerate(commands):
        fields = fields_of(command, record, choices) if command not in LOOK_FIRST else ()
        own = form if command == sent else Form.showing(shown_at_first(record, fields))
        first = number == 0 and command in words.FIRST
        found.append(Offered(command, words.button_of(command), fields, own, first or command == sent))
    return found


def lost(record: Record, sent: str, form: Form) -> list[tuple[str, str]]:
    """Return what was typed for a command that cannot be given any more, so that nobody has to type it anew."""
    if not sent or sent in words.in_order(record):
        return []
    typed = [(name, value) for name in form.typed for value in form.chosen(name) if name.startswith(f"{sent}-")]
    return [(name.removeprefix(f"{sent}-"), value) for name, value in typed if value]


def rooms_of(record: Record) -> dict[str, Options]:
    """Return where ceremonies are held, and who may be asked to hold them, by the field of a form."""
    told = registry.ceremony_times(current_actor(), record["record_id"], on=today())
    return {
        "room_id": [(room["room_id"], room["name"]) for room in told["rooms"]],
        "officer_id": [(one["officer_id"], one["name"]) for one in told.get("officers", ())],
    }


def may_add(record: Record) -> bool:
    """Say whether a document can still be put to a record."""
    return record["status"] not in _OVER


_OVER = frozenset(
    {"registered", "refused", "redirected", "withdrawn", "lapsed", "expired", "closed-as-duplicate", "used", "revoked"}
)

# --- commands


@page(desk, "desk_act", method="POST")
@require("staff")
@desk_writes
def act(record: UUID, command: str) -> ResponseReturnValue:
    """Give a command on a record as the page showed it; whoever was slower loses nothing of what he typed."""
    if command not in words.COMMANDS:
        abort(404)
    form = Form.sent()
    found = load(record)
    refused = give(found, command, form)
    if refused is None:
        return redirect(address("desk_record", record=record, notice=command), 303)
    return review_page(load(record), sent=command, form=form, status=refused)


def give(record: Record, command: str, form: Form) -> int | None:
    """Give a command with what a form says; return None when it was done, else the status of the page to show.

    Raises: Malformed, Unavailable.
    """
    choices = rooms_of(record) if command in WITH_ROOMS else {}
    fields = fields_of(command, record, choices)
    particulars = read(form, fields, today())
    if "of_record" in particulars:
        particulars["of_record"] = _other(form, f"{command}-of-record", particulars["of_record"])
    if form.errors:
        return 422
    seen = records.shown(record)
    key = key_for(command, record["record_id"], seen["version"], particulars)
    try:
        registry.act(current_actor(), seen, command, particulars, key=key)
    except Refusal as refusal:
        note(form, command, refusal)
        renew_form_key()
        return 409 if refusal.code == CONFLICT else PROBLEMS[refusal.code].status
    return None


def note(form: Form, name: str, refusal: Refusal) -> None:
    """Note at a form why the registry refuses what it asks, with what exactly stands in the way."""
    if refusal.code == CONFLICT:
        form.wrong(name, _("Somebody changed this in the meantime. Look again, then press once more: nothing is lost"))
        return
    said = records.words(refusal)
    named = [finding_words(str(code), {}) for code in refusal.facts.get("codes", ())]
    who = refusal.facts.get("assignee")
    more = [*named, *([_("With: %(who)s", who=who)] if who else [])]
    reason = refusal.facts.get("reason")
    more += [str(reason)] if reason else []
    form.wrong(name, f"{said} ({'; '.join(more)})" if more else said)


def _other(form: Form, name: str, receipt: str) -> str:
    others = registry.find(current_actor(), receipt=receipt[:20])
    if not others:
        form.wrong(name, _("There is no declaration with this number"))
        return ""
    return str(others[0]["record_id"])


@page(desk, "desk_act")
@page(desk, "desk_add")
@require("staff")
def go_back(record: UUID, command: str = "") -> ResponseReturnValue:
    """Go to the record: these addresses only answer forms."""
    return redirect(address("desk_record", record=record), 303)


# --- files


@page(desk, "desk_add", method="POST")
@require("staff")
@takes_files()
@desk_writes
def add(record: UUID) -> ResponseReturnValue:
    """Put a document to a record that somebody brought to the counter or sent by post."""
    found = load(record)
    form = Form.sent()
    kind = form.one_of("document-kind", records.evidence_names(), missing=_("Choose which document it is"))
    number = records.attach(form, found, {"document": kind}) if kind else 0
    if not number and not form.errors:
        form.wrong("document", _("Choose a file"))
    if form.errors:
        return review_page(load(record), form=form)
    return redirect(address("desk_record", record=record, notice=words.ADDED), 303)


@page(desk, "desk_file")
@require("staff")
def evidence(record: UUID, piece: UUID) -> ResponseReturnValue:
    """Send a document that belongs to a record."""
    return records.evidence_answer(piece)


@page(desk, "desk_paper")
@require("staff")
def paper(record: UUID, paper: UUID) -> ResponseReturnValue:
    """Send a paper that we gave out, or the sheet of a deed."""
    return records.paper_answer(paper)
