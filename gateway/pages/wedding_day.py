"""Where and when: the wish of a couple who give notice, and the day that they fix or move once it was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import weddings
from gateway.pages.board import local_day
from gateway.pages.month import Month, lay_out, month_of, parse_day, parse_month
from gateway.pages.records import CONFLICT, Record, act, conflict_page, load, note_refusal
from gateway.pages.texts import _
from gateway.pages.wedding_steps import kept
from gateway.pages.wedding_words import STEPS, as_day
from gateway.rpc import services
from services.contracts.civil_registry.records import LONGEST_SEARCH
from services.messaging.errors import Refusal
from services.presenting import times

ANYBODY = "anybody"
_LONGEST_NOTICE = timedelta(days=400)
"""More than the year of a notice (BW 1:46): a day after it is no day to look at."""
_REFUSALS = (
    "room-not-free",
    "room-unknown",
    "ceremony-time-impossible",
    "marriage-too-soon",
    "marriage-notice-expired",
    "capacity-certificate-expired",
    "ceremony-too-near",
    "officer-is-party",
    "officer-not-competent",
)
"""What another day, time, place or officer cures: told at the times."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen: `times` are those of the chosen day, as `contracts.civil_registry.CeremonyTime`."""

    rooms: tuple[Mapping[str, Any], ...]
    officers: tuple[Mapping[str, Any], ...]
    first_on: date
    last_on: date
    room_id: str
    month: Month
    chosen: date | None
    times: tuple[Mapping[str, Any], ...]
    first_free: datetime | None

    @property
    def first_free_on(self) -> date | None:
        """The day of the first free moment in this room."""
        return local_day(self.first_free) if self.first_free else None


@page(weddings, "wedding_day")
@require("resident")
def ask_day(record: UUID) -> ResponseReturnValue:
    """Show the places, the days with a free time, and the times of one day."""
    found = load(record)
    if not may_choose(found):
        return redirect(address("case", record=record), 303)
    ceremony = found["content"].get("ceremony") or {}
    room_id = asked("place") or ceremony.get("room_id", "")
    chosen = parse_day(asked("day"))
    if chosen is None and ceremony and not asked("month") and room_id == ceremony["room_id"]:
        chosen = as_day(ceremony["on"])
    officer = ceremony.get("officer_id") if "save" in found["allowed"] else None
    form = Form.showing({"time": ceremony.get("time"), "officer": officer or ANYBODY})
    return _day_page(found, form, room_id=room_id, chosen=chosen)


@page(weddings, "wedding_day", method="POST")
@require("resident")
@writes
def take_day(record: UUID) -> ResponseReturnValue:
    """Go to the day that was typed; or keep a time: as a wish, or firmly once the notice was accepted."""
    found = load(record)
    form = Form.sent()
    room_id, chosen = form["place"], parse_day(form["day"])
    if form["look"]:
        return _look(found, form, room_id=room_id)
    offer = _offer(found, room_id=room_id, chosen=chosen)
    free = [one["time"] for one in offer.times]
    officers = (ANYBODY, *(one["officer_id"] for one in offer.officers))
    time = form.one_of("time", free or ("none",), missing=_("Choose a time"))
    officer = form.one_of("officer", officers) or ANYBODY
    if chosen is None or not free:
        form.wrong("time", _("Choose a day with a free time"), at="times")
    if form.errors or chosen is None:
        return _day_page(found, form, room_id=room_id, chosen=chosen)
    ceremony = {
        "on": chosen.isoformat(),
        "time": time,
        "room_id": offer.room_id,
        "officer_id": None if officer == ANYBODY else officer,
    }
    if "schedule" not in found["allowed"]:
        return kept(found, {"ceremony": ceremony}, this="wedding_day", then="wedding_witnesses")
    return _fix(found, form, ceremony)


