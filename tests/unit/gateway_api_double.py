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
    "appointments.appointment": (appointments.AppointmentRef, appointments.AppointmentDetails),
    "appointments.move_appointment": (appointments.MoveAppointment, appointments.Appointment),
    "appointments.cancel_appointment": (appointments.CancelAppointment, appointments.Appointment),
    "appointments.answer_affected": (appointments.AnswerAffected, appointments.Appointment),
    "appointments.send_link": (appointments.SendLink, Done),
    "civil_registry.offered_declarations": (civil_registry.OfferedDeclarations, civil_registry.DeclarationList),
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
    "appointments.appointment": DETAILS,
    "appointments.move_appointment": APPOINTMENT,
    "appointments.cancel_appointment": APPOINTMENT | {"state": "cancelled"},
    "appointments.answer_affected": APPOINTMENT,
    "appointments.send_link": {},
    "civil_registry.offered_declarations": {"on": STARTS.date(), "declarations": []},
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
