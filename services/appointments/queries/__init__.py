"""What can be asked about appointments."""

from services.appointments.queries.affected import affected_visits, proposal_for
from services.appointments.queries.catalogue import TOWN_ZONE, fees_on, hours_on, list_locations, list_products
from services.appointments.queries.codes import mail_code
from services.appointments.queries.consistency import capacity_drift, drift_from_today
from services.appointments.queries.departed import doubts
from services.appointments.queries.draw_requests import (
    check_wish,
    draw_contact,
    draw_request,
    entered_reply,
    has_later_draw,
    opened_request,
)
from services.appointments.queries.draws import asked_of, draw, ground_of, list_draws, places_of
from services.appointments.queries.figures import PLANNED_DAYS, figures_history, figures_now, waits_now
from services.appointments.queries.pairs import (
    Plan,
    collection_days,
    free_pairs,
    off_between,
    opened_pair,
    pair,
    pair_reply,
    plan_for,
)
from services.appointments.queries.relief import find_reliefs, reliefs_reply
from services.appointments.queries.search import (
    Agenda,
    agenda_for,
    agenda_in,
    check_offered,
    free_days,
    free_times,
    is_open_for,
    nearest_starts,
    offered_by_day,
    shortest_run,
    with_draws,
)
from services.appointments.queries.undrawn import awaiting_draw, rules_by_product
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
    "PLANNED_DAYS",
    "TOWN_ZONE",
    "Agenda",
    "Plan",
    "affected_visits",
    "agenda_for",
    "agenda_in",
    "appointment",
    "appointment_reply",
    "asked_of",
    "awaiting_draw",
    "capacity_drift",
    "check_offered",
    "check_wish",
    "collection_days",
    "contact_of",
    "doubts",
    "draw",
    "draw_contact",
    "draw_request",
    "drift_from_today",
    "entered_reply",
    "fees_on",
    "figures_history",
    "figures_now",
    "find_reliefs",
    "free_days",
    "free_pairs",
    "free_times",
    "ground_of",
    "has_later_draw",
    "hold",
    "hold_reply",
    "holder_of",
    "hours_on",
    "is_open_for",
    "list_draws",
    "list_locations",
    "list_products",
    "list_rules",
    "mail_code",
    "nearest_starts",
    "off_between",
    "offered_by_day",
    "opened_appointment",
    "opened_hold",
    "opened_pair",
    "opened_request",
    "pair",
    "pair_reply",
    "places_of",
    "plan_for",
    "proposal_for",
    "reference_read",
    "reliefs_reply",
    "rules_by_product",
    "shortest_run",
    "waiting_list",
    "waiting_list_reply",
    "waits_now",
    "with_draws",
]
