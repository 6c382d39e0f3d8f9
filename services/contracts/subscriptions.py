"""Who listens to whom: the one place from which queues and bindings are made.

Each service checks at start that its reactions are exactly the ones listed here, so that a queue never waits for
nobody and a reaction never waits for a queue. A queue hears every fact of its publisher: what is not listed only counts
on in the order of its aggregate, so that a service lists no more than it reacts to.
"""

from services.contracts import appointments, civil_registry, notifications
from services.contracts.base import Event

SERVICES = ("appointments", "civil_registry", "crm", "notifications")

SUBSCRIPTIONS: dict[str, tuple[type[Event], ...]] = {
    "appointments": (civil_registry.DeathRegistered, civil_registry.DeedCancelledByCourt),
    "civil_registry": (),
    "crm": (
        appointments.AppointmentBooked,
        appointments.AppointmentMoved,
        appointments.AppointmentCancelled,
        appointments.HolderDeceased,
        notifications.MessageSent,
        notifications.MessageFailed,
        *civil_registry.EVENTS,
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
        appointments.HolderDeceased,
        *civil_registry.EVENTS,
        appointments.DrawEntered,
        appointments.DrawLost,
    ),
}
