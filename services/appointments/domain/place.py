"""A place in the agenda: one counter, one day, some ticks, and the instants that belong to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.appointments.domain.companions import Lines
from services.appointments.domain.ticks import TICK_MINUTES, TICKS, instant_of, mask
from services.appointments.domain.visit import Size


@dataclass(frozen=True, slots=True)
class Slot:
    """A run of ticks on a day of a location, on a counter that is still to be chosen.

    `starts_at` and `ends_at` are what the visitor sees; `owned_from` and `owned_until` include what the counter needs
    before and after. Half-open, UTC.
    """

    location_id: str
    on: date
    first_tick: int
    ticks: int
    starts_at: datetime
    ends_at: datetime
    owned_from: datetime
    owned_until: datetime

    @property
    def mask(self) -> int:
        """Return the owned ticks as bits."""
        return mask(self.first_tick, self.ticks)

    @property
    def size(self) -> Size:
        """Return the size of the visit that this slot was cut for."""
        tick_seconds = TICK_MINUTES * 60
        return Size(
            setup_ticks=round((self.starts_at - self.owned_from).total_seconds() / tick_seconds),
            visit_ticks=round((self.ends_at - self.starts_at).total_seconds() / tick_seconds),
            wrap_ticks=round((self.owned_until - self.ends_at).total_seconds() / tick_seconds),
        )


@dataclass(frozen=True, slots=True, order=True)
class Owned:
    """Ticks of one line's day that somebody owns. They sort in the order in which everybody waits for lines' days."""

    on: date
    line_id: str
    bits: int


def owned_by(slot: Slot, lines: Lines) -> list[Owned]:
    """Return what a visit owns, of its counter and of all that it has besides, in order."""
    bits = {lines.line_id: slot.mask}
    for claim in lines.claims:
        own = mask(slot.first_tick + claim.need.offset, claim.need.ticks)
        bits[claim.line_id] = bits.get(claim.line_id, 0) | own
    return sorted(Owned(slot.on, line_id, own) for line_id, own in bits.items())


def merged(owned: Iterable[Owned]) -> list[Owned]:
    """Return what several visits own, each line's day once, in order."""
    bits: dict[tuple[date, str], int] = {}
    for own in owned:
        bits[own.on, own.line_id] = bits.get((own.on, own.line_id), 0) | own.bits
    return sorted(Owned(on, line_id, own) for (on, line_id), own in bits.items())


def slot_at(zone: ZoneInfo, *, location_id: str, on: date, start_tick: int, size: Size) -> Slot | None:
    """Return the slot of a visit that its holder sees begin at a tick, or None when it does not fit inside the day."""
    first = start_tick - size.setup_ticks
    until = first + size.owned_ticks
    if first < 0 or until > TICKS:
        return None
    return Slot(
        location_id=location_id,
        on=on,
        first_tick=first,
        ticks=size.owned_ticks,
        starts_at=instant_of(zone, on, start_tick),
        ends_at=instant_of(zone, on, start_tick + size.visit_ticks),
        owned_from=instant_of(zone, on, first),
        owned_until=instant_of(zone, on, until),
    )
