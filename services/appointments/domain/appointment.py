"""An appointment and its life, from held time to firm date: one row, one table of transitions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.appointments.domain.collection import Part
from services.appointments.domain.companions import Claim, Lines
from services.appointments.domain.errors import AppointmentOver, HoldNotExtendable, HoldOver, VersionConflict
from services.appointments.domain.place import Owned, Slot, owned_by
from services.appointments.domain.visit import RULE_VERSION, Visit, Wanted

HOLD_LASTS = timedelta(minutes=10)
EXTENSION = timedelta(minutes=10)


class State(StrEnum):
    """Where an appointment is in its life."""

    HELD = "held"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RELEASED = "released"


class Deed(StrEnum):
    """What can happen to an appointment."""

    HOLD = "hold"
    EXTEND = "extend"
    EXPIRE = "expire"
    RELEASE = "release"
    CONFIRM = "confirm"
    MOVE = "move"
    CANCEL = "cancel"
    REQUEST_LINK = "request-link"
    KEEP = "keep"
    REASSIGN = "reassign"
    """Another counter at the same time: no fact for anybody outside."""
    AFFECT = "affect"
    """A changed opening left it without a counter."""
    REINSTATE = "reinstate"
    """It has a counter again."""
    ASK = "ask"
    """Its holder is asked whether he still comes."""
    ASK_AGAIN = "ask-again"
    RECONFIRM = "reconfirm"
    """Its holder still comes."""
    CORRECT = "correct"
    """A typing error in the name or birth date of who comes: no fact for anybody outside."""


class KeptFor(StrEnum):
    """For whom the ticks of a hold are kept."""

    VISITOR = "visitor"
    """Somebody who fills in a form."""
    LIST = "list"
    """The waiting list, until it has looked for somebody."""
    OFFER = "offer"
    """One person on the waiting list, until the answer is due."""
    DELAY = "delay"
    """Nobody: a freed place of a scarce product, until a moment that nobody can guess."""
    DRAW = "draw"
    """One person to whom it fell in a draw, until it is made firm a moment later."""


OCCUPYING = frozenset({State.HELD, State.BOOKED})
"""The states in which an appointment owns its ticks; the database's constraint lists the same ones."""

TRANSITIONS: Mapping[tuple[State, Deed], State] = {
    (State.HELD, Deed.EXTEND): State.HELD,
    (State.HELD, Deed.EXPIRE): State.EXPIRED,
    (State.HELD, Deed.RELEASE): State.RELEASED,
    (State.HELD, Deed.KEEP): State.HELD,
    (State.HELD, Deed.CONFIRM): State.BOOKED,
    (State.EXPIRED, Deed.CONFIRM): State.BOOKED,  # too late, but the time was still free
    (State.BOOKED, Deed.MOVE): State.BOOKED,
    (State.BOOKED, Deed.CANCEL): State.CANCELLED,
    (State.BOOKED, Deed.REQUEST_LINK): State.BOOKED,
    (State.HELD, Deed.REASSIGN): State.HELD,
    (State.BOOKED, Deed.REASSIGN): State.BOOKED,
    (State.BOOKED, Deed.AFFECT): State.BOOKED,
    (State.BOOKED, Deed.REINSTATE): State.BOOKED,
    (State.BOOKED, Deed.CORRECT): State.BOOKED,
    (State.BOOKED, Deed.ASK): State.BOOKED,
    (State.BOOKED, Deed.ASK_AGAIN): State.BOOKED,
    (State.BOOKED, Deed.RECONFIRM): State.BOOKED,
}


def after(state: State, deed: Deed) -> State:
    """Return the state that follows.

    Raises: HoldOver (a deed on a hold that has ended), AppointmentOver (on anything else that cannot be).
    """
    following = TRANSITIONS.get((state, deed))
    if following is None:
        if state in (State.EXPIRED, State.RELEASED):
            raise HoldOver
        raise AppointmentOver
    return following


