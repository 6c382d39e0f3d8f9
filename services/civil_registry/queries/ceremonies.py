"""On which days and times a ceremony can be held."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.actor import STAFF
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.ceremonies import is_free
from services.civil_registry.domain.ceremony_officers import who_may_hold
from services.civil_registry.domain.errors import RecordUnknown
from services.civil_registry.domain.legal_moments import wedding_days
from services.civil_registry.domain.local_time import earliest_instant, end_of_day
from services.civil_registry.domain.marriage_facts import CeremonyFacts
from services.civil_registry.domain.record import Kind
from services.civil_registry.domain.rooms import Room
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import ZONE, Office
from services.civil_registry.storage import ceremonies, records
from services.civil_registry.storage.ceremonies import Taken, busy
from services.messaging.work import Reading

_EVERY = timedelta(minutes=30)
_DAY = timedelta(days=1)


def ceremony_days(
    reading: Reading,
    office: Office,
    *,
    actor: Mapping[str, Any],
    record_id: UUID,
    room_id: str | None,
    officer_id: str | None,
    from_on: date,
    until_on: date,
) -> dict[str, Any]:
    """Return the days in a period with a free room and officer, and the first free moment that there is at all.

    Raises: RecordUnknown.
    """
    offer = _offer(reading, office, actor, record_id, room_id=room_id, officer_id=officer_id)
    planned = offer.taken(reading, offer.first_on, offer.last_on)
    days = []
    for on in _days(max(from_on, offer.first_on), min(until_on, offer.last_on)):
        found = list(offer.times(on, planned))
        if found:
            free_of_charge = any(one["free_of_charge"] for one in found)
            days.append({"on": on, "starts": len({one["time"] for one in found}), "free_of_charge": free_of_charge})
    return offer.told() | {"days": days, "first_free": offer.first_free(planned)}


def ceremony_times(
    reading: Reading,
    office: Office,
    *,
    actor: Mapping[str, Any],
    record_id: UUID,
    room_id: str | None,
    officer_id: str | None,
    on: date,
) -> dict[str, Any]:
    """Return the times of a day at which a room and an officer are free, with the first and last possible day.

    Raises: RecordUnknown.
    """
    offer = _offer(reading, office, actor, record_id, room_id=room_id, officer_id=officer_id)
    times: list[dict[str, Any]] = []
    if offer.first_on <= on <= offer.last_on:
        times.extend(offer.times(on, offer.taken(reading, on, on)))
    return offer.told() | {"times": times}


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one couple can choose from: in which rooms, before whom, between which days."""

    office: Office
    case: Case
    rooms: tuple[Room, ...]
    officer_id: str | None
    first_on: date
    last_on: date

    def taken(self, reading: Reading, first_on: date, last_on: date) -> list[Taken]:
        """Return what is planned between two days, but for the ceremony that is asked about."""
        if last_on < first_on:
            return []
        return ceremonies.taken(
            reading, earliest_instant(first_on, time()), end_of_day(last_on), but=self.case.record.id
        )

    def times(self, on: date, planned: Sequence[Taken]) -> Iterator[dict[str, Any]]:
        """Yield every half hour of a day and every room that can be had then."""
        officers = {one.staff_id for one in who_may_hold(self.case, on)}
        if self.officer_id is not None:
            officers &= {self.officer_id}
        today = busy(planned, earliest_instant(on, time()), end_of_day(on))
        for room in self.rooms:
            for at in self._moments(on, room):
                meanwhile = busy(today, at, at + timedelta(minutes=room.minutes))
                free = officers - {one.officer_id for one in meanwhile}
                if free and room.id not in {one.room_id for one in meanwhile}:
                    yield {
                        "time": at.strftime("%H:%M"),
                        "room_id": room.id,
                        "free_of_charge": is_free(
                            CeremonyFacts(on, at.time(), room.id, None), self.case.policy.marriage
                        ),
                    }

    def first_free(self, planned: Sequence[Taken]) -> datetime | None:
        """Return the first free moment."""
        for on in _days(self.first_on, self.last_on):
            for found in self.times(on, planned):
                return datetime.combine(on, time.fromisoformat(found["time"]), ZONE)
        return None

    def told(self) -> dict[str, Any]:
        """Return what both questions answer."""
        names = self.office.town.officer_names
        return {
            "rooms": [
                {
                    "room_id": room.id,
                    "name": room.name,
                    "special_house": room.special_house,
                    "minutes": room.minutes,
                }
                for room in self.office.town.rooms.values()
            ],
            "officers": [
                {"officer_id": one.staff_id, "name": names[one.staff_id]}
                for one in who_may_hold(self.case, self.first_on)
                if one.by_choice
            ],
            "first_on": self.first_on,
            "last_on": self.last_on,
        }

    def _moments(self, on: date, room: Room) -> Iterator[datetime]:
        hours = self.case.policy.marriage.hours
        at, last = datetime.combine(on, hours.opens_at, ZONE), datetime.combine(on, hours.closes_at, ZONE)
        while at + timedelta(minutes=room.minutes) <= last:
            if at > self.case.now:
                yield at
            at += _EVERY


def _offer(
    reading: Reading,
    office: Office,
    actor: Mapping[str, Any],
    record_id: UUID,
    *,
    room_id: str | None,
    officer_id: str | None,
) -> _Offer:
    who = office.actor(actor)
    found = records.find(reading, office.secrets, record_id)
    if found is None or found.kind is not Kind.MARRIAGE or not may_see(found, who, office.owner(who)):
        raise RecordUnknown
    case = case_of(reading, office, found, who)
    first_on, last_on = wedding_days(case)
    ahead = 0 if who.may(STAFF) else case.policy.marriage.couple_plans_until_days
    rooms = tuple(room for room in office.town.rooms.values() if room_id in (None, room.id))
    return _Offer(office, case, rooms, officer_id, max(first_on, case.today + ahead * _DAY), last_on)


def _days(first_on: date, last_on: date) -> Iterator[date]:
    while first_on <= last_on:
        yield first_on
        first_on += _DAY
