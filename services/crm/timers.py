"""What happens because time passes: customers of appointments and records are asked for.

The question goes to another service and therefore stands between two short transactions, never inside one.
"""

from typing import Any, Protocol

from services.contracts import appointments, civil_registry
from services.contracts.base import dump, load
from services.crm import commands, storage
from services.crm.digests import Digests
from services.crm.domain.contact import CLAIM, About, AboutId, pause_after
from services.messaging.database import Transactions
from services.messaging.errors import Refusal, Unavailable
from services.messaging.log import get_logger
from services.messaging.rpc_client import RpcFault

log = get_logger()

_GONE = ("appointment-unknown", "record-unknown")


class Asks(Protocol):
    """Whoever can put a question to another service (`RpcClient` does)."""

    def call(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply. Raises: Refusal, Malformed, Unavailable, RpcFault."""


class Linker:
    """Finds the customers of new appointments and records, one at a time; several linkers at once are harmless."""

    def __init__(self, transactions: Transactions, services: Asks, digests: Digests) -> None:
        self._transactions = transactions
        self._services = services
        self._digests = digests

    def link_next(self) -> bool:
        """Link what waits longest; return whether there may be another one to do at once."""
        with self._transactions.work() as work:
            claimed = storage.claim_waiting(work, CLAIM)
        if claimed is None:
            return False
        try:
            contact = self._contact_of(claimed)
        except Refusal as refusal:
            if refusal.code not in _GONE:
                raise
            self._give_up(claimed.about_id)
            return True
        except (Unavailable, RpcFault):
            self._postpone(claimed)
            return False
        if contact["email"] is None:
            self._give_up(claimed.about_id)
        else:
            self._link(claimed.about_id, contact)
        return True

    def _contact_of(self, claimed: storage.Claimed) -> dict[str, Any]:
        if claimed.about is About.RECORD:
            asked = dump(civil_registry.AboutFact, {"record_id": claimed.about_id})
            answer = self._services.call("civil_registry", "contact_of_record", asked)
            return load(civil_registry.RecordContact, answer)
        asked = dump(appointments.GetContact, {"appointment_id": claimed.about_id})
        return load(appointments.Contact, self._services.call("appointments", "contact_of", asked))

    def _link(self, about_id: AboutId, contact: dict[str, Any]) -> None:
        with self._transactions.work() as work:
            customer_id = commands.link_contact(
                work,
                self._digests,
                about_id=about_id,
                email=contact["email"],
                phone=contact["phone"],
                receipt=contact.get("receipt"),
            )
        log.info("contact_linked", about_id=about_id, customer_id=customer_id)

    def _give_up(self, about_id: AboutId) -> None:
        with self._transactions.work() as work:
            storage.give_up(work, about_id)
        log.info("customer_not_found", about_id=about_id)

    def _postpone(self, claimed: storage.Claimed) -> None:
        with self._transactions.work() as work:
            storage.postpone(work, claimed.about_id, work.now + pause_after(claimed.attempts))
        log.warning("linking_postponed", about_id=claimed.about_id, attempts=claimed.attempts)
