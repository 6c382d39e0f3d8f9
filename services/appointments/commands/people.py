"""Whose visit it becomes: what was typed, the limits per person, and typing errors that staff correct."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.appointments import figures, queries
from services.appointments.domain.appointment import Appointment, Deed, Holder, State
from services.appointments.domain.errors import AppointmentOver, AppointmentUnknown, NotBound, TooManyLive
from services.appointments.domain.person import Limits, limits_of
from services.appointments.domain.ticks import local_day
from services.appointments.people import People
from services.appointments.queries import TOWN_ZONE
from services.appointments.storage import appointments, catalogue
from services.appointments.storage import people as storage
from services.appointments.storage.catalogue import Edition
from services.messaging.errors import Malformed
from services.messaging.log import get_logger
from services.messaging.work import Acting, Work

log = get_logger()


@dataclass(frozen=True, slots=True)
class Exceeding:
    """Somebody of the staff lets a visit go beyond the limits."""

    reason: str
    staff_id: str


def is_bound(edition: Edition, product_ids: Iterable[str]) -> bool:
    """Say whether a visit for these products belongs to one person."""
    return bool(_limits_in(edition, frozenset(product_ids)).one_by_person)


@lru_cache(maxsize=256)
def _limits_in(edition: Edition, product_ids: frozenset[str]) -> Limits:
    return limits_of(edition.rules_by_id(product_ids))


def holder_from(acting: Acting, people: People, told: Mapping[str, Any], *, bound: bool) -> Holder:
    """Return who comes, from what was typed. A birth date that no product asks for is not kept.

    Raises: Malformed (a bound visit without a birth date, or with one that lies ahead).
    """
    name, email = told["name"].strip(), told["email"].strip()
    phone = (told.get("phone") or "").strip() or None
    birth_on = told.get("birth_on") if bound else None
    if bound:
        _check_birth(acting, birth_on)
    return Holder(
        name=name,
        email=email,
        phone=phone,
        language=told["language"],
        time_zone=told["time_zone"],
        birth_on=birth_on,
        email_key=people.email(email),
        phone_key=people.phone(phone),
        person_key=None if birth_on is None else people.person(name, birth_on),
    )


def _check_birth(acting: Acting, birth_on: date | None) -> None:
    if birth_on is None:
        raise Malformed({"birth_on": ["Missing: this appointment is bound to a person."]})
    if birth_on > local_day(TOWN_ZONE, acting.now):
        raise Malformed({"birth_on": ["Must not lie in the future."]})


def exceeding(told: Mapping[str, Any], channel: str) -> Exceeding | None:
    """Return by whom of the staff and why a visit may go beyond the limits; None when it may not.

    Raises: Malformed (the visit is booked by the web).
    """
    reason = told.get("exceed_reason")
    if reason is None:
        return None
    if channel == "web":
        raise Malformed({"exceed_reason": ["Only the telephone and the desk may book more."]})
    return Exceeding(reason, told["staff_id"])


def limits_for(acting: Acting, edition: Edition, product_ids: Iterable[str], holder: Holder) -> Limits:
    """Return how many coming visits for these products somebody may have."""
    limits = _limits_in(edition, frozenset(product_ids))
    if not edition.exempt:
        return limits
    keys = (holder.email_key, holder.phone_key)
    return limits.by_person_only() if edition.is_exempt(keys, local_day(TOWN_ZONE, acting.now)) else limits


def check_limits(work: Work, visit: Appointment, holder: Holder, exceeded: Exceeding | None) -> None:
    """Do nothing when somebody may have this visit beside his other ones; he can have no other until this work ends.

    Raises: TooManyLive (nobody of the staff lets it go beyond).
    """
    limits = limits_for(work, catalogue.edition(work), (part.product_id for part in visit.wanted), holder)
    if storage.lock_and_count(work, visit.id, holder, limits):
        return
    if exceeded is None:
        figures.limit_refusals.inc()
        raise TooManyLive(product_ids=limits.product_ids)
    storage.note_staff_act(work, visit.id, "exceed-limit", staff_id=exceeded.staff_id, reason=exceeded.reason)
    log.info("limit_exceeded", appointment_id=visit.id, staff_id=exceeded.staff_id)


def _check_person(work: Work, visit: Appointment, person: Holder) -> None:
    """Do nothing when a visit may belong to this person; how many the address has was decided when it was booked.

    Raises: TooManyLive.
    """
    limits = _limits_in(catalogue.edition(work), frozenset(part.product_id for part in visit.wanted)).by_person_only()
    if not storage.lock_and_count(work, visit.id, person, limits):
        raise TooManyLive(product_ids=limits.product_ids)


def correct_person(
    work: Work,
    people: People,
    *,
    appointment_id: UUID,
    name: str | None,
    birth_on: date | None,
    reason: str,
    staff_id: str,
) -> dict[str, Any]:
    """Correct a typing error in the name or birth date to which a visit is bound, also of the other visit of a pair.

    What was written before stays on record as long as the contact data. Correcting into what it is changes nothing.

    Raises: AppointmentUnknown (none, or it never became firm), AppointmentOver (it was cancelled), NotBound,
    TooManyLive (that person has another visit already), Malformed.
    """
    asked, other = _locked(work, appointment_id)
    if asked.state is not State.BOOKED:
        raise AppointmentOver
    before = queries.holder_of(asked)
    now = _rewritten(work, people, before, name=name, birth_on=birth_on)
    if now == before:
        return {}
    for visit in (asked, other):
        if visit is None or visit.state is not State.BOOKED:
            continue
        _check_person(work, visit, now)
        appointments.change(work, visit, visit.corrected(now), Deed.CORRECT)
        storage.note_staff_act(work, visit.id, "correct-person", staff_id=staff_id, reason=reason, before=visit.holder)
        log.info("person_corrected", appointment_id=visit.id, staff_id=staff_id)
    figures.persons_corrected.inc()
    return {}


def _locked(work: Work, appointment_id: UUID) -> tuple[Appointment, Appointment | None]:
    """Return a visit and, if it is one of a pair, the other one, all locked in one order.

    Raises: AppointmentUnknown (none, or it never became firm).
    """
    known = appointments.by_id(work, appointment_id)
    if known is None or known.reference is None:
        raise AppointmentUnknown
    asked, other = appointments.lock_with_other_visit(work, known.reference)
    if asked is None:
        raise AppointmentUnknown
    return asked, other


def _rewritten(work: Work, people: People, before: Holder, *, name: str | None, birth_on: date | None) -> Holder:
    """Return the same person, written right.

    Raises: NotBound, Malformed.
    """
    right_name, right_birth = (name or before.name).strip(), birth_on or before.birth_on
    if right_birth is None:
        raise NotBound
    _check_birth(work, right_birth)
    return replace(before, name=right_name, birth_on=right_birth, person_key=people.person(right_name, right_birth))
