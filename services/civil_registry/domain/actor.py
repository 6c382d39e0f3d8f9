"""Who does something: kind, roles, and how sure we are of who it is."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """In which capacity somebody acts."""

    RESIDENT = "resident"
    UNDERTAKER = "undertaker"
    CARE_PROVIDER = "care-provider"
    CLERK = "clerk"
    OFFICER = "officer"
    """Civil registrar (*ambtenaar van de burgerlijke stand*). Source: BW 1:16."""
    SPECIAL_OFFICER = "special-officer"
    """Appointed for ceremonies and sworn statements only (*buitengewoon ambtenaar*). Source: BW 1:16 lid 2-4."""
    MAYOR_DELEGATE = "mayor-delegate"
    """Decides for the mayor on funeral terms and undeclared facts. Source: Wet op de lijkbezorging art. 17."""
    MANAGER = "manager"
    SYSTEM = "system"
    """Time that passed."""


STAFF = frozenset({Role.CLERK, Role.OFFICER, Role.SPECIAL_OFFICER, Role.MAYOR_DELEGATE, Role.MANAGER})


class Level(IntEnum):
    """How sure it is who somebody is. DigiD: Basis, Midden, Substantieel, Hoog; eHerkenning: 2, 2+, 3, 4."""

    BASIC = 1
    TWO_FACTOR = 2
    SUBSTANTIAL = 3
    HIGH = 4

    @classmethod
    def named(cls, name: str) -> "Level":
        """Return the level that contracts call `two-factor` and so on."""
        return cls[name.replace("-", "_").upper()]

    @property
    def label(self) -> str:
        """Return what contracts call it."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who logged in. `subject` is a BSN, a KvK number or a staff id, and never leaves memory in the clear."""

    subject: str
    roles: frozenset[Role]
    level: Level

    @property
    def staff_id(self) -> str | None:
        """Return the id of a staff member, None for everybody else."""
        return self.subject if self.roles & STAFF else None

    @property
    def bsn(self) -> str | None:
        """Return the BSN of a resident, None for everybody else."""
        return self.subject if Role.RESIDENT in self.roles else None

    def may(self, roles: frozenset[Role]) -> bool:
        """Say whether one of these roles is the actor's."""
        return bool(self.roles & roles)


TIME = Actor(subject="time", roles=frozenset({Role.SYSTEM}), level=Level.HIGH)
"""Acts when a term has passed."""
