"""The rows of appointments and their history."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from services.appointments.domain.appointment import Appointment, Deed, Holder, KeptFor, State
from services.appointments.domain.collection import Part
from services.appointments.domain.companions import Claim, Companion, LineKind
from services.appointments.domain.place import Slot
from services.appointments.domain.visit import Wanted
from services.appointments.tables import appointment as table
from services.appointments.tables import appointment_history as history
from services.messaging.work import Reading, Work

_OWNED_FROM = func.lower(table.c.owned).label("owned_from")
_OF_HOLDER = tuple(field.name for field in fields(Holder))
_OWNED_UNTIL = func.upper(table.c.owned).label("owned_until")


class QuotaUsedUp(Exception):
    """A quota that the visit is held to has no more room on that day."""


class SecondLock(Exception):
    """The constraint stopped a visit that the ticks had let through: the bits are wrong."""


def _all() -> Select[Any]:
    return select(*(column for column in table.c if column is not table.c.owned), _OWNED_FROM, _OWNED_UNTIL)


def by_id(reading: Reading, appointment_id: UUID) -> Appointment | None:
    """Return a hold or an appointment."""
    return _one(reading, _all().where(table.c.id == appointment_id))


def by_ids(reading: Reading, appointment_ids: Collection[UUID]) -> dict[UUID, Appointment]:
    """Return holds or appointments by their ids."""
    rows = reading.connection.execute(_all().where(table.c.id.in_(appointment_ids)))
    return {row.id: _appointment(row) for row in rows}


def found(reading: Reading, *which: ColumnElement[bool]) -> list[Appointment]:
    """Return the holds or appointments of which all of these hold, the earliest first."""
    rows = reading.connection.execute(_all().where(*which).order_by(table.c.starts_at, table.c.id))
    return [_appointment(row) for row in rows]


def by_reference(reading: Reading, reference: str) -> Appointment | None:
    """Return the appointment that a reference means."""
    return _one(reading, _all().where(table.c.reference == reference))


def lock_by_id(work: Work, appointment_id: UUID) -> Appointment | None:
    """Return a hold or an appointment that nobody else can change until this work ends."""
    return _one(work, _all().where(table.c.id == appointment_id).with_for_update())


def lock_by_reference(work: Work, reference: str) -> Appointment | None:
    """Return an appointment that nobody else can change until this work ends."""
    return _one(work, _all().where(table.c.reference == reference).with_for_update())


def lock_with_other_visit(work: Work, reference: str) -> tuple[Appointment | None, Appointment | None]:
    """Return an appointment and the other one of its journey (None: there is no other), both locked in one order."""
    known = by_reference(work, reference)
    if known is None or known.journey_id is None or known.part is None:
        return lock_by_reference(work, reference), None
    visits = lock_journey(work, known.journey_id)
    return visits.pop(known.part), next(iter(visits.values()), None)


def lock_journey(work: Work, journey_id: UUID) -> dict[Part, Appointment]:
    """Return both visits of a journey, which nobody else can change until this work ends; nothing when unknown."""
    return _journey(work, _all().where(table.c.journey_id == journey_id).order_by(table.c.id).with_for_update())


def journey(reading: Reading, journey_id: UUID) -> dict[Part, Appointment]:
    """Return both visits of a journey; nothing when it is unknown."""
    return _journey(reading, _all().where(table.c.journey_id == journey_id))


def lock_expired_holds(work: Work, most: int, *, kept_for: Collection[KeptFor]) -> list[Appointment]:
    """Return holds whose time is over, passing by those that somebody is confirming at this moment."""
    due = (
        _all()
        .where(table.c.state == State.HELD, table.c.kept_for.in_(kept_for), table.c.expires_at <= work.now)
        .order_by(table.c.expires_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [_appointment(row) for row in work.connection.execute(due)]


def lock_kept_for_list(work: Work, *, location_id: str, on: date) -> list[Appointment]:
    """Return the places of a day that are kept for the waiting list, passing by those that are being let go."""
    kept = (
        _all()
        .where(table.c.state == State.HELD, table.c.kept_for == KeptFor.LIST)
        .where(table.c.location_id == location_id, table.c.on == on)
        .order_by(table.c.line_id.collate("C"), table.c.first_tick)
        .with_for_update(skip_locked=True)
    )
    return [_appointment(row) for row in work.connection.execute(kept)]


def reference_is_free(reading: Reading, reference: str) -> bool:
    """Say whether no appointment has this reference."""
    return reading.connection.execute(select(table.c.id).where(table.c.reference == reference)).first() is None


def add(work: Work, appointment: Appointment) -> None:
    """Store a new hold. The caller has taken its ticks, or holds the lock of the hold that owned them so far.

    Raises: SecondLock, QuotaUsedUp.
    """
    _guarded(work, insert(table).values(id=appointment.id, **_values(appointment)))
    _remember(work, appointment, Deed.HOLD if appointment.kept_for is KeptFor.VISITOR else Deed.KEEP)


def add_all(work: Work, kept: Sequence[Appointment]) -> None:
    """Store many new holds for others than visitors at once. The caller has taken their ticks.

    Raises: SecondLock, QuotaUsedUp.
    """
    if kept:
        _guarded(work, insert(table).values([{"id": each.id, **_values(each)} for each in kept]))
        work.connection.execute(insert(history), [_history(work, each, Deed.KEEP) for each in kept])


def change(work: Work, before: Appointment, now: Appointment, deed: Deed) -> None:
    """Store what an appointment became; the caller has locked it.

    Raises: SecondLock, QuotaUsedUp.
    """
    statement = update(table).where(table.c.id == before.id, table.c.state == before.state).values(**_values(now))
    if _guarded(work, statement) != 1:
        raise RuntimeError("an appointment was changed without its lock")
    _remember(work, now, deed)


def _guarded(work: Work, statement: Any) -> int:
    try:
        return int(work.connection.execute(statement).rowcount)
    except DBAPIError as error:
        raise refusal_of(error) from None


def refusal_of(error: DBAPIError) -> Exception:
    """Return what an error of the database means, or the error itself when it is none of ours."""
    match getattr(error.orig, "pgcode", None):
        case "23P01":
            return SecondLock()
        case "BQ001":
            return QuotaUsedUp()
        case _:
            return error


def _remember(work: Work, appointment: Appointment, deed: Deed) -> None:
    work.connection.execute(insert(history).values(_history(work, appointment, deed)))


def _history(work: Work, appointment: Appointment, deed: Deed) -> dict[str, Any]:
    return {
        "appointment_id": appointment.id,
        "at": work.now,
        "deed": deed,
        "state": appointment.state,
        "version": appointment.version,
        "sequence": appointment.sequence,
        "location_id": appointment.slot.location_id,
        "line_id": appointment.line_id,
        "starts_at": appointment.slot.starts_at,
        "ends_at": appointment.slot.ends_at,
        "correlation_id": work.correlation_id,
    }


def _values(appointment: Appointment) -> dict[str, Any]:
    slot = appointment.slot
    holder = dict.fromkeys(_OF_HOLDER) if appointment.holder is None else asdict(appointment.holder)
    return holder | {
        "reference": appointment.reference,
        "state": appointment.state,
        "location_id": slot.location_id,
        "line_id": appointment.line_id,
        "on": slot.on,
        "first_tick": slot.first_tick,
        "ticks": slot.ticks,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "owned": func.tstzrange(slot.owned_from, slot.owned_until, "[)"),
        "products": products_of(appointment.wanted),
        "minutes": appointment.minutes,
        "rule_version": appointment.rule_version,
        "channel": appointment.channel,
        "version": appointment.version,
        "sequence": appointment.sequence,
        "link_version": appointment.link_version,
        "expires_at": appointment.expires_at,
        "extended": appointment.extended,
        "created_at": appointment.created_at,
        "booked_at": appointment.booked_at,
        "cancelled_at": appointment.cancelled_at,
        "cancelled_by": appointment.cancelled_by,
        "placed_at": appointment.placed_at,
        "kept_for": appointment.kept_for,
        "quota_ids": list(appointment.quota_ids),
        "journey_id": appointment.journey_id,
        "journey_part": appointment.part,
        "claims": written_claims(appointment.claims),
    }


def written_claims(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Return what a visit has besides its counter as its row holds it; the view `live_claim` reads it too."""
    return [
        {
            "line_id": claim.line_id,
            "kind": claim.need.kind,
            "skills": sorted(claim.need.skills),
            "offset": claim.need.offset,
            "ticks": claim.need.ticks,
        }
        for claim in claims
    ]


