"""The moments of the law that whoever looks at a record should see."""

from datetime import date, datetime, timedelta

from services.civil_registry.domain.case import Case
from services.civil_registry.domain.ceremonies import possible_days
from services.civil_registry.domain.deadlines import partner_is_awaited_until
from services.civil_registry.domain.local_time import ZONE, clock_time
from services.civil_registry.domain.marriage_facts import certified_on
from services.civil_registry.domain.record import Kind, Status
from services.civil_registry.domain.terms import counted_back


def wedding_days(case: Case) -> tuple[date, date]:
    """Return the first and the last day for the wedding; of a notice that is not accepted yet, as if it were today."""
    complete_on = case.record.extra.get("notice_complete_on")
    return possible_days(
        date.fromisoformat(complete_on) if complete_on else case.today,
        case.terms,
        exempted=case.has("exemption"),
        certified_on=certified_on(case.record),
    )


def moments_of(case: Case) -> dict[str, date | datetime]:
    """Return by name what can be computed from what is filled in."""
    kind = case.record.kind
    if kind is Kind.BIRTH:
        born_on = case.content.get("child", {}).get("born_on") or case.content.get("answers", {}).get("born_on")
        return {} if born_on is None else {"declare_by": case.terms.declare_birth_by(born_on)}
    if kind is Kind.MARRIAGE:
        return _of_marriage(case)
    death = (case.content if kind is Kind.DEATH else case.parent_content).get("death")
    if death is None:
        return {}
    at = death.get("time")
    return {
        "funeral_from": case.terms.funeral_from(death["on"], clock_time(at) if at else None),
        "funeral_by": case.terms.funeral_by(death["on"]),
    }


def _of_marriage(case: Case) -> dict[str, date | datetime]:
    extra, moments = case.record.extra, dict[str, date | datetime]()
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
