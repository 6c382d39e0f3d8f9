"""The steps that every deed takes from drawing up to the register: drawn up, printed, signed, registered.

The deed itself is paper, signed by hand: BW 1:18 lid 4 (electronic deeds) is not in force. Source: BBS art. 15-20.
"""

from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.guards import competent, not_a_party
from services.civil_registry.domain.machine import Transition
from services.civil_registry.domain.record import Status

_REGISTRARS = frozenset({Role.OFFICER})


def paper_steps(
    *, drawn: Status, task: str, fact: str, signers: frozenset[Role] = _REGISTRARS
) -> tuple[Transition, ...]:
    """Return printing, signing and registering of a deed that is in status `drawn`; `fact` names the last event."""
    rules = (competent(task), not_a_party)
    return (
        Transition("print-deed", drawn, Status.DEED_PRINTED, signers, guards=rules, event="akte-afgedrukt"),
        Transition("print-deed", Status.DEED_PRINTED, Status.DEED_PRINTED, signers, guards=rules),
        Transition(
            "sign-deed", Status.DEED_PRINTED, Status.DEED_SIGNED, signers, guards=rules, event="akte-ondertekend"
        ),
        Transition("register", Status.DEED_SIGNED, Status.REGISTERED, signers, guards=rules, event=fact),
    )