def _fix(found: Record, form: Form, ceremony: dict[str, Any]) -> ResponseReturnValue:
    try:
        act(found, "schedule", {"ceremony": ceremony})
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(found["record_id"], back=address("wedding_day", record=found["record_id"]))
        note_refusal(form, refusal, dict.fromkeys(_REFUSALS, "time"))
        form.targets["time"] = "times"
        return _day_page(found, form, room_id=ceremony["room_id"], chosen=as_day(ceremony["on"]))
    return redirect(address("case", record=found["record_id"], notice="planned"), 303)


def _look(found: Record, form: Form, *, room_id: str) -> ResponseReturnValue:
    """Lead to the times of the day that was typed, when it can be a wedding day at all."""
    offer = _offer(found, room_id=room_id, chosen=None)
    wanted = form.day("wanted", _("Day of the wedding"))
    if wanted is not None and not offer.first_on <= wanted <= offer.last_on:
        why = too_soon(offer.first_on) if wanted < offer.first_on else too_late(offer.last_on)
        form.wrong("wanted", why, at="wanted-day")
    if form.errors or wanted is None:
        return _day_page(found, form, room_id=room_id, chosen=None)
    there = address("wedding_day", record=found["record_id"], place=offer.room_id, day=wanted, anchor="times")
    return redirect(there, 303)


def too_soon(first_on: date) -> str:
    """Return why a day cannot be: fourteen days lie between notice and wedding. Source: BW 1:62."""
    return _("This day is too early. The first day is %(day)s", day=times.day(first_on, g.lang))


def too_late(last_on: date) -> str:
    """Return why a day cannot be: a notice is good for a year. Source: BW 1:46."""
    return _("This day is too late. The last day is %(day)s", day=times.day(last_on, g.lang))


def may_choose(found: Record) -> bool:
    """Say whether whoever is logged in can choose a day now."""
    return bool({"save", "schedule"} & set(found["allowed"]))


def _offer(found: Record, *, room_id: str, chosen: date | None) -> Offer:
    today = local_day(services().clock.now())
    chosen = _possible(chosen, today)
    month = _possible(parse_month(asked("month")), today) or (month_of(chosen) if chosen else None)
    days = _days(found, room_id, month or today)
    rooms = {room["room_id"]: room for room in days["rooms"]}
    if room_id not in rooms:
        room_id = next(iter(rooms))
        days = _days(found, room_id, month or today)
    first_on, last_on = days["first_on"], days["last_on"]
    shown = min(max(month or first_on, month_of(first_on)), max(last_on, first_on))
    free = {row["on"]: row["starts"] for row in days["days"]}
    return Offer(
        rooms=tuple(rooms.values()),
        officers=tuple(days["officers"]),
        first_on=first_on,
        last_on=last_on,
        room_id=room_id,
        month=lay_out(month_of(shown), free, earliest=first_on, latest=last_on),
        chosen=chosen,
        times=_times(found, room_id, chosen),
        first_free=days["first_free"],
    )


def _possible(on: date | None, today: date) -> date | None:
    """Return a day of an address, unless no notice can ever be good for it."""
    return on if on is not None and month_of(today) <= on <= today + _LONGEST_NOTICE else None


def _days(found: Record, room_id: str, from_on: date) -> dict[str, Any]:
    until_on = from_on + LONGEST_SEARCH
    return registry.ceremony_days(current_actor(), found["record_id"], room_id, from_on=from_on, until_on=until_on)


def _times(found: Record, room_id: str, chosen: date | None) -> tuple[Mapping[str, Any], ...]:
    if chosen is None:
        return ()
    return tuple(registry.ceremony_times(current_actor(), found["record_id"], room_id, on=chosen)["times"])


def _day_page(found: Record, form: Form, *, room_id: str, chosen: date | None) -> ResponseReturnValue:
    offer = _offer(found, room_id=room_id, chosen=chosen)
    shown = render_template(
        "wedding_day.html",
        record=found,
        form=form,
        errors=form.errors,
        targets=form.targets,
        steps=STEPS,
        offer=offer,
        anybody=ANYBODY,
        firmly="schedule" in found["allowed"],
        moving=found["status"] in ("scheduled", "ready"),
    )
    return shown, 422 if form.errors else 200
