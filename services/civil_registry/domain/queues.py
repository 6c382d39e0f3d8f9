"""Where a record waits for staff: in exactly one work queue, or in none. Source: domain/civil_registry.md 6.5."""

from collections.abc import Mapping
from typing import Any

from services.civil_registry.domain.record import Flag, Kind, Record, Status

QUEUES = (
    "awaiting-confirmation",
    "to-review",
    "in-review",
    "duplicates",
    "second-officer",
    "info-requested",
    "prosecutor",
    "sham-check",
    "to-schedule",
    "scheduled",
    "final-check",
    "ceremonies",
    "objections",
    "deed-to-draw",
    "deed-to-print",
    "deed-to-sign",
    "deed-to-register",
    "mayor-to-decide",
    "permit-escalated",
    "permit-to-issue",
    "permit-in-use",
    "late-to-report",
    "remarriage-to-report",
    "originals-outstanding",
)

_BY_STATUS = {
    Status.AWAITING_CONFIRMATION: "awaiting-confirmation",
    Status.SUBMITTED: "to-review",
    Status.IN_REVIEW: "in-review",
    Status.INFO_REQUESTED: "info-requested",
    Status.AWAITING_PROSECUTOR: "prosecutor",
    Status.SHAM_CHECK: "sham-check",
    Status.APPROVED: "deed-to-draw",
    Status.ACCEPTED: "to-schedule",
    Status.SCHEDULED: "scheduled",
    Status.READY: "ceremonies",
    Status.OBJECTED: "objections",
    Status.SOLEMNISED: "deed-to-print",
    Status.DEED_DRAWN: "deed-to-print",
    Status.DEED_PRINTED: "deed-to-sign",
    Status.DEED_SIGNED: "deed-to-register",
    Status.ISSUED: "permit-in-use",
}


def queue_of(record: Record) -> str | None:
    """Return the work queue in which a record waits, or None when nobody has to do anything."""
    if record.status is Status.IN_REVIEW:
        if Flag.POTENTIAL_DUPLICATE in record.flags:
            return "duplicates"
        if Flag.NEEDS_SECOND_OFFICER in record.flags and Flag.SECOND_OFFICER_AGREED not in record.flags:
            return "second-officer"
    if record.status is Status.REQUESTED:
        return _permit_queue_of(record)
    if record.status is Status.SCHEDULED and Flag.CHECK_AGAIN in record.flags:
        return "final-check"
    if record.status is Status.REGISTERED:
        return _task_of(record)
    if record.status is Status.ISSUED and (wish := record.extra.get("wish")):
        return _amendment_queue_of(wish)
    return _BY_STATUS.get(record.status)


def _permit_queue_of(record: Record) -> str:
    """Return who is to act on a permit that was asked for: first who can stop it, then who decides before others."""
    funeral = record.part("funeral")
    if (record.extra.get("measure") or {}).get("forbids"):
        return "prosecutor"
    asks_term = funeral.get("plan", "within-term") != "within-term" and Flag.TERM_DECIDED not in record.flags
    if asks_term or funeral.get("kind") == "science":
        return "mayor-to-decide"
    return "permit-escalated" if Flag.ESCALATED in record.flags else "permit-to-issue"


def _amendment_queue_of(wish: Mapping[str, Any]) -> str:
    """Return who is to act on the wish for another permit."""
    asks_term = wish["funeral"].get("plan", "within-term") != "within-term" and not wish.get("term_decided")
    return "mayor-to-decide" if asks_term or wish["funeral"]["kind"] == "science" else "permit-to-issue"


def _task_of(record: Record) -> str | None:
    if record.kind is Kind.BIRTH and Flag.LATE in record.flags:
        return "late-to-report"
    if record.kind is Kind.MARRIAGE and Flag.REMARRIAGE in record.flags:
        return "remarriage-to-report"
    return "originals-outstanding" if Flag.ORIGINALS_PENDING in record.flags else None
