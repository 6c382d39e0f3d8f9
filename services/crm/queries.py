"""What can be asked: the timeline of one customer. Each look at a person is logged before data are returned."""

from typing import Any
from uuid import UUID

from services.crm import storage
from services.crm.digests import Digests
from services.crm.domain.contact import CustomerId
from services.crm.domain.errors import CustomerUnknown
from services.crm.domain.identity import Identifier, email_identifier, phone_identifier
from services.messaging.log import get_logger
from services.messaging.work import Reading

log = get_logger()

MOST_ENTRIES = 500
"""A timeline shows at most this many contacts, the newest."""


def timeline(
    reading: Reading,
    digests: Digests,
    *,
    email: str | None = None,
    phone: str | None = None,
    customer_id: UUID | None = None,
) -> dict[str, Any]:
    """Return the contacts of the customer with this e-mail address, phone number or id, newest first.

    Raises: CustomerUnknown.
    """
    if customer_id is None:
        identifier = phone_identifier(phone) if email is None else email_identifier(email)
        found = _known_by(reading, digests, identifier)
    else:
        found = CustomerId(customer_id) if storage.customer_exists(reading, customer_id) else None
    if found is None:
        raise CustomerUnknown
    log.info("customer_viewed", customer_id=found)
    entries = storage.entries_of(reading, found, most=MOST_ENTRIES)
    return {
        "customer_id": found,
        "deceased_since": storage.deceased_since(reading, found),
        "entries": [_told(row) for row in entries],
    }


def check_customer(reading: Reading, digests: Digests, *, email: str) -> dict[str, Any]:
    """Return since when the customer with an e-mail address is known to have died; None when he is not, or unknown.

    Asked by other services before they write to him; nothing else is told, so it is no look at a person.
    """
    found = _known_by(reading, digests, email_identifier(email))
    return {"deceased_since": None if found is None else storage.deceased_since(reading, found)}


def _known_by(reading: Reading, digests: Digests, identifier: Identifier | None) -> CustomerId | None:
    if identifier is None:
        return None
    return storage.customer_by(reading, identifier.kind, digests.digest(identifier))


def _told(row: Any) -> dict[str, Any]:
    fields: dict[str, Any] = row._asdict()
    return fields | {"entry_id": fields["event_id"]}
