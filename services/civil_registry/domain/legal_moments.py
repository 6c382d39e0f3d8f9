"""The moments of the law that whoever looks at a record should see."""

from datetime import date, datetime

from services.civil_registry.domain.case import Case
from services.civil_registry.domain.death_guards import facts_of
from services.civil_registry.domain.errors import TimeDoesNotExist
from services.civil_registry.domain.funerals import originals_due_on
from services.civil_registry.domain.local_time import local_day
from services.civil_registry.domain.permit_guards import allowed_window
from services.civil_registry.domain.policy import DeathPolicy
from services.civil_registry.domain.record import Flag, Kind, Record, Status

Moments = dict[str, date | datetime]


def moments_of(case: Case) -> Moments:
    """Return by name what can be computed from what is filled in."""
    kind = case.record.kind
    if kind is Kind.BIRTH:
        born_on = case.content.get("child", {}).get("born_on") or case.content.get("answers", {}).get("born_on")
        return {} if born_on is None else {"declare_by": case.terms.declare_birth_by(born_on)}
    if kind is Kind.MARRIAGE:
        complete_on = case.record.extra.get("notice_complete_on")
        if complete_on is None:
            return {}
        day = date.fromisoformat(complete_on)
        return {"marry_from": case.terms.marry_from(day), "marry_by": case.terms.marry_by(day)}
    return _of_death(case)


def _of_death(case: Case) -> Moments:
    """Return when the funeral may be, of a permit as the mayor decided; and by when the paper originals come in."""
    facts, record = facts_of(case), case.record
    if facts.died_on is None:
        return {}
    funeral = case.content.get("funeral") or {}
    try:
        allowed = allowed_window(case, funeral.get("kind", "burial"))
    except TimeDoesNotExist:  # whoever typed it has to be able to mend it
        return {}
    told: Moments = {"funeral_from": allowed.possible_from}
    if allowed.last_on is not None:
        told["funeral_by"] = allowed.last_on
    due_on = originals_by(record, case.policy.death)
    return told if due_on is None else told | {"originals_by": due_on}


def originals_by(record: Record, policy: DeathPolicy) -> date | None:
    """Return by when the paper originals of a registered death come in; None when they are not waited for."""
    if record.status is not Status.REGISTERED or Flag.ORIGINALS_PENDING not in record.flags or not record.ended_at:
        return None
    return originals_due_on(local_day(record.ended_at), policy)
