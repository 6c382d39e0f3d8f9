"""Declaring a death, the next pages: the funeral, who declares, and the papers. Each page is kept."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from gateway import funerals as asking_registry
from gateway.files import takes_files
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import funerals
from gateway.pages.board import local_day
from gateway.pages.death_drafts import PARTS, Content, drawn, kept, later, not_open
from gateway.pages.funeral_forms import funeral_shown, read_funeral, term_words
from gateway.pages.funeral_words import PLANS, funeral_kinds, options
from gateway.pages.records import Record, attach, evidence_names, load
from gateway.pages.texts import _
from gateway.rpc import services

# --- the funeral


@page(funerals, "death_funeral")
@require("undertaker")
def ask_funeral(record: UUID) -> ResponseReturnValue:
    """Ask for the funeral, and say within which term it has to be."""
    found = load(record)
    form = Form.showing(funeral_shown(found["content"].get("funeral") or {}))
    return not_open(found) or _funeral_page(found, form)


@page(funerals, "death_funeral", method="POST")
@require("undertaker")
@writes
def take_funeral(record: UUID) -> ResponseReturnValue:
    """Keep the funeral; one outside its term is told at once."""
    found = load(record)
    form = Form.sent()
    funeral = read_funeral(form, found["terms"])
    if form.errors:
        return _funeral_page(found, form)
    return kept(found, form, {"funeral": funeral}, this="death_funeral", then="death_declarant")


def _funeral_page(found: Record, form: Form) -> ResponseReturnValue:
    return drawn(
        "death_funeral.html",
        found,
        form,
        kinds=funeral_kinds(),
        plans=options(PLANS),
        term=term_words(found["terms"]),
    )


# --- who declares


@page(funerals, "death_declarant")
@require("undertaker")
def ask_declarant(record: UUID) -> ResponseReturnValue:
    """Ask who declares, who authorised him, and where we reach him; what was declared last is filled in."""
    found = load(record)
    return not_open(found) or _declarant_page(found, Form.showing(_declarant_shown(found["content"])))


@page(funerals, "death_declarant", method="POST")
@require("undertaker")
@writes
def take_declarant(record: UUID) -> ResponseReturnValue:
    """Keep who declares."""
    found = load(record)
    form = Form.sent()
    parts = _read_declarant(form)
    if form.errors:
        return _declarant_page(found, form)
    return kept(found, form, parts, this="death_declarant", then="death_papers")


def _read_declarant(form: Form) -> dict[str, Any]:
    born_on = form.day("born", _("Your day of birth"), latest=local_day(services().clock.now()))
    declarant = {
        "first_names": form.text("first-names", missing=_("Fill in your first names"), most=200),
        "surname_prefix": form.text("prefix", most=20),
        "surname": form.text("surname", missing=_("Fill in your surname"), most=200),
        "born_on": born_on and born_on.isoformat(),
        "born_place": form.text("born-place", missing=_("Fill in where you were born"), most=120),
    }
    authorised = {
        "name": form.text("by", missing=_("Fill in who gave you the order"), most=200),
        "relation": form.text("relation", missing=_("Fill in how this person knew the deceased"), most=100),
        "phone": form.phone("by-phone", missing=_("Fill in the phone number of this person")),
    }
    contact = {"email": form.email(), "phone": form.phone() or None, "language": g.lang}
    return {"declarant": declarant, "authorised": authorised, "contact": contact}


def _declarant_shown(content: Content) -> dict[str, Any]:
    known: Content = content
    if "declarant" not in content:
        last = asking_registry.last_declarant(current_actor())
        known = {name: part for name, part in last.items() if part}
    declarant, contact = known.get("declarant") or {}, known.get("contact") or {}
    authorised = content.get("authorised") or {}
    return {
        "first-names": declarant.get("first_names"),
        "prefix": declarant.get("surname_prefix"),
        "surname": declarant.get("surname"),
        "born": date.fromisoformat(declarant["born_on"]) if declarant else None,
        "born-place": declarant.get("born_place"),
        "by": authorised.get("name"),
        "relation": authorised.get("relation"),
        "by-phone": authorised.get("phone"),
        "email": contact.get("email"),
        "phone": contact.get("phone"),
    }


def _declarant_page(found: Record, form: Form) -> ResponseReturnValue:
    taken_over = "declarant" not in found["content"] and request.method == "GET" and bool(form["surname"])
    return drawn("death_declarant.html", found, form, taken_over=taken_over)


# --- the papers


@page(funerals, "death_papers")
@require("undertaker")
def ask_papers(record: UUID) -> ResponseReturnValue:
    """Say which papers this death needs, and take them."""
    found = load(record)
    return not_open(found) or _papers_page(found, Form({}))


@page(funerals, "death_papers", method="POST")
@require("undertaker")
@takes_files()
@writes
def take_papers(record: UUID) -> ResponseReturnValue:
    """Keep the papers that were chosen, each examined; without the one that is needed the draft waits for it."""
    found = load(record)
    form = Form.sent()
    needed, welcome, must = _papers_of(found["content"])
    attach(form, found, {kind: kind for kind in (*needed, *welcome)})
    now = load(record)
    there = {file["kind"] for file in now["evidence"]}
    if must and not there & set(needed) and not form["later"]:
        form.wrong(needed[0], _("Add this paper. Or save, and add it later"))
    if form.errors:
        return _papers_page(now, form)
    missing = next((there for part, there in PARTS.items() if part not in found["content"]), None)
    return redirect(later(form) or address(missing or "death_check", record=record), 303)


def _papers_of(content: Content) -> tuple[list[str], list[str], bool]:
    """Return the kinds of paper of which one is needed, those that belong to the answers, and whether it must be there.

    Where the public prosecutor decides, the paper may come later.
    """
    death, funeral = content.get("death") or {}, content.get("funeral") or {}
    by_manner = {one["manner"]: one for one in asking_registry.check_death(current_actor())["papers"]}
    papers = by_manner[death.get("manner", "natural")]
    needed, welcome = list(papers["any_of"]), ["other"]
    short_life = death.get("pregnancy_weeks") is not None
    if funeral.get("kind") == "science":
        welcome.insert(0, "body-donation")
    if short_life or funeral.get("plan", "within-term") != "within-term":
        (needed if short_life else welcome).insert(0, "doctor-statement")
    return needed, welcome, not papers["prosecutor"]


def _papers_page(found: Record, form: Form) -> ResponseReturnValue:
    needed, welcome, must = _papers_of(found["content"])
    return drawn(
        "death_papers.html",
        found,
        form,
        needed=needed,
        welcome=welcome,
        must=must,
        names=evidence_names(),
    )
