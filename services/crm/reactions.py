"""What others' events make the CRM do: put a contact on the timeline, in whatever order they arrive."""

from uuid import UUID

from services.crm import storage
from services.crm.domain.contact import AppointmentId, AppointmentState, Entry, Kind, Outcome
from services.messaging.envelope import Envelope
from services.messaging.work import Work


def on_appointment_booked(work: Work, event: Envelope) -> None:
    """Put a booking on the timeline."""
    _record_appointment(work, event, Kind.BOOKED, Outcome.PLANNED)


def on_appointment_moved(work: Work, event: Envelope) -> None:
    """Put a move on the timeline, with the new time and place."""
    _record_appointment(work, event, Kind.MOVED, Outcome.MOVED)


def on_appointment_cancelled(work: Work, event: Envelope) -> None:
    """Put a cancellation on the timeline."""
    _record_appointment(work, event, Kind.CANCELLED, Outcome.CANCELLED)


def on_message_sent(work: Work, event: Envelope) -> None:
    """Put an outgoing message on the timeline: a contact, too (wish of municipalities, gemma-zaken #1810)."""
    _record_message(work, event, Kind.MESSAGE_SENT, Outcome.SENT)


def on_message_failed(work: Work, event: Envelope) -> None:
    """Put a message that could not be delivered on the timeline."""
    _record_message(work, event, Kind.MESSAGE_FAILED, Outcome.FAILED)


def _record_appointment(work: Work, event: Envelope, kind: Kind, outcome: Outcome) -> None:
    appointment_id = AppointmentId(event.data["appointment_id"])
    product_ids = tuple(product["product_id"] for product in event.data["products"])
    storage.add_entry(
        work,
        Entry(
            event_id=event.id,
            appointment_id=appointment_id,
            occurred_at=event.occurred_at,
            kind=kind,
            channel=event.data["channel"],
            outcome=outcome,
            version=event.version,
            product_ids=product_ids,
            location_id=event.data["location_id"],
            starts_at=event.data["starts_at"],
        ),
    )
    storage.advance_state(
        work,
        AppointmentState(
            appointment_id=appointment_id,
            version=event.version,
            outcome=outcome,
            product_ids=product_ids,
            location_id=event.data["location_id"],
            starts_at=event.data["starts_at"],
        ),
    )
    storage.wait_for_customer(work, appointment_id)


def _record_message(work: Work, event: Envelope, kind: Kind, outcome: Outcome) -> None:
    about: UUID = event.data["appointment_id"]
    appointment_id = AppointmentId(about)
    storage.add_entry(
        work,
        Entry(
            event_id=event.id,
            appointment_id=appointment_id,
            occurred_at=event.occurred_at,
            kind=kind,
            channel=event.data["channel"],
            outcome=outcome,
            version=event.version,
        ),
    )
    storage.wait_for_customer(work, appointment_id)
