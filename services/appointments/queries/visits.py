"""Holds and appointments, as those who have their secret may see them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.appointments.domain.appointment import Appointment, Holder, State
from services.appointments.domain.errors import AppointmentUnknown, HoldUnknown
from services.appointments.domain.reconfirming import Step
from services.appointments.domain.reference import read_reference, shown
from services.appointments.links import LIVES_ON, Links
from services.appointments.queries.affected import proposal_for
from services.appointments.storage import appointments, draw_requests, reconfirming
from services.messaging.work import Reading


def opened_hold(found: Appointment | None, links: Links, secret: str) -> Appointment:
    """Return the hold that a secret opens.

    Raises: HoldUnknown (none, or the wrong secret).
    """
    if found is None or not links.opens(found.id, found.link_version, secret):
        raise HoldUnknown
    return found


def opened_appointment(found: Appointment | None, links: Links, secret: str, now: datetime) -> Appointment:
    """Return the appointment that a secret opens until 30 days after the visit.

    Raises: AppointmentUnknown (none, the wrong secret, or a link that is too old).
    """
    if found is None or now > found.slot.ends_at + LIVES_ON or not links.opens(found.id, found.link_version, secret):
        raise AppointmentUnknown
    return found


def reference_read(typed: str) -> str:
    """Return the reference that somebody typed.

    Raises: AppointmentUnknown (it cannot be one).
    """
    reference = read_reference(typed)
    if reference is None:
        raise AppointmentUnknown
    return reference


def holder_of(appointment: Appointment) -> Holder:
    """Return who comes.

    Raises: AppointmentUnknown (it never became firm).
    """
    if appointment.holder is None or appointment.reference is None:
        raise AppointmentUnknown
    return appointment.holder


def hold(reading: Reading, links: Links, *, hold_id: UUID, secret: str) -> dict[str, Any]:
    """Return a hold, whatever became of it.

    Raises: HoldUnknown.
    """
    found = opened_hold(appointments.by_id(reading, hold_id), links, secret)
    return hold_reply(found, reading.now) | {"secret": links.secret(found.id, found.link_version)}


def hold_reply(found: Appointment, now: datetime) -> dict[str, Any]:
    """Return a hold as its holder may see it, without the secret."""
    return {
        "hold_id": found.id,
        "state": found.shown_state(now) if found.state is not State.CANCELLED else State.BOOKED,
        "location_id": found.slot.location_id,
        "products": appointments.products_of(found.wanted),
        "starts_at": found.slot.starts_at,
        "ends_at": found.slot.ends_at,
        "expires_at": found.expires_at,
        "extendable": found.extendable(now),
    }


def appointment(reading: Reading, links: Links, *, reference: str, secret: str) -> dict[str, Any]:
    """Return an appointment with what its holder told.

    Raises: AppointmentUnknown.
    """
    known = appointments.by_reference(reading, reference_read(reference))
    found = opened_appointment(known, links, secret, reading.now)
    holder = holder_of(found)
    return (
        appointment_reply(found, reading.now)
        | {
            "secret": links.secret(found.id, found.link_version),
            "name": holder.name,
            "email": holder.email,
            "phone": holder.phone,
            "language": holder.language,
            "time_zone": holder.time_zone,
            "birth_on": holder.birth_on,
            "booked_at": found.booked_at,
            "other_visit": _other_visit(reading, links, found),
            "affected": proposal_for(reading, found),
        }
        | _reconfirming(reading, found)
    )


def _reconfirming(reading: Reading, found: Appointment) -> dict[str, Any]:
    """Return whether the holder of an appointment is asked if he still comes, and whether it went for want of an
    answer."""
    asked = reconfirming.last_of(reading, found.id)
    if asked is None:
        return {"question": None, "released": False}
    open_now = asked.is_about(found) and found.changeable(reading.now)
    return {
        "question": {"answer_by": asked.answer_by, "seen": asked.seen_at is not None} if open_now else None,
        "released": found.state is State.CANCELLED and asked.step is Step.RELEASED,
    }


def _other_visit(reading: Reading, links: Links, found: Appointment) -> dict[str, Any] | None:
    """Return the other visit of a journey, with the secret that opens it, as long as it is firm."""
    if found.journey_id is None:
        return None
    visits = appointments.journey(reading, found.journey_id)
    other = next((visit for visit in visits.values() if visit.id != found.id), None)
    if other is None or other.state is not State.BOOKED:
        return None
    secret = links.secret(other.id, other.link_version)
    return appointment_reply(other, reading.now) | {"part": other.part, "secret": secret}


def appointment_reply(found: Appointment, now: datetime) -> dict[str, Any]:
    """Return an appointment without personal data and without the secret."""
    return {
        "appointment_id": found.id,
        "reference": shown(found.reference or ""),
        "state": found.state,
        "version": found.version,
        "sequence": found.sequence,
        "location_id": found.slot.location_id,
        "products": appointments.products_of(found.wanted),
        "starts_at": found.slot.starts_at,
        "ends_at": found.slot.ends_at,
        "changeable": found.changeable(now),
    }


def contact_of(reading: Reading, links: Links, *, appointment_id: UUID) -> dict[str, Any]:
    """Return whom an appointment belongs to; for services that write to people, never for the public.

    Raises: AppointmentUnknown (none, or it never became firm).
    """
    found = appointments.by_id(reading, appointment_id)
    if found is None:
        raise AppointmentUnknown
    holder = holder_of(found)
    return {
        "appointment_id": found.id,
        "reference": shown(found.reference or ""),
        "secret": links.secret(found.id, found.link_version),
        "name": holder.name,
        "email": holder.email,
        "phone": holder.phone,
        "language": holder.language,
        "time_zone": holder.time_zone,
        "birth_on": holder.birth_on,
        "other_visit": _other_visit(reading, links, found),
        "draw_number": draw_requests.number_of(reading, found.id),
    }
