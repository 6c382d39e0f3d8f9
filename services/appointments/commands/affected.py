"""Visits that lost their counter: offering another time, the holder's answer, and what a clerk may do."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.appointments import queries
from services.appointments.commands.places import facts_of, take_for
from services.appointments.commands.visits import agenda_for_move
from services.appointments.domain.appointment import Appointment, Deed, KeptFor, State, new_hold
from services.appointments.domain.errors import AppointmentUnknown, NotAffected, NotOfferedHere, OfferOver
from services.appointments.domain.errors import UnknownLocation as LocationGone
from services.appointments.domain.openings_change import ALTERNATIVE_LEAD, AffectedState, AffectedVisit, last_answer
from services.appointments.domain.place import merged, slot_at
from services.appointments.domain.ticks import locate
from services.appointments.links import Links
from services.appointments.storage import appointments, capacity, opening_changes
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def offer_alternative(work: Work, visit: Appointment, affected: AffectedVisit) -> None:
    """Hold the nearest other time for a visit that lost its counter, and tell its holder.

    Without such a time, or without time to answer, the holder is told that the office will call, and a clerk must.
    """
    alternative = _held_alternative(work, visit)
    if alternative is None:
        now = replace(affected, state=AffectedState.CALLED)
    else:
        now = replace(
            affected,
            state=AffectedState.OFFERED,
            alternative_id=alternative.id,
            deadline_at=alternative.expires_at,
        )
    opening_changes.put(work, now)
    told = visit.told(Deed.AFFECT)
    appointments.change(work, visit, told, Deed.AFFECT)
    work.publish(
        contracts.VisitAffected,
        about=told.id,
        version=told.version,
        proposed_starts_at=alternative and alternative.slot.starts_at,
        answer_by=alternative and alternative.expires_at,
        **facts_of(told),
    )
    log.info("visit_affected", appointment_id=visit.id, state=now.state)


def keep_visit(work: Work, visit: Appointment, affected: AffectedVisit) -> None:
    """Tell the holder that the visit can take place after all, and give back what was held instead."""
    opening_changes.put(work, replace(affected, state=AffectedState.KEPT))
    if affected.state is not AffectedState.FOUND:
        told = visit.told(Deed.REINSTATE)
        appointments.change(work, visit, told, Deed.REINSTATE)
        work.publish(contracts.VisitKept, about=told.id, version=told.version, **facts_of(told))
    _end_alternative(work, affected)
    log.info("visit_kept", appointment_id=visit.id)


def close_affected(work: Work, affected: AffectedVisit, state: AffectedState) -> None:
    """Note what became of an affected visit, and give back what was held instead."""
    opening_changes.put(work, replace(affected, state=state))
    _end_alternative(work, affected)
    log.info("affected_visit_settled", appointment_id=affected.appointment_id, state=state)


def answer_affected(work: Work, links: Links, *, reference: str, secret: str, accept: bool) -> dict[str, Any]:
    """Move a visit into the time that is held for it, or give that time back: then a clerk calls.

    Raises: AppointmentUnknown, NotAffected, OfferOver.
    """
    known = appointments.lock_by_reference(work, queries.reference_read(reference))
    before = queries.opened_appointment(known, links, secret, work.now)
    affected = opening_changes.open_of(work, before.id)
    if affected is None or before.sequence != affected.sequence or not before.changeable(work.now):
        raise NotAffected
    held = _alternative(work, affected)
    if held is None or held.expires_at <= work.now:
        raise OfferOver
    if not accept:
        close_affected(work, affected, AffectedState.CALLED)
        return queries.appointment_reply(before, work.now)
    capacity.give_back(work, before.owned)
    # The second lock allows no two at one place: the hold steps aside, its ticks stay taken, the visit steps in.
    appointments.change(work, held, held.released(), Deed.RELEASE)
    # The town itself proposed this time, and kept it: no quota can be used up for it.
    moved = before.moved(slot=held.slot, lines=held.lines, at=work.now, quota_ids=())
    appointments.change(work, before, moved, Deed.MOVE)
    opening_changes.put(work, replace(affected, state=AffectedState.MOVED))
    came_from = {"from_starts_at": before.slot.starts_at, "from_location_id": before.slot.location_id}
    work.publish(contracts.AppointmentMoved, about=moved.id, version=moved.version, **facts_of(moved), **came_from)
    log.info("offer_accepted", appointment_id=moved.id, location=moved.slot.location_id, line=moved.line_id)
    return queries.appointment_reply(moved, work.now)


def revoke_visit(work: Work, *, appointment_id: UUID, reason: str) -> dict[str, Any]:
    """Call off a visit that lost its counter, in the name of the municipality and for a reason.

    Raises: AppointmentUnknown, NotAffected, AppointmentOver.
    """
    before = appointments.lock_by_id(work, appointment_id)
    if before is None:
        raise AppointmentUnknown
    affected = opening_changes.open_of(work, appointment_id)
    if affected is None or before.sequence != affected.sequence:
        raise NotAffected
    before.check_changeable(at=work.now, expected_version=None)
    cancelled = before.cancelled(at=work.now, by="municipality")
    held = _alternative(work, affected)
    capacity.give_back(work, merged(before.owned if held is None else [*before.owned, *held.owned]))
    if held is not None:
        appointments.change(work, held, held.released(), Deed.RELEASE)
    appointments.change(work, before, cancelled, Deed.CANCEL)
    opening_changes.put(work, replace(affected, state=AffectedState.REVOKED), note=reason)
    facts = {"cancelled_by": "municipality", **facts_of(cancelled)}
    work.publish(contracts.AppointmentCancelled, about=cancelled.id, version=cancelled.version, **facts)
    log.info("visit_revoked", appointment_id=cancelled.id)
    return queries.appointment_reply(cancelled, work.now)


def _held_alternative(work: Work, visit: Appointment) -> Appointment | None:
    """Take and hold the time on offer nearest to a visit, a day or more ahead; None when there is none to answer."""
    if last_answer(visit.slot.starts_at, at=work.now) is None:
        return None
    try:
        agenda = agenda_for_move(work, visit, visit.slot.location_id)
    except (LocationGone, NotOfferedHere):
        return None
    agenda = replace(agenda, earliest_at=max(agenda.earliest_at, work.now + ALTERNATIVE_LEAD))
    nearest = queries.nearest_starts(work, agenda, visit.slot.starts_at)
    for starts_at in sorted(nearest, key=lambda start: (abs(start - visit.slot.starts_at), start)):
        expires_at = last_answer(visit.slot.starts_at, at=work.now, alternative_at=starts_at)
        on, tick = locate(agenda.zone, starts_at)
        slot = slot_at(agenda.zone, location_id=agenda.location_id, on=on, start_tick=tick, size=agenda.visit.size)
        if expires_at is None or slot is None:
            continue
        hold_id = work.new_id()
        lines = take_for(work, agenda, slot, shuffled_by=str(hold_id))
        if lines is None:
            continue
        held = new_hold(agenda.visit, slot, hold_id=hold_id, lines=lines, channel=visit.channel, at=work.now)
        held = replace(held, kept_for=KeptFor.OFFER, expires_at=expires_at, extended=True, quota_ids=())
        appointments.add(work, held)
        return held
    return None


def offer_stands(work: Work, affected: AffectedVisit) -> bool:
    """Say whether the alternative of an affected visit is still held for its holder."""
    held = _alternative(work, affected)
    return held is not None and held.expires_at > work.now


def _alternative(work: Work, affected: AffectedVisit) -> Appointment | None:
    """Return the time that is held for an affected visit, locked; None when there is none any more."""
    held = None if affected.alternative_id is None else appointments.lock_by_id(work, affected.alternative_id)
    return held if held is not None and held.state is State.HELD else None


def _end_alternative(work: Work, affected: AffectedVisit) -> None:
    held = _alternative(work, affected)
    if held is not None:
        capacity.give_back(work, held.owned)
        appointments.change(work, held, held.released(), Deed.RELEASE)
