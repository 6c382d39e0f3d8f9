"""Giving notice of a marriage or partnership: what it is about, and the questions that come first."""

from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import about, weddings
from gateway.pages.crossing import key_for
from gateway.pages.obstacle_words import Hindrance, hindrances
from gateway.pages.records import CONFLICT, Record, conflict_page, load, save
from gateway.pages.texts import _
from gateway.pages.wedding_words import (
    BOND_WORDS,
    COUNTER_PRODUCT,
    KINSHIP_WORDS,
    RESIDENCE_WORDS,
    STEPS,
    is_first_partners,
    options,
    plain,
)
from services.contracts.civil_registry import BONDS, BOUND, KINSHIPS, RESIDENCE
from services.messaging.errors import Refusal

Answers = dict[str, Any]


@page(about, "wedding")
def wedding() -> ResponseReturnValue:
    """Tell how notice of a marriage or partnership is given, by when, and what is needed."""
    return render_template("wedding.html")


@page(weddings, "wedding_first")
@require("resident")
def ask_first() -> ResponseReturnValue:
    """Ask what decides whether these two can give notice online."""
    return _first_page(Form({}), None)


@page(weddings, "wedding_first", method="POST")
@require("resident")
@writes
def take_first() -> ResponseReturnValue:
    """Begin a notice when nothing stands in the way; else say what does, and what helps."""
    form = Form.sent()
    answers = _checked(form, None)
    if not isinstance(answers, dict):
        return answers
    content = _content(answers, {"bsn": current_actor()["subject"]})
    key = key_for("start", sorted(form.typed.items()))
    begun = registry.start(current_actor(), "marriage", language=g.lang, content=content, key=key)
    return redirect(address("wedding_partners", record=begun["record_id"]), 303)


@page(weddings, "wedding_answers")
@require("resident")
def change_first(record: UUID) -> ResponseReturnValue:
    """Show the first answers of a notice, to be changed."""
    found = load(record)
    if not is_first_partners(found):
        return redirect(address("case", record=record), 303)
    content = found["content"]
    first = content.get("partner_1") or {}
    shown = {
        "bond": content.get("bond"),
        "adult": True,
        "resident": True,
        "bound": "no",
        "kinship": content.get("kinship"),
        "guardianship": first.get("guardianship", False),
        "residence": first.get("residence", "dutch"),
    }
    return _first_page(Form.showing(shown), found)


@page(weddings, "wedding_answers", method="POST")
@require("resident")
@writes
def keep_first(record: UUID) -> ResponseReturnValue:
    """Keep changed first answers when the notice can still be given online."""
    found = load(record)
    if not is_first_partners(found):
        return redirect(address("case", record=record), 303)
    answers = _checked(Form.sent(), found)
    if not isinstance(answers, dict):
        return answers
    try:
        save(found, _content(answers, found["content"].get("partner_1") or {}))
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("wedding_answers", record=record))
        raise
    return redirect(
        address("wedding_check" if "contact" in found["content"] else "wedding_partners", record=record), 303
    )


def _content(answers: Answers, first: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the notice that follow from the answers."""
    told = {name: answers[name] for name in ("residence", "guardianship")}
    return {"bond": answers["bond"], "kinship": answers["kinship"], "partner_1": first | told}


def _checked(form: Form, found: Record | None) -> Answers | ResponseReturnValue:
    """Return the answers when nothing stands in the way, else the page that says what does."""
    if form["again"]:
        return _first_page(form, found)
    answers = _read(form)
    if form.errors:
        return _first_page(form, found)
    told = registry.check_marriage(current_actor(), answers)
    stops = [one for one in hindrances(told["obstacles"]) if one.blocks]
    return counter_page(stops, form=form, record=found) if stops else answers


def _read(form: Form) -> Answers:
    return {
        "bond": form.one_of("bond", BONDS, missing=_("Choose marriage or registered partnership")),
        "both_adult": form.yes_or_no("adult", missing=_("Choose whether you are both 18 or older")),
        "both_resident": form.yes_or_no("resident", missing=_("Choose whether you both live in the Netherlands")),
        "bound": form.one_of("bound", BOUND, missing=_("Choose whether one of you is married or has a partnership")),
        "kinship": form.one_of("kinship", KINSHIPS, missing=_("Choose whether you are related")),
        "guardianship": form.yes_or_no("guardianship", missing=_("Choose whether one of you is under guardianship")),
        "residence": form.one_of("residence", RESIDENCE, missing=_("Choose which nationality you have")),
    }


def _first_page(form: Form, found: Record | None) -> ResponseReturnValue:
    shown = render_template(
        "wedding_first.html",
        form=form,
        errors=form.errors,
        record=found,
        steps=STEPS,
        here=request.path,
        bonds=plain(BOND_WORDS),
        kinships=options(KINSHIP_WORDS),
        residences=options(RESIDENCE_WORDS),
    )
    return shown, 422 if form.errors else 200


def counter_page(
    found: list[Hindrance], *, form: Form | None = None, record: Record | None = None
) -> ResponseReturnValue:
    """Return the page that says why two cannot give notice online, and what they can do.

    `form`: what was typed, so that it can be changed.
    """
    leave = ("csrf_token", "session_token", "key", "again")
    kept = () if form is None else [(name, values) for name, values in form.typed.items() if name not in leave]
    return render_template(
        "wedding_counter.html",
        hindrances=found,
        to_counter=any(one.to_counter for one in found),
        fields=[(name, value) for name, values in kept for value in values],
        again=form is not None,
        record=record,
        product=COUNTER_PRODUCT,
        here=request.path,
    )
