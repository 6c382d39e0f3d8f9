"""What happens because time passes: appointments whose customer is not known yet are asked for.

The question goes to another service and therefore stands between two short transactions, never inside one.
"""

from typing import Any, Protocol

from services.contracts import appointments as contract
from services.contracts.base import dump, load
from services.crm import commands, storage
from services.crm.digests import Digests
from services.crm.domain.contact import CLAIM, AppointmentId, pause_after
from services.messaging.database import Transactions
from services.messaging.errors import Refusal, Unavailable
from services.messaging.log import get_logger
from services.messaging.rpc_client import RpcFault

log = get_logger()

_GONE = "appointment-unknown"


class Asks(Protocol):
    """Whoever can put a question to another service (`RpcClient` does)."""

    def call(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply. Raises: Refusal, Malformed, Unavailable, RpcFault."""


class Linker:
    """Finds the customers of new appointments, one at a time; several linkers at once are harmless."""

    def __init__(self, transactions: Transactions, services: Asks, digests: Digests) -> None:
        self._transactions = transactions
        self._services = services
        self._digests = digests

    def link_next(self) -> bool:
        """Link the appointment that waits longest; return whether there may be another one to do at once."""
        with self._transactions.work() as work:
            claimed = storage.claim_waiting(work, CLAIM)
        if claimed is None:
            return False
        appointment_id, attempts = claimed
        try:
            contact = self._contact_of(appointment_id)
        except Refusal as refusal:
            if refusal.code != _GONE:
                raise
            self._give_up(appointment_id)
            return True
        except (Unavailable, RpcFault):
            self._postpone(appointment_id, attempts)
            return False
        self._link(appointment_id, contact)
        return True

    def _contact_of(self, appointment_id: AppointmentId) -> dict[str, Any]:
        asked = dump(contract.GetContact, {"appointment_id": appointment_id})
        return load(contract.Contact, self._services.call("appointments", "contact_of", asked))

    def _link(self, appointment_id: AppointmentId, contact: dict[str, Any]) -> None:
        with self._transactions.work() as work:
            customer_id = commands.link_appointment(
                work,
                self._digests,
                appointment_id=appointment_id,
                email=contact["email"],
                phone=contact["phone"],
            )
        log.info("appointment_linked", appointment_id=appointment_id, customer_id=customer_id)

    def _give_up(self, appointment_id: AppointmentId) -> None:
        with self._transactions.work() as work:
            storage.give_up(work, appointment_id)
        log.info("customer_not_found", appointment_id=appointment_id)

    def _postpone(self, appointment_id: AppointmentId, attempts: int) -> None:
        with self._transactions.work() as work:
            storage.postpone(work, appointment_id, work.now + pause_after(attempts))
        log.warning("linking_postponed", appointment_id=appointment_id, attempts=attempts)