@dataclass(frozen=True, slots=True)
class Holder:
    """Who comes, and how to reach and address them."""

    name: str
    email: str
    phone: str | None
    language: str
    time_zone: str
    birth_on: date | None = None
    """With the name the person to whom the visit is bound; None: it is bound to nobody."""
    email_key: bytes | None = None
    """Keyed digests by which the visits of one address, number or person are counted."""
    phone_key: bytes | None = None
    person_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """One visit. `version` counts the facts told to others, `sequence` is that of RFC 5546 (time, place, cancel)."""

    id: UUID
    state: State
    slot: Slot
    line_id: str
    claims: tuple[Claim, ...]
    """The lines that it has besides its counter."""
    wanted: tuple[Wanted, ...]
    minutes: int
    rule_version: int
    channel: str
    version: int
    sequence: int
    link_version: int
    expires_at: datetime
    extended: bool
    created_at: datetime
    placed_at: datetime
    """Since when it has its present ticks: search keeps what it offers stable with it."""
    kept_for: KeptFor = KeptFor.VISITOR
    quota_ids: tuple[str, ...] = ()
    reference: str | None = None
    holder: Holder | None = None
    booked_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    journey_id: UUID | None = None
    """What binds a visit to request documents and the one to collect them."""
    part: Part | None = None

    @property
    def lines(self) -> Lines:
        """Return its counter with all that it has besides."""
        return Lines(self.line_id, self.claims)

    @property
    def owned(self) -> list[Owned]:
        """Return the ticks of all its lines, in the order in which everybody waits for lines' days."""
        return owned_by(self.slot, self.lines)

    @property
    def occupies(self) -> bool:
        """Say whether the appointment owns its ticks."""
        return self.state in OCCUPYING

    def changeable(self, at: datetime) -> bool:
        """Say whether it may still be moved or cancelled: until it begins."""
        return self.state is State.BOOKED and at < self.slot.starts_at

    def extendable(self, at: datetime) -> bool:
        """Say whether the hold may be made longer: once, while it lasts."""
        return self.state is State.HELD and not self.extended and at < self.expires_at

    def shown_state(self, at: datetime) -> str:
        """Return the state as its holder should see it: a hold whose time is over is expired, swept or not."""
        over = self.state is State.HELD and self.expires_at <= at
        return State.EXPIRED if over else self.state

    def longer(self, *, at: datetime) -> "Appointment":
        """Return the hold with ten more minutes.

        Raises: HoldOver, HoldNotExtendable (it was extended before).
        """
        if self.state is not State.HELD or self.expires_at <= at:
            raise HoldOver
        if self.extended:
            raise HoldNotExtendable(expires_at=self.expires_at)
        return replace(
            self, state=after(self.state, Deed.EXTEND), expires_at=self.expires_at + EXTENSION, extended=True
        )

    def expired(self) -> "Appointment":
        """Return the hold after its time, with its first and only fact."""
        return replace(self, state=after(self.state, Deed.EXPIRE), version=self.version + 1)

    def released(self) -> "Appointment":
        """Return the hold given back by its holder: nothing that others need to know."""
        return replace(self, state=after(self.state, Deed.RELEASE))

    def kept(self, kept_for: KeptFor, *, until: datetime, slot: Slot, claims: tuple[Claim, ...]) -> "Appointment":
        """Return the ticks of a hold kept for somebody else, perhaps only a part of them.

        Raises: HoldOver.
        """
        return replace(
            self,
            state=after(self.state, Deed.KEEP),
            kept_for=kept_for,
            expires_at=until,
            slot=slot,
            claims=claims,
        )

    def confirmed(self, *, at: datetime, reference: str, holder: Holder, lines: Lines) -> "Appointment":
        """Return the firm appointment at the lines that hold its time.

        Raises: HoldOver, AppointmentOver.
        """
        return replace(
            self,
            state=after(self.state, Deed.CONFIRM),
            line_id=lines.line_id,
            claims=lines.claims,
            reference=reference,
            holder=holder,
            version=self.version + 1,
            kept_for=KeptFor.VISITOR,
            booked_at=at,
            placed_at=at if self.state is State.EXPIRED else self.placed_at,
        )

    def check_changeable(self, *, at: datetime, expected_version: int | None) -> None:
        """Do nothing when the appointment may be changed by somebody who last saw `expected_version`.

        Raises: AppointmentOver, VersionConflict.
        """
        if not self.changeable(at):
            raise AppointmentOver
        if expected_version is not None and expected_version != self.version:
            raise VersionConflict(version=self.version)

    def moved(
        self, *, slot: Slot, lines: Lines, at: datetime, quota_ids: tuple[str, ...] | None = None
    ) -> "Appointment":
        """Return the same appointment at another time or place: same id, reference, link and calendar entry."""
        return replace(
            self,
            state=after(self.state, Deed.MOVE),
            placed_at=at,
            quota_ids=self.quota_ids if quota_ids is None else quota_ids,
            slot=slot,
            line_id=lines.line_id,
            claims=lines.claims,
            version=self.version + 1,
            sequence=self.sequence + 1,
        )

    def cancelled(self, *, at: datetime, by: str) -> "Appointment":
        """Return the appointment called off by `resident` or `municipality`."""
        return replace(
            self,
            state=after(self.state, Deed.CANCEL),
            version=self.version + 1,
            sequence=self.sequence + 1,
            cancelled_at=at,
            cancelled_by=by,
        )

    def link_requested(self) -> "Appointment":
        """Return the appointment after its holder asked for the link: a fact, but no change of the calendar entry."""
        return replace(self, state=after(self.state, Deed.REQUEST_LINK), version=self.version + 1)

    def corrected(self, holder: Holder) -> "Appointment":
        """Return the appointment with the same person, written right.

        Raises: HoldOver, AppointmentOver.
        """
        return replace(self, state=after(self.state, Deed.CORRECT), holder=holder)

    def told(self, deed: Deed) -> "Appointment":
        """Return the appointment after a fact about it that changes neither time nor place, such as `AFFECT`."""
        return replace(self, state=after(self.state, deed), version=self.version + 1)


def new_hold(visit: Visit, slot: Slot, *, hold_id: UUID, lines: Lines, channel: str, at: datetime) -> Appointment:
    """Return a hold of ten minutes."""
    return Appointment(
        id=hold_id,
        state=State.HELD,
        slot=slot,
        line_id=lines.line_id,
        claims=lines.claims,
        wanted=visit.wanted,
        minutes=visit.size.minutes,
        rule_version=RULE_VERSION,
        channel=channel,
        version=0,
        sequence=0,
        link_version=1,
        expires_at=at + HOLD_LASTS,
        extended=False,
        created_at=at,
        placed_at=at,
        quota_ids=visit.quota_ids,
    )


def kept_place(
    freed: Appointment,
    slot: Slot,
    *,
    lines: Lines,
    hold_id: UUID,
    kept_for: KeptFor,
    until: datetime,
    at: datetime,
) -> Appointment:
    """Return a hold on ticks that a visit leaves behind; nobody has its secret, and nobody is told when it ends."""
    return Appointment(
        id=hold_id,
        state=State.HELD,
        slot=slot,
        line_id=lines.line_id,
        claims=lines.claims,
        wanted=freed.wanted,
        minutes=slot.size.minutes,
        rule_version=RULE_VERSION,
        channel=freed.channel,
        version=0,
        sequence=0,
        link_version=1,
        expires_at=until,
        extended=False,
        created_at=at,
        placed_at=at,
        kept_for=kept_for,
    )
