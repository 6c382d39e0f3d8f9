"""Every SQL statement of the CRM, named for what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.crm.domain.contact import (
    SIGNS_OF_LIFE,
    About,
    AboutId,
    AppointmentId,
    AppointmentState,
    CustomerId,
    Entry,
    LinkState,
)
from services.crm.domain.identity import IdentifierKind
from services.crm.tables import (
    annulled_death,
    appointment_state,
    contact,
    customer,
    entry,
    holder_death,
    identifier,
    possible_duplicate,
)
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class Claimed:
    """Something whose customer is asked for now."""

    about: About
    about_id: AboutId
    attempts: int


# --- the timeline ------------------------------------------------------------------------------------------


def add_entry(work: Work, new: Entry) -> None:
    """Put a contact on the timeline; the same event twice is one contact."""
    work.connection.execute(
        insert(entry)
        .values(
            event_id=new.event_id,
            appointment_id=new.about_id if new.about is About.APPOINTMENT else None,
            record_id=new.about_id if new.about is About.RECORD else None,
            occurred_at=new.occurred_at,
            kind=new.kind,
            channel=new.channel,
            outcome=new.outcome,
            version=new.version,
            product_ids=list(new.product_ids),
            location_id=new.location_id,
            starts_at=new.starts_at,
        )
        .on_conflict_do_nothing()
    )


def advance_state(work: Work, newest: AppointmentState) -> None:
    """Remember what an appointment became, unless something newer is known already."""
    values = {
        "version": newest.version,
        "outcome": newest.outcome.value,
        "product_ids": list(newest.product_ids),
        "location_id": newest.location_id,
        "starts_at": newest.starts_at,
    }
    work.connection.execute(
        insert(appointment_state)
        .values(appointment_id=newest.appointment_id, **values)
        .on_conflict_do_update(
            index_elements=[appointment_state.c.appointment_id],
            set_=values,
            where=appointment_state.c.version < newest.version,
        )
    )


def entries_of(reading: Reading, customer_id: CustomerId, *, most: int) -> Sequence[Any]:
    """Return the newest contacts of a customer, newest first; a message's products are its appointment's."""
    products = func.coalesce(func.nullif(entry.c.product_ids, []), appointment_state.c.product_ids, [])
    return reading.connection.execute(
        select(
            entry.c.event_id,
            entry.c.occurred_at,
            entry.c.kind,
            entry.c.channel,
            entry.c.outcome,
            entry.c.appointment_id,
            entry.c.record_id,
            contact.c.receipt,
            products.label("product_ids"),
            entry.c.location_id,
            entry.c.starts_at,
        )
        .join(contact, contact.c.about_id == entry.c.about_id)
        .outerjoin(appointment_state, appointment_state.c.appointment_id == entry.c.appointment_id)
        .where(contact.c.customer_id == customer_id)
        .order_by(entry.c.occurred_at.desc(), entry.c.version.desc(), entry.c.event_id)
        .limit(most)
    ).all()


# --- whose it is -------------------------------------------------------------------------------------------


def wait_for_customer(work: Work, about: About, about_id: AboutId) -> None:
    """Note that a customer must be asked for, when an appointment or a record is seen for the first time."""
    work.connection.execute(
        insert(contact)
        .values(about=about.value, about_id=about_id, state=LinkState.WAITING.value, next_attempt_at=work.now)
        .on_conflict_do_nothing()
    )


def claim_waiting(work: Work, claim: timedelta) -> Claimed | None:
    """Return what waits longest for its customer, and keep it from others for a while.

    Its `next_attempt_at` is the lease: when the claimer dies, it is simply due again.
    """
    due = (
        select(contact.c.about_id)
        .where(
            contact.c.state == LinkState.WAITING.value,
            contact.c.next_attempt_at <= work.now,
        )
        .order_by(contact.c.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = work.connection.execute(
        update(contact)
        .where(contact.c.about_id == due)
        .values(attempts=contact.c.attempts + 1, next_attempt_at=work.now + claim)
        .returning(contact.c.about, contact.c.about_id, contact.c.attempts)
    ).first()
    return Claimed(About(row.about), AboutId(row.about_id), row.attempts) if row else None


def lock_waiting(work: Work, about_id: AboutId) -> bool:
    """Say whether something still waits for its customer, and lock it until the end of this work."""
    row = work.connection.execute(
        select(contact.c.about_id)
        .where(
            contact.c.about_id == about_id,
            contact.c.state == LinkState.WAITING.value,
        )
        .with_for_update()
    ).first()
    return row is not None


def link(work: Work, about_id: AboutId, customer_id: CustomerId, *, receipt: str | None) -> None:
    """Tie an appointment or a record, and so all its contacts, to a customer."""
    _settle(work, about_id, state=LinkState.LINKED.value, customer_id=customer_id, receipt=receipt)


def give_up(work: Work, about_id: AboutId) -> None:
    """Note that a customer cannot be found any more."""
    _settle(work, about_id, state=LinkState.UNKNOWN.value)


def postpone(work: Work, about_id: AboutId, until: datetime) -> None:
    """Ask again later."""
    _settle(work, about_id, next_attempt_at=until)


def _settle(work: Work, about_id: AboutId, **values: Any) -> None:
    work.connection.execute(
        update(contact)
        .where(
            contact.c.about_id == about_id,
            contact.c.state == LinkState.WAITING.value,
        )
        .values(**values)
    )


def waiting_count(reading: Reading) -> int:
    """Return how many appointments and records wait for their customer."""
    count = select(func.count()).where(contact.c.state == LinkState.WAITING.value)
    return reading.connection.execute(count).scalar_one()


# --- who has died ------------------------------------------------------------------------------------------


def note_holder_death(work: Work, appointment_id: AppointmentId, record_id: UUID, *, alone: bool, at: datetime) -> None:
    """Keep that an appointment was bound to somebody who has died; `alone`: its e-mail address was his own."""
    work.connection.execute(
        insert(holder_death)
        .values(appointment_id=appointment_id, record_id=record_id, alone=alone, told_at=at)
        .on_conflict_do_nothing()
    )


def annul_death(work: Work, record_id: UUID) -> None:
    """Keep that a court has struck a death deed out."""
    work.connection.execute(
        insert(annulled_death).values(record_id=record_id, annulled_at=work.now).on_conflict_do_nothing()
    )


def deceased_since(reading: Reading, customer_id: CustomerId) -> datetime | None:
    """Return since when we know that a customer has died, or None: he lives, or somebody else uses his address."""
    annulled = exists().where(annulled_death.c.record_id == holder_death.c.record_id)
    of_later = contact.alias("of_later")
    lives = exists().where(
        of_later.c.customer_id == customer_id,
        of_later.c.about_id == entry.c.about_id,
        entry.c.kind.in_(SIGNS_OF_LIFE),
        entry.c.occurred_at > holder_death.c.told_at,
    )
    since: datetime | None = reading.connection.execute(
        select(func.min(holder_death.c.told_at))
        .join(contact, contact.c.about_id == holder_death.c.appointment_id)
        .where(contact.c.customer_id == customer_id, holder_death.c.alone, ~annulled, ~lives)
    ).scalar_one()
    return since


# --- customers ---------------------------------------------------------------------------------------------


def customer_by(reading: Reading, kind: IdentifierKind, digest: bytes) -> CustomerId | None:
    """Return the customer who is known by an identifier."""
    found = reading.connection.execute(
        select(identifier.c.customer_id).where(identifier.c.kind == kind.value, identifier.c.digest == digest)
    ).scalar_one_or_none()
    return None if found is None else CustomerId(found)


def customer_exists(reading: Reading, customer_id: UUID) -> bool:
    """Say whether there is such a customer."""
    return reading.connection.execute(select(customer.c.id).where(customer.c.id == customer_id)).first() is not None


def add_customer(work: Work) -> CustomerId:
    """Make a customer of whom nothing is known yet."""
    new = CustomerId(work.new_id())
    work.connection.execute(insert(customer).values(id=new, created_at=work.now))
    return new


def drop_customer(work: Work, customer_id: CustomerId) -> None:
    """Take back a customer that was made in this same work and turned out to exist."""
    work.connection.execute(delete(customer).where(customer.c.id == customer_id))


def identify(work: Work, customer_id: CustomerId, kind: IdentifierKind, digest: bytes) -> CustomerId:
    """Make a customer known by an identifier; return who is known by it: this one, or whoever was first.

    The primary key decides between two at once: the second waits for the first to commit, and then reads it.
    """
    work.connection.execute(
        insert(identifier)
        .values(kind=kind.value, digest=digest, customer_id=customer_id, first_seen_at=work.now)
        .on_conflict_do_nothing()
    )
    known = customer_by(work, kind, digest)
    if known is None:
        raise LookupError("An identifier vanished while it was being written; nothing deletes them.")
    return known


def note_possible_duplicate(work: Work, one: CustomerId, other: CustomerId) -> None:
    """Keep for a person to judge that two customers may be the same; nothing is merged."""
    first, second = sorted((one, other))
    work.connection.execute(
        insert(possible_duplicate)
        .values(customer_a=first, customer_b=second, seen_at=work.now)
        .on_conflict_do_nothing()
    )
