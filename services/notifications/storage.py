"""Every SQL statement of notifications, named for what it means. Each change of state writes its history row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.messaging.work import Reading, Work
from services.notifications.domain.message import (
    NEXT,
    QUESTIONS,
    AppointmentId,
    Facts,
    Kind,
    Message,
    MessageId,
    Reason,
    State,
)
from services.notifications.tables import appointment_seen, message, message_history


@dataclass(frozen=True, slots=True)
class Seen:
    """What the newest event said about an appointment."""

    version: int
    booked: bool
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send one message, until it is given back or its time is over."""

    message: Message
    token: UUID


@dataclass(frozen=True, slots=True)
class Proof:
    """What was sent, for the burden of proof (Awb afd. 2.3): no content, no address."""

    template_version: str
    language: str
    message_header_id: str
    content_hash: bytes


# --- what events tell -----------------------------------------------------------------------------------------


def note_seen(work: Work, appointment_id: AppointmentId, seen: Seen) -> bool:
    """Keep what an event says unless a newer one was heard; return whether it is the newest.

    Locks the appointment's row: events of one appointment decide one after the other.
    """
    values = {"version": seen.version, "state": "booked" if seen.booked else "cancelled", "starts_at": seen.starts_at}
    noted = work.connection.execute(
        upsert(appointment_seen)
        .values(appointment_id=appointment_id, **values)
        .on_conflict_do_update(
            index_elements=[appointment_seen.c.appointment_id],
            set_=values,
            where=appointment_seen.c.version < seen.version,
        )
        .returning(appointment_seen.c.version)
    )
    return noted.first() is not None


def what_was_seen(reading: Reading, appointment_id: AppointmentId) -> Seen | None:
    """Return what the newest event said about an appointment."""
    row = reading.connection.execute(
        select(appointment_seen.c.version, appointment_seen.c.state, appointment_seen.c.starts_at).where(
            appointment_seen.c.appointment_id == appointment_id
        )
    ).first()
    return None if row is None else Seen(row.version, row.state == "booked", row.starts_at)


def add(work: Work, new: Message, *, state: State = State.SCHEDULED, reason: Reason = Reason.EVENT) -> bool:
    """Write a message unless one with its dedupe key exists; return whether it was written."""
    added = work.connection.execute(
        upsert(message)
        .values(
            id=new.id,
            dedupe_key=new.dedupe_key,
            appointment_id=new.appointment_id,
            version=new.version,
            kind=new.kind,
            state=state,
            not_before=new.not_before,
            expires_at=new.expires_at,
            next_attempt_at=new.not_before,
            facts=None if new.facts is None else new.facts.as_json(),
            event_id=new.event_id,
            correlation_id=new.correlation_id,
            created_at=new.created_at,
            draw_id=new.draw_id,
        )
        .on_conflict_do_nothing(index_elements=[message.c.dedupe_key])
        .returning(message.c.id)
    ).first()
    if added is None:
        return False
    _remember(work, new.id, state, reason, 0)
    return True


def revive_reminder(work: Work, new: Message) -> bool:
    """Schedule a withdrawn reminder again: a visit was moved away and back to its time, or to another place."""
    return _change(
        work,
        [message.c.dedupe_key == new.dedupe_key, message.c.state == State.WITHDRAWN],
        State.SCHEDULED,
        Reason.EVENT,
        version=new.version,
        facts=None if new.facts is None else new.facts.as_json(),
        event_id=new.event_id,
        correlation_id=new.correlation_id,
        next_attempt_at=new.not_before,
        last_error=None,
        handed_over_at=None,
    )


def withdraw_reminders(work: Work, appointment_id: AppointmentId, reason: Reason) -> int:
    """Withdraw the reminders of an appointment that the mail server has not been told of; return how many.

    A sender that holds one loses its lease by this, and `note_hand_over` stops it.
    """
    return _withdraw(work, message.c.appointment_id == appointment_id, message.c.kind == Kind.REMINDER, reason=reason)


def withdraw_questions(work: Work, appointment_id: AppointmentId, reason: Reason) -> int:
    """Withdraw the questions whether somebody comes of which the mail server has not been told; return how many."""
    return _withdraw(work, message.c.appointment_id == appointment_id, message.c.kind.in_(QUESTIONS), reason=reason)


def withdraw_offer(work: Work, dedupe_key: str, reason: Reason) -> int:
    """Withdraw the message about an offer unless the mail server has been told of it; return how many that were."""
    return _withdraw(work, message.c.dedupe_key == dedupe_key, reason=reason)


def _withdraw(work: Work, *which: ColumnElement[bool], reason: Reason) -> int:
    untold = or_(message.c.state == State.SCHEDULED, message.c.handed_over_at.is_(None))
    return _change_all(work, [*which, untold], State.WITHDRAWN, reason, lease_token=None, lease_until=None)


# --- sending --------------------------------------------------------------------------------------------------

_DUE = text(
    """
    SELECT m.id FROM message m
    WHERE m.state = 'scheduled' AND m.next_attempt_at <= :now
      AND NOT EXISTS (
        SELECT 1 FROM message older
        WHERE older.appointment_id = m.appointment_id AND older.version < m.version
          AND older.kind <> 'reminder' AND older.state IN ('scheduled', 'sending'))
    ORDER BY m.next_attempt_at, m.version
    LIMIT 1
    FOR UPDATE OF m SKIP LOCKED
    """
)
"""The message that has been due longest. What an appointment's older versions still have to say goes first."""


