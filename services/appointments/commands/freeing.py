"""What becomes of a place that comes free: for all at once, or for the waiting list first.

Ticks that are kept stay owned by a hold, so that search, capacity and the second lock need to know nothing of it.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from services.appointments.domain.appointment import Appointment, Deed, KeptFor, kept_place
from services.appointments.domain.companions import Lines
from services.appointments.domain.place import Slot, merged, owned_by, slot_at
from services.appointments.domain.policy import Policy, together
from services.appointments.domain.ticks import to_text
from services.appointments.domain.visit import Size
from services.appointments.domain.waiting_list import Fate, fate_of, kept_until, public_from
from services.appointments.storage import appointments, capacity, catalogue
from services.appointments.storage import waiting_list as storage
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

_RANDOM_BYTES = 8


def policy_of(reading: Reading, visit: Appointment) -> Policy:
    """Return how the places of a visit's products are given out."""
    products = catalogue.edition(reading).rules_by_id({part.product_id for part in visit.wanted})
    return together(product.policy for product in products)


def run_slot(zone: ZoneInfo, *, like: Slot, bits: int) -> Slot:
    """Return the slot of ticks in a row on the same day and place as another slot, for nobody's visit."""
    text = to_text(bits)
    first = text.index("1")
    slot = slot_at(
        zone, location_id=like.location_id, on=like.on, start_tick=first, size=Size(0, text.count("1"), 0)
    )  # fmt: skip
    if slot is None:
        raise RuntimeError("a run of ticks does not lie inside its day")
    return slot


def keep_back(work: Work, left: Appointment, *, ticks: int, delayed: bool = True) -> None:
    """Keep ticks that a visit has just given back, when the waiting list or a delay comes before everybody.

    `left` is the visit as it was there; `ticks` are those of its counter's ticks that are free now. The caller holds
    the locks of its lines' days, so that nobody has seen them free. What it had besides its counter is kept with them
    while all of it is free; a part of a place looks for that anew. `delayed`: a scarce place that nobody on the list
    may want is shown later, at a moment that nobody can guess.
    """
    policy = policy_of(work, left)
    if not ticks or (policy.waiting_list is None and not policy.scarce):
        return
    zone = ZoneInfo(catalogue.edition(work).time_zone_of(left.slot.location_id))
    slot = run_slot(zone, like=left.slot, bits=ticks)
    wished = storage.wished(work, location_id=slot.location_id, on=slot.on, starts_at=slot.starts_at)
    fate = fate_of(policy, at=work.now, starts_at=slot.starts_at, wished=wished, zone=zone)
    if fate is Fate.PUBLIC or (fate is Fate.DELAY and not delayed):
        return
    lines = left.lines if ticks == left.slot.mask else Lines(left.line_id)
    if not capacity.take_all(work, owned_by(slot, lines)):
        lines = Lines(left.line_id)
        if not capacity.take_all(work, owned_by(slot, lines)):
            return  # the counter has closed: there is nothing to give out
    kept_for, until = _kept(work, policy, fate, slot, freed_at=work.now, zone=zone)
    hold = kept_place(left, slot, lines=lines, hold_id=work.new_id(), kept_for=kept_for, until=until, at=work.now)
    appointments.add(work, hold)
    if fate is Fate.LIST:
        storage.note_freed(work, location_id=slot.location_id, on=slot.on)
    log.info("place_kept", kind=kept_for, appointment_id=hold.id, location=slot.location_id, on=slot.on)


def back_to_list(work: Work, hold: Appointment) -> None:
    """Keep an offered place for the next one on the list, who is looked for at once.

    When the list's time is over, the place is let go by the timer: no counter's day is waited for here.
    """
    zone = ZoneInfo(catalogue.edition(work).time_zone_of(hold.slot.location_id))
    slot = run_slot(zone, like=hold.slot, bits=hold.slot.mask)
    policy = policy_of(work, hold)
    until = work.now
    if fate_of(policy, at=work.now, starts_at=slot.starts_at, wished=True, zone=zone) is Fate.LIST:
        until = max(until, _kept(work, policy, Fate.LIST, slot, freed_at=hold.created_at, zone=zone)[1])
    appointments.change(work, hold, hold.kept(KeptFor.LIST, until=until, slot=slot, claims=hold.claims), Deed.KEEP)
    storage.note_freed(work, location_id=slot.location_id, on=slot.on, at_once=True)


def let_go(work: Work, holds: Iterable[Appointment]) -> None:
    """Show places that nobody on the list took to everybody: after a delay when their product is scarce.

    All their lines are waited for first, in the order in which everybody waits.
    """
    holds = list(holds)
    capacity.lock_lines(work, merged(own for hold in holds for own in hold.owned))
    for hold in holds:
        _let_go(work, hold)


def _let_go(work: Work, hold: Appointment) -> None:
    if hold.kept_for is not KeptFor.LIST:
        _make_public(work, hold)
        return
    policy = policy_of(work, hold)
    zone = ZoneInfo(catalogue.edition(work).time_zone_of(hold.slot.location_id))
    slot = run_slot(zone, like=hold.slot, bits=hold.slot.mask)
    fate = fate_of(policy, at=work.now, starts_at=slot.starts_at, wished=False, zone=zone)
    if fate is Fate.DELAY:
        kept_for, until = _kept(work, policy, fate, slot, freed_at=hold.created_at, zone=zone)
        appointments.change(work, hold, hold.kept(kept_for, until=until, slot=slot, claims=hold.claims), Deed.KEEP)
    else:
        _make_public(work, hold)


def _make_public(work: Work, hold: Appointment) -> None:
    capacity.give_back(work, hold.owned)
    appointments.change(work, hold, hold.released(), Deed.RELEASE)
    log.info("place_public", kind=hold.kept_for, appointment_id=hold.id, location=hold.slot.location_id)


def _kept(
    work: Work, policy: Policy, fate: Fate, slot: Slot, *, freed_at: datetime, zone: ZoneInfo
) -> tuple[KeptFor, datetime]:
    if fate is Fate.LIST and policy.waiting_list is not None:
        until = kept_until(
            freed_at=freed_at, at=work.now, starts_at=slot.starts_at, rules=policy.waiting_list, zone=zone
        )
        return KeptFor.LIST, until
    randomness = work.token(_RANDOM_BYTES)
    return KeptFor.DELAY, public_from(at=work.now, starts_at=slot.starts_at, randomness=randomness)
