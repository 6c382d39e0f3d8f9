"""On which times of a day a ceremony can be held."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.ceremonies import is_free
from services.civil_registry.domain.errors import OfficerNotCompetent, RecordUnknown
from services.civil_registry.domain.local_time import earliest_instant, end_of_day
from services.civil_registry.domain.marriage_facts import CeremonyFacts
from services.civil_registry.domain.record import Kind
from services.civil_registry.domain.registrars import check_competent
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import ZONE, Office
from services.civil_registry.storage import ceremonies, records
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
    officers = [
        officer.staff_id
        for officer in office.town.officers.values()
        if officer.bsn_digest not in case.party_digests and _may_hold(officer, on)
    ]
    taken = ceremonies.taken(reading, earliest_instant(on, datetime.min.time()), end_of_day(on), but=found.id)
    policy = case.policy.marriage
    times = []
    at = datetime.combine(on, policy.hours.opens_at)
    while at + timedelta(minutes=policy.hours.minutes) <= datetime.combine(on, policy.hours.closes_at):
        starts_at = at.replace(tzinfo=ZONE)
        for room in office.town.rooms.values():
            ends_at = starts_at + timedelta(minutes=room.minutes)
            busy = [
                (room_id, officer) for room_id, officer, since, until in taken if since < ends_at and starts_at < until
            ]
            free_officers = set(officers) - {officer for _, officer in busy}
            if room.id not in {room_id for room_id, _ in busy} and free_officers:
                facts = CeremonyFacts(on, at.time(), room.id, None)
                times.append(
                    {
                        "time": at.strftime("%H:%M"),
                        "room_id": room.id,
                        "free_of_charge": is_free(facts, policy),
                    }
                )
        at += _EVERY
    return {
        "times": times,
        "rooms": [
            {"room_id": room.id, "name": room.name, "special_house": room.special_house}
            for room in office.town.rooms.values()
        ],
        "first_on": first_on,
        "last_on": last_on,
    }


def _may_hold(officer: Any, on: date) -> bool:
    try:
        check_competent(officer, task="ceremony", on=on)
    except OfficerNotCompetent:
        return False
    return True
