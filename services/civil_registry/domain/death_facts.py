"""What a death declaration says, as far as it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from services.civil_registry.domain.local_time import clock_time

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeathFacts:
    """A declaration of a death (*overlijdensaangifte*); None: not filled in, or not known."""

    first_names: str
    surname_prefix: str
    surname: str
    sex: str | None
    born_on: date | None
    bsn_given: bool
    died_on: date | None
    died_at: time | None
    municipality: str | None
    manner: str | None
    stillborn: bool
    minor: bool
    authorised: bool
    """Somebody with own knowledge authorised the undertaker."""
    funeral_kind: str | None
    funeral_at: datetime | None
    funeral_plan: str

    @classmethod
    def of(cls, content: Content, *, bsn_given: bool) -> "DeathFacts":
        """Return the facts of a content (`contracts.civil_registry.DeathContent`), whole or a draft."""
        deceased, death, funeral = (content.get(part) or {} for part in ("deceased", "death", "funeral"))
        died_at = death.get("time")
        return cls(
            first_names=deceased.get("first_names") or "",
            surname_prefix=deceased.get("surname_prefix") or "",
            surname=deceased.get("surname") or "",
            sex=deceased.get("sex"),
            born_on=deceased.get("born_on"),
            bsn_given=bsn_given,
            died_on=death.get("on"),
            died_at=clock_time(died_at) if died_at else None,
            municipality=death.get("municipality"),
            manner=death.get("manner"),
            stillborn=death.get("stillborn") or False,
            minor=death.get("minor") or False,
            authorised=content.get("authorised") is not None,
            funeral_kind=funeral.get("kind"),
            funeral_at=funeral.get("at"),
            funeral_plan=funeral.get("plan") or "within-term",
        )
