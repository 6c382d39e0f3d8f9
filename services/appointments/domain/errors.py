"""What the rules of appointments refuse; the codes are those of `contracts.appointments.REFUSALS`."""

from collections.abc import Sequence
from datetime import date, datetime

from services.messaging.errors import Refusal


class UnknownProduct(Refusal):
    """No such product is offered today."""

    code = "unknown-product"

    def __init__(self, *, product_id: str) -> None:
        super().__init__("Choose a product from the list of products.", product_id=product_id)


class UnknownLocation(Refusal):
    """There is no such location."""

    code = "unknown-location"

    def __init__(self, *, location_id: str) -> None:
        super().__init__("Choose a location from the list of locations.", location_id=location_id)


class NotOfferedHere(Refusal):
    """No single counter at this location can do everything that this visit needs."""

    code = "not-offered-here"

    def __init__(self, *, location_ids: Sequence[str]) -> None:
        super().__init__(
            "Choose another location, or make an appointment per product.", location_ids=list(location_ids)
        )


class VisitTooLong(Refusal):
    """The products and persons together do not fit one visit."""

    code = "visit-too-long"

    def __init__(self, *, minutes: int, most_minutes: int) -> None:
        super().__init__("Make two appointments.", minutes=minutes, most_minutes=most_minutes)


class TooManyPersons(VisitTooLong):
    """More persons than one visit can serve for this product."""

    def __init__(self, *, product_id: str, most_persons: int) -> None:
        Refusal.__init__(
            self,
            "Make an appointment for fewer persons, and another one for the others.",
            product_id=product_id,
            most_persons=most_persons,
        )


class InThePast(Refusal):
    """The day or time has passed."""

    code = "in-the-past"

    def __init__(self) -> None:
        super().__init__("Choose a time that lies ahead.")


class TooSoon(Refusal):
    """The time lies within the product's lead time."""

    code = "too-soon"

    def __init__(self, *, earliest_at: datetime) -> None:
        super().__init__("Choose a later time.", earliest_at=earliest_at.isoformat())


class TooFar(Refusal):
    """The day lies beyond the booking horizon."""

    code = "too-far"

    def __init__(self, *, last_on: date) -> None:
        super().__init__("Choose an earlier day.", last_on=last_on.isoformat())


class DayClosed(Refusal):
    """The location, or every counter that can do this visit, is closed on that day or at that time."""

    code = "day-closed"

    def __init__(self) -> None:
        super().__init__("Choose a time within the opening hours.")


class SlotTaken(Refusal):
    """Somebody else was faster."""

    code = "slot-taken"

    def __init__(self, *, alternatives: Sequence[datetime]) -> None:
        super().__init__("Choose one of the alternatives.", alternatives=[start.isoformat() for start in alternatives])


class TooManyLive(Refusal):
    """There are enough coming visits for this product with this e-mail address, this phone number or for this person.

    It does not tell which of the three, nor whose visits they are: whoever asks may have typed somebody else's.
    """

    code = "too-many-live"

    def __init__(self, *, product_ids: Sequence[str]) -> None:
        super().__init__(
            "Cancel one of your appointments for this product first, or call 14 053.", product_ids=list(product_ids)
        )


class NotBound(Refusal):
    """The visit belongs to nobody by name and birth date, so there is no person to correct."""

    code = "not-bound"

    def __init__(self) -> None:
        super().__init__("Cancel the appointment and make a new one.")


class HoldUnknown(Refusal):
    """There is no such hold, or the secret is wrong; the answer does not tell which."""

    code = "hold-unknown"

    def __init__(self) -> None:
        super().__init__("Choose a time again.")


class HoldOver(Refusal):
    """The hold has ended and its time went to somebody else, or was given back by its holder."""

    code = "hold-expired"

    def __init__(self) -> None:
        super().__init__("Choose a time again; nothing that was typed needs to be lost.")


class HoldNotExtendable(Refusal):
    """The hold was extended before."""

    code = "hold-not-extendable"

    def __init__(self, *, expires_at: datetime) -> None:
        super().__init__("Confirm before the hold ends, or choose a time again.", expires_at=expires_at.isoformat())


class AppointmentUnknown(Refusal):
    """There is no such appointment, or the secret is wrong; the answer does not tell which."""

    code = "appointment-unknown"

    def __init__(self) -> None:
        super().__init__("Check the reference, or ask for the link to be mailed again.")


class AppointmentOver(Refusal):
    """The appointment has begun or passed, or was cancelled."""

    code = "appointment-over"

    def __init__(self) -> None:
        super().__init__("Make a new appointment.")


class VersionConflict(Refusal):
    """The appointment changed since it was read."""

    code = "version-conflict"

    def __init__(self, *, version: int) -> None:
        super().__init__("Read the appointment again and decide anew.", version=version)


class LineUnknown(Refusal):
    """The location has no such counter in use."""

    code = "unknown-line"

    def __init__(self, *, line_id: str) -> None:
        super().__init__("Choose a counter of this location.", line_id=line_id)


