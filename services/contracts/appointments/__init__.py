"""What the appointments service answers, does and tells. All instants are UTC; all days are Europe/Amsterdam."""

from services.contracts.appointments.base import MAX_PERSONS, MAX_PRODUCTS, Visit, WantedProduct
from services.contracts.appointments.catalogue import Fee, Location, LocationList, OpeningHours, Product, ProductList
from services.contracts.appointments.consistency import CapacityDrift, DriftedDay, StrayVisit
from services.contracts.appointments.events import (
    EVENTS,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    HoldExpired,
    LinkRequested,
)
from services.contracts.appointments.holds import ConfirmHold, Hold, HoldRef, HoldSlot
from services.contracts.appointments.refusals import REFUSALS
from services.contracts.appointments.search import FindFreeDays, FindFreeTimes, FreeDay, FreeDays, FreeTimes
from services.contracts.appointments.visits import (
    Appointment,
    AppointmentDetails,
    AppointmentRef,
    CancelAppointment,
    Contact,
    GetContact,
    MoveAppointment,
    SendLink,
)
from services.contracts.appointments.waiting_list import (
    AnswerOffer,
    JoinWaitingList,
    Offer,
    OfferEnded,
    OfferMade,
    WaitingList,
    Wish,
)

__all__ = [
    "EVENTS",
    "MAX_PERSONS",
    "MAX_PRODUCTS",
    "REFUSALS",
    "AnswerOffer",
    "Appointment",
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentDetails",
    "AppointmentMoved",
    "AppointmentRef",
    "CancelAppointment",
    "CapacityDrift",
    "ConfirmHold",
    "Contact",
    "DriftedDay",
    "Fee",
    "FindFreeDays",
    "FindFreeTimes",
    "FreeDay",
    "FreeDays",
    "FreeTimes",
    "GetContact",
    "Hold",
    "HoldExpired",
    "HoldRef",
    "HoldSlot",
    "JoinWaitingList",
    "LinkRequested",
    "Location",
    "LocationList",
    "MoveAppointment",
    "Offer",
    "OfferEnded",
    "OfferMade",
    "OpeningHours",
    "Product",
    "ProductList",
    "SendLink",
    "StrayVisit",
    "Visit",
    "WaitingList",
    "WantedProduct",
    "Wish",
]
