"""The form of a funeral: which kind, where and when, within its term or not. Asked with the declaration, and later."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask import g

from gateway.pages.asking import Form
from gateway.pages.board import local_day
from gateway.pages.funeral_words import FUNERALS, PLANS, window_words
from gateway.pages.texts import _
from gateway.rpc import services
from services.presenting import times
from services.presenting.times import HOME

_REASON = 500

Terms = Mapping[str, str]


def read_funeral(form: Form, terms: Terms) -> dict[str, Any]:
    """Return what a form says of a funeral (contract `Funeral`); what lies outside its term is told at its field.

    `terms`: the moments of the declaration or of the permit, `funeral_from` and `funeral_by`.
    """
    kind = form.one_of("kind", FUNERALS, missing=_("Choose what kind of funeral it is"))
    place = form.text("place", missing=_("Fill in where the funeral is"))
    at = None
    if form.yes_or_no("planned", missing=_("Choose whether day and time are known")):
        at = _moment(form)
    plan = form.one_of("plan", PLANS, missing=_("Choose whether the funeral can be within this term"))
    reason = ""
    if plan and plan != "within-term":
        reason = form.area("reason", missing=_("Write why another day is needed"), most=_REASON)
    if at is not None and not form.errors:
        plan = _within(form, at, kind, plan, terms)
    return {
        "kind": kind,
        "at": at and at.isoformat(),
        "place": place,
        "plan": plan,
        "reason": reason if plan != "within-term" else "",
    }


def funeral_shown(funeral: Mapping[str, Any]) -> dict[str, Any]:
    """Return a funeral as its form shows it."""
    at = datetime.fromisoformat(funeral["at"]).astimezone(HOME) if funeral.get("at") else None
    return {
        "kind": funeral.get("kind"),
        "place": funeral.get("place"),
        "planned": at is not None if funeral else None,
        "at": at and at.date(),
        "at-time": at and f"{at:%H:%M}",
        "plan": funeral.get("plan", "within-term"),
        "reason": funeral.get("reason"),
    }


def term_words(terms: Terms) -> str:
    """Return when the funeral may be, empty while that does not follow from what is filled in."""
    if "funeral_from" not in terms:
        return ""
    last_on = times.day(date.fromisoformat(terms["funeral_by"]), g.lang) if "funeral_by" in terms else ""
    return window_words(datetime.fromisoformat(terms["funeral_from"]), last_on)


def _moment(form: Form) -> datetime | None:
    on = form.day("at", _("Day of the funeral"), earliest=local_day(services().clock.now()))
    clock = form.clock("at-time", _("Time of the funeral"))
    if on is None or not clock:
        return None
    shown = datetime.combine(on, time.fromisoformat(clock), HOME)
    instant = shown.astimezone(UTC)
    if instant.astimezone(HOME).replace(tzinfo=None) != shown.replace(tzinfo=None):
        form.wrong("at-time", _("This time does not exist in that night: the clock goes forward. Choose another time"))
        return None
    return instant


def _within(form: Form, at: datetime, kind: str, plan: str, terms: Terms) -> str:
    """Return the plan that fits the moment; one outside the term that was not asked for is told at its day."""
    begin = datetime.fromisoformat(terms["funeral_from"]) if "funeral_from" in terms else at
    last_on = date.fromisoformat(terms["funeral_by"]) if "funeral_by" in terms and kind != "science" else date.max
    early, late = at < begin, local_day(at) > last_on
    if early and plan != "earlier":
        told = _(
            "This is too early: the law asks 36 hours. Choose a moment from %(begin)s, or ask below for an earlier day",
            begin=times.day_and_time(begin, g.lang),
        )
        form.wrong("at", told, at="at-day")
    elif late and plan != "later":
        told = _(
            "This is too late. Choose a day no later than %(last)s, or ask below for a later one",
            last=times.day(last_on, g.lang),
        )
        form.wrong("at", told, at="at-day")
    return plan if early or late else "within-term"
