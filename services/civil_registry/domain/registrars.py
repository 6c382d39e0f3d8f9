"""Which officer may do which act (*ambtenaar*, *buitengewoon ambtenaar van de burgerlijke stand*)."""

from datetime import date
from typing import Protocol

from services.civil_registry.domain.errors import OfficerNotCompetent

SPECIAL_TASKS = frozenset({"ceremony", "sworn-statement", "residence-check", "conversion"})
"""All that a special officer can be charged with: ceremonies and what belongs to them.

Source: BW 1:16a lid 2 (1:45, 45a, 58, 63-65, 67, 80a lid 3, 80g).
"""


class Appointed(Protocol):
    """An officer as appointed by mayor and aldermen. Source: BW 1:16 lid 2-4."""

    @property
    def special(self) -> bool: ...
    @property
    def appointed_from(self) -> date: ...
    @property
    def appointed_until(self) -> date | None: ...
    @property
    def sworn_on(self) -> date | None: ...
    @property
    def tasks(self) -> frozenset[str]: ...


def check_competent(officer: Appointed, *, task: str, on: date) -> None:
    """The officer is appointed and sworn on that day, perhaps for that day alone, and the act is among his tasks.

    Raises: OfficerNotCompetent.
    Source: BW 1:16, 1:16a.
    """
    in_office = officer.appointed_from <= on and (officer.appointed_until is None or on <= officer.appointed_until)
    sworn = officer.sworn_on is not None and officer.sworn_on <= on
    charged = not officer.special or task in officer.tasks & SPECIAL_TASKS
    if not (in_office and sworn and charged):
        raise OfficerNotCompetent(task=task)
