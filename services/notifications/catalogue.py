"""Names, addresses and fees of what mails speak about, asked from appointments and kept for a minute."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from services.contracts import appointments as contract
from services.contracts.base import dump, load
from services.messaging.clock import Clock
from services.notifications.domain.message import AppointmentId

KEPT = timedelta(minutes=1)


class Asks(Protocol):
    """Whoever can put a question to another service (`RpcClient` does)."""

    def call(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply. Raises: Refusal, Malformed, Unavailable, RpcFault."""


class Catalogue:
    """What appointments knows, as the mails need it.."""

    def __init__(self, services: Asks, clock: Clock) -> None:
        self._services = services
        self._clock = clock
        self._asked_at: datetime | None = None
        self._products: Mapping[str, Mapping[str, Any]] = {}
        self._locations: Mapping[str, Mapping[str, Any]] = {}

    def contact_of(self, appointment_id: AppointmentId) -> Mapping[str, Any]:
        """Return whom to write to and in which language. Never kept.

        Raises: Refusal (`appointment-unknown`), Unavailable, RpcFault.
        """
        asked = dump(contract.GetContact, {"appointment_id": appointment_id})
        return load(contract.Contact, self._services.call("appointments", "contact_of", asked))

    def mail_code(self, code_id: UUID) -> Mapping[str, Any]:
        """Return a code and where it goes. Never kept.

        Raises: Refusal (`code-over`), Unavailable, RpcFault.
        """
        asked = dump(contract.GetMailCode, {"code_id": code_id})
        return load(contract.MailCode, self._services.call("appointments", "mail_code", asked))

    def draw_contact(self, request_id: UUID, draw_id: UUID) -> Mapping[str, Any]:
        """Return whom to write to about a request for a draw, and how it fared. Never kept.

        Raises: Refusal (`draw-request-unknown`, `draw-request-over`), Unavailable, RpcFault.
        """
        asked = dump(contract.GetDrawContact, {"request_id": request_id, "draw_id": draw_id})
        return load(contract.DrawContact, self._services.call("appointments", "draw_contact", asked))

    def product(self, product_id: str) -> Mapping[str, Any] | None:
        """Return a product of contracts.appointments, or None when it is on offer no more.

        Raises: Unavailable, RpcFault.
        """
        self._refresh()
        return self._products.get(product_id)

    def location(self, location_id: str) -> Mapping[str, Any] | None:
        """Return a location of contracts.appointments, or None when there is no such place any more.

        Raises: Unavailable, RpcFault.
        """
        self._refresh()
        return self._locations.get(location_id)

    def _refresh(self) -> None:
        if self._asked_at is not None and self._clock.now() < self._asked_at + KEPT:
            return
        products = load(contract.ProductList, self._services.call("appointments", "list_products", {}))
        locations = load(contract.LocationList, self._services.call("appointments", "list_locations", {}))
        # What left the offer since then is still what somebody booked: it stays known.
        self._products = {**self._products, **{item["product_id"]: item for item in products["products"]}}
        self._locations = {**self._locations, **{item["location_id"]: item for item in locations["locations"]}}
        self._asked_at = self._clock.now()
