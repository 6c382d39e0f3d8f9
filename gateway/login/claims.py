"""Who somebody is, by what his provider tells of him: rules without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NewType

from stdnum.exceptions import ValidationError
from stdnum.nl import bsn as elfproef

from gateway.login.levels import Scale, reaches
from gateway.login.partners import Partners
from services.contracts.civil_registry import ROLES

Path = NewType("Path", tuple[str, ...])
"""Where a claim stands: the names that lead to it. A name may hold dots, colons and slashes, but no space."""

STAFF_LEVEL = "two-factor"
"""Source: BIO2 8.05 (access to sensitive data asks for a second factor)."""

_TEST_RANGES = ("0000", "9999")
_KVK_DIGITS = 8
_LONGEST_ID = 64
_LONGEST_NAME = 100
_STAFF_ROLES = frozenset(ROLES) - {"resident", "undertaker", "care-provider"}


class Unfit(Exception):
    """The log-in succeeded, but whoever it is may not come in; `reason` is a word of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = (
    "no-level",
    "no-second-factor",
    "no-bsn",
    "test-bsn",
    "no-kvk",
    "unknown-firm",
    "no-staff-id",
    "no-role",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read the claims of one provider."""

    scale: Scale = field(default_factory=Scale)
    level: Path = Path(("acr",))
    subject: Path = Path(("sub",))
    id_type: Path = Path(())
    acting: Path = Path(())
    name: Path = Path(())
    roles: Path = Path(())
    role_names: Mapping[str, str] = field(default_factory=dict)
    """Our role by the provider's name for it; without any, providers use our names."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who logged in. `subject` is a BSN, a KvK number or a staff id, in the clear: keep it in memory only."""

    kind: str
    subject: str
    level: str
    roles: tuple[str, ...] = ()
    acting: str = ""
    """Who acted for a company: the provider's id of that person, in the clear."""
    name: str = ""


def claim_at(claims: Mapping[str, Any], path: Path) -> Any:
    """Return the claim at the end of a path, or None when the path is empty or leads nowhere."""
    if not path:
        return None
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def resident(reading: Reading, claims: Mapping[str, Any], *, test_persons: bool) -> Identity:
    """Return the resident that a provider such as DigiD tells of. `test_persons`: those of the BRP's test set too.

    Raises: Unfit (no level; no valid BSN, as after a log-in from abroad; a test person).
    """
    level = _level(reading, claims)
    try:
        bsn: str = elfproef.validate(_text(claim_at(claims, reading.subject)))
    except ValidationError:
        raise Unfit("no-bsn") from None
    if bsn.startswith(_TEST_RANGES) and not test_persons:
        raise Unfit("test-bsn")
    return Identity("resident", bsn, level, name=_name(reading, claims))


def company(reading: Reading, claims: Mapping[str, Any], partners: Partners, *, on: date) -> Identity:
    """Return the undertaker or care provider that a provider such as eHerkenning tells of.

    Raises: Unfit (no level; not known by a KvK number; a firm that the town does not work with on this day).
    Source: Besluit elektronische dienstverlening burgerlijke stand art. 2; BW 1:19h.
    """
    level = _level(reading, claims)
    kvk = _text(claim_at(claims, reading.subject))
    id_type = claim_at(claims, reading.id_type)
    of_another_type = id_type is not None and not _text(id_type).lower().endswith(("kvknr", "kvk"))
    if of_another_type or not (kvk.isascii() and kvk.isdigit() and len(kvk) == _KVK_DIGITS):
        raise Unfit("no-kvk")
    partner = partners.of(kvk, on=on)
    if partner is None:
        raise Unfit("unknown-firm")
    acting = _text(claim_at(claims, reading.acting))
    return Identity(partner.kind, kvk, level, acting=acting, name=partner.name)


def staff(reading: Reading, claims: Mapping[str, Any]) -> Identity:
    """Return the staff member that the town's own provider tells of, with those of his roles that we know.

    Raises: Unfit (no second factor that we are told of; no id; no role here).
    """
    level = reading.scale.level_of(claim_at(claims, reading.level), claims.get("amr"))
    if level is None or not reaches(level, STAFF_LEVEL):
        raise Unfit("no-second-factor")
    staff_id = _text(claim_at(claims, reading.subject))
    if not staff_id or len(staff_id) > _LONGEST_ID:
        raise Unfit("no-staff-id")
    told = claim_at(claims, reading.roles)
    names = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    ours = {reading.role_names.get(name) if reading.role_names else name for name in names if isinstance(name, str)}
    roles = tuple(role for role in ROLES if role in ours & _STAFF_ROLES)
    if not roles:
        raise Unfit("no-role")
    return Identity("staff", staff_id, level, roles, name=_name(reading, claims))


def _level(reading: Reading, claims: Mapping[str, Any]) -> str:
    level = reading.scale.level_of(claim_at(claims, reading.level), claims.get("amr"))
    if level is None:
        raise Unfit("no-level")
    return level


def _name(reading: Reading, claims: Mapping[str, Any]) -> str:
    return _text(claim_at(claims, reading.name))[:_LONGEST_NAME]


def _text(claim: object) -> str:
    """Return a claim that is a text, without the spaces around it; empty for anything else."""
    return claim.strip() if isinstance(claim, str) else ""