def _read_claim(stored: Mapping[str, Any]) -> Claim:
    need = Companion(LineKind(stored["kind"]), frozenset(stored["skills"]), stored["offset"], stored["ticks"])
    return Claim(stored["line_id"], need)


def products_of(wanted: Sequence[Wanted]) -> list[dict[str, Any]]:
    """Return what is wanted as messages and rows write it."""
    return [{"product_id": part.product_id, "persons": part.persons} for part in wanted]


def _one(reading: Reading, statement: Select[Any]) -> Appointment | None:
    row = reading.connection.execute(statement).one_or_none()
    return None if row is None else _appointment(row)


def _journey(reading: Reading, statement: Select[Any]) -> dict[Part, Appointment]:
    visits = [_appointment(row) for row in reading.connection.execute(statement)]
    return {visit.part: visit for visit in visits if visit.part}


def _appointment(row: Row[Any]) -> Appointment:
    return Appointment(
        id=row.id,
        state=State(row.state),
        slot=Slot(
            location_id=row.location_id,
            on=row.on,
            first_tick=row.first_tick,
            ticks=row.ticks,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            owned_from=row.owned_from,
            owned_until=row.owned_until,
        ),
        line_id=row.line_id,
        claims=tuple(_read_claim(stored) for stored in row.claims),
        wanted=tuple(Wanted(part["product_id"], part["persons"]) for part in row.products),
        minutes=row.minutes,
        rule_version=row.rule_version,
        channel=row.channel,
        version=row.version,
        sequence=row.sequence,
        link_version=row.link_version,
        expires_at=row.expires_at,
        extended=row.extended,
        created_at=row.created_at,
        placed_at=row.placed_at,
        kept_for=KeptFor(row.kept_for),
        quota_ids=tuple(row.quota_ids),
        reference=row.reference,
        holder=None if row.email is None else _holder(row),
        booked_at=row.booked_at,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by,
        journey_id=row.journey_id,
        part=row.journey_part and Part(row.journey_part),
    )


def _holder(row: Row[Any]) -> Holder:
    return Holder(
        name=row.name,
        email=row.email,
        phone=row.phone,
        language=row.language,
        time_zone=row.time_zone,
        birth_on=row.birth_on,
        email_key=row.email_key,
        phone_key=row.phone_key,
        person_key=row.person_key,
    )