def claim_due(work: Work, lease: timedelta) -> Lease | None:
    """Take the message that has been due longest, for the length of a lease; None when nothing is due."""
    due = work.connection.execute(_DUE, {"now": work.now}).scalar_one_or_none()
    if due is None:
        return None
    token = work.new_id()
    row = work.connection.execute(
        update(message)
        .where(message.c.id == due)
        .values(
            state=State.SENDING,
            attempts=message.c.attempts + 1,
            lease_until=work.now + lease,
            lease_token=token,
            handed_over_at=None,
        )
        .returning(message)
    ).one()
    _remember(work, row.id, State.SENDING, Reason.DUE, row.attempts)
    return Lease(_message(row), token)


def note_hand_over(work: Work, held: Lease, lease: timedelta) -> bool:
    """Note that the mail server will now be told; False when the lease was lost, and nothing may be sent."""
    noted = work.connection.execute(
        update(message)
        .where(_held(held))
        .values(handed_over_at=work.now, lease_until=work.now + lease)
        .returning(message.c.id)
    )
    return noted.first() is not None


def note_sent(work: Work, held: Lease, proof: Proof) -> bool:
    """Note that the mail server took the message; False when the lease was lost meanwhile."""
    return _end(
        work,
        held,
        State.SENT,
        Reason.ACCEPTED,
        sent_at=work.now,
        last_error=None,
        template_version=proof.template_version,
        language=proof.language,
        message_header_id=proof.message_header_id,
        content_hash=proof.content_hash,
    )


def note_failed(work: Work, held: Lease, reason: Reason) -> bool:
    """Note that the message will never arrive; False when the lease was lost meanwhile."""
    return _end(work, held, State.FAILED, reason, last_error=reason)


def note_withdrawn(work: Work, held: Lease, reason: Reason) -> bool:
    """Note that the message is not wanted any more; False when the lease was lost meanwhile."""
    return _end(work, held, State.WITHDRAWN, reason, last_error=None)


def postpone(work: Work, held: Lease, reason: Reason, pause: timedelta) -> bool:
    """Put a message back until a pause is over; False when the lease was lost meanwhile."""
    return _end(work, held, State.SCHEDULED, reason, last_error=reason, next_attempt_at=work.now + pause)


def lapsed(work: Work) -> list[Lease]:
    """Return the messages whose sender has gone, locked. Whoever sent one and lives on finds its lease lost."""
    rows = work.connection.execute(
        select(message)
        .where(message.c.state == State.SENDING, message.c.lease_until <= work.now)
        .order_by(message.c.lease_until)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return [Lease(_message(row), row.lease_token) for row in rows]


# --- questions ------------------------------------------------------------------------------------------------


def messages_about(reading: Reading, appointment_id: AppointmentId) -> Sequence[dict[str, Any]]:
    """Return the messages about one appointment, in the order in which they came up."""
    rows = reading.connection.execute(
        select(
            message.c.id.label("message_id"),
            message.c.kind,
            message.c.state,
            message.c.not_before,
            message.c.sent_at,
            message.c.attempts,
        )
        .where(message.c.appointment_id == appointment_id)
        .order_by(message.c.created_at, message.c.version, message.c.not_before)
    )
    return [dict(row._mapping) for row in rows]


def oldest_due_at(reading: Reading) -> datetime | None:
    """Return since when the oldest message that is due has waited, first attempts and repeats alike."""
    oldest = reading.connection.execute(
        select(func.min(message.c.not_before)).where(
            message.c.state.in_([State.SCHEDULED, State.SENDING]), message.c.not_before <= reading.now
        )
    ).scalar_one()
    return cast("datetime | None", oldest)


# --- the one way to change a state ----------------------------------------------------------------------------


def _held(held: Lease) -> ColumnElement[bool]:
    return (message.c.id == held.message.id) & (message.c.lease_token == held.token)


def _end(work: Work, held: Lease, state: State, reason: Reason, **values: Any) -> bool:
    changes = values | {"lease_token": None, "lease_until": None}
    return _change(work, [_held(held)], state, reason, **changes)


def _change(work: Work, where: Sequence[ColumnElement[bool]], state: State, reason: Reason, **values: Any) -> bool:
    return _change_all(work, where, state, reason, **values) > 0


def _change_all(work: Work, where: Sequence[ColumnElement[bool]], state: State, reason: Reason, **values: Any) -> int:
    before = [earlier for earlier in State if state in NEXT[earlier]]
    changed = work.connection.execute(
        update(message)
        .where(*where, message.c.state.in_(before))
        .values(state=state, **values)
        .returning(message.c.id, message.c.attempts)
    ).all()
    for row in changed:
        _remember(work, row.id, state, reason, row.attempts)
    return len(changed)


def _remember(work: Work, message_id: UUID, state: State, reason: Reason, attempts: int) -> None:
    work.connection.execute(
        insert(message_history).values(
            message_id=message_id, at=work.now, state=state, reason=reason, attempts=attempts
        )
    )


def _message(row: Row[Any]) -> Message:
    return Message(
        id=MessageId(row.id),
        dedupe_key=row.dedupe_key,
        appointment_id=AppointmentId(row.appointment_id),
        version=row.version,
        kind=Kind(row.kind),
        not_before=row.not_before,
        expires_at=row.expires_at,
        facts=None if row.facts is None else Facts.of_json(row.facts),
        event_id=row.event_id,
        correlation_id=row.correlation_id,
        created_at=row.created_at,
        attempts=row.attempts,
        handed_over_at=row.handed_over_at,
        draw_id=row.draw_id,
    )
