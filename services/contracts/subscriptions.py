"""Who listens to whom: the one place from which queues and bindings are made.

Each service checks at start that its reactions are exactly the ones listed here, so that a queue never waits for
nobody and a reaction never waits for a queue.
"""

from services.contracts import appointments, notifications
from services.contracts.base import Event

SERVICES = ("appointments", "civil_registry", "crm", "notifications")

SUBSCRIPTIONS: dict[str, tuple[type[Event], ...]] = {
    "appointments": (),
    "civil_registry": (),
    "crm": (
        appointments.AppointmentBooked,
        appointments.AppointmentMoved,
        appointments.AppointmentCancelled,
        notifications.MessageSent,
        notifications.MessageFailed,
    ),
    "notifications": (
        appointments.AppointmentBooked,
        appointments.AppointmentMoved,
        appointments.AppointmentCancelled,
        appointments.LinkRequested,
        appointments.OfferMade,
        appointments.OfferEnded,
        appointments.CodeRequested,
        appointments.VisitAffected,
        appointments.VisitKept,
        appointments.ReconfirmationAsked,
        appointments.AppointmentReconfirmed,
        appointments.DrawEntered,
        appointments.DrawLost,
    ),
}
