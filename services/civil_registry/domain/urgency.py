"""What an undertaker has to do about a declaration, and how soon: the order of his list."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.civil_registry.domain.record import Flag, Record, Status
from services.civil_registry.domain.terms import IsWorkingDay, nth_working_day

_FAR = date.max


class Urgency(StrEnum):
    """Whose turn it is."""

    ACT = "act"
    SOON = "soon"
    """There is no permit, and the funeral or the last day for it is today or the next working day."""
    WAITING = "waiting"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """A declaration with its newest permit. `funeral_by`: the last day for the funeral, None while it is not known."""

    death: Record
    permit: Record | None
    funeral_by: date | None

    @property
    def needed_on(self) -> date | None:
        """Return on which day the permit has to be there: that of the funeral, else the last one for it."""
        planned = self.permit.due_on if self.permit is not None else None
        return min((day for day in (planned, self.funeral_by) if day is not None), default=None)


_ENDED = frozenset({Status.WITHDRAWN, Status.REFUSED, Status.LAPSED, Status.CLOSED_AS_DUPLICATE})
_GIVEN = frozenset({Status.ISSUED, Status.USED})
_TURNED_DOWN = frozenset({Status.REFUSED, Status.REVOKED})


def urgency_of(one: Standing, today: date, is_working_day: IsWorkingDay) -> Urgency:
    """Return whose turn it is, and whether time presses."""
    death, permit = one.death, one.permit
    if death.status in _ENDED:
        return Urgency.NONE
    given = permit is not None and permit.status in _GIVEN
    missing = not given and (permit is not None or death.status is Status.DRAFT)
    if missing and one.needed_on is not None and one.needed_on <= nth_working_day(today, 1, is_working_day):
        return Urgency.SOON
    if death.status in (Status.DRAFT, Status.INFO_REQUESTED) or _asks_undertaker(permit):
        return Urgency.ACT
    if death.status is not Status.REGISTERED or _waits_for_town(permit):
        return Urgency.WAITING
    return Urgency.ACT if Flag.ORIGINALS_PENDING in death.flags else Urgency.NONE


def in_order(standing: Standing, urgency: Urgency) -> tuple[int, date, float]:
    """Return by what a list is sorted: the most urgent first, then the nearest day, then the newest."""
    rank = (Urgency.SOON, Urgency.ACT, Urgency.WAITING, Urgency.NONE).index(urgency)
    only_papers = (
        urgency is Urgency.ACT and standing.death.status is Status.REGISTERED and not _asks_undertaker(standing.permit)
    )
    asked = standing.death.question.answer_by if standing.death.question else None
    day = asked or standing.needed_on or _FAR
    return len(Urgency) if only_papers else rank, day, -standing.death.started_at.timestamp()


def _waits_for_town(permit: Record | None) -> bool:
    return permit is not None and (permit.status is Status.REQUESTED or Flag.AMENDMENT_ASKED in permit.flags)


def _asks_undertaker(permit: Record | None) -> bool:
    """Say whether a permit waits for the undertaker: it was refused or revoked, or no funeral is planned."""
    if permit is None:
        return False
    unplanned = permit.status is Status.REQUESTED and not permit.part("funeral").get("at")
    return permit.status in _TURNED_DOWN or unplanned
