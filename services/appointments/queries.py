"""What can be asked about appointments."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments import figures
from services.appointments.domain.appointment import Appointment, Holder, State
from services.appointments.domain.errors import (
    AppointmentUnknown,
    DayClosed,
    HoldUnknown,
    InThePast,
    NotOfferedHere,
    TooFar,
    UnknownLocation,
    UnknownProduct,
)
from services.appointments.domain.offering import offered_starts
from services.appointments.domain.reference import read_reference, shown
from services.appointments.domain.ticks import instant_of, local_day
from services.appointments.domain.visit import Visit, Wanted, plan_visit
from services.appointments.links import LIVES_ON, Links
from services.appointments.storage import appointments, capacity, catalogue
from services.messaging.work import Reading

TOWN_ZONE = ZoneInfo("Europe/Amsterdam")
"""The zone in which a day of the catalogue begins; each location has its own for its agenda."""

MOST_ALTERNATIVES = 5


@dataclass(frozen=True, slots=True)
class Agenda:
    """A visit at a location on the day of asking: where to look, and within which bounds."""

    location_id: str
    zone: ZoneInfo
    visit: Visit
    today: date
    earliest_at: datetime
    last_on: date


# --- the catalogue ----------------------------------------------------------------------------------------------


def list_products(reading: Reading) -> dict[str, Any]:
    """Return the products on offer today, with the fees that are in force today."""
    today = local_day(TOWN_ZONE, reading.now)
    lines = [row for row in catalogue.counters(reading) if row.offered]
    in_order = [row.id for row in catalogue.offered_locations(reading)]
    return {
        "products": [
            {
                "product_id": row.id,
                "names": row.names,
                "summary": row.summary,
                "bring": row.bring,
                "minutes": row.minutes,
                "extra_minutes_per_person": row.extra_minutes_per_person,
                "max_persons": row.max_persons,
                "fees": fees_on(row.fees, today),
                "channels": row.channels,
                "audience": row.audience,
                "location_ids": _locations_with(lines, set(row.needs), in_order),
            }
            for row in catalogue.offered_products(reading, today)
        ]
    }


def fees_on(fees: Sequence[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
    """Return for each group of people the fee that is in force on a day: the one that began last."""
    in_force: dict[str, Mapping[str, Any]] = {}
    for fee in sorted(fees, key=lambda fee: str(fee["valid_from"])):
        if fee["valid_from"] <= on.isoformat():
            in_force[fee["applies_to"]] = fee
    return [{"applies_to": group, "cents": fee["cents"]} for group, fee in in_force.items()]


def _locations_with(lines: Sequence[Any], needs: set[str], in_order: Sequence[str]) -> list[str]:
    able = {row.location_id for row in lines if needs <= set(row.skills)}
    return [location_id for location_id in in_order if location_id in able]


def list_locations(reading: Reading) -> dict[str, Any]:
    """Return the locations, with the opening hours that are in force today."""
    return {
        "locations": [
            {
                "location_id": row.id,
                "name": row.name,
                "street": row.street,
                "postal_code": row.postal_code,
                "city": row.city,
                "time_zone": row.time_zone,
                "phone": row.phone,
                "directions": row.directions,
                "opening_hours": hours_on(row.hours, local_day(ZoneInfo(row.time_zone), reading.now)),
            }
            for row in catalogue.offered_locations(reading)
        ]
    }


def hours_on(hours: Sequence[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
    """Return the weekly opening hours that are in force on a day, from Monday on."""
    day = on.isoformat()
    found = [
        {"weekday": weekday, "opens": entry["from"], "closes": entry["until"]}
        for entry in hours
        if (entry.get("valid_from") or day) <= day <= (entry.get("valid_until") or day)
        for weekday in entry["weekdays"]
    ]
    return sorted(found, key=lambda entry: (entry["weekday"], entry["opens"]))


# --- search -----------------------------------------------------------------------------------------------------


def agenda_for(reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]]) -> Agenda:
    """Return where and within which bounds a visit may be booked now.

    Raises: UnknownLocation, UnknownProduct, TooManyPersons, VisitTooLong, NotOfferedHere.
    """
    place = catalogue.location_by_id(reading, location_id)
    if place is None:
        raise UnknownLocation(location_id=location_id)
    zone = ZoneInfo(place.time_zone)
    today = local_day(zone, reading.now)
    wanted = [Wanted(part["product_id"], part["persons"]) for part in products]
    known = catalogue.rules_of_products(reading, {part.product_id for part in wanted}, today)
    for part in wanted:
        if part.product_id not in known:
            raise UnknownProduct(product_id=part.product_id)
    visit = plan_visit(wanted, known, most_minutes=place.max_visit_minutes)
    check_offered(reading, location_id, visit.needs)
    return Agenda(
        location_id=location_id,
        zone=zone,
        visit=visit,
        today=today,
        earliest_at=reading.now + visit.lead,
        last_on=today + timedelta(days=visit.horizon_days),
    )


def check_offered(reading: Reading, location_id: str, needs: frozenset[str]) -> None:
    """Do nothing when some counter of a location can do everything that a visit needs.

    Raises: NotOfferedHere (its facts name the locations that can).
    """
    in_order = [row.id for row in catalogue.offered_locations(reading)]
    lines = [row for row in catalogue.counters(reading) if row.offered]
    able = _locations_with(lines, set(needs), in_order)
    if location_id not in able:
        raise NotOfferedHere(location_ids=able)


def offered_by_day(reading: Reading, agenda: Agenda, first_on: date, last_on: date) -> dict[date, list[int]]:
    """Return the ticks at which visits on offer begin between two days, both included; only days that have any."""
    size = agenda.visit.size
    earliest_on = local_day(agenda.zone, agenda.earliest_at)
    found: dict[date, list[int]] = {}
    for on, possible in capacity.possible_starts(
        reading,
        location_id=agenda.location_id,
        needs=agenda.visit.needs,
        ticks=size.owned_ticks,
        first_on=max(first_on, earliest_on),
        last_on=min(last_on, agenda.last_on),
    ):
        ticks = [tick + size.setup_ticks for tick in offered_starts(possible, size.owned_ticks)]
        if on == earliest_on:
            ticks = [tick for tick in ticks if instant_of(agenda.zone, on, tick) >= agenda.earliest_at]
        if ticks:
            found[on] = ticks
    return found


def free_days(
    reading: Reading,
    *,
    location_id: str,
    products: Sequence[Mapping[str, Any]],
    from_on: date | None = None,
    until_on: date | None = None,
) -> dict[str, Any]:
    """Return the days with room and how many times each offers; `first_free` whatever the bounds.

    Raises: what `agenda_for` raises.
    """
    agenda = agenda_for(reading, location_id=location_id, products=products)
    offered = offered_by_day(reading, agenda, agenda.today, agenda.last_on)
    first, last = from_on or agenda.today, until_on or agenda.last_on
    return {
        "days": [{"on": on, "starts": len(ticks)} for on, ticks in offered.items() if first <= on <= last],
        "first_free": next((instant_of(agenda.zone, on, ticks[0]) for on, ticks in offered.items()), None),
        "minutes": agenda.visit.size.minutes,
        "last_on": agenda.last_on,
    }


def free_times(
    reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]], on: date
) -> dict[str, Any]:
    """Return the times on offer on one day, by the same rule that counted them.

    Raises: InThePast, TooFar, DayClosed (no suitable counter opens that day), and what `agenda_for` raises.
    """
    agenda = agenda_for(reading, location_id=location_id, products=products)
    if on < agenda.today:
        raise InThePast
    if on > agenda.last_on:
        raise TooFar(last_on=agenda.last_on)
    ticks = offered_by_day(reading, agenda, on, on).get(on, [])
    if (
        not ticks
        and not capacity.open_ticks(reading, location_id=location_id, needs=agenda.visit.needs, on=on, wanted=0)[0]
    ):
        raise DayClosed
    return {"starts": [instant_of(agenda.zone, on, tick) for tick in ticks], "minutes": agenda.visit.size.minutes}


def nearest_starts(reading: Reading, agenda: Agenda, wanted_at: datetime) -> list[datetime]:
    """Return up to five start times on offer nearest to a time, in order of time."""
    offered = offered_by_day(reading, agenda, agenda.today, agenda.last_on)
    wanted_on = local_day(agenda.zone, wanted_at)
    starts: list[datetime] = []
    enough_until = timedelta.max
    for on in sorted(offered, key=lambda day: abs(day - wanted_on)):
        if abs(on - wanted_on) > enough_until:
            break
        starts += [instant_of(agenda.zone, on, tick) for tick in offered[on]]
        if len(starts) >= MOST_ALTERNATIVES:
            # The next day can still hold a nearer time: late this evening is nearer to tomorrow than to this morning.
            enough_until = min(enough_until, abs(on - wanted_on) + timedelta(days=1))
    nearest = sorted(starts, key=lambda start: (abs(start - wanted_at), start))[:MOST_ALTERNATIVES]
    return sorted(nearest)


# --- holds and appointments ---------------------------------------------------------------------------------------


def opened_hold(found: Appointment | None, links: Links, secret: str) -> Appointment:
    """Return the hold that a secret opens.

    Raises: HoldUnknown (none, or the wrong secret).
    """
    if found is None or not links.opens(found.id, found.link_version, secret):
        raise HoldUnknown
    return found


def opened_appointment(found: Appointment | None, links: Links, secret: str, now: datetime) -> Appointment:
    """Return the appointment that a secret opens until 30 days after the visit.

    Raises: AppointmentUnknown (none, the wrong secret, or a link that is too old).
    """
    if found is None or now > found.slot.ends_at + LIVES_ON or not links.opens(found.id, found.link_version, secret):
        raise AppointmentUnknown
    return found


def reference_read(typed: str) -> str:
    """Return the reference that somebody typed.

    Raises: AppointmentUnknown (it cannot be one).
    """
    reference = read_reference(typed)
    if reference is None:
        raise AppointmentUnknown
    return reference


def holder_of(appointment: Appointment) -> Holder:
    """Return who comes.

    Raises: AppointmentUnknown (it never became firm).
    """
    if appointment.holder is None or appointment.reference is None:
        raise AppointmentUnknown
    return appointment.holder


def hold(reading: Reading, links: Links, *, hold_id: UUID, secret: str) -> dict[str, Any]:
    """Return a hold, whatever became of it.

    Raises: HoldUnknown.
    """
    found = opened_hold(appointments.by_id(reading, hold_id), links, secret)
    return hold_reply(found, reading.now) | {"secret": links.secret(found.id, found.link_version)}


def hold_reply(found: Appointment, now: datetime) -> dict[str, Any]:
    """Return a hold as its holder may see it, without the secret."""
    return {
        "hold_id": found.id,
        "state": found.shown_state(now) if found.state is not State.CANCELLED else State.BOOKED,
        "location_id": found.slot.location_id,
        "products": appointments.products_of(found.wanted),
        "starts_at": found.slot.starts_at,
        "ends_at": found.slot.ends_at,
        "expires_at": found.expires_at,
        "extendable": found.extendable(now),
    }


def appointment(reading: Reading, links: Links, *, reference: str, secret: str) -> dict[str, Any]:
    """Return an appointment with what its holder told.

    Raises: AppointmentUnknown.
    """
    known = appointments.by_reference(reading, reference_read(reference))
    found = opened_appointment(known, links, secret, reading.now)
    holder = holder_of(found)
    return appointment_reply(found, reading.now) | {
        "secret": links.secret(found.id, found.link_version),
        "name": holder.name,
        "email": holder.email,
        "phone": holder.phone,
        "language": holder.language,
        "time_zone": holder.time_zone,
        "booked_at": found.booked_at,
    }


def appointment_reply(found: Appointment, now: datetime) -> dict[str, Any]:
    """Return an appointment without personal data and without the secret."""
    return {
        "appointment_id": found.id,
        "reference": shown(found.reference or ""),
        "state": found.state,
        "version": found.version,
        "sequence": found.sequence,
        "location_id": found.slot.location_id,
        "products": appointments.products_of(found.wanted),
        "starts_at": found.slot.starts_at,
        "ends_at": found.slot.ends_at,
        "changeable": found.changeable(now),
    }


def contact_of(reading: Reading, links: Links, *, appointment_id: UUID) -> dict[str, Any]:
    """Return whom an appointment belongs to; for services that write to people, never for the public.

    Raises: AppointmentUnknown (none, or it never became firm).
    """
    found = appointments.by_id(reading, appointment_id)
    if found is None:
        raise AppointmentUnknown
    holder = holder_of(found)
    return {
        "appointment_id": found.id,
        "reference": shown(found.reference or ""),
        "secret": links.secret(found.id, found.link_version),
        "name": holder.name,
        "email": holder.email,
        "phone": holder.phone,
        "language": holder.language,
        "time_zone": holder.time_zone,
    }


def capacity_drift(reading: Reading) -> dict[str, Any]:
    """Return where free ticks, openings and visits disagree, in both directions, and visits outside openings.

    Lost ticks are taken while nobody is there; doubled ticks are free while somebody is. Both must be none. A visit
    outside the openings is no drift: a clerk must find another time with its holder.
    """
    drifts = capacity.drift(reading)
    strays = capacity.visits_outside_openings(reading, local_day(TOWN_ZONE, reading.now))
    total: Counter[str] = Counter()
    for drift in drifts:
        total["lost"] += drift.lost.bit_count()
        total["doubled"] += drift.doubled.bit_count()
    for direction in ("lost", "doubled"):
        figures.drift_ticks.labels(direction).set(total[direction])
    figures.visits_outside_openings.set(len(strays))
    return {
        "drifts": [
            {
                "line_id": drift.line_id,
                "on": drift.on,
                "lost_ticks": drift.lost.bit_count(),
                "doubled_ticks": drift.doubled.bit_count(),
            }
            for drift in drifts
        ],
        "outside_openings": [
            {"appointment_id": stray.appointment_id, "line_id": stray.line_id, "on": stray.on} for stray in strays
        ],
    }
