"""The last steps of a booking: who comes, check everything, and the confirmation."""

from typing import Any

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import writes
from gateway.pages.about_you import birth_date, detail_errors, phone_number, typed_details
from gateway.pages.access import Access, current_access, grant
from gateway.pages.addresses import PAGE_LANGUAGES, address, asked, page
from gateway.pages.blueprints import booking
from gateway.pages.catalogue import in_words
from gateway.pages.crossing import form_key, key_for
from gateway.pages.draft import Draft, HeldTime, current_draft, keep
from gateway.pages.holding import lost_hold
from gateway.pages.managing import appointment_page, no_access
from gateway.pages.notices import notice
from gateway.pages.pairs import confirm_both
from gateway.pages.texts import _
from gateway.pages.zones import visitor_zone
from gateway.passing import note_mail
from gateway.rpc import services
from services.contracts.appointments import Appointment, ConfirmHold
from services.messaging.errors import Refusal

LOST = ("hold-expired", "hold-unknown", "slot-taken", "in-the-past", "too-soon", "day-closed")


@page(booking, "details")
def ask_details() -> ResponseReturnValue:
    """Ask who comes and how to reach them."""
    draft = current_draft()
    held = draft.held
    if held is None or not draft.products:
        return redirect(address(draft.first_open_step()), 303)
    if held.over(services().clock.now()):
        return lost_hold(draft)
    return _details_page(draft, held, {})


@page(booking, "details", method="POST")
def give_details() -> ResponseReturnValue:
    """Keep what was typed, right or wrong; go on when it is right."""
    draft = current_draft()
    typed = typed_details()
    keep(draft.with_typed(typed, valid=False))  # also when nobody can say now what a product asks for
    errors = detail_errors(typed, bound=in_words(draft.products, draft.location_id).bound)
    changed = draft.with_typed(typed, valid=not errors)
    keep(changed)
    language = request.form.get("language", "")
    if language in PAGE_LANGUAGES:  # the language switch of this page: nothing typed is lost
        return redirect(address("details", language), 303)
    if changed.held is None or not changed.products:
        return redirect(address(changed.first_open_step()), 303)
    if changed.held.over(services().clock.now()):
        return lost_hold(changed)
    if errors:
        return _details_page(changed, changed.held, errors)
    return redirect(address("check"), 303)


def _details_page(draft: Draft, held: HeldTime, errors: dict[str, str]) -> ResponseReturnValue:
    return (
        render_template(
            "details.html",
            draft=draft,
            held=held,
            errors=errors,
            told=notice(asked("notice")),
            visit=in_words(draft.products, draft.location_id),
            starts_at=held.starts_at,
        ),
        422 if errors else 200,
    )


@page(booking, "check")
def ask_check() -> ResponseReturnValue:
    """Show all answers before they become an appointment."""
    draft = current_draft()
    step = _open_step(draft)
    if step != "check" or draft.held is None:
        return redirect(address("confirmation" if _just_booked() else step), 303)
    if draft.held.over(services().clock.now()):
        return lost_hold(draft)
    return _check_page(draft, draft.held, {})


def _open_step(draft: Draft) -> str:
    """Return the name of the page to go to first: also the details, when another product asks for more of them."""
    step = draft.first_open_step()
    asks_birth = step == "check" and in_words(draft.products, draft.location_id).bound
    return "details" if asks_birth and birth_date(draft.birth) is None else step


def _check_page(draft: Draft, held: HeldTime, errors: dict[str, str]) -> ResponseReturnValue:
    return (
        render_template(
            "check.html",
            draft=draft,
            held=held,
            birth_on=birth_date(draft.birth),
            errors=errors,
            told=notice(asked("notice")),
            visit=in_words(draft.products, draft.location_id),
            starts_at=held.starts_at,
            key=form_key(),
        ),
        422 if errors else 200,
    )


def _just_booked() -> bool:
    access = current_access()
    return access is not None and bool(access.booked_with) and current_draft() == Draft()


@page(booking, "check", method="POST")
@writes
def confirm() -> ResponseReturnValue:
    """Turn the held time into an appointment; a second press leads to the same confirmation."""
    draft = current_draft()
    step = _open_step(draft)
    if step != "check" or draft.held is None:
        return redirect(address("confirmation" if _just_booked() else step), 303)
    if request.form.get("hold", "") != draft.held.hold_id:  # another time was chosen in the meantime
        return redirect(address("check"), 303)
    person = _person(draft)
    key = key_for("confirm", draft.held.hold_id, draft.held.secret, *person.values())
    try:
        booked = _booked(draft.held, person, key=key)
    except Refusal as refusal:
        if refusal.code in LOST:
            return lost_hold(draft)
        if refusal.code == "too-many-live":
            return _check_page(draft, draft.held, {"person": _("There are enough appointments with these details")})
        raise
    note_mail(draft.email)
    grant(Access(booked["reference"], booked["secret"], booked_with=key))
    keep(Draft())
    return redirect(address("confirmation"), 303)


def _person(draft: Draft) -> dict[str, Any]:
    """Return who comes, as the appointments service wants to know it; a birth date only where a product asks for it."""
    bound = in_words(draft.products, draft.location_id).bound
    return {
        "name": draft.name,
        "email": draft.email,
        "phone": phone_number(draft.phone) if draft.phone else None,
        "language": g.lang,
        "time_zone": visitor_zone(),
    } | ({"birth_on": birth_date(draft.birth)} if bound else {})


def _booked(held: HeldTime, person: dict[str, Any], *, key: str) -> dict[str, Any]:
    if held.collected_at:
        return confirm_both(held, person, key=key)
    wish = {"hold_id": held.hold_id, "secret": held.secret, **person}
    return services().tell("appointments.confirm_hold", ConfirmHold, Appointment, wish, key=key)


@page(booking, "confirmation")
def confirmation() -> ResponseReturnValue:
    """Show that the appointment is firm, and everything one needs for it."""
    access = current_access()
    if access is None:
        return no_access()
    return appointment_page("confirmation.html", access, only_booked=True)
