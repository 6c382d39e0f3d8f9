"""Who may look at whom in the BRP, and how much of him there is to see.

Sources: AVG art. 5 lid 1 c (no more than is needed); Besluit elektronische dienstverlening burgerlijke stand art. 2
(how sure it is who asks).
"""

from dataclasses import replace

from services.civil_registry.domain.actor import Actor, Level, Role
from services.civil_registry.domain.errors import AssuranceTooLow, LookNotAllowed
from services.civil_registry.domain.parentage import common_children
from services.civil_registry.domain.person import Person

STAFF_WHO_LOOK = frozenset({Role.CLERK, Role.OFFICER})
LEAST_LEVEL = Level.TWO_FACTOR
_OWN_PURPOSE = "prefill"


def check_asker(actor: Actor, *, purpose: str) -> None:
    """Check that an actor may look at somebody at all.

    Raises: AssuranceTooLow, LookNotAllowed (not staff of the registry; a resident for a purpose of staff).
    """
    if actor.level < LEAST_LEVEL:
        raise AssuranceTooLow(level=LEAST_LEVEL.label)
    if not actor.may(STAFF_WHO_LOOK) and (actor.bsn is None or purpose != _OWN_PURPOSE):
        raise LookNotAllowed


def sees_whole(actor: Actor, bsn: str) -> bool:
    """Say whether an actor sees all of a person: staff of the registry, and everybody himself."""
    return actor.may(STAFF_WHO_LOOK) or actor.bsn == bsn


def is_partner(asker: Person | None, bsn: str) -> bool:
    """Say whether somebody is a present partner of who asks, as the BRP knows it."""
    return asker is not None and any(partner.bsn == bsn for partner in asker.present_partners)


def as_parent_sees(asker: Person | None, other: Person) -> Person | None:
    """Return what a parent sees of the other one while he declares the birth; None: nothing.

    Names and birth, when they are partners, live at one address, or have a child together; the address only when it is
    the same. Whoever types a number that he found somewhere learns nothing by it.
    """
    if asker is None:
        return None
    together = bool(asker.address) and (asker.municipality, asker.address) == (other.municipality, other.address)
    if not (together or is_partner(asker, other.bsn) or common_children(asker, other)):
        return None
    seen = other.as_partner_sees()
    return replace(seen, municipality=other.municipality, address=other.address) if together else seen
