"""The waiting list: who wishes an earlier visit, who is asked first, and how long an answer may take.

Only who has a visit can have a wish, so that whoever accepts gives a later place back. People are asked one at a time.
Speed gives no advantage: the order is by class of urgency, day of the wish, then a keyed hash that nobody can steer.

Source: domain/appointments.md 6.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments.domain.companions import Companion, Line, starts_beside
from services.appointments.domain.contact_hours import contact_after, contact_between
from services.appointments.domain.openings import Span
from services.appointments.domain.place import Slot, slot_at
from services.appointments.domain.policy import ListRules, Policy
from services.appointments.domain.ticks import TICKS, run_starts, to_text
from services.appointments.domain.visit import Size

MOST_OFFERS = 6
COOL_DOWN = timedelta(hours=20)
PAUSE_AFTER = 3
"""So many offers in a row without an answer, and the wish rests until its owner takes it up again."""
MOST_OFFERS_A_MINUTE = 50
SHORTEST_ANSWER, LONGEST_ANSWER = timedelta(minutes=30), timedelta(hours=4)
MAIL_TAKES = timedelta(minutes=5)
"""The clock of an answer starts so long after sending: the mail has to arrive first."""
_ANSWER_PART = 20
_LIST_PART = 4
_GAIN_PART = 0.3

DELAY_FROM, DELAY_UNTIL = timedelta(minutes=15), timedelta(hours=6)
DELAY_ENDS_BEFORE = timedelta(hours=24)
"""A day before the visit a place that nobody on the list wants is for everybody, without delay."""

PARTS_OF_DAY: Mapping[str, Span] = {"morning": Span(0, 144), "afternoon": Span(144, 204), "evening": Span(204, TICKS)}
"""Until 12:00, until 17:00, and after."""


class WishState(StrEnum):
    """Where a wish is in its life."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class OfferState(StrEnum):
    """Where an offer is in its life."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"


class WishEnd(StrEnum):
    """Why a wish ended."""

    LEFT = "left"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    MOVED = "moved"
    PASSED = "passed"


class Fate(StrEnum):
    """What becomes of a place that comes free."""

    LIST = "list"
    DELAY = "delay"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Wish:
    """What earlier times the holder of a visit would take."""

    id: UUID
    appointment_id: UUID
    location_ids: frozenset[str]
    earliest_on: date
    latest_at: datetime
    """The last start that is sooner enough; always before the visit."""
    weekdays: frozenset[int]
    parts_of_day: frozenset[str]
    notice: timedelta
    """How long before its start a time may still be offered."""
    wished_on: date
    rank: str
    """A keyed hash of visit and day: a draw among those of one day, for which no second ticket can be had."""
    created_at: datetime
    urgency: int = 0
    """Set by staff (expired document and a date of travel); higher goes first."""
    state: WishState = WishState.ACTIVE
    offers_made: int = 0
    ignored: int = 0
    last_offer_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: WishEnd | None = None

    @property
    def order(self) -> tuple[int, date, str, str]:
        """Return the key by which wishes stand on the list."""
        return -self.urgency, self.wished_on, self.rank, str(self.id)

    def may_be_asked(self, at: datetime) -> bool:
        """Say whether its owner may get an offer now; an open one must be ruled out besides."""
        rested = self.last_offer_at is None or self.last_offer_at <= at - COOL_DOWN
        return self.state is WishState.ACTIVE and self.offers_made < MOST_OFFERS and rested

    def wants_day(self, location_id: str, on: date) -> bool:
        """Say whether its owner would come to a location on a day."""
        return location_id in self.location_ids and self.earliest_on <= on and on.weekday() in self.weekdays

    def wants_tick(self, tick: int) -> bool:
        """Say whether its owner would come at that time of day."""
        return any(PARTS_OF_DAY[part].first <= tick < PARTS_OF_DAY[part].until for part in self.parts_of_day)

    def wants(self, slot: Slot) -> bool:
        """Say whether its owner would take a slot, if it were offered in time."""
        start = slot.first_tick + slot.size.setup_ticks
        return self.wants_day(slot.location_id, slot.on) and self.wants_tick(start) and slot.starts_at <= self.latest_at

    def changed(self, newer: "Wish") -> "Wish":
        """Return the wish with other conditions: it keeps its place on the list, and a paused one goes on."""
        return replace(
            self,
            location_ids=newer.location_ids,
            earliest_on=newer.earliest_on,
            latest_at=newer.latest_at,
            weekdays=newer.weekdays,
            parts_of_day=newer.parts_of_day,
            notice=newer.notice,
            state=WishState.ACTIVE,
            ignored=0,
        )

    def asked(self, at: datetime) -> "Wish":
        """Return the wish once an offer was made."""
        return replace(self, offers_made=self.offers_made + 1, last_offer_at=at)

    def answered(self, how: OfferState) -> "Wish":
        """Return the wish after an offer came to an end: a "no" costs nothing, three silences pause it."""
        if how is OfferState.EXPIRED:
            ignored = self.ignored + 1
            state = WishState.PAUSED if ignored >= PAUSE_AFTER else self.state
            return replace(self, ignored=ignored, state=state)
        return self if how is OfferState.REVOKED else replace(self, ignored=0)

    def ended(self, because: WishEnd, at: datetime) -> "Wish":
        """Return the wish when nothing more is to be wished."""
        return replace(self, state=WishState.ENDED, ended_at=at, ended_because=because)


@dataclass(frozen=True, slots=True)
class Offer:
    """One place offered to one person, until an answer is due. Its place is the hold `hold_id`."""

    id: UUID
    wish_id: UUID
    appointment_id: UUID
    hold_id: UUID
    slot: Slot
    made_at: datetime
    expires_at: datetime
    passed: int
    """How many people before this one could have had the place: must be 0, and is kept as proof."""
    state: OfferState = OfferState.OPEN
    ended_at: datetime | None = None

    def ended(self, how: OfferState, at: datetime) -> "Offer":
        """Return the offer after its end."""
        return replace(self, state=how, ended_at=at)


@dataclass(frozen=True, slots=True)
class Run:
    """Ticks in a row, on counters with certain skills, that may be given to somebody."""

    bits: int
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wish, with what its visit needs and the bounds within which it may be booked."""

    wish: Wish
    needs: frozenset[str]
    size: Size
    not_before: datetime
    last_on: date
    companions: tuple[Companion, ...] = ()
    undrawn: frozenset[date] = frozenset()
    """Days on which nobody gets a place before lots are drawn."""

    def fitting(self, run: Run, *, beside: Sequence[Line], location_id: str, on: date, zone: ZoneInfo) -> Slot | None:
        """Return the earliest slot in a run that the wish's owner would take, or None.

        `beside` are the lines that may be had besides the counter.
        """
        if not self.needs <= run.skills:
            return None
        starts = run_starts(run.bits, self.size.owned_ticks)
        if starts and self.companions:
            starts &= starts_beside(self.companions, beside)
        return self.first_of(starts, location_id=location_id, on=on, zone=zone)

    def first_of(self, starts: int, *, location_id: str, on: date, zone: ZoneInfo) -> Slot | None:
        """Return the earliest slot that the wish's owner would take, of those whose ticks begin at given bits."""
        if on > self.last_on or on in self.undrawn or not self.wish.wants_day(location_id, on):
            return None
        text = to_text(starts)
        begin = text.find("1")
        while begin >= 0:
            start = begin + self.size.setup_ticks
            if self.wish.wants_tick(start):
                slot = slot_at(zone, location_id=location_id, on=on, start_tick=start, size=self.size)
                if slot is not None and self.not_before <= slot.starts_at <= self.wish.latest_at:
                    return slot
            begin = text.find("1", begin + 1)
        return None


