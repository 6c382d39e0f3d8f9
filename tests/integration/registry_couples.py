"""Couples for the tests of marriages: their notices, and how far they have come."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from tests.integration.registry_desk import BRAM, SOFIE, RegistryDesk

OFFICER, SPECIAL = RegistryDesk.staff("abs-1"), RegistryDesk.staff("babs-1", "special-officer")
DAY = "2026-12-18"
HALL = "stadhuis-trouwzaal"
HELD = {
    "both_present": True,
    "both_identified": True,
    "both_said_yes": True,
    "witnesses": [0, 1],
    "held_time": "14:05",
}


def witness(first_names: str) -> dict[str, str]:
    return {"first_names": first_names, "surname": "Getuige", "born_on": "1990-01-01", "address": "Markt 1, Enschede"}


def notice(desk: RegistryDesk, one: str = BRAM, other: str = SOFIE, **changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "bond": "marriage",
        "partner_1": {"bsn": desk.seal(one)},
        "partner_2": {"bsn": desk.seal(other), "email": "sofie@example.org"},
        "kinship": "none",
        "witnesses": [witness("Anna"), witness("Bea")],
        "ceremony": {"on": DAY, "time": "14:00", "room_id": HALL},
        "contact": {"email": "bram@example.org", "language": "nl"},
        "confirmed": True,
    }
    ceremony = {name: changes.pop(name) for name in ("on", "time", "room_id", "officer_id") if name in changes}
    return {**content, "ceremony": content["ceremony"] | ceremony, **changes}


def invited(desk: RegistryDesk, one: str = BRAM, other: str = SOFIE, **changes: Any) -> SimpleNamespace:
    first = desk.resident(one)
    draft = desk.start(first, "marriage", **notice(desk, one, other, **changes))
    return desk.act(first, draft, "invite-partner")


def given(desk: RegistryDesk, one: str = BRAM, other: str = SOFIE, **changes: Any) -> SimpleNamespace:
    return desk.act(desk.resident(other), invited(desk, one, other, **changes), "assent", agrees=True)


def accepted(desk: RegistryDesk, settled: Any, **said: Any) -> SimpleNamespace:
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    return desk.act(OFFICER, settled, "accept", compared=True, **said)


def planned(desk: RegistryDesk, settled: Any, who: dict[str, Any] | None = None, **changes: Any) -> SimpleNamespace:
    ceremony = {"on": DAY, "time": "14:00", "room_id": HALL, **changes}
    return desk.act(who or desk.resident(BRAM), settled, "schedule", ceremony=ceremony)


def ready(desk: RegistryDesk, settled: Any) -> SimpleNamespace:
    """Let two days before the ceremony come, and clear it."""
    desk.clock.at = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
    desk.let_time_act()
    desk.check_brp()
    return desk.act(OFFICER, settled, "final-check")
