"""Holding and confirming when all is as usual, each in one statement. What is unusual takes the thorough way.

Each function answers None, having changed nothing, whenever it is not sure: a refusal, a repeat, a late confirmation,
a race. `commands.hold_slot` and `commands.confirm_hold` then decide; they are the rule, this is its fast lane.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.appointments import queries
from services.appointments.commands.people import holder_from, is_bound, limits_for
from services.appointments.commands.places import slot_within, stopped_by_second_lock
from services.appointments.domain.appointment import new_hold
from services.appointments.domain.companions import Lines
from services.appointments.domain.reference import new_reference, shown
from services.appointments.links import Links
from services.appointments.people import People
from services.appointments.storage import at_once, catalogue
from services.appointments.storage.appointments import QuotaUsedUp, SecondLock
from services.contracts import appointments as contracts
from services.messaging import idempotency
from services.messaging.errors import Malformed, Refusal
from services.messaging.log import get_logger
from services.messaging.work import Stroke

log = get_logger()

_REFERENCE_BYTES = 5


def hold_slot(
    stroke: Stroke, *, location_id: str, products: Sequence[Mapping[str, Any]], starts_at: datetime, channel: str
) -> dict[str, Any] | None:
    """Keep a time for ten minutes, at the counter where it leaves the least waste.

    What is given out by lot takes the thorough way: whether lots have been drawn is a look of its own.
    """
    edition = catalogue.edition_seen_last()
    if edition is None:
        return None
    try:
        agenda = queries.agenda_in(edition, stroke.now, location_id=location_id, products=products, channel=channel)
        slot = slot_within(agenda, starts_at, stroke.now)
    except (Refusal, Malformed):
        return None
    if slot is None or agenda.visit.by_draw or agenda.visit.companions:
        return None  # several lines at once are several statements
    hold = new_hold(agenda.visit, slot, hold_id=stroke.new_id(), lines=Lines(""), channel=channel, at=stroke.now)
    reply, claim = idempotency.claim(stroke, queries.hold_reply(hold, stroke.now))
    try:
        line_id = at_once.hold(
            stroke, hold, needs=agenda.visit.needs, shortest=agenda.shortest, edition=edition.id, claim=claim
        )
    except SecondLock:
        raise stopped_by_second_lock("any") from None
    except QuotaUsedUp:
        return None
    if line_id is None:
        return None
    log.info("slot_held", appointment_id=hold.id, location=location_id, line=line_id)
    return reply


def confirm_hold(
    stroke: Stroke, links: Links, people: People, *, hold_id: UUID, secret: str, **told: Any
) -> dict[str, Any] | None:
    """Turn a hold into an appointment."""
    edition = catalogue.edition_seen_last()
    held = at_once.held(stroke, hold_id)
    if edition is None or held is None or told.get("exceed_reason"):
        return None
    if not links.opens(hold_id, held.link_version, secret):
        return None
    product_ids = [part["product_id"] for part in held.products]
    try:
        holder = holder_from(stroke, people, told, bound=is_bound(edition, product_ids))
    except Malformed:
        return None
    limits = limits_for(stroke, edition, product_ids, holder)
    reference = new_reference(stroke.token(_REFERENCE_BYTES))
    fact = {
        "appointment_id": hold_id,
        "sequence": 0,
        "location_id": held.location_id,
        "products": held.products,
        "starts_at": held.starts_at,
        "ends_at": held.ends_at,
    }
    event = stroke.envelope(contracts.AppointmentBooked, about=hold_id, version=1, channel=held.channel, **fact)
    shown_state = {"reference": shown(reference), "state": "booked", "version": 1, "changeable": True}
    reply, claim = idempotency.claim(stroke, fact | shown_state)
    try:
        line_id = at_once.confirm(
            stroke, hold_id, reference, holder, event=event, claim=claim, limits=limits, edition=edition.id
        )
    except at_once.ReferenceTaken:
        return None
    if line_id is None:
        return None
    log.info("hold_confirmed", appointment_id=hold_id, location=held.location_id, line=line_id)
    return reply
