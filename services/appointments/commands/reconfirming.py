"""Asking who booked long ago whether he still comes, his answer, and what becomes of a visit without one."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments import figures, queries
from services.appointments.commands.freeing import policy_of
from services.appointments.commands.places import facts_of
from services.appointments.commands.visits import call_off
from services.appointments.domain.appointment import Appointment, Deed
from services.appointments.domain.errors import AppointmentOver, NotAsked
from services.appointments.domain.reconfirming import Reconfirmation, Step, asking, what_next
from services.appointments.links import Links
from services.appointments.storage import appointments, catalogue, opening_changes
from services.appointments.storage import reconfirming as storage
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

NOT_RECONFIRMED = "not-reconfirmed"


def question_for(reading: Reading, visit: Appointment) -> Reconfirmation | None:
    """Return the question that is to be put to the holder of a visit now, as far as the rules say; else None."""
    rules = policy_of(reading, visit).reconfirm
    zone = ZoneInfo(catalogue.edition(reading).time_zone_of(visit.slot.location_id))
    return None if rules is None else asking(visit, rules, zone, at=reading.now)


def ask(work: Work, appointment_id: UUID) -> bool:
    """Ask the holder of a visit whether he still comes, and return whether that was to be done; never twice."""
    visit = appointments.lock_by_id(work, appointment_id)
    if visit is None or opening_changes.open_of(work, visit.id) is not None:
        return False
    last = storage.last_of(work, visit.id)
    if last is not None and (last.settled_at is None or last.sequence == visit.sequence):
        return False
    asked = question_for(work, visit)
    if asked is None:
        return False
    storage.add(work, asked)
    _tell(work, visit, asked, Deed.ASK)
    return True


def follow(work: Work, appointment_id: UUID, *, reached: bool | None) -> None:
    """Take the question about a visit a step further: ask again, or settle it. Whatever changed meanwhile counts first.

    `reached`: both mails were taken by the mail server in time; asked before, since another service knows it.
    """
    visit, other = _locked(work, appointment_id)
    asked = storage.lock_open_of(work, appointment_id)
    if asked is None:
        return
    following = what_next(
        asked,
        visit,
        at=work.now,
        switched_on=policy_of(work, visit).reconfirm is not None,
        affected=opening_changes.open_of(work, visit.id) is not None,
        reached=reached,
    )
    if following.step is Step.REMINDED:
        reminded = asked.reminded(work.now)
        storage.change(work, reminded)
        _tell(work, visit, reminded, Deed.ASK_AGAIN)
    elif following.step is not None:
        _settle(work, visit, asked.settled(following.step, work.now, following.spared))
        if following.step is Step.RELEASED:
            call_off(work, visit, other, by="municipality", because=NOT_RECONFIRMED)


def reconfirm_appointment(work: Work, links: Links, *, reference: str, secret: str) -> dict[str, Any]:
    """Note that somebody still comes. Twice is the same as once, and late is not too late while the visit stands.

    Raises: AppointmentUnknown, AppointmentOver, NotAsked.
    """
    visit = _opened(work, links, reference, secret)
    if not visit.changeable(work.now):
        raise AppointmentOver
    asked = storage.lock_open_of(work, visit.id)
    if asked is None or not asked.is_about(visit):
        last = storage.last_of(work, visit.id)
        if last is not None and (last.sequence, last.step) == (visit.sequence, Step.KEPT):
            return queries.appointment_reply(visit, work.now)
        raise NotAsked
    _settle(work, visit, asked.seen(work.now).settled(Step.KEPT, work.now))
    told = visit.told(Deed.RECONFIRM)
    appointments.change(work, visit, told, Deed.RECONFIRM)
    work.publish(contracts.AppointmentReconfirmed, about=told.id, version=told.version, **facts_of(told))
    return queries.appointment_reply(told, work.now)


def note_seen(work: Work, links: Links, *, reference: str, secret: str) -> dict[str, Any]:
    """Note that a person has opened the page of a visit about which he is asked: it is not given to somebody else.

    Raises: AppointmentUnknown.
    """
    visit = _opened(work, links, reference, secret)
    asked = storage.lock_open_of(work, visit.id)
    if asked is not None and asked.is_about(visit) and asked.seen_at is None:
        storage.change(work, asked.seen(work.now))
        log.info("question_seen", appointment_id=visit.id)
    return {}


def _opened(work: Work, links: Links, reference: str, secret: str) -> Appointment:
    known = appointments.lock_by_reference(work, queries.reference_read(reference))
    return queries.opened_appointment(known, links, secret, work.now)


def _locked(work: Work, appointment_id: UUID) -> tuple[Appointment, Appointment | None]:
    """Return a visit and the other one of its pair, both locked in the order in which everybody locks them."""
    known = appointments.by_id(work, appointment_id)
    if known is None or known.reference is None:
        raise RuntimeError("a question is about no visit")
    visit, other = appointments.lock_with_other_visit(work, known.reference)
    if visit is None:
        raise RuntimeError("a visit is gone")
    return visit, other


def _tell(work: Work, visit: Appointment, asked: Reconfirmation, deed: Deed) -> None:
    told = visit.told(deed)
    appointments.change(work, visit, told, deed)
    work.publish(
        contracts.ReconfirmationAsked,
        about=told.id,
        version=told.version,
        answer_by=asked.answer_by,
        again=deed is Deed.ASK_AGAIN,
        **facts_of(told),
    )
    _count(work, visit, asked)


def _settle(work: Work, visit: Appointment, settled: Reconfirmation) -> None:
    storage.change(work, settled)
    _count(work, visit, settled)


def _count(work: Work, visit: Appointment, asked: Reconfirmation) -> None:
    for part in visit.wanted:
        figures.reconfirmations.labels(part.product_id, asked.step, asked.spared or "").inc()
    log.info("reconfirmation", appointment_id=visit.id, state=asked.step, reason=asked.spared)
