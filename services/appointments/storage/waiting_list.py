"""Wishes, offers, and days on which a place came free.

Rows are waited for in this order: the visit, its wish, its offer, the offer's hold, counters' days.
"""

from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, exists, func, insert, or_, select, text, update

from services.appointments.domain.place import Slot
from services.appointments.domain.waiting_list import (
    COOL_DOWN,
    MOST_OFFERS,
    Offer,
    OfferState,
    Wish,
    WishEnd,
    WishState,
)
from services.appointments.storage.consistency import outside
from services.appointments.tables import freed_place, offer, wish
from services.messaging.work import Reading, Work

_ONE_MINUTE = timedelta(minutes=1)


def lock_list(work: Work) -> bool:
    """Become the only one who gives out places of the list until this work ends; False when somebody else is."""
    return bool(
        work.connection.execute(text("SELECT pg_try_advisory_xact_lock(hashtext('waiting-list'))")).scalar_one()
    )


# --- wishes ---------------------------------------------------------------------------------------------------


def add_wish(work: Work, new: Wish) -> None:
    """Store a new wish."""
    work.connection.execute(insert(wish).values(**_wish_values(new)))


def change_wish(work: Work, now: Wish) -> None:
    """Store what a wish became; the caller has locked it."""
    work.connection.execute(update(wish).where(wish.c.id == now.id).values(**_wish_values(now)))


def wish_of(reading: Reading, appointment_id: UUID) -> Wish | None:
    """Return the wish of a visit that has not ended."""
    row = reading.connection.execute(select(wish).where(*_alive(appointment_id))).one_or_none()
    return None if row is None else _wish(row)


def lock_wish_of(work: Work, appointment_id: UUID) -> Wish | None:
    """Return the wish of a visit that has not ended, which nobody else can change until this work ends."""
    row = work.connection.execute(select(wish).where(*_alive(appointment_id)).with_for_update()).one_or_none()
    return None if row is None else _wish(row)


def wish_by_id(reading: Reading, wish_id: UUID) -> Wish:
    """Return a wish, ended or not."""
    return _wish(reading.connection.execute(select(wish).where(wish.c.id == wish_id)).one())


def in_order(reading: Reading, *, location_id: str, on: date) -> list[Wish]:
    """Return the wishes whose owners may be asked now for a place on a day, in the order of the list."""
    rows = reading.connection.execute(
        select(wish)
        .where(
            *_may_want(location_id, on),
            wish.c.latest_at > reading.now,
            wish.c.offers_made < MOST_OFFERS,
            or_(wish.c.last_offer_at.is_(None), wish.c.last_offer_at <= reading.now - COOL_DOWN),
            ~exists().where(offer.c.wish_id == wish.c.id, offer.c.state == OfferState.OPEN),
        )
        .order_by(wish.c.urgency.desc(), wish.c.wished_on, wish.c.rank.collate("C"), wish.c.id)
    )
    return [_wish(row) for row in rows]


def wished(reading: Reading, *, location_id: str, on: date, starts_at: datetime) -> bool:
    """Say whether anybody on the list may want a time, whether or not it is his turn now."""
    found = select(wish.c.id).where(*_may_want(location_id, on), wish.c.latest_at >= starts_at).limit(1)
    return reading.connection.execute(found).first() is not None


def active_wishes(reading: Reading) -> list[Wish]:
    """Return all wishes whose owners could get an offer some time."""
    rows = reading.connection.execute(
        select(wish).where(wish.c.state == WishState.ACTIVE, wish.c.offers_made < MOST_OFFERS)
    )
    return [_wish(row) for row in rows]


def visits_of_wishes_past(reading: Reading, most: int) -> list[UUID]:
    """Return visits with a wish that no offer can fulfil any more."""
    rows = reading.connection.execute(
        select(wish.c.appointment_id)
        .where(wish.c.state != WishState.ENDED, wish.c.latest_at <= reading.now)
        .order_by(wish.c.latest_at)
        .limit(most)
    )
    return [row.appointment_id for row in rows]


def _alive(appointment_id: UUID) -> tuple[Any, ...]:
    return wish.c.appointment_id == appointment_id, wish.c.state != WishState.ENDED


def _may_want(location_id: str, on: date) -> tuple[Any, ...]:
    return (
        wish.c.state == WishState.ACTIVE,
        wish.c.location_ids.contains([location_id]),
        wish.c.earliest_on <= on,
        wish.c.weekdays.contains([on.weekday()]),
    )


def _wish_values(of: Wish) -> dict[str, Any]:
    values = {field.name: getattr(of, field.name) for field in fields(of) if field.name != "notice"}
    return values | {
        "location_ids": sorted(of.location_ids),
        "weekdays": sorted(of.weekdays),
        "parts_of_day": sorted(of.parts_of_day),
        "notice_minutes": of.notice // _ONE_MINUTE,
    }


