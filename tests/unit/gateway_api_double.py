"""The other end of the broker, in memory: it checks every request against its contract, as a service does."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.settings import GatewaySettings
from services.contracts import appointments, civil_registry
from services.contracts.base import Done, Nothing, dump, load
from services.messaging.errors import RemoteRefusal
from services.messaging.settings import Secret

CONTRACTS: dict[str, tuple[Any, Any]] = {
    "appointments.list_products": (Nothing, appointments.ProductList),
    "appointments.list_locations": (Nothing, appointments.LocationList),
    "appointments.free_days": (appointments.FindFreeDays, appointments.FreeDays),
    "appointments.free_times": (appointments.FindFreeTimes, appointments.FreeTimes),
    "appointments.hold_slot": (appointments.HoldSlot, appointments.Hold),
    "appointments.hold": (appointments.HoldRef, appointments.Hold),
    "appointments.extend_hold": (appointments.HoldRef, appointments.Hold),
    "appointments.release_hold": (appointments.HoldRef, Done),
    "appointments.confirm_hold": (appointments.ConfirmHold, appointments.Appointment),
    "appointments.free_pairs": (appointments.FindFreePairs, appointments.FreePairs),
    "appointments.collection_days": (appointments.FindCollectionDays, appointments.CollectionDays),
    "appointments.hold_pair": (appointments.HoldPair, appointments.Pair),
    "appointments.pair": (appointments.PairRef, appointments.Pair),
    "appointments.extend_pair": (appointments.PairRef, appointments.Pair),
    "appointments.release_pair": (appointments.PairRef, Done),
    "appointments.confirm_pair": (appointments.ConfirmPair, appointments.BookedPair),
    "appointments.appointment": (appointments.AppointmentRef, appointments.AppointmentDetails),
    "appointments.move_appointment": (appointments.MoveAppointment, appointments.Appointment),
    "appointments.cancel_appointment": (appointments.CancelAppointment, appointments.Appointment),
    "appointments.answer_affected": (appointments.AnswerAffected, appointments.Appointment),
    "appointments.reconfirm_appointment": (appointments.ReconfirmAppointment, appointments.Appointment),
    "appointments.note_seen": (appointments.AppointmentRef, Done),
    "appointments.send_link": (appointments.SendLink, Done),
    "appointments.waiting_list": (appointments.AppointmentRef, appointments.WaitingList),
    "appointments.join_waiting_list": (appointments.JoinWaitingList, appointments.WaitingList),
    "appointments.leave_waiting_list": (appointments.AppointmentRef, Done),
    "appointments.answer_offer": (appointments.AnswerOffer, appointments.Appointment),
    "appointments.request_code": (appointments.RequestCode, appointments.CodeOnItsWay),
    "appointments.check_code": (appointments.CheckCode, appointments.CheckedCode),
    "appointments.list_draws": (Nothing, appointments.DrawList),
    "appointments.draw": (appointments.GetDraw, appointments.DrawDocument),
    "appointments.enter_draw": (appointments.EnterDraw, appointments.DrawAnswer),
    "appointments.draw_request": (appointments.DrawRequestRef, appointments.DrawRequestDetails),
    "appointments.withdraw_draw_request": (appointments.DrawRequestRef, Done),
    "civil_registry.offered_declarations": (civil_registry.OfferedDeclarations, civil_registry.DeclarationList),
    "civil_registry.verify_document": (civil_registry.VerifyDocument, civil_registry.Verification),
}

HOLD_ID = "0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11"
SECRET = "abcdefghijklmnopqrstuvwxyz"
STARTS = datetime(2026, 12, 3, 8, 20, tzinfo=UTC)
ENDS = datetime(2026, 12, 3, 8, 50, tzinfo=UTC)
TEXTS = {"nl": "Paspoort", "en": "Passport", "de": "Reisepass"}
PRODUCT = {
    "product_id": "passport",
    "names": TEXTS,
    "summary": TEXTS,
    "bring": [TEXTS],
    "minutes": 20,
    "extra_minutes_per_person": 10,
    "max_persons": 8,
    "fees": [{"applies_to": "adult", "cents": 8387}],
    "channels": ["web"],
    "audience": "resident",
    "location_ids": ["stadskantoor"],
}
LOCATION = {
    "location_id": "stadskantoor",
    "name": "Stadskantoor",
    "street": "Hengelosestraat 51",
    "postal_code": "7514 AD",
    "city": "Enschede",
    "time_zone": "Europe/Amsterdam",
    "phone": "+31534817600",
    "directions": TEXTS,
    "opening_hours": [{"weekday": 0, "opens": "09:00", "closes": "17:00"}],
}
VISIT = {"location_id": "stadskantoor", "products": [{"product_id": "passport", "persons": 2}]}
HOLD = VISIT | {
    "hold_id": UUID(HOLD_ID),
    "secret": SECRET,
    "state": "held",
    "starts_at": STARTS,
    "ends_at": ENDS,
    "expires_at": datetime(2026, 11, 23, 20, 10, tzinfo=UTC),
    "extendable": True,
}
APPOINTMENT = VISIT | {
    "appointment_id": UUID(HOLD_ID),
    "reference": "K7Q2MXD4",
    "secret": SECRET,
    "state": "booked",
    "version": 3,
    "sequence": 1,
    "starts_at": STARTS,
    "ends_at": ENDS,
    "changeable": True,
}
DETAILS = APPOINTMENT | {
    "name": "Jildou de Vries",
    "email": "jildou@example.nl",
    "phone": None,
    "language": "nl",
    "time_zone": "Europe/Amsterdam",
    "booked_at": datetime(2026, 11, 23, 20, 0, 0, 123456, tzinfo=UTC),
}
OFFER_ID = "3c1f2f60-5c53-4f4e-8f0b-1f0d2f3f9a77"
WISH: dict[str, Any] = {
    "state": "offered",
    "location_ids": ["stadskantoor"],
    "earliest_on": datetime(2026, 11, 23, tzinfo=UTC).date(),
    "latest_at": STARTS,
    "weekdays": [0, 1],
    "parts_of_day": ["morning"],
    "notice_minutes": 1440,
    "offer": {
        "offer_id": UUID(OFFER_ID),
        "location_id": "stadskantoor",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "expires_at": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    },
}
WAITING = {"possible": True, "location_ids": ["stadskantoor"], "latest_at": STARTS, "wish": WISH}
JOURNEY_ID = "5c1b8f3e-9a77-4b0c-8a3e-1d5b3f6f5c22"
COLLECTION_STARTS = datetime(2026, 12, 10, 8, 20, tzinfo=UTC)
COLLECT = {"products": [{"product_id": "collect-travel-document", "persons": 2}]}
PAIR = {
    "journey_id": UUID(JOURNEY_ID),
    "secret": SECRET,
    "request": HOLD,
    "collection": HOLD | COLLECT | {"hold_id": UUID(JOURNEY_ID), "starts_at": COLLECTION_STARTS},
}
DRAW_ID = "7d0f4a50-3a7e-4b43-9d4b-2f6c7d3c9a10"
DRAW = {
    "draw_id": UUID(DRAW_ID),
    "product_id": "passport",
    "first_on": datetime(2027, 1, 11, tzinfo=UTC).date(),
    "last_on": datetime(2027, 1, 17, tzinfo=UTC).date(),
    "weekdays": [0, 1, 2, 3, 4, 5, 6],
    "opens_at": datetime(2026, 11, 16, 11, tzinfo=UTC),
    "closes_at": datetime(2026, 11, 29, 11, tzinfo=UTC),
    "draws_at": datetime(2026, 11, 30, 11, tzinfo=UTC),
    "state": "open",
    "places": 4,
    "open_days": [datetime(2027, 1, 11, tzinfo=UTC).date()],
    "parts_of_day": ["morning"],
    "location_ids": ["stadskantoor"],
    "commitment": "c" * 64,
    "held_at": None,
    "requests": None,
    "places_given": None,
    "digest": None,
}
ENTERED = {
    "request_id": UUID(JOURNEY_ID),
    "draw_id": UUID(DRAW_ID),
    "number": "482193057",
    "secret": SECRET,
    "first_on": DRAW["first_on"],
    "last_on": DRAW["last_on"],
    "draws_at": DRAW["draws_at"],
}
DRAW_TURN = {key: DRAW[key] for key in ("draw_id", "first_on", "last_on", "closes_at", "draws_at")} | {
    "number": "482193057",
    "outcome": "waiting",
    "appointment": None,
}
DRAW_REQUEST = {
    "request_id": UUID(JOURNEY_ID),
    "product_id": "passport",
    "state": "live",
    "location_ids": ["stadskantoor"],
    "weekdays": [0, 1],
    "parts_of_day": ["morning"],
    "persons": 2,
    "name": "Jildou de Vries",
    "birth_on": datetime(1990, 2, 28, tzinfo=UTC).date(),
    "email": "jildou@example.nl",
    "phone": None,
    "language": "nl",
    "entries": [DRAW_TURN],
    "has_visit": False,
    "next_opens_at": None,
}
GOOD_ANSWERS: dict[str, Any] = {
    "appointments.list_products": {"products": [PRODUCT]},
    "appointments.list_locations": {"locations": [LOCATION]},
    "appointments.free_days": {
        "days": [{"on": STARTS.date(), "starts": 11}],
        "first_free": STARTS,
        "minutes": 30,
        "last_on": datetime(2027, 5, 24, tzinfo=UTC).date(),
    },
    "appointments.free_times": {"starts": [STARTS], "minutes": 30},
    "appointments.hold_slot": HOLD,
    "appointments.hold": HOLD,
    "appointments.extend_hold": HOLD | {"extendable": False},
    "appointments.release_hold": {},
    "appointments.confirm_hold": APPOINTMENT,
    "appointments.free_pairs": {
        "days": [
            {
                "on": STARTS.date(),
                "starts": 11,
                "collect_from_on": COLLECTION_STARTS.date(),
                "collect_until_on": datetime(2027, 3, 3, tzinfo=UTC).date(),
                "collection_days": [{"on": COLLECTION_STARTS.date(), "starts": 4}],
            }
        ],
        "first_free": STARTS,
        "minutes": 30,
        "last_on": datetime(2027, 5, 24, tzinfo=UTC).date(),
    },
    "appointments.collection_days": {
        "from_on": COLLECTION_STARTS.date(),
        "products": COLLECT["products"],
        "days": [{"on": COLLECTION_STARTS.date(), "starts": 4}],
        "first_free": COLLECTION_STARTS,
        "minutes": 15,
        "last_on": datetime(2027, 3, 3, tzinfo=UTC).date(),
    },
    "appointments.hold_pair": PAIR,
    "appointments.pair": PAIR,
    "appointments.extend_pair": PAIR,
    "appointments.release_pair": {},
    "appointments.confirm_pair": {
        "journey_id": UUID(JOURNEY_ID),
        "request": APPOINTMENT,
        "collection": APPOINTMENT | COLLECT | {"reference": "M4N8PQRS", "starts_at": COLLECTION_STARTS},
    },
    "appointments.appointment": DETAILS,
    "appointments.move_appointment": APPOINTMENT,
    "appointments.cancel_appointment": APPOINTMENT | {"state": "cancelled"},
    "appointments.answer_affected": APPOINTMENT,
    "appointments.reconfirm_appointment": APPOINTMENT,
    "appointments.send_link": {},
    "appointments.waiting_list": WAITING,
    "appointments.join_waiting_list": WAITING | {"wish": WISH | {"state": "waiting", "offer": None}},
    "appointments.leave_waiting_list": {},
    "appointments.answer_offer": APPOINTMENT,
    "appointments.request_code": {"code_id": UUID(HOLD_ID), "expires_at": ENDS},
    "appointments.check_code": {"passed": True, "attempts_left": 0},
    "appointments.list_draws": {"draws": [DRAW]},
    "appointments.draw": {"draw_id": UUID(DRAW_ID), "held": False, "document": '{"draw":{}}'},
    "appointments.enter_draw": {"passed": True, "attempts_left": 0, "entered": ENTERED},
    "appointments.draw_request": DRAW_REQUEST,
    "appointments.withdraw_draw_request": {},
    "civil_registry.offered_declarations": {"on": STARTS.date(), "declarations": []},
    "civil_registry.verify_document": {
        "kind": "extract",
        "issued_on": STARTS.date(),
        "state": "valid",
        "sha256": "0" * 64,
        "number": "1A0123",
    },
}


@dataclass
class FarSide:
    """Stands where the RPC client stands. `answers` says per method what comes back, or what is raised."""

    answers: dict[str, Any] = field(default_factory=lambda: dict(GOOD_ANSWERS))
    calls: list[tuple[str, dict[str, Any], str | None]] = field(default_factory=list)
    connected: bool = True
    closed: bool = False

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        *,
        timeout_seconds: float = 5,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        name = f"{service}.{method}"
        asked_as, answered_as = CONTRACTS[name]
        load(asked_as, request)
        for earlier, content, key in self.calls:
            if idempotency_key and (earlier, key) == (name, idempotency_key) and content != request:
                raise RemoteRefusal("idempotency-key-reused", "Use a new key.", {})
        self.calls.append((name, request, idempotency_key))
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return dump(answered_as, answer)

    def close(self) -> None:
        self.closed = True

    def asked(self, name: str) -> dict[str, Any]:
        """The last request of one method."""
        return next(request for called, request, _ in reversed(self.calls) if called == name)


def settings(**changes: Any) -> GatewaySettings:
    plenty = "100000 per minute"
    values: dict[str, Any] = {
        "amqp_url": Secret("amqp://nobody"),
        "secret_key": Secret("k" * 40),
        "public_url": "https://balie.example.nl",
        "rate_reads": plenty,
        "rate_holds": plenty,
        "rate_writes": plenty,
        "rate_links": plenty,
    }
    return GatewaySettings(**(values | changes))


def gateway(far_side: FarSide, **changes: Any) -> FlaskClient:
    return create_app(settings(**changes), far_side).test_client()