def latest_start(starts_at: datetime, *, wished_at: datetime, rules: ListRules) -> datetime:
    """Return the last start that is worth a move: three days sooner (by rule), or 30 % of a short wait."""
    return starts_at - min(rules.min_gain, (starts_at - wished_at) * _GAIN_PART)


def answer_by(*, at: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """Return until when an offer that is made now may be answered, in contact hours only.

    A twentieth of the time that is left until the offered visit, at least half an hour and at most four.
    """
    share = min(max((starts_at - at) / _ANSWER_PART, SHORTEST_ANSWER), LONGEST_ANSWER)
    return contact_after(at + MAIL_TAKES, share, zone)


def kept_until(*, freed_at: datetime, at: datetime, starts_at: datetime, rules: ListRules, zone: ZoneInfo) -> datetime:
    """Return until when a place waits for somebody on the list to be asked.

    The list's window, and never longer than a quarter of the time between coming free and the visit.
    """
    return min(contact_after(at, rules.window, zone), freed_at + (starts_at - freed_at) / _LIST_PART)


def fate_of(policy: Policy, *, at: datetime, starts_at: datetime, wished: bool, zone: ZoneInfo) -> Fate:
    """Return what becomes of a place that comes free now; `wished`: somebody on the list may want it."""
    rules = policy.waiting_list
    if wished and rules is not None and contact_between(at, starts_at, zone) >= rules.min_lead:
        return Fate.LIST
    if policy.scarce and starts_at - at > DELAY_ENDS_BEFORE:
        return Fate.DELAY
    return Fate.PUBLIC


def public_from(*, at: datetime, starts_at: datetime, randomness: bytes) -> datetime:
    """Return when a freed place of a scarce product is shown to all: at a moment that nobody can wait for.

    Evenly between 15 minutes and 6 hours from now, but a day before the visit at the latest.

    Source: domain/appointments.md 8.2.7.
    """
    share = int.from_bytes(randomness) / (1 << (8 * len(randomness)))
    return min(at + DELAY_FROM + (DELAY_UNTIL - DELAY_FROM) * share, starts_at - DELAY_ENDS_BEFORE)
