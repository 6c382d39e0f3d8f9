"""Giving notice, page by page: the two of you, the witnesses, name and statements. Each page is kept."""

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
from gateway.pages.addresses import address, page
from gateway.pages.asking import DAY, YES, Form, last_figures
from gateway.pages.blueprints import weddings
from gateway.pages.board import local_day
from gateway.pages.records import CONFLICT, Record, act, attach, conflict_page, evidence_names, load, note_refusal, save
from gateway.pages.texts import _
from gateway.pages.wedding_words import NAME_WORDS, STEPS, as_day, is_first_partners, my_part, plain
from gateway.rpc import services
from services.contracts.civil_registry import NAME_USES
from services.messaging.errors import Refusal

PARTS = {
    "contact": "wedding_partners",
    "ceremony": "wedding_day",
    "witnesses": "wedding_witnesses",
}
"""What must be there before the second partner is asked, and the page that asks for it; statements come after it."""

PAPERS = ("identity-document", "other")
WITNESSES = (2, 4)
WITNESSES_IN_SPECIAL_HOUSE = (6, 6)
"""Source: BW 1:63 lid 1, 1:64. The registry decides; here only how many rows there are."""
_ADULT = 18
_WITNESS = ("first-names", "surname", "address", *(f"born-{part}" for part in DAY))
_BSN_FIELDS = {"bsn-invalid": "partner-bsn", "bsn-test-range": "partner-bsn", "partners-are-one": "partner-bsn"}

Content = Mapping[str, Any]


def kept(found: Record, content: Content, *, this: str, then: str, form: Form | None = None) -> ResponseReturnValue:
    """Keep a part and go on: to the next page, or back to the check when all has been filled in before.

    Raises: Refusal (of another field than `form` knows), Unavailable.
    """
    try:
        save(found, content)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(found["record_id"], back=address(this, record=found["record_id"]))
        raise
    complete = set(PARTS) <= {*found["content"], *content} and "name_use" in (found["content"].get("partner_1") or {})
    return redirect(address("wedding_check" if complete else then, record=found["record_id"]), 303)


# --- the two of you


@page(weddings, "wedding_partners")
@require("resident")
def ask_partners(record: UUID) -> ResponseReturnValue:
    """Ask who the other one is, and where we reach both."""
    found = load(record)
    if not is_first_partners(found):
        return redirect(address("case", record=record), 303)
    contact = found["content"].get("contact") or {}
    shown = {
        "email": contact.get("email"),
        "phone": contact.get("phone"),
        "partner-email": (found["content"].get("partner_2") or {}).get("email"),
    }
    return _partners_page(found, Form.showing(shown))


@page(weddings, "wedding_partners", method="POST")
@require("resident")
@writes
def take_partners(record: UUID) -> ResponseReturnValue:
    """Keep who the other one is, and where we reach both."""
    found = load(record)
    if not is_first_partners(found):
        return redirect(address("case", record=record), 303)
    form = Form.sent()
    before = found["content"].get("partner_2") or {}
    known = str(before.get("bsn") or "")
    missing = "" if known else _("Fill in the citizen service number of your partner")
    bsn = form.bsn("partner-bsn", missing=missing) or known
    if bsn and bsn == (found["content"].get("partner_1") or {}).get("bsn"):
        form.wrong("partner-bsn", _("This is your own number. Fill in that of your partner"))
    partner_email = form.email("partner-email")
    contact = {"email": form.email(), "phone": form.phone() or None, "language": g.lang}
    if form.errors:
        return _partners_page(found, form)
    content = {"partner_2": before | {"bsn": bsn, "email": partner_email}, "contact": contact}
    try:
        return kept(found, content, this="wedding_partners", then="wedding_day")
    except Refusal as refusal:
        note_refusal(form, refusal, _BSN_FIELDS)
        return _partners_page(found, form)


def _partners_page(found: Record, form: Form) -> ResponseReturnValue:
    sealed = str((found["content"].get("partner_2") or {}).get("bsn") or "")
    shown = render_template(
        "wedding_partners.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        known=last_figures(sealed) if sealed else "",
    )
    return shown, 422 if form.errors else 200


# --- the witnesses


@page(weddings, "wedding_witnesses")
@require("resident")
def ask_witnesses(record: UUID) -> ResponseReturnValue:
    """Ask who the witnesses are."""
    found = load(record)
    if not _may_name_witnesses(found):
        return redirect(address("case", record=record), 303)
    if "ceremony" not in found["content"]:
        return redirect(address("wedding_day", record=record), 303)
    shown: dict[str, Any] = {}
    for row, one in enumerate(found["content"].get("witnesses") or ()):
        shown |= {
            f"witness-{row}-first-names": one["first_names"],
            f"witness-{row}-surname": one["surname"],
            f"witness-{row}-born": as_day(one["born_on"]),
            f"witness-{row}-address": one["address"],
        }
    return _witnesses_page(found, Form.showing(shown))


@page(weddings, "wedding_witnesses", method="POST")
@require("resident")
@writes
def take_witnesses(record: UUID) -> ResponseReturnValue:
    """Keep the witnesses, or change them once the notice was accepted; or show one row more."""
    found = load(record)
    form = Form.sent()
    if form["more"]:
        return _witnesses_page(found, form)
    witnesses = _read_witnesses(found, form)
    if form.errors:
        return _witnesses_page(found, form)
    if "change-witnesses" not in found["allowed"]:
        return kept(found, {"witnesses": witnesses}, this="wedding_witnesses", then="wedding_statements")
    try:
        act(found, "change-witnesses", {"witnesses": witnesses})
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("wedding_witnesses", record=record))
        fields = dict.fromkeys(("witness-count", "witness-not-independent", "ceremony-too-near"), _first_field())
        note_refusal(form, refusal, fields)
        return _witnesses_page(found, form)
    return redirect(address("case", record=record, notice="witnesses"), 303)


