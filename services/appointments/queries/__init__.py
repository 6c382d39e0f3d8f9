"""What can be asked about appointments."""

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
from services.appointments.queries.waiting_list import list_rules, waiting_list, waiting_list_reply

__all__ = [
    "TOWN_ZONE",
    "Agenda",
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
    "list_rules",
    "nearest_starts",
    "offered_by_day",
    "opened_appointment",
    "opened_hold",
    "reference_read",
    "waiting_list",
    "waiting_list_reply",
]
