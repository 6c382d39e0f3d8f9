"""Requests for draws, and in which draw each takes part, when it had its turn and what it got (entries)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.appointments.domain.appointment import Holder
from services.appointments.domain.draws import Draw, DrawRequest, Entry, RequestState
from services.appointments.tables import appointment, draw_batch, draw_entry, draw_request
from services.messaging.work import Reading, Work


def add_request(work: Work, new: DrawRequest) -> bool:
    """Store a new request; False when a live one of that person or address exists."""
    holder = new.holder
    added = work.connection.execute(
        upsert(draw_request)
        .values(
            id=new.id,
            product_id=new.product_id,
            state=new.state,
            location_ids=sorted(new.location_ids),
            weekdays=sorted(new.weekdays),
            parts_of_day=sorted(new.parts_of_day),
            persons=new.persons,
            channel=new.channel,
            name=holder.name,
            birth_on=holder.birth_on,
            email=holder.email,
            phone=holder.phone,
            language=holder.language,
            time_zone=holder.time_zone,
            email_key=holder.email_key,
            phone_key=holder.phone_key,
            person_key=holder.person_key,
            version=new.version,
            created_at=new.created_at,
        )
        .on_conflict_do_nothing()
        .returning(draw_request.c.id)
    )
    return added.first() is not None


def change_request(work: Work, now: DrawRequest) -> None:
    """Store what a request became; the caller has locked it."""
    work.connection.execute(
        update(draw_request)
        .where(draw_request.c.id == now.id)
        .values(state=now.state, version=now.version, ended_at=now.ended_at)
    )


def request_by_id(reading: Reading, request_id: UUID) -> DrawRequest | None:
    """Return a request, whatever became of it."""
    row = reading.connection.execute(select(draw_request).where(draw_request.c.id == request_id)).one_or_none()
    return None if row is None else _request(row)


def lock_request(work: Work, request_id: UUID) -> DrawRequest | None:
    """Return a request that nobody else can change until this work ends."""
    found = select(draw_request).where(draw_request.c.id == request_id).with_for_update()
    row = work.connection.execute(found).one_or_none()
    return None if row is None else _request(row)


def has_visit_ahead(reading: Reading, request: DrawRequest) -> bool:
    """Say whether the person of a request has a coming appointment for its product, drawn or booked."""
    found = select(appointment.c.id).where(
        appointment.c.person_key == request.holder.person_key, _is_coming(reading), _is_for(request.product_id)
    )
    return reading.connection.execute(found.limit(1)).first() is not None


# --- requests in draws ----------------------------------------------------------------------------------------


def add_entry(work: Work, new: Entry) -> bool:
    """Let a request take part in a draw; False when its number is taken there, or it takes part in one already."""
    added = work.connection.execute(
        upsert(draw_entry)
        .values(batch_id=new.draw_id, request_id=new.request_id, number=new.number, entered_at=work.now)
        .on_conflict_do_nothing()
        .returning(draw_entry.c.number)
    )
    return added.first() is not None


def remove_entry(work: Work, entry: Entry) -> None:
    """Take a request out of a draw that has not been held."""
    work.connection.execute(delete(draw_entry).where(_is(entry)))


def entries_of(reading: Reading, request_id: UUID) -> list[Entry]:
    """Return the draws in which a request took or takes part, the newest first."""
    found = (
        select(draw_entry)
        .join(draw_batch, draw_batch.c.id == draw_entry.c.batch_id)
        .where(draw_entry.c.request_id == request_id)
        .order_by(draw_batch.c.draws_at.desc(), draw_batch.c.id)
    )
    return [_entry(row) for row in reading.connection.execute(found)]


def open_entry(reading: Reading, request_id: UUID) -> Entry | None:
    """Return the entry of a request that has not been told its lot; there is at most one."""
    found = select(draw_entry).where(draw_entry.c.request_id == request_id, draw_entry.c.told_at.is_(None))
    row = reading.connection.execute(found).one_or_none()
    return None if row is None else _entry(row)


def number_of(reading: Reading, appointment_id: UUID) -> str | None:
    """Return the number of the request to which an appointment fell in a draw; None when it was booked otherwise."""
    found = select(draw_entry.c.number).where(draw_entry.c.appointment_id == appointment_id)
    number: str | None = reading.connection.execute(found).scalar_one_or_none()
    return number


def requests_in(reading: Reading, draw_id: UUID) -> list[tuple[str, DrawRequest]]:
    """Return the live requests that take part in a draw, with their numbers."""
    found = (
        select(draw_entry.c.number.label("entry_number"), draw_request)
        .join(draw_request, draw_request.c.id == draw_entry.c.request_id)
        .where(draw_entry.c.batch_id == draw_id, draw_request.c.state == RequestState.LIVE)
    )
    return [(row.entry_number, _request(row)) for row in reading.connection.execute(found)]


def entries_of_helped(work: Work, drawn: Draw) -> list[Entry]:
    """Return the entries in a draw of people who have a coming appointment for its product, by number."""
    found = (
        select(draw_entry)
        .join(draw_request, draw_request.c.id == draw_entry.c.request_id)
        .join(appointment, appointment.c.person_key == draw_request.c.person_key)
        .where(draw_entry.c.batch_id == drawn.id, draw_request.c.state == RequestState.LIVE)
        .where(_is_coming(work), _is_for(drawn.product_id))
        .order_by(draw_entry.c.number)
        .distinct()
    )
    return [_entry(row) for row in work.connection.execute(found)]


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of one request, to be stored."""

    request_id: UUID
    turn: int
    appointment_id: UUID | None