def _may_name_witnesses(found: Record) -> bool:
    return bool({"save", "change-witnesses"} & set(found["allowed"]))


def _first_field() -> str:
    return "witness-0-first-names"


def _bounds(found: Record) -> tuple[int, int]:
    """Return how many witnesses there are at least and at most, where the ceremony is."""
    ceremony = found["content"].get("ceremony")
    if ceremony is None:
        return WITNESSES
    offer = registry.ceremony_times(current_actor(), found["record_id"], "", on=as_day(ceremony["on"]))
    special = {room["room_id"] for room in offer["rooms"] if room["special_house"]}
    return WITNESSES_IN_SPECIAL_HOUSE if ceremony["room_id"] in special else WITNESSES


def _read_witnesses(found: Record, form: Form) -> list[dict[str, Any]]:
    least, most = _bounds(found)
    ceremony = found["content"].get("ceremony")
    wedding_on = as_day(ceremony["on"]) if ceremony else local_day(services().clock.now())
    rows = range(form.rows("witness", _WITNESS, least=least, most=most))
    typed = [row for row in rows if row < least or any(form[f"witness-{row}-{field}"] for field in _WITNESS)]
    return [_read_witness(form, row, wedding_on) for row in typed]


def _read_witness(form: Form, row: int, wedding_on: date) -> dict[str, Any]:
    at, who = f"witness-{row}", {"number": row + 1}
    first_names = form.text(f"{at}-first-names", missing=_("Witness %(number)s: fill in all first names", **who))
    surname = form.text(f"{at}-surname", missing=_("Witness %(number)s: fill in the surname", **who))
    born_on = form.day(f"{at}-born", _("Witness %(number)s, birth date", **who))
    if born_on and born_on > _years_before(wedding_on, _ADULT):
        young = _("Witness %(number)s: a witness is 18 or older on the day of the wedding", **who)
        form.wrong(f"{at}-born", young, at=f"{at}-born-{DAY[0]}")
    home = form.text(f"{at}-address", missing=_("Witness %(number)s: fill in the address", **who))
    return {
        "first_names": first_names,
        "surname": surname,
        "born_on": born_on.isoformat() if born_on else None,
        "address": home,
    }


def _years_before(on: date, years: int) -> date:
    """Return the last day on which somebody was born who has an age; who was born on 29 February has it in March."""
    leap = on.month == 2 and on.day == 29  # noqa: PLR2004
    return date(on.year - years, on.month, 28 if leap else on.day)


def _witnesses_page(found: Record, form: Form) -> ResponseReturnValue:
    least, most = _bounds(found)
    shown = render_template(
        "wedding_witnesses.html",
        record=found,
        form=form,
        errors=form.errors,
        targets=form.targets,
        steps=STEPS,
        rows=form.rows("witness", _WITNESS, least=least, most=most),
        least=least,
        most=most,
        changing="change-witnesses" in found["allowed"],
    )
    return shown, 422 if form.errors else 200


# --- name, statements and papers


@page(weddings, "wedding_statements")
@require("resident")
def ask_statements(record: UUID) -> ResponseReturnValue:
    """Ask which surname whoever is logged in wants to use, and what he declares; and take papers."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    mine = found["content"].get(my_part(found)) or {}
    answered = "name_use" in mine
    shown = {
        "name-use": mine.get("name_use"),
        "custody": mine.get("custody") if answered else None,
        "no-sham": True if mine.get("no_sham") else None,
    }
    return _statements_page(found, Form.showing(shown))


@page(weddings, "wedding_statements", method="POST")
@require("resident")
@takes_files()
@writes
def take_statements(record: UUID) -> ResponseReturnValue:
    """Keep name and statements, and the papers."""
    found = load(record)
    form = Form.sent()
    told = {
        "name_use": form.one_of("name-use", NAME_USES, missing=_("Choose which surname you want to use")),
        "custody": form.yes_or_no("custody", missing=_("Choose whether you have custody of children")) is True,
        "no_sham": _declares_no_sham(found, form),
    }
    attach(form, found, {kind: kind for kind in PAPERS})
    if form.errors:
        return _statements_page(load(record), form)
    part = my_part(found)
    return kept(found, {part: found["content"].get(part, {}) | told}, this="wedding_statements", then="wedding_check")


def _declares_no_sham(found: Record, form: Form) -> bool:
    if not needs_statement(found):
        return form["no-sham"] == YES
    return form.ticked("no-sham", missing=_("Tick that you do not marry for a right of residence"))


def needs_statement(found: Record) -> bool:
    """Say whether one of the two told us that he has no lasting right to be here.

    Source: BW 1:44 lid 1 i.
    """
    parts = (found["content"].get(role) or {} for role in ("partner_1", "partner_2"))
    return any(part.get("residence") == "other" for part in parts)


def _statements_page(found: Record, form: Form) -> ResponseReturnValue:
    shown = render_template(
        "wedding_statements.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        names=plain(NAME_WORDS),
        with_statement=needs_statement(found) or found["status"] == "info-requested",
        papers=PAPERS,
        evidence_names=evidence_names(),
    )
    return shown, 422 if form.errors else 200
