"""On which times of a day a ceremony can be held."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.ceremonies import is_free
from services.civil_registry.domain.errors import OfficerNotCompetent, RecordUnknown
from services.civil_registry.domain.local_time import earliest_instant, end_of_day
from services.civil_registry.domain.marriage_facts import CeremonyFacts
from services.civil_registry.domain.record import Kind
from services.civil_registry.domain.registrars import check_competent
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import ZONE, Office
from services.civil_registry.storage import ceremonies, records
from services.civil_registry.storage.ceremonies import Taken
from services.messaging.work import Reading

_EVERY = timedelta(minutes=30)


def ceremony_times(
    reading: Reading, office: Office, *, actor: Mapping[str, Any], record_id: UUID, on: date
) -> dict[str, Any]:
    """Return the times of a day at which a room and an officer are free, with the first and last possible day.

    Raises: RecordUnknown.
    """
    who = office.actor(actor)
    found = records.find(reading, office.secrets, record_id)
    if found is None or found.kind is not Kind.MARRIAGE or not may_see(found, who, office.owner(who)):
        raise RecordUnknown
    case = case_of(reading, office, found, who)
    complete_on = found.extra.get("notice_complete_on")
    first_on = case.terms.marry_from(date.fromisoformat(complete_on)) if complete_on else None
    last_on = case.terms.marry_by(date.fromisoformat(complete_on)) if complete_on else None
    taken = ceremonies.taken(reading, earliest_instant(on, datetime.min.time()), end_of_day(on), but=found.id)
    return {
        "times": [told for at in _moments(on, case) for told in _free_rooms(office, case, at, taken)],
        "rooms": [
            {"room_id": room.id, "name": room.name, "special_house": room.special_house}
            for room in office.town.rooms.values()
        ],
        "first_on": first_on,
        "last_on": last_on,
    }


def _moments(on: date, case: Case) -> Iterator[datetime]:
    """Yield every half hour at which a ceremony can begin."""
    hours = case.policy.marriage.hours
    at = datetime.combine(on, hours.opens_at, ZONE)
    while at + timedelta(minutes=hours.minutes) <= datetime.combine(on, hours.closes_at, ZONE):
        yield at
        at += _EVERY


def _free_rooms(office: Office, case: Case, at: datetime, taken: Sequence[Taken]) -> Iterator[dict[str, Any]]:
    """Yield the rooms that are free at a moment, while an officer is who may hold the ceremony."""
    officers = {
        officer.staff_id
        for officer in office.town.officers.values()
        if officer.bsn_digest not in case.party_digests and _may_hold(officer, at.date())
    }
    for room in office.town.rooms.values():
        until = at + timedelta(minutes=room.minutes)
        busy = [one for one in taken if one.starts_at < until and at < one.ends_at]
        if room.id not in {one.room_id for one in busy} and officers - {one.officer_id for one in busy}:
            facts = CeremonyFacts(at.date(), at.time(), room.id, None)
            yield {
                "time": at.strftime("%H:%M"),
                "room_id": room.id,
                "free_of_charge": is_free(facts, case.policy.marriage),
            }


def _may_hold(officer: Any, on: date) -> bool:
    try:
        check_competent(officer, task="ceremony", on=on)
    except OfficerNotCompetent:
        return False
    return True
