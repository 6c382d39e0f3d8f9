"""The moments of the law that whoever looks at a record should see."""

from datetime import date, datetime, timedelta

from services.civil_registry.domain.case import Case
from services.civil_registry.domain.ceremonies import possible_days
from services.civil_registry.domain.deadlines import originals_by, partner_is_awaited_until
from services.civil_registry.domain.death_guards import facts_of
from services.civil_registry.domain.errors import TimeDoesNotExist
from services.civil_registry.domain.local_time import ZONE
from services.civil_registry.domain.marriage_facts import certified_on
from services.civil_registry.domain.permit_guards import allowed_window
from services.civil_registry.domain.record import Kind, Status
from services.civil_registry.domain.terms import counted_back

Moments = dict[str, date | datetime]


def wedding_days(case: Case) -> tuple[date, date]:
    """Return the first and the last day for the wedding; of a notice that is not accepted yet, as if it were today."""
    complete_on = case.record.extra.get("notice_complete_on")
    return possible_days(
        date.fromisoformat(complete_on) if complete_on else case.today,
        case.terms,
        exempted=case.has("exemption"),
        certified_on=certified_on(case.record),
    )


def moments_of(case: Case) -> Moments:
    """Return by name what can be computed from what is filled in."""
    kind = case.record.kind
    if kind is Kind.BIRTH:
        born_on = case.content.get("child", {}).get("born_on") or case.content.get("answers", {}).get("born_on")
        return {} if born_on is None else {"declare_by": case.terms.declare_birth_by(born_on)}
    if kind is Kind.MARRIAGE:
        return _of_marriage(case)
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


def _of_marriage(case: Case) -> Moments:
    extra = case.record.extra
    moments: Moments = {}
    if extra.get("notice_complete_on"):
        moments["marry_from"], moments["marry_by"] = wedding_days(case)
    if case.record.status is Status.AWAITING_PARTNER and extra.get("invited_at"):
        lapses_at = partner_is_awaited_until(case.record, case.policy)
        moments["assent_by"] = lapses_at.astimezone(ZONE).date() - timedelta(days=1)
    if extra.get("option_until"):
        moments["option_until"] = datetime.fromisoformat(extra["option_until"])
    if case.record.status in _CHANGEABLE and case.record.due_on is not None:
        moments["change_until"] = counted_back(case.record.due_on, case.policy.marriage.couple_changes_until_days)
    for name in ("starts_at", "ends_at"):
        if case.record.due_on is not None and extra.get(name):
            moments[name] = datetime.fromisoformat(extra[name])
    return moments


_CHANGEABLE = (Status.SCHEDULED, Status.READY)
