"""Whether a birth can be declared online, asked before much is typed; and what a care provider has confirmed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_online import eligibility
from services.civil_registry.domain.errors import NotYourRole
from services.civil_registry.domain.person import Person
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import RESIDENT, Brp
from services.civil_registry.queries.obstacles import told
from services.civil_registry.storage import looks, notices
from services.messaging.work import Reading

_MOST_NOTICES = 100


def check_birth(
    reading: Reading,
    office: Office,
    brp: Brp,
    *,
    actor: Mapping[str, Any],
    answers: Mapping[str, Any],
    declarant: str,
    born_on: date,
    municipality: str,
    other_parent_bsn: str | None,
) -> dict[str, Any]:
    """Return what stands in the way of declaring a birth online, with what the BRP says of both parents.

    Raises: NotYourRole, Malformed, BsnInvalid, BsnTestRange, Unavailable (the BRP is away).
    """
    who = office.actor(actor)
    if who.bsn is None:
        raise NotYourRole(roles=[str(Role.RESIDENT)])
    mine, theirs = ("mother", "other_parent") if declarant == "mother" else ("other_parent", "mother")
    numbers = {mine: who.bsn} | ({theirs: office.read_bsn(other_parent_bsn)} if other_parent_bsn else {})
    facts = BirthFacts.of(
        {
            "declarant": declarant,
            "answers": answers,
            "child": {"born_on": born_on, "municipality": municipality},
            "other_parent": {} if "other_parent" in numbers else None,
        }
    )
    trace = looks.note(reading, office.secrets, actor=who, purpose="prefill", record_id=None, persons=numbers.values())
    found = brp.persons(numbers.values(), on_behalf_of=RESIDENT, traceparent=trace)
    persons: dict[str, Person | None] = {role: found.get(bsn) for role, bsn in numbers.items()}
    today = office.today(reading.now)
    obstacles = eligibility(
        facts, persons, policy=office.offering.policies.on(today), terms=office.offering.terms, now=reading.now
    )
    return {
        "obstacles": [told(obstacle) for obstacle in obstacles],
        "declare_by": office.offering.terms.declare_birth_by(born_on),
    }


def birth_notices(reading: Reading, office: Office, *, actor: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the asking firm confirmed, the newest first.

    Raises: NotYourRole.
    """
    who = office.actor(actor)
    if not who.may(frozenset({Role.CARE_PROVIDER})):
        raise NotYourRole(roles=[str(Role.CARE_PROVIDER)])
    return {
        "notices": [
            {
                "notice_id": notice.id,
                "received_at": notice.received_at,
                "born_on": date.fromisoformat(notice.content["born_on"]),
                "born_time": notice.content["born_time"],
                "sex": notice.content["sex"],
                "matched": notice.record_id is not None,
            }
            for notice in notices.of_provider(reading, who.subject, _MOST_NOTICES)
        ]
    }
