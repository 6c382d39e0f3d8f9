"""Short news that a page shows after a redirect. Only these words may stand in an address."""

from gateway.pages.texts import N_, _

NOTICES = {
    "expired": N_(
        "The 10 minutes are over, so we no longer hold your time. Your answers are kept. Choose a time again."
    ),
    "taken": N_("Somebody else was just faster. Choose another time. Your answers are kept."),
    "not-extendable": N_("You already had 10 extra minutes. Please finish your appointment in time."),
    "extended": N_("We hold your time for 10 more minutes."),
    "stopped": N_("You stopped. We kept none of your answers, and the time is free for somebody else."),
    "unknown-product": N_("One of your products is no longer offered. Choose again"),
    "unknown-location": N_("This location is no longer in use. Choose again"),
    "not-offered-here": N_(
        "These products cannot be done in one appointment. Make a separate appointment for each of them"
    ),
    "visit-too-long": N_(
        "This does not fit one appointment. Choose fewer products or persons, and make a second appointment"
    ),
    "link": N_("This link does not work any more. Fill in your reference and e-mail address for a new link."),
    "closed": N_("You have been away for a while. Fill in your reference and e-mail address for a new link."),
    "left": N_("We closed the appointment on this device. With the link in our e-mail you open it again."),
    "moved": N_("Your appointment has been moved"),
    "new-time-declined": N_("We no longer hold the new time. We will contact you."),
    "new-time-over": N_("We no longer hold the new time. Choose another time."),
    "not-affected": N_("Your appointment can take place as planned."),
    "cancelled": N_("Your appointment has been cancelled"),
    "still-coming": N_("Thank you. Your appointment stays as it is. You do not need to do anything else."),
    "not-asked": N_("You do not need to confirm this appointment. It stays as it is."),
    "waiting": N_("You are on the waiting list. We send you an e-mail when an earlier time comes free."),
    "not-waiting": N_("You are no longer on the waiting list. Your appointment stays as it is."),
    "declined": N_("You keep your appointment as it is, and your place on the waiting list."),
    "offer-over": N_("The earlier time is gone. Your appointment stays as it is."),
    "no-earlier": N_("An earlier time is not possible for this appointment."),
    "wish-not-so": N_("We are closed at all these times. Choose more days, times or locations"),
    "not-drawn-now": N_("You cannot take part in this draw now. Look below when you can."),
    "entered-already": N_("You take part already. Open your request with the link in our e-mail."),
    "visit-already": N_("You already have an appointment for this. So you cannot take part in the draw."),
    "draw-link": N_("This link does not work any more, or you have been away for a while. Use the link in our e-mail."),
    "withdrawn": N_("You have withdrawn your request. You take part in no draw any more."),
    "request-over": N_("This request is finished. You cannot withdraw it any more."),
    "draw-stopped": N_("You stopped. We kept none of your answers on this device."),
    "code-used-up": N_("This code no longer works. Ask for a new code"),
    "cancelled-both": N_("Both of your appointments have been cancelled"),
    "over": N_("This appointment has passed or was cancelled. It cannot be changed any more."),
    "not-movable": N_("You cannot move this appointment here. Call us: 14 053."),
    "changed": N_("Your appointment was changed in the meantime. Look at it again before you change it."),
}

VISIT_REFUSALS = ("unknown-product", "unknown-location", "not-offered-here", "visit-too-long")
"""Refusals that only another choice of products can cure."""

TIME_REFUSALS = {
    "slot-taken": N_("Somebody else was just faster. Choose another time"),
    "in-the-past": N_("This time has passed. Choose a later time"),
    "too-soon": N_("This time is too soon. Choose a later time"),
    "too-far": N_("This day is too far ahead. Choose an earlier day"),
    "day-closed": N_("We are closed at that time. Choose another time"),
    "to-be-drawn": N_("The places of this day are given out by draw. Choose another day, or take part in the draw"),
    "collection-too-early": N_("Your document is not ready then. Choose a later day to collect it"),
    "collection-too-late": N_("We do not keep your document so long. Choose an earlier day to collect it"),
}
"""Refusals that another time cures; the page with times says so."""


def notice(word: str) -> str:
    """Return the news for a word, or nothing."""
    return _(NOTICES[word]) if word in NOTICES else ""
