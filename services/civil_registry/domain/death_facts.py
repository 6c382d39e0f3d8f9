"""What a death declaration says, as far as it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.civil_registry.domain.local_time import clock_time, earliest_instant, end_of_day, latest_instant

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeathFacts:
    """A declaration of a death (*overlijdensaangifte*); None: not filled in, or not known."""

    first_names: str
    surname_prefix: str
    surname: str
    sex: str | None
    born_on: date | None
    born_at: time | None
    bsn_given: bool | None
    """None: nobody said yet."""
    died_on: date | None
    died_at: time | None
    municipality: str | None
    manner: str | None
    stillborn: bool
    pregnancy_weeks: int | None
    minor: bool
    authorised: bool
    """Somebody with own knowledge authorised the undertaker."""
    funeral_kind: str | None
    funeral_at: datetime | None
    funeral_plan: str

    @classmethod
    def of(cls, content: Content, *, bsn_given: bool | None) -> "DeathFacts":
        """Return the facts of a content (`contracts.civil_registry.DeathContent`), whole or a draft."""
        deceased, death, funeral = (content.get(part) or {} for part in ("deceased", "death", "funeral"))
        died_at, born_at = death.get("time"), deceased.get("born_time")
        return cls(
            first_names=deceased.get("first_names") or "",
            surname_prefix=deceased.get("surname_prefix") or "",
            surname=deceased.get("surname") or "",
            sex=deceased.get("sex"),
            born_on=deceased.get("born_on"),
            born_at=clock_time(born_at) if born_at else None,
            bsn_given=bsn_given,
            died_on=death.get("on"),
            died_at=clock_time(died_at) if died_at else None,
            municipality=death.get("municipality"),
            manner=death.get("manner"),
            stillborn=death.get("stillborn") or False,
            pregnancy_weeks=death.get("pregnancy_weeks"),
            minor=death.get("minor") or False,
            authorised=content.get("authorised") is not None,
            funeral_kind=funeral.get("kind"),
            funeral_at=funeral.get("at"),
            funeral_plan=funeral.get("plan") or "within-term",
        )

    @property
    def lived(self) -> timedelta | None:
        """Return how long the deceased may have lived at most, as far as it was told; None: stillborn.

        Raises: TimeDoesNotExist.
        """
        if self.stillborn:
            return None
        if self.born_on is None or self.died_on is None:
            return timedelta.max
        if self.died_on - self.born_on > timedelta(days=1):
            return self.died_on - self.born_on
        began = earliest_instant(self.born_on, self.born_at or time())
        ended = end_of_day(self.died_on) if self.died_at is None else latest_instant(self.died_on, self.died_at)
        return ended - began
