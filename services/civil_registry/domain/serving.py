"""Which work queues a role serves. Clerks and officers serve all; who does less sees less.

Source: AVG art. 5 lid 1 c (a special officer holds ceremonies, and need not know who died).
"""

from collections.abc import Iterable

from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.queues import QUEUES

_ALL = frozenset({Role.CLERK, Role.OFFICER, Role.MANAGER})
_SERVED = {
    Role.SPECIAL_OFFICER: frozenset(
        {"scheduled", "final-check", "ceremonies", "deed-to-print", "deed-to-sign", "deed-to-register"}
    ),
    Role.MAYOR_DELEGATE: frozenset({"mayor-to-decide", "permit-escalated", "permit-to-issue", "permit-in-use"}),
}


def queues_served(roles: Iterable[Role]) -> tuple[str, ...]:
    """Return the queues of somebody's roles, in the order of all queues."""
    mine = frozenset(roles)
    if mine & _ALL:
        return QUEUES
    served = frozenset[str]().union(*(_SERVED.get(role, frozenset()) for role in mine))
    return tuple(queue for queue in QUEUES if queue in served)
