"""Declaring a death, at the end: everything once more and sending it; and sending several at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, session
from flask.typing import ResponseReturnValue

from gateway import funerals as asking_registry
from gateway import registry
from gateway.api.problems import PROBLEMS
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form, last_figures
from gateway.pages.blueprints import funerals
from gateway.pages.crossing import key_for
from gateway.pages.death_drafts import PARTS, STEPS, counter_page, not_open
from gateway.pages.funeral_forms import term_words
from gateway.pages.funeral_words import FUNERALS, MANNERS, MARITAL, PLANS, SEXES, word_of
from gateway.pages.obstacle_words import of_keys
from gateway.pages.records import CONFLICT, Record, conflict_page, evidence_names, load, note_refusal, save, shown
from gateway.pages.texts import N_, _
from services.messaging.errors import Malformed, Refusal, Unavailable

AT_ONCE = 20
"""So many drafts are shown and sent in one go."""

_NOT_ONLINE = "death-not-online"
_FIELDS = {
    "death-not-here": "death",
    "death-in-future": "death",
    "time-does-not-exist": "death",
    "death-authorisation-missing": "declarant",
    "death-certificate-missing": "papers",
    "funeral-not-planned": "funeral",
    "funeral-too-early": "funeral",
    "funeral-too-late": "funeral",
}
"""The answer with which a refusal can be mended: its link on the page."""
_SENT_BEFORE = "sent"
_AWAY = "unavailable"
_UNKNOWN = N_("We could not send it. Open the declaration, and try again.")

Content = Mapping[str, Any]


@page(funerals, "death_check")
@require("undertaker")
def check(record: UUID) -> ResponseReturnValue:
    """Show everything, and how the deed will read, before it is sent or before a question of ours is answered."""
    found = load(record)
    missing = next((there for part, there in PARTS.items() if part not in found["content"]), None)
    if missing is not None:
        return redirect(address(missing, record=record), 303)
    return not_open(found) or _check_page(found, Form({}))


@page(funerals, "death_check", method="POST")
@require("undertaker")
@writes
def send(record: UUID) -> ResponseReturnValue:
    """Send the declaration, when the undertaker says that everything is right."""
    found = load(record)
    if found["status"] != "draft":  # pressed twice: it has been sent
        return redirect(address("case", record=record), 303)
    form = Form.sent()
    form.ticked("confirmed", missing=_("Read everything, and tick that it is right"))
    if form.errors:
        return _check_page(found, form)
    try:
        kept = save(found, {"confirmed": True})
        registry.act(current_actor(), kept, "submit", key=key_for("submit", record, kept["version"]))
    except Malformed:
        return redirect(address("death_facts", record=record), 303)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(record, back=address("death_check", record=record))
        if refusal.code == _NOT_ONLINE:
            return counter_page(of_keys(refusal.facts.get("reasons", ())), record=found)
        note_refusal(form, refusal, _FIELDS)
        return _check_page(load(record), form)
    return redirect(address("case", record=record, notice="sent"), 303)


def _check_page(found: Record, form: Form) -> ResponseReturnValue:
    drawn = render_template(
        "death_check.html",
        record=found,
        form=form,
        errors=form.errors,
        steps=STEPS,
        preview=asking_registry.preview_deed(current_actor(), found["record_id"]),
        said=answers_of(found["content"]),
        term=term_words(found["terms"]),
        evidence_names=evidence_names(),
        answering=found["status"] != "draft",
    )
    return drawn, 422 if form.errors else 200


def answers_of(content: Content) -> dict[str, Any]:
    """Return a declaration in words."""
    deceased, death, funeral = (content.get(part) or {} for part in ("deceased", "death", "funeral"))
    declarant, authorised = content.get("declarant") or {}, content.get("authorised") or {}
    return {
        "deceased": full_name(deceased),
        "bsn": last_figures(deceased["bsn"]) if deceased.get("bsn") else "",
        "sex": word_of(SEXES, deceased["sex"]),
        "born_on": date.fromisoformat(deceased["born_on"]) if deceased.get("born_on") else None,
        "born_place": deceased.get("born_place", ""),
        "marital": word_of(MARITAL, deceased["marital_status"]),
        "partner": deceased.get("partner_name", ""),
        "last_address": deceased["last_address"],
        "died_on": date.fromisoformat(death["on"]),
        "died_time": death.get("time") or "",
        "place": death["place"],
        "manner": word_of(MANNERS, death["manner"]),
        "funeral": funeral_in_words(funeral),
        "declarant": full_name(declarant),
        "authorised": ", ".join(filter(None, (authorised.get("name"), authorised.get("relation")))),
        "authorised_phone": authorised.get("phone", ""),
        "contact": content.get("contact") or {},
    }


def full_name(part: Content) -> str:
    """Return the names of somebody on one line."""
    names = (part.get("first_names"), part.get("surname_prefix"), part.get("surname"))
    return " ".join(str(name) for name in names if name)


def funeral_in_words(funeral: Content) -> dict[str, Any]:
    """Return a funeral in words: its kind, when (None: not known yet), where, and the other term that is asked for."""
    plan = funeral.get("plan", "within-term")
    return {
        "kind": word_of(FUNERALS, funeral["kind"]),
        "at": datetime.fromisoformat(funeral["at"]) if funeral.get("at") else None,
        "place": funeral.get("place", ""),
        "plan": word_of(PLANS, plan) if plan != "within-term" else "",
        "reason": funeral.get("reason", ""),
    }


# --- several at once


@page(funerals, "funerals_send")
@require("undertaker")
def ask_several() -> ResponseReturnValue:
    """Show the drafts that are ready, to be checked and sent in one go."""
    return _several_page(Form({}))


@page(funerals, "funerals_send", method="POST")
@require("undertaker")
@writes
def send_several() -> ResponseReturnValue:
    """Send each draft that was ticked, as the page showed it; each gets its own answer."""
    form = Form.sent()
    chosen = [_record_id(one) for one in form.chosen("send")][:AT_ONCE]
    if not any(chosen):
        form.wrong("send", _("Tick the declarations that you have checked and want to send"), at="send-1")
        return _several_page(form)
    session["sent"] = {str(one): _sent(one) for one in chosen if one}
    return redirect(address("funerals_sent"), 303)


def _record_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _sent(record_id: UUID) -> str:
    """Send one draft; return `sent`, or the code of why not. What was sent before is sent."""
    actor = current_actor()
    seen = shown({"record_id": record_id}, field=f"version-{record_id}")
    try:
        key = key_for("save", record_id, seen["version"])
        kept = registry.save(actor, seen, {"confirmed": True}, key=key)
        registry.act(actor, kept, "submit", key=key_for("submit", record_id, kept["version"]))
    except Refusal as refusal:
        return refusal.code
    except Malformed:
        return "not-complete"
    except Unavailable:
        return _AWAY
    return _SENT_BEFORE


@page(funerals, "funerals_sent")
@require("undertaker")
def sent_several() -> ResponseReturnValue:
    """Tell of each draft that was to be sent what became of it."""
    told: dict[str, str] = session.get("sent", {})
    results = []
    for record_id, code in told.items():
        try:
            found = load(UUID(record_id))
        except Refusal:  # somebody else logged in with this browser
            continue
        done = found["status"] not in ("draft", "withdrawn", "lapsed")
        results.append((found, "" if done else _reason(code)))
    if not results:
        return redirect(address("funerals"), 303)
    return render_template("funerals_sent.html", results=results, sent=sum(not why for _found, why in results))


def _reason(code: str) -> str:
    problem = PROBLEMS.get(code)
    if problem is None:
        return _(_UNKNOWN)
    return f"{problem.title(g.lang)}. {problem.cure(g.lang)}"


def _several_page(form: Form) -> ResponseReturnValue:
    listed = asking_registry.my_funerals(current_actor())["open"]
    ready = [line["record_id"] for line in listed if line["stops"] == ""]
    drafts = [load(record_id) for record_id in ready[:AT_ONCE]]
    drawn = render_template(
        "funerals_send.html",
        form=form,
        errors=form.errors,
        drafts=[(one, answers_of(one["content"]), term_words(one["terms"])) for one in drafts],
        left=len(ready) - len(drafts),
    )
    return drawn, 422 if form.errors else 200
