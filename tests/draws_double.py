"""The part of the pages' double that knows of draws: free weddings, of which two Mondays can be asked for."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.appointments import DrawRequestRef, EnterDraw, GetDraw
from services.contracts.base import Nothing, load
from services.messaging.errors import RemoteRefusal

WEDDING = "free-wedding"
DRAW_IDS = ("7d0f4a50-3a7e-4b43-9d4b-2f6c7d3c9a10", "7d0f4a50-3a7e-4b43-9d4b-2f6c7d3c9a11")
HELD_ID = "7d0f4a50-3a7e-4b43-9d4b-2f6c7d3c9a01"
REQUEST_ID = "5c1b8f3e-9a77-4b0c-8a3e-1d5b3f6f5c22"
NUMBER = "482193057"
SECRET = "abcdefghijklmnopqrstuvwxyz"
FIRST_ON = date(2027, 1, 11)
DRAWS_AT = datetime(2026, 11, 30, 11, tzinfo=UTC)


def summary(number: int, **changes: Any) -> dict[str, Any]:
    """Return the draw of one week, as the list tells it."""
    first_on, later = FIRST_ON + timedelta(weeks=number), timedelta(weeks=number)
    told = {
        "draw_id": DRAW_IDS[number % 2],
        "product_id": WEDDING,
        "first_on": first_on.isoformat(),
        "last_on": (first_on + timedelta(days=6)).isoformat(),
        "weekdays": list(range(7)),
        "opens_at": (DRAWS_AT + later - timedelta(days=14)).isoformat(),
        "closes_at": (DRAWS_AT + later - timedelta(days=1)).isoformat(),
        "draws_at": (DRAWS_AT + later).isoformat(),
        "state": "open",
        "places": 4,
        "open_days": [first_on.isoformat(), (first_on + timedelta(days=3)).isoformat()],
        "parts_of_day": ["morning", "afternoon"],
        "location_ids": ["stadskantoor", "glanerbrug"],
        "commitment": "c" * 64,
        "held_at": None,
        "requests": None,
        "places_given": None,
        "digest": None,
    }
    return told | changes


PUBLISHED: dict[str, Any] = {
    "digest": "d" * 64,
    "draw": {
        "drawId": HELD_ID,
        "productId": WEDDING,
        "firstDate": "2027-01-04",
        "lastDate": "2027-01-10",
        "opensAt": "2026-11-09T11:00:00Z",
        "closesAt": "2026-11-22T11:00:00Z",
        "drawsAt": "2026-11-23T11:00:00Z",
        "heldAt": "2026-11-23T11:00:02.5Z",
        "commitment": "c" * 64,
        "key": "e" * 64,
        "requests": [
            {"number": NUMBER, "place": {"date": "2027-01-04", "starts": "09:20"}},
            {"number": "000000007", "place": None},
        ],
    },
}


class DrawsDouble:
    """What appointments answers about draws. `code` is right for the one `code_id` that the double mails."""

    code_id: str
    code: str

    def __init__(self) -> None:
        self.draws: list[dict[str, Any]] = [summary(0)]
        self.entered: dict[str, Any] | None = None
        self.code_attempts = 5

    def _list_draws(self, request: dict[str, Any]) -> dict[str, Any]:
        load(Nothing, request)
        return {"draws": self.draws}

    def _draw(self, request: dict[str, Any]) -> dict[str, Any]:
        draw_id = str(load(GetDraw, request)["draw_id"])
        if draw_id == HELD_ID:
            return {"draw_id": draw_id, "held": True, "document": json.dumps(PUBLISHED)}
        if draw_id not in [draw["draw_id"] for draw in self.draws]:
            raise RemoteRefusal("draw-unknown", "Choose a draw.", {})
        hidden = ("key", "heldAt", "requests")
        said = {name: value for name, value in PUBLISHED["draw"].items() if name not in hidden}
        return {"draw_id": draw_id, "held": False, "document": json.dumps({"draw": said})}

    def _enter_draw(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(EnterDraw, request)
        if (str(asked["code_id"]), asked["code"]) != (self.code_id, self.code) or not self.code_attempts:
            self.code_attempts = max(0, self.code_attempts - 1)
            return {"passed": False, "attempts_left": self.code_attempts, "entered": None}
        draw = next(draw for draw in self.draws if draw["draw_id"] == str(asked["draw_id"]))
        turn = {name: draw[name] for name in ("draw_id", "first_on", "last_on", "closes_at", "draws_at")}
        self.entered = {
            "request_id": REQUEST_ID,
            "product_id": draw["product_id"],
            "state": "live",
            "entries": [turn | {"number": NUMBER, "outcome": "waiting", "appointment": None}],
            "has_visit": False,
            "next_opens_at": None,
            "birth_on": asked["birth_on"].isoformat(),
        } | {
            name: asked[name]
            for name in ("location_ids", "weekdays", "parts_of_day", "persons", "name", "email", "phone", "language")
        }
        told = {name: draw[name] for name in ("draw_id", "first_on", "last_on", "draws_at")}
        entered = told | {"request_id": REQUEST_ID, "number": NUMBER, "secret": SECRET}
        return {"passed": True, "attempts_left": 0, "entered": entered}

    def _draw_request(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(DrawRequestRef, request)
        if self.entered is None or (asked["request_id"], asked["secret"]) != (UUID(REQUEST_ID), SECRET):
            raise RemoteRefusal("draw-request-unknown", "Use the link.", {})
        return self.entered

    def _withdraw_draw_request(self, request: dict[str, Any]) -> dict[str, Any]:
        self._draw_request(request)["state"] = "withdrawn"
        return {}