class ChangeUnknown(Refusal):
    """There is no such change of openings that could be taken back."""

    code = "unknown-change"

    def __init__(self) -> None:
        super().__init__("Choose a change from the list of changes.")


class NotAffected(Refusal):
    """The visit has its counter, or has another time already: there is nothing to answer."""

    code = "not-affected"

    def __init__(self) -> None:
        super().__init__("Read the appointment again; it can be moved or cancelled as always.")


class NotAsked(Refusal):
    """Nobody was asked about this visit at its present time: it stands without an answer."""

    code = "not-asked"

    def __init__(self) -> None:
        super().__init__("You need not confirm this appointment.")


class VisitNotBegun(Refusal):
    """What became of a visit can be noted from its start on."""

    code = "visit-not-begun"

    def __init__(self, *, starts_at: datetime) -> None:
        super().__init__("Note it once the visit has begun.", starts_at=starts_at.isoformat())


class ReliefUnknown(Refusal):
    """There is no such proposal of more counter time."""

    code = "relief-unknown"

    def __init__(self) -> None:
        super().__init__("Choose a proposal from the list.")


class ReliefDecided(Refusal):
    """The proposal was decided otherwise before, or its day has come."""

    code = "relief-decided"

    def __init__(self, *, state: str) -> None:
        super().__init__("Read the list of proposals again.", state=state)


class NoWaitingList(Refusal):
    """The products of this visit have no waiting list."""

    code = "no-waiting-list"

    def __init__(self) -> None:
        super().__init__("Look for an earlier time yourself.")


class WishImpossible(Refusal):
    """No time could be sooner enough: the visit is too near, or what is wished begins too late."""

    code = "wish-impossible"

    def __init__(self, *, latest_at: datetime) -> None:
        super().__init__("Wish an earlier day, or keep the appointment.", latest_at=latest_at.isoformat())


class WishUnknown(Refusal):
    """The appointment is not on the waiting list."""

    code = "wish-unknown"

    def __init__(self) -> None:
        super().__init__("Put the appointment on the waiting list first.")


class OfferOver(Refusal):
    """The offer has ended and its time went to somebody else; the appointment is as it was."""

    code = "offer-over"

    def __init__(self) -> None:
        super().__init__("Keep the appointment as it is, or look for another time.")


class CodeOver(Refusal):
    """The code was used, or its time is over."""

    code = "code-over"

    def __init__(self) -> None:
        super().__init__("Ask for a new code.")


class NothingToCollect(Refusal):
    """None of the products of this visit is collected in a second one."""

    code = "nothing-to-collect"

    def __init__(self) -> None:
        super().__init__("Make an appointment for one visit.")


class CollectionTooEarly(Refusal):
    """The documents would not be ready yet: the visits to request and to collect lie too close together."""

    code = "collection-too-early"

    def __init__(self, *, earliest_on: date, request_by_on: date | None) -> None:
        super().__init__(
            "Collect on `earliest_on` or later, or request on `request_by_on` or earlier.",
            earliest_on=earliest_on.isoformat(),
            request_by_on=request_by_on and request_by_on.isoformat(),
        )


class CollectionTooLate(Refusal):
    """The documents would not be kept so long."""

    code = "collection-too-late"

    def __init__(self, *, last_on: date) -> None:
        super().__init__("Collect on `last_on` or earlier.", last_on=last_on.isoformat())


class ToBeDrawn(Refusal):
    """The places of that day are given out by lot, and lots have not been drawn yet."""

    code = "to-be-drawn"

    def __init__(self, *, draws_at: datetime) -> None:
        super().__init__("Put in a request for the draw, or choose another day.", draws_at=draws_at.isoformat())


class DrawUnknown(Refusal):
    """There is no such draw."""

    code = "draw-unknown"

    def __init__(self) -> None:
        super().__init__("Choose a draw from the list of draws.")


class DrawClosed(Refusal):
    """Requests cannot be put in yet, or not any more."""

    code = "draw-closed"

    def __init__(self, *, opens_at: datetime, closes_at: datetime) -> None:
        super().__init__(
            "Ask while the draw is open, or take part in the next one.",
            opens_at=opens_at.isoformat(),
            closes_at=closes_at.isoformat(),
        )


class EnteredAlready(Refusal):
    """Somebody with this name and date of birth, or with this e-mail address, takes part already."""

    code = "draw-entered-already"

    def __init__(self) -> None:
        super().__init__("Look at the request with the link in our mail; one request has the same chance as two.")


class DrawWishImpossible(Refusal):
    """At no time of the draw is there a counter open that fits what is wished."""

    code = "draw-wish-impossible"

    def __init__(self) -> None:
        super().__init__("Wish more days, parts of the day or locations.")


class DrawRequestUnknown(Refusal):
    """There is no such request, or the secret is wrong; the answer does not tell which."""

    code = "draw-request-unknown"

    def __init__(self) -> None:
        super().__init__("Open the request with the link in our mail.")


class DrawRequestOver(Refusal):
    """The request was withdrawn, or has got its place: then that is an appointment, which can be cancelled."""

    code = "draw-request-over"

    def __init__(self) -> None:
        super().__init__("Read the request again.")