def note_turns(work: Work, draw_id: UUID, turns: Sequence[Turn]) -> None:
    """Store what each request in a draw got, in one statement."""
    work.connection.execute(
        text(
            """
            UPDATE draw_entry SET turn = found.turn, appointment_id = found.appointment_id
            FROM unnest(CAST(:requests AS uuid[]), CAST(:turns AS integer[]), CAST(:appointments AS uuid[]))
                 AS found (request_id, turn, appointment_id)
            WHERE draw_entry.batch_id = :draw_id AND draw_entry.request_id = found.request_id
            """
        ),
        {
            "draw_id": draw_id,
            "requests": [turn.request_id for turn in turns],
            "turns": [turn.turn for turn in turns],
            "appointments": [turn.appointment_id for turn in turns],
        },
    )


def lock_untold(work: Work, draw_id: UUID, most: int, *, placed: bool) -> list[Entry]:
    """Return entries whose people must be told what they got, in turn, passing by those that somebody else tells."""
    found = (
        select(draw_entry)
        .where(draw_entry.c.batch_id == draw_id, draw_entry.c.told_at.is_(None), draw_entry.c.turn.is_not(None))
        .where(draw_entry.c.appointment_id.is_not(None) if placed else draw_entry.c.appointment_id.is_(None))
        .order_by(draw_entry.c.turn)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [_entry(row) for row in work.connection.execute(found)]


def note_told(work: Work, entry: Entry) -> None:
    """Store that somebody is told what he got."""
    work.connection.execute(update(draw_entry).where(_is(entry)).values(told_at=work.now))


def lock_waiting(work: Work, product_id: str, most: int) -> list[DrawRequest]:
    """Return live requests of a product that take part in no draw at present, the oldest first."""
    takes_part = exists().where(draw_entry.c.request_id == draw_request.c.id, draw_entry.c.told_at.is_(None))
    found = (
        select(draw_request)
        .where(draw_request.c.product_id == product_id, draw_request.c.state == RequestState.LIVE, ~takes_part)
        .order_by(draw_request.c.created_at, draw_request.c.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=draw_request)
    )
    return [_request(row) for row in work.connection.execute(found)]


def products_with_waiting(reading: Reading) -> list[str]:
    """Return the products of which live requests take part in no draw at present."""
    takes_part = exists().where(draw_entry.c.request_id == draw_request.c.id, draw_entry.c.told_at.is_(None))
    found = select(draw_request.c.product_id).where(draw_request.c.state == RequestState.LIVE, ~takes_part).distinct()
    return [row.product_id for row in reading.connection.execute(found.order_by(draw_request.c.product_id))]


def turns_of(reading: Reading, draw_id: UUID) -> dict[str, tuple[int, bool]]:
    """Return when each request had its turn in a draw and whether it has a place, by its number."""
    found = select(draw_entry.c.number, draw_entry.c.turn, draw_entry.c.appointment_id).where(
        draw_entry.c.batch_id == draw_id, draw_entry.c.turn.is_not(None)
    )
    rows = reading.connection.execute(found)
    return {row.number: (row.turn, row.appointment_id is not None) for row in rows}


def _is_coming(reading: Reading) -> Any:
    return and_(appointment.c.state == "booked", appointment.c.starts_at > reading.now)


def _is_for(product_id: str) -> Any:
    return appointment.c.products.contains([{"product_id": product_id}])


def _is(entry: Entry) -> Any:
    return and_(draw_entry.c.batch_id == entry.draw_id, draw_entry.c.request_id == entry.request_id)


def _request(row: Row[Any]) -> DrawRequest:
    return DrawRequest(
        id=row.id,
        product_id=row.product_id,
        location_ids=frozenset(row.location_ids),
        weekdays=frozenset(row.weekdays),
        parts_of_day=frozenset(row.parts_of_day),
        persons=row.persons,
        channel=row.channel,
        holder=Holder(
            name=row.name,
            email=row.email,
            phone=row.phone,
            language=row.language,
            time_zone=row.time_zone,
            birth_on=row.birth_on,
            email_key=bytes(row.email_key),
            phone_key=None if row.phone_key is None else bytes(row.phone_key),
            person_key=bytes(row.person_key),
        ),
        created_at=row.created_at,
        state=RequestState(row.state),
        version=row.version,
        ended_at=row.ended_at,
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        draw_id=row.batch_id,
        request_id=row.request_id,
        number=row.number,
        turn=row.turn,
        appointment_id=row.appointment_id,
        told_at=row.told_at,
    )
