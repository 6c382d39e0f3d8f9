"""Holding and confirming when all is as usual, each in one statement. What is unusual takes the thorough way.

Each function says of several calls what is to be done for each, or None whenever it is not sure: a refusal, a late
confirmation. `commands.hold_slot` and `commands.confirm_hold` then decide; they are the rule, this is its fast lane.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from services.appointments import queries
from services.appointments.commands.people import holder_from, is_bound, limits_for
from services.appointments.commands.places import slot_within
from services.appointments.domain.appointment import new_hold
from services.appointments.domain.companions import Lines
from services.appointments.domain.reference import new_reference, shown
from services.appointments.links import Links
from services.appointments.people import People
from services.appointments.queries.search import Agenda
from services.appointments.storage import at_once, catalogue
from services.appointments.storage.catalogue import Edition
from services.contracts import appointments as contracts
from services.messaging import idempotency
from services.messaging.errors import Malformed, Refusal
from services.messaging.log import get_logger
from services.messaging.work import Strike, Stroke

log = get_logger()

_REFERENCE_BYTES = 5


def hold_slots(strokes: Sequence[Stroke], wishes: Sequence[Mapping[str, Any]]) -> list[Strike | None]:
    """Keep times for ten minutes, each at the counter where it leaves the least waste.

    What is given out by lot takes the thorough way: whether lots have been drawn is a look of its own.
    """
    edition = catalogue.edition_seen_last()
    if edition is None:
        return [None] * len(strokes)
    agendas: dict[str, Agenda | None] = {}  # many want the same
    strikes = []
    for stroke, wish in zip(strokes, wishes, strict=True):
        visit = {name: wish[name] for name in ("location_id", "products", "channel")}
        if (like := repr(visit)) not in agendas:
            agendas[like] = _agenda(edition, stroke.now, **visit)
        agenda = agendas[like]
        strikes.append(None if agenda is None else _hold(stroke, edition.id, agenda, wish))
    return strikes


def _agenda(edition: Edition, now: datetime, **visit: Any) -> Agenda | None:
    try:
        return queries.agenda_in(edition, now, **visit)
    except (Refusal, Malformed):
        return None


def _hold(stroke: Stroke, edition_id: UUID, agenda: Agenda, wish: Mapping[str, Any]) -> Strike | None:
    try:
        slot = slot_within(agenda, wish["starts_at"], stroke.now)
    except (Refusal, Malformed):
        return None
    if slot is None or agenda.visit.by_draw or agenda.visit.companions:
        return None  # several lines at once are several statements
    hold = new_hold(
        agenda.visit, slot, hold_id=stroke.new_id(), lines=Lines(""), channel=wish["channel"], at=stroke.now
    )
    answer, claim = idempotency.claim(stroke, queries.hold_reply(hold, stroke.now))
    statement, values = at_once.hold(
        hold, needs=agenda.visit.needs, shortest=agenda.shortest, edition=edition_id, claim=claim
    )
    done = partial(log.info, "slot_held", appointment_id=hold.id, location=slot.location_id)
    return Strike(statement, values, answer, turn=(slot.location_id, slot.on, hold.quota_ids), done=done)


def confirm_holds(
    strokes: Sequence[Stroke], links: Links, people: People, wishes: Sequence[Mapping[str, Any]]
) -> list[Strike | None]:
    """Turn holds into appointments."""
    edition = catalogue.edition_seen_last()
    if edition is None:
        return [None] * len(strokes)
    held = at_once.held(strokes[0].connection, [wish["hold_id"] for wish in wishes])
    return [
        _confirm(stroke, edition, held.get(wish["hold_id"]), links, people, **wish)
        for stroke, wish in zip(strokes, wishes, strict=True)
    ]


def _confirm(
    stroke: Stroke,
    edition: Edition,
    held: at_once.Held | None,
    links: Links,
    people: People,
    *,
    hold_id: UUID,
    secret: str,
    **told: Any,
) -> Strike | None:
    if held is None or told.get("exceed_reason") or not links.opens(hold_id, held.link_version, secret):
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
    answer, claim = idempotency.claim(stroke, fact | shown_state)
    statement, values = at_once.confirm(
        hold_id, reference, holder, event=event, claim=claim, limits=limits, edition=edition.id
    )
    done = partial(log.info, "hold_confirmed", appointment_id=hold_id, location=held.location_id)
    return Strike(statement, values, answer, turn=values["lock_first"] or 0, done=done)
