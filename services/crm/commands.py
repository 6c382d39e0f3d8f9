"""What can be done: tie an appointment or a record to the customer whose it is."""

from services.crm import storage
from services.crm.digests import Digests
from services.crm.domain.contact import AboutId, CustomerId
from services.crm.domain.identity import Identifier, email_identifier, phone_identifier
from services.messaging.work import Work


def link_contact(
    work: Work, digests: Digests, *, about_id: AboutId, email: str, phone: str | None, receipt: str | None = None
) -> CustomerId | None:
    """Tie what contacts were about to the customer known by its e-mail address, else by its phone; else to a new one.

    Returns the customer, or None when somebody else has settled the appointment meanwhile. When e-mail and phone
    belong to different customers, the e-mail decides and the pair is kept as a possible duplicate.
    """
    if not storage.lock_waiting(work, about_id):
        return None
    customer_id = _customer_of(work, digests, email_identifier(email), phone_identifier(phone))
    storage.link(work, about_id, customer_id, receipt=receipt)
    return customer_id


def _customer_of(work: Work, digests: Digests, email: Identifier, phone: Identifier | None) -> CustomerId:
    customer_id = _by_email(work, digests, email, phone)
    if phone is not None:
        # Always the e-mail first, then the phone: two linkers never wait for each other in a circle.
        by_phone = storage.identify(work, customer_id, phone.kind, digests.digest(phone))
        if by_phone != customer_id:
            storage.note_possible_duplicate(work, customer_id, by_phone)
    return customer_id


def _by_email(work: Work, digests: Digests, email: Identifier, phone: Identifier | None) -> CustomerId:
    """Return the customer known by an e-mail address; make the phone's customer, or a new one, known by it."""
    email_digest = digests.digest(email)
    known = storage.customer_by(work, email.kind, email_digest)
    if known is not None:
        return known
    if phone is not None:
        by_phone = storage.customer_by(work, phone.kind, digests.digest(phone))
        if by_phone is not None:
            return storage.identify(work, by_phone, email.kind, email_digest)
    new = storage.add_customer(work)
    customer_id = storage.identify(work, new, email.kind, email_digest)
    if customer_id != new:
        storage.drop_customer(work, new)
    return customer_id
