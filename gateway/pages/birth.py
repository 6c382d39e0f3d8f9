"""Declaring a birth: what it is about, and the first questions, so that nobody fills in a form for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form, last_figures
from gateway.pages.birth_words import (
    NOBODY,
    OTHER,
    PARTNER,
    acknowledgements,
    declarants,
    name_choices,
    others,
    own_role,
    role_of_other,
)
from gateway.pages.blueprints import about, births
from gateway.pages.board import local_day
from gateway.pages.crossing import key_for
from gateway.pages.obstacle_words import Hindrance, hindrances, of_keys
from gateway.pages.records import CONFLICT, Record, conflict_page, load, note_refusal, save
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.civil_registry import ACKNOWLEDGEMENTS, DECLARANTS
from services.messaging.errors import Refusal, Unavailable

STEPS = 5
"""The first questions, the child, the parents and the surname, contact and papers, the check."""

COUNTER_PRODUCT = "birth-declaration"
GRIEF = "birth-not-alive"
_NAME_CHOICES = ("none", "deed", "wanted")
_BSN_FIELDS = {"bsn-invalid": "other-bsn", "bsn-test-range": "other-bsn"}


@page(about, "birth")
def birth() -> ResponseReturnValue:
    """Tell how a birth is declared, by when, and what is needed."""
    return render_template("birth.html", product=COUNTER_PRODUCT)


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What is asked first, as `BirthContent` wants it. `other_bsn` is sealed; None when there is no other parent."""

    declarant: str
    answers: dict[str, Any]
    other_bsn: str | None
    born_on: date

    def content(self, own_bsn: str) -> dict[str, Any]:
        """Return the parts of the declaration that follow from the answers."""
        mine, theirs = own_role(self.declarant), role_of_other(self.declarant)
        return {
            "declarant": self.declarant,
            "answers": self.answers | {"born_on": self.born_on.isoformat()},
            mine: {"bsn": own_bsn},
            theirs: {"bsn": self.other_bsn} if self.other_bsn else None,
        }


@page(births, "birth_first")
@require("resident")
def ask_first() -> ResponseReturnValue:
    """Ask what decides whether this birth can be declared online."""
    return _first_page(Form({}), None)


@page(births, "birth_first", method="POST")
@require("resident")
@writes
def take_first() -> ResponseReturnValue:
    """Begin a declaration when nothing stands in the way; else say what does, and lead to the counter."""
    form = Form.sent()
    answer = _checked(form, None)
    if not isinstance(answer, FirstAnswers):
        return answer
    actor = current_actor()
    begun = registry.start(
        actor, "birth", language=g.lang, content=answer.content(actor["subject"]), key=key_for("start", form.typed)
    )
    return redirect(address("birth_child", record=begun["record_id"]), 303)


@page(births, "birth_answers")
@require("resident")
def change_first(record: UUID) -> ResponseReturnValue:
    """Show the first answers of a declaration, to be changed."""
    found = load(record)
    if "save" not in found["allowed"]:
        return redirect(address("case", record=record), 303)
    return _first_page(Form.showing(_shown(found["content"])), found)


@page(births, "birth_answers", method="POST")
@require("resident")
@writes
def keep_first(record: UUID) -> ResponseReturnValue:
    """Keep changed first answers when the declaration can still go on online."""
    found = load(record)
    answer = _checked(Form.sent(), found)
    if not isinstance(answer, FirstAnswers):
        return answer
    content = answer.content(current_actor()["subject"]) | _adjusted(found["content"], answer)
    try:
        save(found, content)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("birth_answers", record=record))
        raise
    return redirect(address(_next({**found["content"], **content}), record=record), 303)


def _adjusted(content: Mapping[str, Any], answer: FirstAnswers) -> dict[str, Any]:
    """Return the later parts that a first answer contradicts: the day of birth, and the deed of a choice of surname."""
    parts: dict[str, Any] = {}
    child, surname = content.get("child"), content.get("surname")
    if child:
        parts["child"] = {**child, "born_on": answer.born_on.isoformat()}
    if surname and answer.answers["name_choice"] != "deed":
        parts["surname"] = {"choice": surname["choice"]}
    return parts


def _next(content: Mapping[str, Any]) -> str:
    """Return the page that comes after changed first answers."""
    surname = content.get("surname") or {}
    if "child" not in content:
        return "birth_child"
    if "contact" not in content or (
        content["answers"]["name_choice"] == "deed" and not surname.get("name_choice_deed")
    ):
        return "birth_parents"
    return "birth_check"


# --- what was answered


def _checked(form: Form, found: Record | None) -> FirstAnswers | ResponseReturnValue:
    """Return the answers when nothing stands in the way, else the page that says what does."""
    if form["again"]:
        return _first_page(form, found)
    if form["alive"] == "no":  # nothing more is asked of these parents
        return counter_page(of_keys([GRIEF]), form=form)
    if form["here"] == "no":
        return counter_page(of_keys(["birth-elsewhere"]), form=form)
    answer = _read(form, found)
    if answer is None:
        return _first_page(form, found)
    try:
        told = registry.check_birth(
            current_actor(),
            answers=answer.answers,
            declarant=answer.declarant,
            born_on=answer.born_on,
            municipality=registry.birth_places()["municipality"],
            other_parent_bsn=answer.other_bsn,
        )
    except Refusal as refusal:
        note_refusal(form, refusal, _BSN_FIELDS)
        return _first_page(form, found)
    found_obstacles = hindrances(told["obstacles"])
    if any(one.blocks for one in found_obstacles):
        return counter_page(found_obstacles, form=form, declare_by=told["declare_by"])
    return answer


