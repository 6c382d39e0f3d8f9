"""What appointments may answer instead of a reply."""

REFUSALS = {
    "unknown-product": "No such product is offered.",
    "unknown-location": "There is no such location.",
    "not-offered-here": "No counter at this location can do this visit.",
    "visit-too-long": "The products and persons together do not fit one visit.",
    "in-the-past": "The day or time has passed.",
    "too-soon": "The time lies within the product's lead time.",
    "too-far": "The day lies beyond the booking horizon.",
    "day-closed": "The location is closed on that day or at that time.",
    "slot-taken": "Somebody else was faster; the facts hold the nearest alternatives.",
    "hold-unknown": "There is no such hold, or the secret is wrong.",
    "hold-expired": "The hold is over.",
    "hold-not-extendable": "The hold was extended before.",
    "appointment-unknown": "There is no such appointment, or the secret is wrong.",
    "appointment-over": "The appointment has begun or passed, or was cancelled; it can only be read.",
    "unknown-line": "The location has no such counter in use.",
    "unknown-change": "There is no such change of openings that could be taken back.",
    "not-affected": "The visit has its counter, or has another time already.",
    "offer-over": "The proposed time is held no more.",
    "version-conflict": "The appointment changed in the meantime.",
}
"""Codes that may come back instead of a reply, and what each means."""
