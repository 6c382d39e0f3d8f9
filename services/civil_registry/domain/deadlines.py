"""What has to happen to a record by itself, and when: computed anew after each command, stored as rows."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from services.civil_registry.domain.funerals import SCIENCE, milestones
from services.civil_registry.domain.legal_moments import originals_by
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.local_time import ZONE
from services.civil_registry.domain.policy import Policy
from services.civil_registry.domain.record import Flag, Kind, Record, Status

_UNTOUCHED = timedelta(days=14)
"""A draft that nobody touches for so long lapses."""
_REMIND_PROVIDER = timedelta(hours=24)
_PROVIDER_SILENT = timedelta(hours=48)
_REMIND_PARTNER = (timedelta(days=3), timedelta(days=7))
_REMIND_TO_SCHEDULE = timedelta(days=60)
_MORNING = time(8)

REMINDERS = frozenset(
    {"remind-provider", "provider-silent", "remind-partner", "remind-to-schedule", "remind-originals", "warn"}
)
"""What is not caught up on: a reminder whose time passed before the last command is of no use."""


def due_commands(record: Record, *, now: datetime, terms: LegalTerms, policy: Policy) -> dict[str, datetime]:
    """Return the commands that time gives to a record as it is now, with their moments in UTC."""
    due = _BY_KIND[record.kind](record, terms, policy)
    if record.status is Status.DRAFT:
        due["expire"] = (record.facts_since or record.started_at) + _UNTOUCHED
    return {name: at for name, at in due.items() if at > now or name not in REMINDERS}


def _of_birth(record: Record, terms: LegalTerms, policy: Policy) -> dict[str, datetime]:
    if record.status is not Status.AWAITING_CONFIRMATION or record.submitted_at is None:
        return {}
    return {
        "remind-provider": record.submitted_at + _REMIND_PROVIDER,
        "provider-silent": record.submitted_at + _PROVIDER_SILENT,
    }


def _of_death(record: Record, terms: LegalTerms, policy: Policy) -> dict[str, datetime]:
    due_on = originals_by(record, policy.death)
    return {} if due_on is None else {"remind-originals": morning_of(due_on + timedelta(days=1))}


def _of_permit(record: Record, terms: LegalTerms, policy: Policy) -> dict[str, datetime]:
    died_on = record.extra.get("died_on")
    if record.status is not Status.REQUESTED or died_on is None:
        return {}
    if record.part("funeral").get("kind") == SCIENCE:
        return {}
    decided = (record.extra.get("term") or {}).get("last_on")
    told = milestones(
        date.fromisoformat(died_on),
        terms,
        policy.death,
        last_on=date.fromisoformat(decided) if decided else None,
    )
    due = {"warn": morning_of(told.warn_on)}
    return due if Flag.ESCALATED in record.flags else due | {"escalate": morning_of(told.escalate_on)}


def _of_marriage(record: Record, terms: LegalTerms, policy: Policy) -> dict[str, datetime]:
    if record.status is Status.AWAITING_PARTNER and record.extra.get("invited_at"):
        invited = datetime.fromisoformat(record.extra["invited_at"])
        reminded = int(record.extra.get("partner_reminded", 0))
        return {"remind-partner": invited + _REMIND_PARTNER[reminded]} if reminded < len(_REMIND_PARTNER) else {}
    complete_on = record.extra.get("notice_complete_on")
    if complete_on is None or record.status not in _LIVING:
        return {}
    last = terms.marry_by(date.fromisoformat(complete_on))
    due = {"expire": morning_of(last + timedelta(days=1))}
    if record.status is Status.ACCEPTED:
        due["remind-to-schedule"] = morning_of(last - _REMIND_TO_SCHEDULE)
    return due


_LIVING = (Status.ACCEPTED, Status.SCHEDULED, Status.READY, Status.OBJECTED)
_BY_KIND: Mapping[Kind, Callable[[Record, LegalTerms, Policy], dict[str, datetime]]] = {
    Kind.BIRTH: _of_birth,
    Kind.DEATH: _of_death,
    Kind.PERMIT: _of_permit,
    Kind.MARRIAGE: _of_marriage,
}


def morning_of(day: date) -> datetime:
    """Return eight o'clock of a day in the Netherlands: when somebody reads what we send."""
    return datetime.combine(day, _MORNING, ZONE)
