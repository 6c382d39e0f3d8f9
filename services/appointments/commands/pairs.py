"""Two visits at once, to request documents and to collect them: both are kept, confirmed and given back, or neither.

Counters' days are waited for in the order in which everybody waits: the request lies on an earlier day.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.appointments import queries
from services.appointments.commands.holds import end_hold, make_firm
from services.appointments.commands.people import exceeding, holder_from, is_bound
from services.appointments.commands.places import check_quotas, slot_for, stopped_by_second_lock, take_for, taken
from services.appointments.domain.appointment import Appointment, Deed, State, new_hold
from services.appointments.domain.collection import Part
from services.appointments.domain.errors import AppointmentOver, SlotTaken
from services.appointments.domain.place import Slot
from services.appointments.links import Links
from services.appointments.people import People
from services.appointments.queries import Agenda
from services.appointments.storage import appointments, catalogue
from services.messaging.errors import Refusal
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def hold_pair(
    work: Work,
    *,
    location_id: str,
    products: Sequence[Mapping[str, Any]],
    starts_at: datetime,
    collection_starts_at: datetime,
    channel: str,
) -> dict[str, Any]:
    """Keep a time to request and a time to collect for ten minutes, or neither.

    Raises: NothingToCollect, CollectionTooEarly, CollectionTooLate, and what `hold_slot` raises; the fact `visit`
    says which of the two cannot be, and alternatives are such that the other one may stay.
    """
    plan = queries.plan_for(work, location_id=location_id, products=products)
    with _told_of(Part.REQUEST):
        request = slot_for(work, plan.request, starts_at)
    with _told_of(Part.COLLECTION):
        collection = slot_for(work, plan.collection, collection_starts_at)
        plan.check(request.on, collection.on)
    journey_id = work.new_id()
    visits = {}
    for part, agenda, slot in (
        (Part.REQUEST, plan.request_before(collection.on), request),
        (Part.COLLECTION, plan.collection_after(request.on), collection),
    ):
        with _told_of(part):
            held = _taken_hold(work, agenda, slot, channel)
        visits[part] = replace(held, journey_id=journey_id, part=part)
    for visit in visits.values():
        try:
            appointments.add(work, visit)
        except appointments.SecondLock:
            raise stopped_by_second_lock(visit.line_id) from None
        except appointments.QuotaUsedUp:
            raise SlotTaken(alternatives=[]) from None
        log.info("slot_held", appointment_id=visit.id, location=location_id, line=visit.line_id)
    return queries.pair_reply(visits, work)


def extend_pair(work: Work, links: Links, *, journey_id: UUID, secret: str) -> dict[str, Any]:
    """Make both holds ten minutes longer, once.

    Raises: HoldUnknown, HoldOver, HoldNotExtendable.
    """
    visits = _locked(work, links, journey_id, secret)
    longer = {part: visit.longer(at=work.now) for part, visit in visits.items()}
    for part, visit in visits.items():
        appointments.change(work, visit, longer[part], Deed.EXTEND)
        log.info("hold_extended", appointment_id=visit.id)
    return queries.pair_reply(longer, work)


def release_pair(work: Work, links: Links, *, journey_id: UUID, secret: str) -> dict[str, Any]:
    """Give both held times back at once. A hold that is over stays over.

    Raises: HoldUnknown, AppointmentOver (the holds have become appointments: cancel those).
    """
    for _, visit in _in_order(_locked(work, links, journey_id, secret)):
        end_hold(work, visit)
    return {}


def confirm_pair(
    work: Work, links: Links, people: People, *, journey_id: UUID, secret: str, **told: Any
) -> dict[str, Any]:
    """Turn both holds into appointments of one person; `told` as for one hold. Both become firm, or neither.

    Too late is not too late while both times are still free. Confirming what is firm already answers the same pair.

    Raises: HoldUnknown, HoldOver, AppointmentOver (one was cancelled), TooManyLive, Malformed.
    """
    visits = _locked(work, links, journey_id, secret)
    states = {visit.state for visit in visits.values()}
    if State.CANCELLED in states:
        raise AppointmentOver
    firm = dict(visits)
    if states != {State.BOOKED}:
        wanted = [part.product_id for visit in visits.values() for part in visit.wanted]
        holder = holder_from(work, people, told, bound=is_bound(catalogue.edition(work), wanted))
        for part, visit in _in_order(visits):
            with _told_of(part):
                firm[part] = make_firm(work, visit, holder, exceeded=exceeding(told, visit.channel))
    return {part.value: queries.appointment_reply(visit, work.now) for part, visit in firm.items()} | {
        "journey_id": journey_id
    }


def _taken_hold(work: Work, agenda: Agenda, slot: Slot, channel: str) -> Appointment:
    """Return a hold whose ticks are taken, but which is not stored yet.

    Raises: SlotTaken.
    """
    check_quotas(work, agenda, slot)
    hold_id = work.new_id()
    lines = take_for(work, agenda, slot, shuffled_by=str(hold_id))
    if lines is None:
        raise taken(work, agenda, slot)
    return new_hold(agenda.visit, slot, hold_id=hold_id, lines=lines, channel=channel, at=work.now)


def _locked(work: Work, links: Links, journey_id: UUID, secret: str) -> Mapping[Part, Appointment]:
    return queries.opened_pair(appointments.lock_journey(work, journey_id), links, journey_id, secret)


def _in_order(visits: Mapping[Part, Appointment]) -> list[tuple[Part, Appointment]]:
    """Return visits in the order in which everybody waits for counters' days."""
    return sorted(visits.items(), key=lambda visit: (visit[1].slot.on, visit[1].line_id))


@contextmanager
def _told_of(part: Part) -> Iterator[None]:
    """Let a refusal say which of the two visits it is about."""
    try:
        yield
    except Refusal as refusal:
        refusal.facts["visit"] = part.value
        raise
