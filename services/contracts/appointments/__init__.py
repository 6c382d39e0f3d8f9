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
from services.contracts.appointments.figures import (
    Figures,
    FiguresHistory,
    GetFiguresHistory,
    RecordOutcome,
    VisitOutcome,
)
from services.contracts.appointments.holds import ConfirmHold, Hold, HoldRef, HoldSlot
from services.contracts.appointments.refusals import REFUSALS
from services.contracts.appointments.relief import DecideRelief, FindReliefs, Relief, ReliefList
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
    "DecideRelief",
    "DriftedDay",
    "Fee",
    "Figures",
    "FiguresHistory",
    "FindFreeDays",
    "FindFreeTimes",
    "FindReliefs",
    "FreeDay",
    "FreeDays",
    "FreeTimes",
    "GetContact",
    "GetFiguresHistory",
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
    "RecordOutcome",
    "Relief",
    "ReliefList",
    "SendLink",
    "StrayVisit",
    "Visit",
    "VisitOutcome",
    "WaitingList",
    "WantedProduct",
    "Wish",
]
