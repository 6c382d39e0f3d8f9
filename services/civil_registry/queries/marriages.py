"""Whether notice of a marriage or partnership can be given online, asked before much is typed."""

from collections.abc import Mapping
from typing import Any

from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.ceremonies import possible_days
from services.civil_registry.domain.errors import NotYourRole
from services.civil_registry.domain.marriage_beforehand import Answers, beforehand
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import RESIDENT, Brp
from services.civil_registry.queries.obstacles import told
from services.civil_registry.storage import looks
from services.messaging.errors import Unavailable
from services.messaging.work import Reading


def check_marriage(
    reading: Reading, office: Office, brp: Brp, *, actor: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what stands in the way, and between which days the wedding could be.

    A BRP that is away stops nobody: then the answers alone count, and the notice is compared once it is given.

    Raises: NotYourRole.
    """
    who = office.actor(actor)
    if who.bsn is None:
        raise NotYourRole(roles=[str(Role.RESIDENT)])
    trace = looks.note(reading, office.secrets, actor=who, purpose="prefill", record_id=None, persons=[who.bsn])
    try:
        asker = brp.person(who.bsn, on_behalf_of=RESIDENT, traceparent=trace)
    except Unavailable:
        asker = None
    today = office.today(reading.now)
    marry_from, marry_by = possible_days(today, office.offering.terms)
    obstacles = beforehand(Answers(**answers), asker, policy=office.offering.policies.on(today), marry_by=marry_by)
    return {"obstacles": [told(one) for one in obstacles], "marry_from": marry_from, "marry_by": marry_by}
