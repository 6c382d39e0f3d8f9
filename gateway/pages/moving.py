"""Moving an appointment: another time (and perhaps place), a check, done. The old time stays until the new is ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import Any

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import writes
from gateway.pages.access import Access, current_access, grant
from gateway.pages.addresses import address, asked, page
from gateway.pages.blueprints import managing
from gateway.pages.board import build_board, local_day
from gateway.pages.catalogue import in_words, locations, locations_for
from gateway.pages.crossing import form_key, key_for, renew_form_key
from gateway.pages.holding import alternatives, instant
from gateway.pages.managing import no_access, read_appointment, refused_change
from gateway.pages.month import parse_day
from gateway.pages.notices import TIME_REFUSALS, VISIT_REFUSALS
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.appointments import Appointment, MoveAppointment
from services.messaging.errors import Refusal
from services.presenting import times

Held = Callable[[Access, dict[str, Any]], ResponseReturnValue]


def _of_changeable(view: Held) -> Callable[[], ResponseReturnValue]:
    """Give a view the appointment that the visitor's key opens; lead away when there is nothing to move."""

    @wraps(view)
    def opened() -> ResponseReturnValue:
        access = current_access()
        appointment = read_appointment(access) if access else None
        if access is None or appointment is None:
            return no_access("link" if access else "closed")
        if not appointment["changeable"]:
            return redirect(address("manage"), 303)
        return view(access, appointment)

    return opened


@page(managing, "move")
@_of_changeable
def ask_move(access: Access, appointment: dict[str, Any]) -> ResponseReturnValue:
    """Show other days and times."""
    return _move_page(access, appointment, place=_place(asked("place"), appointment))


@page(managing, "move", method="POST")
@_of_changeable
def choose_move(access: Access, appointment: dict[str, Any]) -> ResponseReturnValue:
    """Keep the wanted time in mind and ask whether it is right."""
    place = _place(request.form.get("place", ""), appointment)
    starts_at = instant(request.form.get("alternative") or request.form.get("time", ""))
    if starts_at is None:
        day = parse_day(request.form.get("day", ""))
        errors = {"time": _("Choose a time for your appointment")}
        return _move_page(access, appointment, place=place, day=day, errors=errors)
    grant(replace(access, move_to=starts_at.isoformat(), move_place=place))
    return redirect(address("move_check"), 303)


def _place(wanted: str, appointment: dict[str, Any]) -> str:
    known = [place["location_id"] for place in _places(appointment)]
    return wanted if wanted in known else str(appointment["location_id"])


def _places(appointment: dict[str, Any]) -> list[dict[str, Any]]:
    return locations_for([product["product_id"] for product in appointment["products"]])


def _move_page(
    access: Access,
    appointment: dict[str, Any],
    *,
    place: str,
    day: date | None = None,
    errors: dict[str, str] | None = None,
    nearest: list[datetime] | None = None,
) -> ResponseReturnValue:
    visit = {"location_id": place, "products": appointment["products"]}
    thought_of = instant(access.move_to) if not asked("day") and not asked("month") else None
    try:
        board = build_board(
            visit,
            page="move",
            place=place if place != appointment["location_id"] else "",
            day=day or (local_day(thought_of) if thought_of else None),
        )
    except Refusal as refusal:
        if refusal.code not in VISIT_REFUSALS:
            raise
        return redirect(address("manage", notice="not-movable"), 303)
    wanted = [(product["product_id"], product["persons"]) for product in appointment["products"]]
    return (
        render_template(
            "move.html",
            appointment=appointment,
            board=board,
            here=locations().get(place),
            elsewhere=[other for other in _places(appointment) if other["location_id"] != place],
            errors=errors or {},
            alternatives=nearest or [],
            key=form_key(),
            visit=in_words(wanted, appointment["location_id"]),
            starts_at=appointment["starts_at"],
            place=place,
        ),
        422 if errors else 200,
    )


@page(managing, "move_check")
@_of_changeable
def ask_move_check(access: Access, appointment: dict[str, Any]) -> ResponseReturnValue:
    """Show the old and the new time beside each other."""
    new = instant(access.move_to)
    if new is None:
        return redirect(address("move"), 303)
    wanted = [(product["product_id"], product["persons"]) for product in appointment["products"]]
    return render_template(
        "move_check.html",
        appointment=appointment,
        wish=access,
        new_starts_at=new,
        new_place=locations().get(access.move_place),
        visit=in_words(wanted, appointment["location_id"]),
        starts_at=appointment["starts_at"],
        key=form_key(),
    )


@page(managing, "move_check", method="POST")
@writes
def move() -> ResponseReturnValue:
    """Take the new time and give the old one back, in one step."""
    access = current_access()
    new = instant(access.move_to) if access else None
    if access is None:
        return no_access()
    if new is None:
        return redirect(address("manage"), 303)
    if not _as_shown(access):
        return redirect(address("move_check"), 303)
    wish = {**access.ref(), "starts_at": new, "location_id": access.move_place or None, "expected_version": None}
    try:
        services().tell(
            "appointments.move_appointment",
            MoveAppointment,
            Appointment,
            wish,
            key=key_for("move", access.reference, access.move_to, access.move_place),
        )
    except Refusal as refusal:
        if refusal.code in TIME_REFUSALS:
            return _other_time(access, new, refusal)
        if refusal.code in VISIT_REFUSALS:
            return redirect(address("manage", notice="not-movable"), 303)
        return refused_change(refusal)
    grant(replace(access, move_to="", move_place="", booked_with=""))
    return redirect(address("manage", notice="moved"), 303)


def _as_shown(access: Access) -> bool:
    """Say whether the page showed what would be done now, and not an earlier wish or another appointment."""
    shown = request.form
    wished = (access.move_to, access.move_place)
    return access.opens(shown.get("reference", "")) and (shown.get("to", ""), shown.get("place", "")) == wished


def _other_time(access: Access, wanted: datetime, refusal: Refusal) -> ResponseReturnValue:
    renew_form_key()
    appointment = read_appointment(access)
    if appointment is None:
        return no_access("link")
    grant(replace(access, move_to=""))
    return _move_page(
        access,
        appointment,
        place=_place(access.move_place, appointment),
        day=local_day(wanted),
        errors={"time": _too_close(refusal, appointment) or _(TIME_REFUSALS[refusal.code])},
        nearest=alternatives(refusal),
    )


def _too_close(refusal: Refusal, appointment: dict[str, Any]) -> str:
    """Return what to do when a document would not be ready; nothing for any other refusal."""
    other, earliest_on = appointment.get("other_visit"), parse_day(str(refusal.facts.get("earliest_on")))
    if refusal.code != "collection-too-early" or other is None or earliest_on is None:
        return ""
    ready = times.day(earliest_on, g.lang)
    if other["part"] == "request":
        return _("Your document is not ready then. Choose %(day)s or later", day=ready)
    return _(
        "Your document would not be ready when you collect it. First move that visit to %(day)s or later", day=ready
    )
