"""Visits that lost their counter: each is taken a step further, one transaction each."""

from services.appointments.commands import affected as commands
from services.appointments.domain.openings_change import AffectedState
from services.appointments.storage import appointments, opening_changes
from services.messaging.work import Work


def follow_affected(work: Work) -> bool:
    """Take one affected visit to its next state, and return whether there was one.

    Whatever happened to the visit in the meantime (moved, called off, its counter open again) counts first; then an
    offer is made to those who have none; one that was not answered in time is left to the clerks, and never cancelled.
    """
    due = opening_changes.lock_next_due(work)
    if due is None:
        return False
    seen, has_counter = due
    visit = appointments.lock_by_id(work, seen.appointment_id)
    affected = opening_changes.open_of(work, seen.appointment_id)  # as it is behind the lock
    if visit is None or affected is None:
        return True
    stands = commands.offer_stands(work, affected)
    state = affected.next_state(visit, has_counter=has_counter, offer_stands=stands, at=work.now)
    if state is AffectedState.KEPT:
        commands.keep_visit(work, visit, affected)
    elif state is AffectedState.OFFERED and affected.state is AffectedState.FOUND:
        commands.offer_alternative(work, visit, affected)
    elif state is not affected.state:
        commands.close_affected(work, affected, state)
    return True
