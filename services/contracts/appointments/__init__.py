"""What the appointments service answers, does and tells. All instants are UTC; all days are Europe/Amsterdam."""

from services.contracts.appointments.base import MAX_PERSONS, MAX_PRODUCTS, Visit, WantedProduct
from services.contracts.appointments.catalogue import Fee, Location, LocationList, OpeningHours, Product, ProductList
from services.contracts.appointments.codes import (
    CheckCode,
    CheckedCode,
    CodeOnItsWay,
    GetMailCode,
    MailCode,
    RequestCode,
)
from services.contracts.appointments.consistency import CapacityDrift, DriftedDay, StrayVisit
from services.contracts.appointments.events import (
    EVENTS,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    CodeRequested,
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

__all__ = [
    "EVENTS",
    "MAX_PERSONS",
    "MAX_PRODUCTS",
    "REFUSALS",
    "Appointment",
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentDetails",
    "AppointmentMoved",
    "AppointmentRef",
    "CancelAppointment",
    "CapacityDrift",
    "CheckCode",
    "CheckedCode",
    "CodeOnItsWay",
    "CodeRequested",
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
    "GetMailCode",
    "Hold",
    "HoldExpired",
    "HoldRef",
    "HoldSlot",
    "LinkRequested",
    "Location",
    "LocationList",
    "MailCode",
    "MoveAppointment",
    "OpeningHours",
    "Product",
    "ProductList",
    "RequestCode",
    "SendLink",
    "StrayVisit",
    "Visit",
    "WantedProduct",
]
