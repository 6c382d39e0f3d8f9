"""A doctor or midwife confirms a birth (*geboortebericht*), before or after the parents declare it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.civil_registry import contents
from services.civil_registry.commands.acting import perform
from services.civil_registry.commands.cases import notice_differences
from services.civil_registry.domain.actor import Actor, Role
from services.civil_registry.domain.birth_facts import BirthFacts, NoticedBirth
from services.civil_registry.domain.birth_notice import notice_of
from services.civil_registry.domain.errors import NotYourRole
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.record import Record
from services.civil_registry.office import Office
from services.civil_registry.storage import notices, records
from services.contracts.base import dump
from services.contracts.civil_registry import BirthNotice
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_CARE = frozenset({Role.CARE_PROVIDER})


def record_birth_notice(
    work: Work, office: Office, *, actor: Mapping[str, Any], notice: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep what a doctor or midwife confirms, and settle the declaration of this birth that waits for it.

    Raises: NotYourRole, Malformed (a number that was not sealed here), BsnInvalid, BsnTestRange.
    Source: BW 1:19e lid 10-11; BBS art. 27.
    """
    who = office.actor(actor)
    if not who.may(_CARE):
        raise NotYourRole(roles=[str(Role.CARE_PROVIDER)])
    mother = office.read_bsn(notice["mother_bsn"])
    told = {name: value for name, value in dump(BirthNotice, notice).items() if name != "mother_bsn"}
    stored = notices.add(work, office.secrets, provider=who.subject, mother_bsn=mother, content=told)
    waiting = _waiting_for(work, office, mother, notice)
    log.info("birth_notice_recorded", notice_id=stored.id, outcome="matched" if waiting else "waits")
    if waiting is None:
        return {"notice_id": stored.id, "matched": 0, "differs": []}
    notices.tie(work, stored.id, waiting.id)
    differs = notice_differences(office, waiting, told)
    _confirm(work, office, waiting, who)
    return {"notice_id": stored.id, "matched": 1, "differs": list(differs)}


def _confirm(work: Work, office: Office, waiting: Record, who: Actor) -> None:
    rows = MACHINES[waiting.kind].permitted(waiting, "confirm-birth", who)
    perform(work, office, waiting, rows, who, command="confirm-birth", particulars={})


def _waiting_for(work: Work, office: Office, mother: str, notice: Mapping[str, Any]) -> Record | None:
    """Return the declaration of this birth that waits, locked; of twins the one that the notice fits best."""
    noticed = NoticedBirth.of(notice, mother=mother)
    fitting: list[tuple[int, UUID]] = []
    for record_id in notices.declarations_awaiting(work, office.secrets, mother):
        found = records.lock(work, office.secrets, record_id)
        if found is None or notices.of_record(work, record_id) is not None:
            continue
        facts = BirthFacts.of(contents.typed(found, office.secrets))
        if notice_of(facts, mother, [noticed]) is not None:
            fitting.append((len(notice_differences(office, found, dump(BirthNotice, notice))), record_id))
    if not fitting:
        return None
    return records.find(work, office.secrets, min(fitting)[1])
