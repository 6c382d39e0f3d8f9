"""The moments of the law that whoever looks at a record should see."""

from datetime import date, datetime

from services.civil_registry.domain.case import Case
from services.civil_registry.domain.local_time import clock_time
from services.civil_registry.domain.record import Kind


def moments_of(case: Case) -> dict[str, date | datetime]:
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
    death = (case.content if kind is Kind.DEATH else case.parent_content).get("death")
    if death is None:
        return {}
    at = death.get("time")
    return {
        "funeral_from": case.terms.funeral_from(death["on"], clock_time(at) if at else None),
        "funeral_by": case.terms.funeral_by(death["on"]),
    }
