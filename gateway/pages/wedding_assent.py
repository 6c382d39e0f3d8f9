"""The second partner: finds the notice by its number, reads it, and confirms it with a log-in of his own; or not."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import weddings
from gateway.pages.obstacle_words import of_keys
from gateway.pages.records import CONFLICT, Record, act, conflict_page, load, note_refusal
from gateway.pages.texts import _
from gateway.pages.wedding import counter_page
from gateway.pages.wedding_sending import in_words
from gateway.pages.wedding_words import NAME_WORDS, OWN_RESIDENCE_WORDS, options, plain
from services.contracts.civil_registry import NAME_USES, RESIDENCE
from services.messaging.errors import Refusal

_FIELDS = dict.fromkeys(
    (
        "marriage-notice-exists",
        "partners-are-one",
        "witness-count",
        "witness-not-independent",
        "room-unknown",
        "ceremony-time-impossible",
    ),
    "agrees",
)


@page(weddings, "wedding_reference")
@require("resident")
def ask_reference() -> ResponseReturnValue:
    """Ask for the number that the first partner was given; the only notice that waits is opened without it."""
    waiting = _waiting()
    if len(waiting) == 1:
        return redirect(address("wedding_assent", record=waiting[0]["record_id"]), 303)
    return _reference_page(Form({}))


@page(weddings, "wedding_reference", method="POST")
@require("resident")
@writes
def take_reference() -> ResponseReturnValue:
    """Lead to the notice with this number, when it waits for whoever is logged in."""
    form = Form.sent()
    number = form.text("number", missing=_("Fill in the number, for example H-2026-7K2Q9M"), most=20)
    wanted = _plain(number)
    found = next((one for one in _waiting() if number and _plain(one["receipt"]) == wanted), None)
    if found is None:
        form.wrong(
            "number", _("No notice with this number waits for you. Check the number, and with whose DigiD you are")
        )
        return _reference_page(form)
    return redirect(address("wedding_assent", record=found["record_id"]), 303)


def _waiting() -> list[dict[str, Any]]:
    return [one for one in registry.my_records(current_actor()) if one["asks_you"]]


def _plain(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())


def _reference_page(form: Form) -> ResponseReturnValue:
    shown = render_template("wedding_reference.html", form=form, errors=form.errors)
    return shown, 422 if form.errors else 200


@page(weddings, "wedding_assent")
@require("resident")
def ask_assent(record: UUID) -> ResponseReturnValue:
    """Show the second partner what the first one told, and ask what only he can tell."""
    found = load(record)
    if not found["asks_you"]:
        return redirect(address("case", record=record), 303)
    return _assent_page(found, Form({}))


@page(weddings, "wedding_assent", method="POST")
@require("resident")
@writes
def assent(record: UUID) -> ResponseReturnValue:
    """Confirm the notice: from then on it is that of both, and it is complete."""
    found = load(record)
    if not found["asks_you"]:  # pressed twice, or withdrawn meanwhile
        return redirect(address("case", record=record), 303)
    form = Form.sent()
    told = _read(found, form)
    if form.errors:
        return _assent_page(found, form)
    if told["guardianship"]:
        return counter_page(of_keys(["marriage-guardianship"]), record=found)
    try:
        act(found, "assent", told)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("wedding_assent", record=record))
        if refusal.code == "marriage-not-online":
            return counter_page(of_keys(refusal.facts.get("reasons", ())), record=found)
        note_refusal(form, refusal, _FIELDS)
        return _assent_page(load(record), form)
    return redirect(address("case", record=record, notice="confirmed"), 303)


def _read(found: Record, form: Form) -> dict[str, Any]:
    residence = form.one_of("residence", RESIDENCE, missing=_("Choose which nationality you have"))
    guardianship = form.yes_or_no("guardianship", missing=_("Choose whether you are under guardianship"))
    custody = form.yes_or_no("custody", missing=_("Choose whether you have custody of children"))
    name_use = form.one_of("name-use", NAME_USES, missing=_("Choose which surname you want to use"))
    needed = residence == "other" or found["content"]["partner_1"].get("residence") == "other"
    why = _("Tick that you do not marry for a right of residence") if needed else ""
    no_sham = form.ticked("no-sham", missing=why)
    agrees = form.ticked("agrees", missing=_("Read everything, and tick that it is right"))
    return {
        "agrees": agrees,
        "residence": residence,
        "guardianship": guardianship is True,
        "custody": custody is True,
        "no_sham": no_sham,
        "name_use": name_use,
    }


def _assent_page(found: Record, form: Form) -> ResponseReturnValue:
    shown = render_template(
        "wedding_assent.html",
        record=found,
        form=form,
        errors=form.errors,
        targets=form.targets,
        names=plain(NAME_WORDS),
        residences=options(OWN_RESIDENCE_WORDS),
        **in_words(found),
    )
    return shown, 422 if form.errors else 200


# --- or not


@page(weddings, "wedding_decline")
@require("resident")
def ask_decline(record: UUID) -> ResponseReturnValue:
    """Ask whether the second partner really does not confirm, and why."""
    found = load(record)
    if not found["asks_you"]:
        return redirect(address("case", record=record), 303)
    return render_template("wedding_decline.html", record=found, form=Form({}), errors={})


@page(weddings, "wedding_decline", method="POST")
@require("resident")
@writes
def decline(record: UUID) -> ResponseReturnValue:
    """Give the notice back to the first partner, as a draft that nobody else sees."""
    found = load(record)
    form = Form.sent()
    note = form.area("note", most=1000)
    if form.errors:
        return render_template("wedding_decline.html", record=found, form=form, errors=form.errors), 422
    try:
        act(found, "decline", {"note": note})
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("wedding_decline", record=record))
        raise
    return redirect(address("wedding_declined"), 303)


@page(weddings, "wedding_declined")
@require("resident")
def declined() -> ResponseReturnValue:
    """Tell the second partner that nothing was given; the notice itself is not his to see any more."""
    return render_template("wedding_declined.html")
