"""How wishes and offers end. The caller has locked the visit; wish, offer and hold are locked here, in that order."""

from datetime import datetime

from services.appointments import figures
from services.appointments.commands.freeing import back_to_list
from services.appointments.domain.appointment import Appointment, Deed
from services.appointments.domain.waiting_list import Offer, OfferState, Wish, WishEnd
from services.appointments.storage import appointments
from services.appointments.storage import waiting_list as storage
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def end_wish(work: Work, visit: Appointment, because: WishEnd) -> None:
    """End the wish of a visit, if there is one; an offer that waits for its answer is taken back."""
    wish = storage.lock_wish_of(work, visit.id)
    if wish is None:
        return
    end_open_offer(work, wish, OfferState.REVOKED)
    storage.change_wish(work, wish.ended(because, work.now))
    log.info("wish_ended", appointment_id=visit.id, reason=because)


def end_wish_if_early_enough(work: Work, visit: Appointment, starts_at: datetime) -> None:
    """End the wish of a visit that moves as far forward as its holder wished for."""
    wish = storage.lock_wish_of(work, visit.id)
    if wish is not None and starts_at <= wish.latest_at:
        end_wish(work, visit, WishEnd.MOVED)


def end_open_offer(work: Work, wish: Wish, how: OfferState) -> Wish:
    """End the offer of a wish that waits for its answer, if there is one; its place goes to the next on the list."""
    offer = storage.lock_open_offer(work, wish.id)
    if offer is None:
        return wish
    hold = appointments.lock_by_id(work, offer.hold_id)
    if hold is None or not hold.occupies:
        raise RuntimeError("an open offer has lost its place")
    close_offer(work, offer, how)
    answered = wish.answered(how)
    storage.change_wish(work, answered)
    back_to_list(work, hold)
    return answered


def take_place(work: Work, offer: Offer) -> Appointment:
    """Dissolve the hold of an accepted offer, so that the visit itself may own its ticks; return the hold."""
    hold = appointments.lock_by_id(work, offer.hold_id)
    if hold is None or not hold.occupies:
        raise RuntimeError("an open offer has lost its place")
    appointments.change(work, hold, hold.released(), Deed.RELEASE)
    return hold


def close_offer(work: Work, offer: Offer, how: OfferState) -> None:
    """Write down how an offer ended, and tell the others."""
    storage.change_offer(work, offer.ended(how, work.now))
    work.publish(
        contracts.OfferEnded,
        about=offer.id,
        version=2,
        offer_id=offer.id,
        wish_id=offer.wish_id,
        appointment_id=offer.appointment_id,
        outcome=how,
    )
    figures.offers_ended.labels(how).inc()
    log.info("offer_ended", appointment_id=offer.appointment_id, offer_id=offer.id, outcome=how)
