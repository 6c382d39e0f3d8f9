"""What others' events make the CRM do: put a contact on the timeline, in whatever order they arrive."""

from services.contracts import civil_registry
from services.crm import storage
from services.crm.domain.contact import About, AboutId, AppointmentId, AppointmentState, Entry, Kind, Outcome
from services.crm.record_facts import KIND_OF_TYPE
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


def on_holder_deceased(work: Work, event: Envelope) -> None:
    """Put on the timeline that the person to whom an appointment was bound has died."""
    appointment_id = AppointmentId(event.data["appointment_id"])
    storage.note_holder_death(
        work, appointment_id, event.data["record_id"], alone=event.data["alone"], at=event.occurred_at
    )
    _add(work, event, Kind.HOLDER_DECEASED, Outcome.DECEASED, channel="registry", about_id=AboutId(appointment_id))


def on_record_fact(work: Work, event: Envelope) -> None:
    """Put what happened to a declaration, a notice or a permit on the timeline of whoever made it."""
    if event.type == civil_registry.DeedCancelledByCourt.type:
        storage.annul_death(work, event.aggregate_id)
    kind = KIND_OF_TYPE.get(event.type)
    if kind is not None:
        outcome, channel = event.data["status"], event.data["channel"]
        _add(work, event, kind, outcome, channel=channel, about_id=AboutId(event.aggregate_id), about=About.RECORD)


def _add(
    work: Work,
    event: Envelope,
    kind: str,
    outcome: str,
    *,
    channel: str,
    about_id: AboutId,
    about: About = About.APPOINTMENT,
) -> None:
    """Put a contact without products, place and time on the timeline."""
    contact = Entry(
        event_id=event.id,
        about=about,
        about_id=about_id,
        occurred_at=event.occurred_at,
        kind=kind,
        channel=channel,
        outcome=outcome,
        version=event.version,
    )
    storage.add_entry(work, contact)
    storage.wait_for_customer(work, about, about_id)


def _record_appointment(work: Work, event: Envelope, kind: Kind, outcome: Outcome) -> None:
    appointment_id = AppointmentId(event.data["appointment_id"])
    product_ids = tuple(product["product_id"] for product in event.data["products"])
    storage.add_entry(
        work,
        Entry(
            event_id=event.id,
            about=About.APPOINTMENT,
            about_id=AboutId(appointment_id),
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
    storage.wait_for_customer(work, About.APPOINTMENT, AboutId(appointment_id))


def _record_message(work: Work, event: Envelope, kind: Kind, outcome: Outcome) -> None:
    record_id, channel = event.data["record_id"], event.data["channel"]
    about = About.APPOINTMENT if record_id is None else About.RECORD
    about_id = AboutId(record_id or event.data["appointment_id"])
    _add(work, event, kind, outcome, channel=channel, about_id=about_id, about=about)
