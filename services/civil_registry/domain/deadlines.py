"""What has to happen to a record by itself, and when: computed anew after each command, stored as rows."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from services.civil_registry.domain.funerals import SCIENCE, milestones, originals_due_on
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.local_time import ZONE, clock_time, end_of_day, latest_instant, local_day
from services.civil_registry.domain.policy import DeathPolicy, Policy
from services.civil_registry.domain.record import Flag, Kind, Record, Status
from services.civil_registry.domain.terms import counted_back

_UNTOUCHED = timedelta(days=14)
"""A draft that nobody touches for so long lapses."""
_REMIND_PROVIDER = timedelta(hours=24)
_PROVIDER_SILENT = timedelta(hours=48)
_REMIND_PARTNER = (timedelta(days=3), timedelta(days=7))
_REMIND_TO_SCHEDULE = timedelta(days=60)
_MORNING = time(8)
_LAST_WARNING = timedelta(minutes=30)
"""So long before the end of the day of a ceremony an unsigned deed is an alarm, however late the ceremony was."""

REMINDERS = frozenset({"remind-provider", "provider-silent", "remind-to-schedule", "remind-originals", "warn"})
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
        return _while_partner_is_awaited(record, policy) | _option_ends(record)
    if record.status in _UNSIGNED:
        return _deed_is_signed(record, policy)
    complete_on = record.extra.get("notice_complete_on")
    if complete_on is None or record.status not in _LIVING:
        return {}
    last = terms.marry_by(date.fromisoformat(complete_on))
    due = {"expire": morning_of(last + timedelta(days=1))}
    if record.status is Status.ACCEPTED:
        due["remind-to-schedule"] = morning_of(last - _REMIND_TO_SCHEDULE)
        return due | _option_ends(record)
    return due | _ceremony_is_near(record, policy)


def partner_reminders_by(record: Record, now: datetime) -> int:
    """Return how many reminders the second partner has had once one goes out now: those that are late go as one."""
    invited = datetime.fromisoformat(record.extra["invited_at"])
    return sum(invited + after <= now for after in _REMIND_PARTNER)


def originals_by(record: Record, policy: DeathPolicy) -> date | None:
    """Return by when the paper originals of a registered death come in; None when they are not waited for."""
    if record.status is not Status.REGISTERED or Flag.ORIGINALS_PENDING not in record.flags or not record.ended_at:
        return None
    return originals_due_on(local_day(record.ended_at), policy)


def partner_is_awaited_until(record: Record, policy: Policy) -> datetime:
    """Return when a notice lapses that the second partner was asked to confirm, and did not."""
    return datetime.fromisoformat(record.extra["invited_at"]) + timedelta(days=policy.marriage.partner_answers_days)


def _while_partner_is_awaited(record: Record, policy: Policy) -> dict[str, datetime]:
    invited = datetime.fromisoformat(record.extra["invited_at"])
    due = {"expire": partner_is_awaited_until(record, policy)}
    reminded = int(record.extra.get("partner_reminded", 0))
    if reminded < len(_REMIND_PARTNER):
        due["remind-partner"] = invited + _REMIND_PARTNER[reminded]
    return due


def _option_ends(record: Record) -> dict[str, datetime]:
    until = record.extra.get("option_until")
    return {"release-option": datetime.fromisoformat(until)} if until else {}


def _ceremony_is_near(record: Record, policy: Policy) -> dict[str, datetime]:
    """Return when the BRP is asked again; what was planned at short notice is looked at at once."""
    done, days = int(record.extra.get("rechecks", 0)), policy.marriage.recheck_days
    if record.status not in _PLANNED or record.due_on is None or done >= len(days):
        return {}
    return {"recheck-ceremony": morning_of(counted_back(record.due_on, days[done]))}


def _deed_is_signed(record: Record, policy: Policy) -> dict[str, datetime]:
    """Return when somebody is warned of an unsigned deed: some hours after the ceremony, on the same day."""
    held = record.extra.get("held")
    if record.due_on is None or held is None or Flag.DEED_UNSIGNED in record.flags:
        return {}
    held_at = latest_instant(record.due_on, clock_time(held["held_time"]))
    signed_by = held_at + timedelta(minutes=policy.marriage.sign_minutes)
    return {"warn-unsigned": min(signed_by, end_of_day(record.due_on) - _LAST_WARNING)}


_PLANNED = (Status.SCHEDULED, Status.READY)
_UNSIGNED = (Status.SOLEMNISED, Status.DEED_PRINTED)
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
