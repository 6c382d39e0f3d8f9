"""Noting what became of a visit."""

from typing import Any
from uuid import UUID

from services.appointments.domain.appointment import State
from services.appointments.domain.errors import AppointmentOver, AppointmentUnknown, VisitNotBegun
from services.appointments.domain.figures import Outcome
from services.appointments.storage import appointments, figures
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def record_outcome(work: Work, *, appointment_id: UUID, outcome: str, staff_id: str) -> dict[str, Any]:
    """Note what became of a visit, from its start on.

    Noting the same again changes nothing; noting something else corrects, and what was noted before stays on record.

    Raises: AppointmentUnknown (none, or it never became firm), AppointmentOver (it was cancelled), VisitNotBegun.
    """
    found = appointments.lock_by_id(work, appointment_id)
    if found is None or found.booked_at is None:
        raise AppointmentUnknown
    if found.state is not State.BOOKED:
        raise AppointmentOver
    if work.now < found.slot.starts_at:
        raise VisitNotBegun(starts_at=found.slot.starts_at)
    became = Outcome(outcome)
    before = figures.outcome_of(work, appointment_id)
    if before is not became:
        figures.note_outcome(work, appointment_id, outcome=became, replaces=before, staff_id=staff_id)
        log.info("outcome_recorded", appointment_id=appointment_id, outcome=became)
    return {"appointment_id": appointment_id, "outcome": became, "replaces": before if before is not became else None}
