"""The waiting list, as the holder of an appointment may see it."""

from typing import Any
from zoneinfo import ZoneInfo

from services.appointments.domain.appointment import Appointment
from services.appointments.domain.contact_hours import contact_after
from services.appointments.domain.errors import NoWaitingList
from services.appointments.domain.policy import ListRules, together
from services.appointments.domain.waiting_list import MOST_OFFERS, Offer, Wish, WishState, latest_start
from services.appointments.links import Links
from services.appointments.queries.visits import opened_appointment, reference_read
from services.appointments.storage import appointments, catalogue
from services.appointments.storage import waiting_list as storage
from services.messaging.work import Reading


def waiting_list(reading: Reading, links: Links, *, reference: str, secret: str) -> dict[str, Any]:
    """Return whether an appointment may be on the waiting list, and what is wished and offered if it is.

    Raises: AppointmentUnknown.
    """
    known = appointments.by_reference(reading, reference_read(reference))
    return waiting_list_reply(reading, opened_appointment(known, links, secret, reading.now))


def list_rules(reading: Reading, visit: Appointment) -> ListRules:
    """Return the rules of the waiting list for a visit.

    Raises: NoWaitingList.
    """
    products = catalogue.edition(reading).rules_by_id({part.product_id for part in visit.wanted})
    rules = together(product.policy for product in products).waiting_list
    if rules is None:
        raise NoWaitingList
    return rules


def waiting_list_reply(reading: Reading, visit: Appointment) -> dict[str, Any]:
    """Return what the holder of a visit may know of the list: never where on it he stands."""
    wish = storage.wish_of(reading, visit.id)
    offer = None if wish is None else storage.open_offer(reading, wish.id)
    try:
        rules = list_rules(reading, visit)
    except NoWaitingList:
        possible, latest = False, None
    else:
        latest = latest_start(visit.slot.starts_at, wished_at=reading.now, rules=rules)
        zone = ZoneInfo(catalogue.edition(reading).time_zone_of(visit.slot.location_id))
        possible = visit.changeable(reading.now) and contact_after(reading.now, rules.min_lead, zone) <= latest
    edition = catalogue.edition(reading)
    needs = edition.skills_for({part.product_id for part in visit.wanted})
    companions = edition.companions_for(visit.wanted, visit.slot.size)
    return {
        "possible": possible,
        "location_ids": edition.locations_able(needs, companions),
        "latest_at": latest,
        "wish": None if wish is None else _wish_reply(wish, offer),
    }


def _wish_reply(wish: Wish, offer: Offer | None) -> dict[str, Any]:
    return {
        "state": _shown_state(wish, offer),
        "location_ids": sorted(wish.location_ids),
        "earliest_on": wish.earliest_on,
        "latest_at": wish.latest_at,
        "weekdays": sorted(wish.weekdays),
        "parts_of_day": sorted(wish.parts_of_day),
        "notice_minutes": int(wish.notice.total_seconds()) // 60,
        "offer": None
        if offer is None
        else {
            "offer_id": offer.id,
            "location_id": offer.slot.location_id,
            "starts_at": offer.slot.starts_at,
            "ends_at": offer.slot.ends_at,
            "expires_at": offer.expires_at,
        },
    }


def _shown_state(wish: Wish, offer: Offer | None) -> str:
    if offer is not None:
        return "offered"
    if wish.state is WishState.PAUSED:
        return "paused"
    return "done" if wish.offers_made >= MOST_OFFERS else "waiting"
