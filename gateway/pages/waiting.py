"""The waiting list: say when you could come earlier, leave the list, answer an offer. Only a POST changes things."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import writes
from gateway.pages.access import Access, current_access
from gateway.pages.addresses import address, page
from gateway.pages.blueprints import managing
from gateway.pages.board import local_day
from gateway.pages.catalogue import locations
from gateway.pages.crossing import key_for
from gateway.pages.managing import no_access, read_appointment, read_waiting_list, refused_change
from gateway.pages.month import parse_day
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.appointments import AnswerOffer, Appointment, AppointmentRef, JoinWaitingList, WaitingList
from services.contracts.base import Done
from services.messaging.errors import Refusal
from services.presenting import times

Typed = dict[str, Any]

PARTS_OF_DAY = ("morning", "afternoon", "evening")
NO_LIST = ("no-waiting-list", "not-offered-here", "unknown-location")


@page(managing, "wait")
def ask_wish() -> ResponseReturnValue:
    """Ask when somebody could come earlier; what was said before stands there already."""
    access = current_access()
    return no_access() if access is None else _wish_page(access)


@page(managing, "wait", method="POST")
@writes
def join() -> ResponseReturnValue:
    """Put the appointment that the page showed on the waiting list, or change what is wished."""
    access = current_access()
    if access is None:
        return no_access()
    if not access.opens(request.form.get("reference", "")):  # another one was opened in the meantime
        return redirect(address("wait"), 303)
    typed = _typed()
    errors = _errors(typed)
    if errors:
        return _wish_page(access, typed, errors)
    wish = {
        "location_ids": typed["place"],
        "earliest_on": parse_day(typed["earliest"]),
        "weekdays": [int(day) for day in typed["weekday"]],
        "parts_of_day": typed["part"],
    }
    try:
        services().tell(
            "appointments.join_waiting_list",
            JoinWaitingList,
            WaitingList,
            access.ref() | wish,
            key=key_for("wait", access.reference, *wish.values()),
        )
    except Refusal as refusal:
        if refusal.code == "wish-impossible":
            return _wish_page(access, typed, {"earliest": _("Choose an earlier day")})
        if refusal.code in NO_LIST:
            return redirect(address("manage", notice="no-earlier"), 303)
        return refused_change(refusal)
    return redirect(address("manage", notice="waiting"), 303)


@page(managing, "wait_stop", method="POST")
@writes
def stop_waiting() -> ResponseReturnValue:
    """Take the appointment that the page showed off the waiting list; twice is the same as once."""
    access = current_access()
    if access is None:
        return no_access()
    if not access.opens(request.form.get("reference", "")):
        return redirect(address("manage"), 303)
    try:
        services().tell(
            "appointments.leave_waiting_list",
            AppointmentRef,
            Done,
            access.ref(),
            key=key_for("wait-stop", access.reference),
        )
    except Refusal as refusal:
        return refused_change(refusal)
    return redirect(address("manage", notice="not-waiting"), 303)


@page(managing, "offer", method="POST")
@writes
def answer() -> ResponseReturnValue:
    """Move the appointment to the offered time, or leave it where it is."""
    access = current_access()
    if access is None:
        return no_access()
    said, offer_id = request.form.get("answer", ""), _offer_id(request.form.get("offer", ""))
    if not access.opens(request.form.get("reference", "")) or said not in ("accept", "decline") or offer_id is None:
        return redirect(address("manage"), 303)
    try:
        services().tell(
            "appointments.answer_offer",
            AnswerOffer,
            Appointment,
            access.ref() | {"offer_id": offer_id, "answer": said},
            key=key_for("offer", access.reference, offer_id, said),
        )
    except Refusal as refusal:
        if refusal.code == "wish-unknown":
            return redirect(address("manage", notice="offer-over"), 303)
        return refused_change(refusal)
    return redirect(address("manage", notice="moved" if said == "accept" else "declined"), 303)


def _offer_id(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None


def _typed() -> Typed:
    """Return what the form holds; a choice that the page did not have is left out."""
    known = locations()
    return {
        "earliest": request.form.get("earliest", "").strip()[:10],
        "weekday": [day for day in map(str, range(7)) if day in request.form.getlist("weekday")],
        "part": [part for part in PARTS_OF_DAY if part in request.form.getlist("part")],
        "place": [place for place in known if place in request.form.getlist("place")],
    }


def _errors(typed: Typed) -> dict[str, str]:
    errors = {}
    if parse_day(typed["earliest"]) is None:
        errors["earliest"] = _("Choose a day")
    if not typed["weekday"]:
        errors["weekday"] = _("Choose one or more days of the week")
    if not typed["part"]:
        errors["part"] = _("Choose one or more times of day")
    if not typed["place"]:
        errors["place"] = _("Choose one or more locations")
    return errors


def _wish_page(access: Access, typed: Typed | None = None, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    appointment, waiting = read_appointment(access), read_waiting_list(access)
    if appointment is None or waiting is None:
        return no_access("link")
    if not waiting["possible"]:
        return redirect(address("manage", notice="no-earlier"), 303)
    known = locations()
    places = [known[place] for place in waiting["location_ids"] if place in known]
    weekdays = sorted({row["weekday"] for place in places for row in place["opening_hours"]})
    first_on = local_day(services().clock.now())
    return (
        render_template(
            "wait.html",
            appointment=appointment,
            waiting=waiting,
            typed=typed or _wished(waiting, weekdays, first_on),
            errors=errors or {},
            targets={
                "weekday": f"weekday-{weekdays[0]}",
                "part": "part-morning",
                "place": f"place-{places[0]['location_id']}",
            },
            first_on=first_on,
            last_on=local_day(waiting["latest_at"]),
            weekday_options=[(str(day), times.weekdays(g.lang)[day][1]) for day in weekdays],
            part_options=[
                ("morning", _("In the morning (before 12:00)")),
                ("afternoon", _("In the afternoon (12:00 to 17:00)")),
                ("evening", _("In the evening (after 17:00)")),
            ],
            place_options=[(place["location_id"], place["name"]) for place in places],
        ),
        422 if errors else 200,
    )


def _wished(waiting: dict[str, Any], weekdays: list[int], first_on: date) -> Typed:
    wish = waiting["wish"]
    if wish is None:
        return {
            "earliest": first_on.isoformat(),
            "weekday": [str(day) for day in weekdays],
            "part": list(PARTS_OF_DAY),
            "place": waiting["location_ids"],
        }
    return {
        "earliest": max(wish["earliest_on"], first_on).isoformat(),
        "weekday": [str(day) for day in wish["weekdays"]],
        "part": wish["parts_of_day"],
        "place": wish["location_ids"],
    }
