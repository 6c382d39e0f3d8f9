"""Deaths that were told to us, whose visits were found, and which may be. No name stands here, only ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.appointments.domain.appointment import State
from services.appointments.domain.departed import Likeness
from services.appointments.tables import appointment, departure
from services.appointments.tables import departed_visit as visit
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class Claimed:
    """A death whose visits are looked for now, and the request that it was registered by."""

    record_id: UUID
    attempts: int
    correlation_id: str


def note(work: Work, record_id: UUID) -> None:
    """Keep that a death was registered: its visits are to be looked for."""
    work.connection.execute(
        insert(departure)
        .values(
            record_id=record_id,
            state="waiting",
            heard_at=work.now,
            next_attempt_at=work.now,
            correlation_id=work.correlation_id,
        )
        .on_conflict_do_nothing()
    )


def annul(work: Work, record_id: UUID) -> None:
    """Keep that a court struck a death deed out: nothing more follows from it."""
    values = {"state": "annulled", "settled_at": work.now}
    work.connection.execute(
        insert(departure)
        .values(
            record_id=record_id,
            heard_at=work.now,
            next_attempt_at=work.now,
            correlation_id=work.correlation_id,
            **values,
        )
        .on_conflict_do_update(index_elements=[departure.c.record_id], set_=values)
    )
    work.connection.execute(
        update(visit)
        .where(visit.c.record_id == record_id, visit.c.verdict.is_(None))
        .values(verdict="annulled", settled_at=work.now)
    )


def claim(work: Work, lease: timedelta) -> Claimed | None:
    """Return the death that waits longest, and keep it from others for a while.

    Its `next_attempt_at` is the lease: when the claimer dies, the death is simply due again.
    """
    due = (
        select(departure.c.record_id)
        .where(departure.c.state == "waiting", departure.c.next_attempt_at <= work.now)
        .order_by(departure.c.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = work.connection.execute(
        update(departure)
        .where(departure.c.record_id == due)
        .values(attempts=departure.c.attempts + 1, next_attempt_at=work.now + lease)
        .returning(departure.c.record_id, departure.c.attempts, departure.c.correlation_id)
    ).first()
    return None if row is None else Claimed(row.record_id, row.attempts, row.correlation_id)


def postpone(work: Work, record_id: UUID, until: datetime) -> None:
    """Look for the visits of a death again later."""
    work.connection.execute(
        update(departure)
        .where(departure.c.record_id == record_id, departure.c.state == "waiting")
        .values(next_attempt_at=until)
    )


def settle(work: Work, record_id: UUID, state: str) -> None:
    """Note what became of a death: `followed`, or `unknown` when nobody can say who died."""
    work.connection.execute(
        update(departure)
        .where(departure.c.record_id == record_id, departure.c.state == "waiting")
        .values(state=state, settled_at=work.now)
    )


def lock_standing(work: Work, record_id: UUID) -> bool:
    """Say whether a death stands, and let nobody annul it before this work ends."""
    state = work.connection.execute(
        select(departure.c.state).where(departure.c.record_id == record_id).with_for_update()
    ).scalar_one_or_none()
    return state is not None and state != "annulled"


# --- visits


def names_of_coming(reading: Reading, born_on: date | None) -> list[tuple[UUID, str, date | None]]:
    """Return id, name and birth date of the coming visits that are bound to nobody, or to who was born on a day."""
    whose = or_(appointment.c.birth_on.is_(None), appointment.c.birth_on == born_on)
    asked = select(appointment.c.id, appointment.c.name, appointment.c.birth_on)
    coming = (appointment.c.state == State.BOOKED, appointment.c.starts_at > reading.now)
    rows = reading.connection.execute(asked.where(*coming, appointment.c.name.is_not(None), whose))
    return [(row.id, row.name, row.birth_on) for row in rows]


def ids_of_person(reading: Reading, person_keys: Sequence[bytes]) -> list[UUID]:
    """Return the visits of a person, those that have passed too."""
    asked = select(appointment.c.id).where(
        appointment.c.person_key.in_(person_keys), appointment.c.state == State.BOOKED
    )
    return list(reading.connection.execute(asked.order_by(appointment.c.starts_at, appointment.c.id)).scalars())


def names_with_address(reading: Reading, email_key: bytes) -> list[str]:
    """Return the names in which there are or were visits with an e-mail address."""
    asked = select(appointment.c.name).where(appointment.c.email_key == email_key, appointment.c.name.is_not(None))
    return list(reading.connection.execute(asked.distinct()).scalars())


def note_certain(work: Work, record_id: UUID, appointment_id: UUID) -> bool:
    """Keep that a visit was that of who died; return False when that was kept before."""
    kept = work.connection.execute(
        insert(visit)
        .values(
            record_id=record_id,
            appointment_id=appointment_id,
            ground=Likeness.SAME,
            found_at=work.now,
            verdict="same",
            settled_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(visit.c.appointment_id)
    )
    return kept.first() is not None


def note_doubt(work: Work, record_id: UUID, appointment_id: UUID, ground: Likeness) -> bool:
    """Keep that somebody has to judge a visit; return False when that was kept before."""
    kept = work.connection.execute(
        insert(visit)
        .values(record_id=record_id, appointment_id=appointment_id, ground=ground, found_at=work.now)
        .on_conflict_do_nothing()
        .returning(visit.c.appointment_id)
    )
    return kept.first() is not None


def open_doubts(reading: Reading) -> list[dict[str, Any]]:
    """Return what somebody has to judge: visits that are still to come, the soonest first."""
    rows = reading.connection.execute(
        select(
            visit.c.record_id,
            visit.c.appointment_id,
            appointment.c.reference,
            visit.c.ground,
            visit.c.found_at,
            appointment.c.starts_at,
        )
        .join(appointment, appointment.c.id == visit.c.appointment_id)
        .where(visit.c.verdict.is_(None), appointment.c.state == State.BOOKED, appointment.c.starts_at > reading.now)
        .order_by(appointment.c.starts_at, visit.c.appointment_id)
    )
    return [dict(row._mapping) for row in rows]


def judge(work: Work, record_id: UUID, appointment_id: UUID, *, verdict: str, staff_id: str, reason: str) -> bool:
    """Note what staff decided about a visit, and why; return False when there is nothing to decide."""
    judged = work.connection.execute(
        update(visit)
        .where(visit.c.record_id == record_id, visit.c.appointment_id == appointment_id, visit.c.verdict.is_(None))
        .values(verdict=verdict, settled_at=work.now, staff_id=staff_id, reason=reason)
        .returning(visit.c.appointment_id)
    )
    return judged.first() is not None


def waiting_since(reading: Reading) -> datetime | None:
    """Return since when the oldest death waits whose visits have not been looked for."""
    since: datetime | None = reading.connection.execute(
        select(func.min(departure.c.heard_at)).where(departure.c.state == "waiting")
    ).scalar_one()
    return since
