"""My appointment: ask the link again, come in through it, look, cancel, take the calendar entry."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.api.calendars import calendar_of
from gateway.limits import links, writes
from gateway.pages.access import Access, current_access, grant
from gateway.pages.addresses import PAGE_LANGUAGES, address, asked, page
from gateway.pages.blueprints import managing
from gateway.pages.catalogue import in_words, locations
from gateway.pages.crossing import form_key, key_for
from gateway.pages.notices import notice
from gateway.pages.qr import qr_picture
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.appointments import (
    AnswerAffected,
    Appointment,
    AppointmentDetails,
    AppointmentRef,
    CancelAppointment,
    SendLink,
    WaitingList,
)
from services.contracts.base import Done
from services.messaging.errors import Refusal, Unavailable
from services.presenting.calendar_entry import FILE_NAME
from services.presenting.links import manage_link

LONGEST_REFERENCE = 20
ONE_DAY = timedelta(days=1)


@page(managing, "lookup")
def ask_lookup() -> ResponseReturnValue:
    """Ask for the reference and the e-mail address."""
    if current_access() is not None and not asked("notice"):
        return redirect(address("manage"), 303)
    return render_template("lookup.html", typed={}, errors={}, told=notice(asked("notice")))


@page(managing, "lookup", method="POST")
@links
def look_up() -> ResponseReturnValue:
    """Have the link mailed when reference and address belong together; the answer is always the same."""
    typed = {name: request.form.get(name, "").strip() for name in ("reference", "email")}
    errors = {}
    if not typed["reference"] or len(typed["reference"]) > LONGEST_REFERENCE:
        errors["reference"] = _("Fill in your reference, for example K7Q2-MXD4")
    if SendLink(only=("email",)).validate({"email": typed["email"]}):
        errors["email"] = _("Fill in a valid e-mail address, for example name@example.nl")
    if errors:
        return render_template("lookup.html", typed=typed, errors=errors, told=""), 422
    services().tell("appointments.send_link", SendLink, Done, typed, key=key_for("link", *typed.values()))
    return redirect(address("lookup_sent"), 303)


@page(managing, "lookup_sent")
def lookup_sent() -> ResponseReturnValue:
    """Say what happens now, without telling whether anything was found."""
    return render_template("lookup_sent.html")


@managing.get("/<language>/a/<reference>/<secret>")
def secret_link(language: str, reference: str, secret: str) -> ResponseReturnValue:
    """Take the key out of the address and lead on. Nothing changes, so that mail scanners may come along."""
    g.lang = language if language in PAGE_LANGUAGES else "en"
    if len(reference) > LONGEST_REFERENCE or len(secret) > 64:  # noqa: PLR2004 - longest that the contract allows
        return redirect(address("lookup", notice="link"), 303)
    grant(Access(reference, secret))
    return redirect(address("manage"), 303)


@page(managing, "manage")
def manage() -> ResponseReturnValue:
    """Show the appointment and what can be done with it."""
    access = current_access()
    if access is None:
        return no_access()
    waiting = read_waiting_list(access)
    offer = waiting and waiting["wish"] and waiting["wish"]["offer"]
    place = locations().get(offer["location_id"]) if offer else None
    return appointment_page("manage.html", access, told=asked("notice"), waiting=waiting, offer_place=place)


def no_access(word: str = "closed") -> ResponseReturnValue:
    """Lead to the page that sends the link again, and take back a key that opens nothing."""
    if current_access() is not None:
        grant(None)
    return redirect(address("lookup", notice=word), 303)


def read_appointment(access: Access) -> dict[str, Any] | None:
    """Return the appointment that a key opens, or None when it opens nothing.

    Raises: Unavailable.
    """
    try:
        return services().ask("appointments.appointment", AppointmentRef, AppointmentDetails, access.ref())
    except Refusal as refusal:
        if refusal.code != "appointment-unknown":
            raise
        return None


def read_waiting_list(access: Access) -> dict[str, Any] | None:
    """Return what the list knows of the appointment that a key opens, or None when it opens nothing.

    Raises: Unavailable.
    """
    try:
        return services().ask("appointments.waiting_list", AppointmentRef, WaitingList, access.ref())
    except Refusal as refusal:
        if refusal.code != "appointment-unknown":
            raise
        return None


def appointment_page(
    template: str, access: Access, *, told: str = "", only_booked: bool = False, **more: Any
) -> ResponseReturnValue:
    """Return a page about the appointment that a key opens; `only_booked` leads away from one that is not any more."""
    appointment = read_appointment(access)
    if appointment is None:
        return no_access("link")
    if only_booked and appointment["state"] != "booked":
        return redirect(address("manage"), 303)
    _note_seen(access, appointment)
    now = services().clock.now()
    public_url = current_app.extensions["settings"].public_url
    link = manage_link(public_url, g.lang, appointment["reference"], access.secret)
    other = appointment.get("other_visit")
    wanted = [(product["product_id"], product["persons"]) for product in appointment["products"]]
    return render_template(
        template,
        appointment=appointment,
        visit=in_words(wanted, appointment["location_id"]),
        qr=qr_picture(link, title=_("QR code with the link to your appointment")),
        link=link,
        told=notice(told),
        told_word=told,
        other=other,
        other_link=other and manage_link(public_url, g.lang, other["reference"], other["secret"]),
        past=appointment["ends_at"] <= now,
        reminded=appointment["starts_at"] - ONE_DAY > now,
        **more,
    )


def _note_seen(access: Access, appointment: dict[str, Any]) -> None:
    """Note, once, that a person has opened an appointment about which he is asked whether he still comes.

    It changes nothing that anybody sees. Who comes here carries the cookie that the link in the mail gave him, which a
    mail scanner seldom does (docs/decisions/0022); a browser that loads pages ahead is not a person either.
    """
    question = appointment["question"]
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose")
    if question is None or question["seen"] or request.method != "GET" or ahead:
        return
    try:
        services().tell("appointments.note_seen", AppointmentRef, Done, access.ref())
    except (Refusal, Unavailable):  # the page itself should always open
        return


@page(managing, "leave", method="POST")
def leave() -> ResponseReturnValue:
    """Take the key back, for whoever shares a computer or looks for another appointment."""
    return no_access("left")


@page(managing, "cancel")
def ask_cancel() -> ResponseReturnValue:
    """Ask whether somebody is sure."""
    access = current_access()
    if access is None:
        return no_access()
    appointment = read_appointment(access)
    if appointment is not None and not appointment["changeable"]:
        return redirect(address("manage"), 303)
    return appointment_page("cancel.html", access, key=form_key())


@page(managing, "cancel", method="POST")
@writes
def cancel() -> ResponseReturnValue:
    """Give back the time of the appointment that the page showed; twice is the same as once."""
    access = current_access()
    if access is None:
        return no_access()
    if not access.opens(request.form.get("reference", "")):  # another one was opened in the meantime
        return redirect(address("cancel"), 303)
    return cancel_now(access)


def cancel_now(access: Access) -> ResponseReturnValue:
    """Cancel the appointment that a key opens, and lead on to what became of it."""
    try:
        cancelled = services().tell(
            "appointments.cancel_appointment",
            CancelAppointment,
            Appointment,
            access.ref(),
            key=key_for("cancel", access.reference),
        )
    except Refusal as refusal:
        return refused_change(refusal)
    both = "also_cancelled" in cancelled
    return redirect(address("manage", notice="cancelled-both" if both else "cancelled"), 303)


@page(managing, "answer", method="POST")
@writes
def answer() -> ResponseReturnValue:
    """Take the proposed time that the page showed, or give it back."""
    access = current_access()
    if access is None:
        return no_access()
    appointment = read_appointment(access)
    if appointment is None:
        return no_access("link")
    proposed = (appointment["affected"] or {}).get("proposed_starts_at")
    shown = request.form.get("proposed", "")
    if not access.opens(request.form.get("reference", "")) or proposed is None or proposed.isoformat() != shown:
        return redirect(address("manage", notice="changed"), 303)
    accept = request.form.get("answer") == "accept"
    try:
        services().tell(
            "appointments.answer_affected",
            AnswerAffected,
            Appointment,
            access.ref() | {"accept": accept},
            key=key_for("answer", access.reference, shown, str(accept)),
        )
    except Refusal as refusal:
        if refusal.code == "offer-over":
            return redirect(address("manage", notice="new-time-over"), 303)
        return refused_change(refusal)
    return redirect(address("manage", notice="moved" if accept else "new-time-declined"), 303)


def refused_change(refusal: Refusal) -> ResponseReturnValue:
    """Lead on after a change that could not be made.

    Raises: Refusal (any other).
    """
    words = {
        "appointment-over": "over",
        "version-conflict": "changed",
        "offer-over": "offer-over",
        "not-affected": "not-affected",
        "not-asked": "not-asked",
    }
    if refusal.code == "appointment-unknown":
        return no_access("link")
    if refusal.code not in words:
        raise refusal
    return redirect(address("manage", notice=words[refusal.code]), 303)


@page(managing, "calendar_file")
def calendar_file() -> ResponseReturnValue:
    """Answer the appointment as a file for the visitor's own calendar."""
    access = current_access()
    if access is None:
        return no_access()
    appointment = read_appointment(access)
    if appointment is None:
        return no_access("link")
    return Response(
        calendar_of(appointment, secret=access.secret, language=g.lang),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": f"attachment; filename={FILE_NAME[g.lang]}"},
    )
