"""Visits of people who died: their places come free without a mail to anybody; staff judge where it is not sure."""

from typing import Any
from uuid import UUID

from services.appointments import figures
from services.appointments.commands.visits import call_off
from services.appointments.domain.appointment import Appointment, Deed, State
from services.appointments.domain.departed import Likeness
from services.appointments.domain.errors import DoubtUnknown
from services.appointments.domain.person import bare_name
from services.appointments.storage import appointments
from services.appointments.storage import departed as storage
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

DECEASED = "deceased"


def end_visit_of_deceased(work: Work, appointment_id: UUID, record_id: UUID) -> bool:
    """Tell others whose visit it was, and call it off when it is still to come; return whether there was one to end.

    Nothing happens when it was told before, is off already, or a court has struck the deed out meanwhile. When others
    were to come along, staff ask them first.
    """
    if not storage.lock_standing(work, record_id):
        return False
    visit = appointments.lock_by_id(work, appointment_id)
    if visit is None or visit.state is not State.BOOKED:
        return False
    if visit.changeable(work.now) and any(part.persons > 1 for part in visit.wanted):
        doubt(work, appointment_id, record_id, Likeness.PARTY)
        return False
    if not storage.note_certain(work, record_id, appointment_id):
        return False
    _end(work, visit, record_id)
    return True


def doubt(work: Work, appointment_id: UUID, record_id: UUID, ground: Likeness) -> bool:
    """Let staff judge whether a visit was that of who died; return False when they have been asked before."""
    if not storage.lock_standing(work, record_id) or not storage.note_doubt(work, record_id, appointment_id, ground):
        return False
    figures.departed_visits.labels("doubt").inc()
    log.warning("visit_of_deceased_doubtful", appointment_id=appointment_id, record_id=record_id, reason=ground)
    return True


def settle_doubt(
    work: Work, *, record_id: UUID, appointment_id: UUID, same: bool, reason: str, staff_id: str
) -> dict[str, Any]:
    """Call off a visit that was that of who died, or let it stand.

    Raises: DoubtUnknown (nobody has to judge this visit, or it has been judged).
    """
    standing = storage.lock_standing(work, record_id)
    visit = appointments.lock_by_id(work, appointment_id)
    verdict = "same" if same else "other"
    judged = standing and storage.judge(
        work, record_id, appointment_id, verdict=verdict, staff_id=staff_id, reason=reason
    )
    if not judged:
        raise DoubtUnknown
    if same and visit is not None and visit.state is State.BOOKED:
        _end(work, visit, record_id)
    log.info("doubt_settled", appointment_id=appointment_id, record_id=record_id, outcome=verdict, staff_id=staff_id)
    return {}


def _end(work: Work, visit: Appointment, record_id: UUID) -> None:
    told = visit.told(Deed.HOLDER_DIED)
    appointments.change(work, visit, told, Deed.HOLDER_DIED)
    work.publish(
        contracts.HolderDeceased,
        about=told.id,
        version=told.version,
        appointment_id=told.id,
        record_id=record_id,
        alone=_alone(work, visit),
    )
    if told.changeable(work.now):
        # The other visit of a pair is his as well, and comes in its own turn: nothing is called off "with" this one.
        call_off(work, told, None, by="municipality", because=DECEASED)
    figures.departed_visits.labels("ended").inc()


def _alone(reading: Reading, visit: Appointment) -> bool:
    """Say whether every visit with the same e-mail address is in the same name."""
    if visit.holder is None or visit.holder.email_key is None:
        return False
    names = storage.names_with_address(reading, visit.holder.email_key)
    return {bare_name(name) for name in names} == {bare_name(visit.holder.name)}
