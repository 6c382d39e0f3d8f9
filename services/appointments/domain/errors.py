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


class OfferOver(Refusal):
    """The proposed time is held no more."""

    code = "offer-over"

    def __init__(self) -> None:
        super().__init__("Choose another time.")