def _read(form: Form, found: Record | None) -> FirstAnswers | None:
    """Return what the form says, None when something is missing or wrong."""
    form.yes_or_no("here", missing=_("Choose whether the child was born in Enschede"))
    form.yes_or_no("alive", missing=_("Choose whether the child lives"))
    born_on = form.day("born", _("Day of birth"), latest=local_day(services().clock.now()))
    professional = form.yes_or_no("professional", missing=_("Choose whether a doctor or midwife was there"))
    declarant = form.one_of("declarant", DECLARANTS, missing=_("Choose who you are"))
    other_bsn = _other(form, declarant, found)
    alone = form["other"] == NOBODY
    acknowledgement = "not-needed"
    name_choice, first_child = "none", True
    if not alone:
        acknowledgement = form.one_of(
            "acknowledgement", ACKNOWLEDGEMENTS, missing=_("Choose whether the child was acknowledged")
        )
        first_child = form.yes_or_no("first-child", missing=_("Choose whether it is your first child together")) is True
        name_choice = form.one_of("name-choice", _NAME_CHOICES, missing=_("Choose whether you choose the surname"))
    foreign = form.yes_or_no("foreign", missing=_("Choose whether you want the law of another country"))
    if form.errors or born_on is None:
        return None
    answers = {
        "alive": True,
        "professional_present": professional is True,
        "acknowledgement": acknowledgement,
        "first_child": first_child,
        "name_choice": name_choice,
        "foreign_name_law": foreign is True,
    }
    return FirstAnswers(declarant, answers, other_bsn or None, born_on)


def _other(form: Form, declarant: str, found: Record | None) -> str:
    """Return the sealed number of the other parent; empty when there is none, or it is missing."""
    partners = {one["bsn"] for one in partners_of_mine()}
    options = (*((PARTNER,) if partners else ()), OTHER, *((NOBODY,) if declarant in ("mother", "") else ()))
    chosen = form.one_of("other", options, missing=_("Choose who the other parent is"))
    if chosen == PARTNER:
        return str(next(iter(partners)))
    if chosen != OTHER:
        return ""
    before = _sealed_other(found["content"]) if found else ""
    typed = form.bsn("other-bsn", missing="" if before else _("Fill in the citizen service number of the other parent"))
    if typed and typed == current_actor()["subject"]:
        form.wrong("other-bsn", _("This is your own number. Fill in that of the other parent"))
    return typed or (before if "other-bsn" not in form.errors else "")


def partners_of_mine() -> list[dict[str, Any]]:
    """Return the present partner of whoever is logged in, as the BRP knows him; nobody when the BRP is away."""
    if "partners" not in g:
        actor = current_actor()
        try:
            person = registry.person(actor, actor["subject"], purpose="prefill")
        except Unavailable:
            person = None
        known = person["partners"] if person is not None else []
        g.partners = [one for one in known if one["ended_on"] is None and one["bsn"]][:1]
    partners: list[dict[str, Any]] = g.partners
    return partners


def _sealed_other(content: Mapping[str, Any]) -> str:
    part = content.get(role_of_other(content.get("declarant", "mother"))) or {}
    return str(part.get("bsn") or "")


def _shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a declaration as its form shows them."""
    answers = content.get("answers", {})
    born_on = (content.get("child") or {}).get("born_on") or answers.get("born_on")
    sealed = _sealed_other(content)
    partner = sealed and sealed in {one["bsn"] for one in partners_of_mine()}
    return {
        "here": True,
        "alive": answers.get("alive"),
        "born": date.fromisoformat(born_on) if born_on else None,
        "professional": answers.get("professional_present"),
        "declarant": content.get("declarant"),
        "other": PARTNER if partner else OTHER if sealed else NOBODY,
        "acknowledgement": answers.get("acknowledgement"),
        "first-child": answers.get("first_child"),
        "name-choice": answers.get("name_choice"),
        "foreign": answers.get("foreign_name_law"),
    }


# --- the pages


def _first_page(form: Form, found: Record | None) -> ResponseReturnValue:
    sealed = _sealed_other(found["content"]) if found else ""
    shown = render_template(
        "birth_first.html",
        form=form,
        errors=form.errors,
        record=found,
        others=others(next(iter(partners_of_mine()), None)),
        declarants=declarants(),
        acknowledgements=acknowledgements(),
        name_choices=name_choices(),
        known=last_figures(sealed) if sealed else "",
        steps=STEPS,
        here=request.path,
    )
    return shown, 422 if form.errors else 200


def counter_page(
    found: list[Hindrance], *, form: Form | None = None, record: Record | None = None, declare_by: date | None = None
) -> ResponseReturnValue:
    """Return the page that says why a birth is not declared online, what to do, and how to come to the counter.

    `form`: what was typed, so that it can be changed; `record`: the draft that goes to the counter.
    """
    if record is not None and "declare_by" in record["terms"]:
        declare_by = date.fromisoformat(record["terms"]["declare_by"])
    return render_template(
        "birth_counter.html",
        hindrances=[one for one in found if one.blocks],
        to_counter=any(one.to_counter for one in found if one.blocks),
        grief=any(one.key == GRIEF for one in found),
        fields=[] if form is None else [(name, value) for name, values in _kept(form) for value in values],
        record=record,
        declare_by=declare_by,
        late=declare_by is not None and declare_by < local_day(services().clock.now()),
        product=COUNTER_PRODUCT,
        here=request.path,
    )


def _kept(form: Form) -> list[tuple[str, Any]]:
    leave = ("csrf_token", "session_token", "key", "again")
    return [(name, values) for name, values in form.typed.items() if name not in leave]
