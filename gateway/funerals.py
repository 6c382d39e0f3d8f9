"""What pages of undertakers ask the civil registry, beside what `registry` asks for everybody."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from gateway.rpc import services
from services.contracts import civil_registry as contract

Actor = Mapping[str, Any]
Answer = dict[str, Any]


def check_death(
    actor: Actor,
    *,
    died_on: date | None = None,
    died_time: str | None = None,
    bsn_given: bool | None = None,
    stillborn: bool = False,
) -> Answer:
    """Return what a death needs to be declared online, and what stands in the way (contract `DeathChecked`).

    Raises: Refusal, Unavailable.
    """
    asked = {
        "actor": actor,
        "died_on": died_on,
        "died_time": died_time or None,
        "bsn_given": bsn_given,
        "stillborn": stillborn,
    }
    return services().ask("civil_registry.check_death", contract.CheckDeath, contract.DeathChecked, asked)


def my_funerals(actor: Actor, *, receipt: str | None = None, offset: int = 0) -> Answer:
    """Return the deaths that a firm declared, what needs somebody first (contract `FuneralList`).

    Raises: Refusal, Unavailable.
    """
    asked = {"actor": actor, "receipt": receipt, "offset": offset}
    return services().ask("civil_registry.my_funerals", contract.MyFunerals, contract.FuneralList, asked)


def last_declarant(actor: Actor) -> Answer:
    """Return the parts `declarant` and `contact` of a firm's last declaration, None where there was none.

    Raises: Refusal, Unavailable.
    """
    asked = {"actor": actor}
    return services().ask("civil_registry.last_declarant", contract.LastDeclarant, contract.DeclarantKnown, asked)


def preview_deed(actor: Actor, record_id: UUID | str) -> Answer:
    """Return how the deed of a death will read (contract `DeathDeedPreview`).

    Raises: Refusal (`record-unknown`), Malformed (something is not filled in yet), Unavailable.
    """
    asked = {"actor": actor, "record_id": record_id}
    return services().ask("civil_registry.preview_deed", contract.PreviewDeathDeed, contract.DeathDeedPreview, asked)