def _wish(row: Row[Any]) -> Wish:
    values = dict(row._mapping)
    return Wish(
        **values
        | {
            "location_ids": frozenset(values["location_ids"]),
            "weekdays": frozenset(values["weekdays"]),
            "parts_of_day": frozenset(values["parts_of_day"]),
            "notice": timedelta(minutes=values.pop("notice_minutes")),
            "state": WishState(values["state"]),
            "ended_because": None if values["ended_because"] is None else WishEnd(values["ended_because"]),
        }
    )


# --- offers ---------------------------------------------------------------------------------------------------


def add_offer(work: Work, new: Offer) -> None:
    """Store a new offer."""
    values = {field.name: getattr(new, field.name) for field in fields(new) if field.name != "slot"}
    work.connection.execute(insert(offer).values(**values, **asdict(new.slot)))


def change_offer(work: Work, now: Offer) -> None:
    """Store the end of an offer; the caller has locked it."""
    work.connection.execute(update(offer).where(offer.c.id == now.id).values(state=now.state, ended_at=now.ended_at))


def open_offer(reading: Reading, wish_id: UUID) -> Offer | None:
    """Return the offer of a wish that waits for an answer."""
    found = select(offer).where(offer.c.wish_id == wish_id, offer.c.state == OfferState.OPEN)
    row = reading.connection.execute(found).one_or_none()
    return None if row is None else _offer(row)


def lock_open_offer(work: Work, wish_id: UUID) -> Offer | None:
    """Return the offer of a wish that waits for an answer, which nobody else can change until this work ends."""
    found = select(offer).where(offer.c.wish_id == wish_id, offer.c.state == OfferState.OPEN).with_for_update()
    row = work.connection.execute(found).one_or_none()
    return None if row is None else _offer(row)


def lock_offer(work: Work, offer_id: UUID) -> Offer | None:
    """Return an offer that nobody else can change until this work ends."""
    row = work.connection.execute(select(offer).where(offer.c.id == offer_id).with_for_update()).one_or_none()
    return None if row is None else _offer(row)


def offers_over(reading: Reading, most: int) -> list[UUID]:
    """Return the visits whose open offer should have been answered by now."""
    rows = reading.connection.execute(
        select(offer.c.appointment_id)
        .where(offer.c.state == OfferState.OPEN, offer.c.expires_at <= reading.now)
        .order_by(offer.c.expires_at)
        .limit(most)
    )
    return [row.appointment_id for row in rows]


def offers_outside_openings(reading: Reading, most: int) -> list[UUID]:
    """Return the visits whose open offer lies on a counter that is closed then, or needs something that is."""
    rows = reading.connection.execute(
        text(
            f"""
            SELECT offer.appointment_id
            FROM offer JOIN (
                SELECT id AS hold_id, line_id, "on", first_tick, ticks FROM appointment
                UNION ALL SELECT appointment_id, line_id, "on", first_tick, ticks FROM companion_claim
            ) AS hold USING (hold_id)
            LEFT JOIN line_day ON line_day.line_id = hold.line_id AND line_day."on" = hold."on"
            WHERE offer.state = 'open' AND {outside("hold")}
            GROUP BY offer.appointment_id
            LIMIT :most
            """
        ),
        {"most": most},
    )
    return [row.appointment_id for row in rows]


def offers_since(reading: Reading, since: datetime) -> int:
    """Return how many offers were made after an instant."""
    return int(
        reading.connection.execute(select(func.count()).select_from(offer).where(offer.c.made_at > since)).scalar_one()
    )


_SLOT = tuple(field.name for field in fields(Slot))


def _offer(row: Row[Any]) -> Offer:
    values = dict(row._mapping)
    slot = Slot(**{name: values.pop(name) for name in _SLOT})
    return Offer(**values | {"slot": slot, "state": OfferState(values["state"])})


# --- days on which a place came free --------------------------------------------------------------------------


def note_freed(work: Work, *, location_id: str, on: date, at_once: bool = False) -> None:
    """Note that the list must look at a day; rows are only added, so that nobody waits for anybody."""
    work.connection.execute(
        insert(freed_place).values(location_id=location_id, on=on, freed_at=work.now, at_once=at_once)
    )


def days_to_look_at(reading: Reading, debounce: timedelta) -> list[tuple[str, date]]:
    """Return the (location, day) at which the list must look now: what came free first goes first."""
    due = or_(freed_place.c.at_once, freed_place.c.freed_at <= reading.now - debounce)
    rows = reading.connection.execute(
        select(freed_place.c.location_id, freed_place.c.on)
        .where(due)
        .group_by(freed_place.c.location_id, freed_place.c.on)
        .order_by(func.min(freed_place.c.id))
    )
    return [(row.location_id, row.on) for row in rows]


def notes_of(reading: Reading, location_id: str, on: date) -> list[int]:
    """Return the notes about a day. To be read before its places, and only these are to be forgotten."""
    rows = reading.connection.execute(
        select(freed_place.c.id).where(and_(freed_place.c.location_id == location_id, freed_place.c.on == on))
    )
    return [row.id for row in rows]


def forget_notes(work: Work, ids: Collection[int]) -> None:
    """Forget what has been looked at."""
    work.connection.execute(delete(freed_place).where(freed_place.c.id.in_(ids)))
