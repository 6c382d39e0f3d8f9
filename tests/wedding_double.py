"""A couple and the registry in memory for them: two rooms, two times a day, from the fourteenth day to a year on."""

from datetime import date, timedelta
from typing import Any

from tests.registry_double import SEALER, RegistryDouble, actor

BRAM, SOFIE = "999980178", "999980191"
FIRST, SECOND = actor("resident", BRAM), actor("resident", SOFIE)


def witness(first_names: str) -> dict[str, str]:
    return {"first_names": first_names, "surname": "Getuige", "born_on": "1990-01-01", "address": "Markt 1, Enschede"}


def whole_notice(**changes: Any) -> dict[str, Any]:
    """Everything that the first partner fills in."""
    content: dict[str, Any] = {
        "bond": "marriage",
        "kinship": "none",
        "partner_1": {
            "bsn": SEALER.seal(BRAM),
            "residence": "dutch",
            "guardianship": False,
            "custody": False,
            "no_sham": False,
            "name_use": "own",
        },
        "partner_2": {"bsn": SEALER.seal(SOFIE), "email": "sofie@voorbeeld.nl"},
        "contact": {"email": "bram@voorbeeld.nl", "phone": None, "language": "nl"},
        "ceremony": {"on": "2026-12-18", "time": "14:00", "room_id": "stadhuis", "officer_id": None},
        "witnesses": [witness("Anna"), witness("Bea")],
    }
    return content | changes


class WeddingDouble(RegistryDouble):
    """The double with rooms and times for ceremonies."""

    rooms: tuple[dict[str, Any], ...] = (
        {"room_id": "stadhuis", "name": "Trouwzaal Stadhuis", "special_house": False, "minutes": 60},
        {"room_id": "ziekenhuis", "name": "Bijzonder huis", "special_house": True, "minutes": 60},
    )
    times: tuple[str, ...] = ("11:00", "14:00")

    def _wedding_days(self) -> tuple[date, date]:
        today = self.clock.now().date()
        return today + timedelta(days=14), today.replace(year=today.year + 1)

    def _ceremony_offer(self) -> dict[str, Any]:
        first_on, last_on = self._wedding_days()
        officers = [{"officer_id": "babs-1", "name": "B. Peters"}]
        days = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
        return {"rooms": list(self.rooms), "officers": officers, **days}

    def _check_marriage(self, request: dict[str, Any]) -> dict[str, Any]:
        first_on, last_on = self._wedding_days()
        return {"obstacles": self.obstacles, "marry_from": first_on.isoformat(), "marry_by": last_on.isoformat()}

    def _ceremony_days(self, request: dict[str, Any]) -> dict[str, Any]:
        first_on, last_on = self._wedding_days()
        from_on, until_on = (date.fromisoformat(request[name]) for name in ("from_on", "until_on"))
        all_days = [from_on + timedelta(days=number) for number in range((until_on - from_on).days + 1)]
        days = [
            {"on": on.isoformat(), "starts": len(self.times), "free_of_charge": False}
            for on in all_days
            if first_on <= on <= last_on and self.times
        ]
        first = f"{first_on.isoformat()}T11:00:00+01:00" if self.times else None
        return self._ceremony_offer() | {"days": days, "first_free": first}

    def _ceremony_times(self, request: dict[str, Any]) -> dict[str, Any]:
        self._mine(request)
        first_on, last_on = self._wedding_days()
        free = self.times if first_on <= date.fromisoformat(request["on"]) <= last_on else ()
        room_id = request["room_id"] or "stadhuis"
        times = [{"time": time, "room_id": room_id, "free_of_charge": time == "11:00"} for time in free]
        return self._ceremony_offer() | {"times": times}
