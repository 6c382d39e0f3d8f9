"""Held times that nobody confirmed."""

from services.appointments import figures
from services.appointments.commands.freeing import keep_back
from services.appointments.domain.appointment import Deed, KeptFor
from services.appointments.domain.place import merged
from services.appointments.storage import appointments, capacity
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

BATCH = 100


def expire_holds(work: Work, *, most: int = BATCH) -> int:
    """End holds of visitors whose time is over, give their ticks back, and return how many there were.

    A hold that is being confirmed at this moment is passed by: exactly one of the two wins. Lines are changed in the
    order in which everybody waits for them, all before the first hold: quotas are locked after lines, by everybody.
    """
    due = appointments.lock_expired_holds(work, most, kept_for=[KeptFor.VISITOR])
    capacity.give_back(work, merged(own for hold in due for own in hold.owned))
    for hold in sorted(due, key=lambda hold: (hold.slot.on, hold.line_id)):
        expired = hold.expired()
        appointments.change(work, hold, expired, Deed.EXPIRE)
        keep_back(work, hold, ticks=hold.slot.mask, delayed=False)
        work.publish(
            contracts.HoldExpired,
            about=expired.id,
            version=expired.version,
            appointment_id=expired.id,
            location_id=expired.slot.location_id,
            starts_at=expired.slot.starts_at,
        )
    if due:
        figures.holds_expired.inc(len(due))
        log.info("holds_expired", holds_count=len(due))
    return len(due)
