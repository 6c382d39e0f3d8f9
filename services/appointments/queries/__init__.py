"""What can be asked about appointments."""

from services.appointments.queries.affected import affected_visits, proposal_for
from services.appointments.queries.catalogue import TOWN_ZONE, fees_on, hours_on, list_locations, list_products
from services.appointments.queries.consistency import capacity_drift
from services.appointments.queries.search import (
    Agenda,
    agenda_for,
    check_offered,
    free_days,
    free_times,
    nearest_starts,
    offered_by_day,
)
from services.appointments.queries.visits import (
    appointment,
    appointment_reply,
    contact_of,
    hold,
    hold_reply,
    holder_of,
    opened_appointment,
    opened_hold,
    reference_read,
)

__all__ = [
    "TOWN_ZONE",
    "Agenda",
    "affected_visits",
    "agenda_for",
    "appointment",
    "appointment_reply",
    "capacity_drift",
    "check_offered",
    "contact_of",
    "fees_on",
    "free_days",
    "free_times",
    "hold",
    "hold_reply",
    "holder_of",
    "hours_on",
    "list_locations",
    "list_products",
    "nearest_starts",
    "offered_by_day",
    "opened_appointment",
    "opened_hold",
    "proposal_for",
    "reference_read",
]
