"""What one visit of a journey must respect of the other."""

from datetime import timedelta

from services.appointments import queries
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.collection import Part, check_collection, collected
from services.appointments.domain.errors import NothingToCollect, NotOfferedHere
from services.appointments.domain.place import Slot
from services.appointments.storage import catalogue
from services.messaging.work import Work

_MARGIN = timedelta(days=190)
"""More than a term to collect can be long: days off are looked up so far before and beyond."""


def check_other_visit(work: Work, before: Appointment, slot: Slot, other: Appointment) -> None:
    """Do nothing when a visit may move to a slot while the other visit of its journey stays where it is.

    The rules are those of today; a product that is no longer collected binds nothing.

    Raises: CollectionTooEarly, CollectionTooLate, NotOfferedHere (documents lie where they were requested).
    """
    if not other.occupies:
        return
    if slot.location_id != other.slot.location_id:
        raise NotOfferedHere(location_ids=[other.slot.location_id])
    request, requested_on, collected_on = before, slot.on, other.slot.on
    if before.part is Part.COLLECTION:
        request, requested_on, collected_on = other, other.slot.on, slot.on
    rules = catalogue.edition(work).rules_by_id({part.product_id for part in request.wanted})
    try:
        _, term = collected(request.wanted, {rule.product_id: rule for rule in rules})
    except NothingToCollect:
        return
    first, last = min(requested_on, collected_on) - _MARGIN, max(requested_on, collected_on) + _MARGIN
    off = queries.off_between(work, first, last, location_id=slot.location_id)
    check_collection(requested_on, collected_on, term, off)
