"""What the commands on a permit do, and how one begins: by itself with the declaration, or anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.papers import issue_permit, replace_permit, withdraw_permit
from services.civil_registry.commands.writing import begin_child, time_it
from services.civil_registry.domain.death_guards import facts_of
from services.civil_registry.domain.funerals import SCIENCE
from services.civil_registry.domain.record import Flag, Kind, Record
from services.civil_registry.domain.working_time import working_minutes
from services.civil_registry.storage import figures, records

_URGENT = (Flag.FUNERAL_NEAR, Flag.ESCALATED)
_STAYS = ("term", "measure")
"""What was decided about the body, not about one request."""


def request(step: Step, declaration: Record, funeral: Mapping[str, Any], *, before: Record | None = None) -> None:
    """Ask for the permit of a death; `before`: the one that was refused or revoked."""
    kept = {name: before.extra[name] for name in _STAYS if name in before.extra} if before is not None else {}
    begin_child(
        step.work,
        step.office,
        declaration,
        Kind.PERMIT,
        content={"funeral": _stored(funeral)},
        extra={"died_on": step.case.content["death"]["on"].isoformat()} | kept,
        due_on=_due_on(step, funeral),
        flags=before.flags & {Flag.TERM_DECIDED} if before is not None else frozenset(),
    )


def request_again(step: Step, funeral: Mapping[str, Any]) -> None:
    """Ask for a permit after the last one was refused or revoked."""
    before = max(step.case.children, key=lambda child: child.started_at, default=None)
    request(step, step.record, funeral, before=before)


def moved(step: Step, permit: Record) -> None:
    """Let a permit that waits follow a day of death that was corrected."""
    died_on = step.case.content["death"]["on"].isoformat()
    if permit.extra.get("died_on") != died_on:
        after = permit.noting(died_on=died_on)
        records.change(step.work, step.office.secrets, permit, after)
        time_it(step.work, step.office, after)


def decide_term(step: Step) -> Record:
    """Return the permit with the term that the mayor set."""
    asked = step.particulars
    decided: dict[str, Any] = {
        "plan": asked["plan"],
        "not_before_at": asked["not_before_at"] and asked["not_before_at"].isoformat(),
        "last_on": asked["last_on"] and asked["last_on"].isoformat(),
        "doctor": asked["doctor"],
        "prosecutor_agrees": asked["prosecutor_agrees"],
        "reason": asked["reason"],
        "by": step.by,
    }
    after = step.record.with_flag(Flag.TERM_DECIDED).without_flag(*_URGENT).noting(term=decided)
    wish = step.record.extra.get("wish")
    return after.noting(wish=wish | {"term_decided": True}) if wish else after


def record_measure(step: Step) -> Record:
    """Return the permit with what the public prosecutor delays or forbids; nothing: he lifted it."""
    asked = step.particulars
    told = {"forbids": sorted(set(asked["forbids"])), "reference": asked["reference"], "since": step.case.today}
    return step.record.noting(measure=told)


def plan(step: Step) -> Record:
    """Return the permit for what is planned now."""
    return _planned(step)


def issue(step: Step) -> Record:
    """Return the permit that is given, with its document."""
    issue_permit(step, step.record)
    minutes = working_minutes(
        step.record.submitted_at or step.record.started_at,
        step.case.now,
        is_working_day=step.case.is_working_day,
        hours=step.office.town.office_hours,
    )
    figures.count(step.work, step.record, on=step.case.today, eligible=True, working_minutes=minutes)
    return step.record.without_flag(*_URGENT).noting(issued_by=step.by)


def amend(step: Step) -> Record:
    """Return the permit with another plan and a new document, which stands in the place of the old one."""
    after = _settled(_planned(step)).noting(amended_because=step.particulars["reason"])
    replace_permit(step, after)
    return after


def request_amendment(step: Step) -> Record:
    """Return the permit with what the undertaker would have it say; the one that was given counts until then."""
    asked = step.particulars
    wish = {"funeral": _stored(asked["funeral"]), "reason": asked["reason"], "asked_at": step.case.now.isoformat()}
    return step.record.with_flag(Flag.AMENDMENT_ASKED).noting(wish=wish, amendment_declined_because=None)


def decline_amendment(step: Step) -> Record:
    """Return the permit as it was given, and why it stays so."""
    return _settled(step.record).noting(amendment_declined_because=step.particulars["reason"])


def refuse(step: Step) -> Record:
    """Return the permit that is not given, and why."""
    return step.record.noting(refused_because=step.particulars["reason"])


def revoke(step: Step) -> Record:
    """Return the permit whose document does not count any more, and why."""
    withdraw_permit(step)
    return step.record.noting(revoked_because=step.particulars["reason"])


def warn(step: Step) -> Record:
    """Return the permit that is nearly too late."""
    return step.record.with_flag(Flag.FUNERAL_NEAR)


def escalate(step: Step) -> Record:
    """Return the permit that an officer has to look at now."""
    return step.record.with_flag(Flag.FUNERAL_NEAR, Flag.ESCALATED)


def _settled(permit: Record) -> Record:
    """Return a permit of which nothing else is asked any more."""
    return permit.without_flag(Flag.AMENDMENT_ASKED).noting(wish=None, amendment_declined_because=None)


def _planned(step: Step) -> Record:
    funeral = step.particulars["funeral"]
    content = {**step.record.content, "funeral": _stored(funeral)}
    return replace(step.record, content=content, due_on=_due_on(step, funeral))


def _stored(funeral: Mapping[str, Any]) -> dict[str, Any]:
    return {**funeral, "at": funeral["at"] and funeral["at"].isoformat()}


def _due_on(step: Step, funeral: Mapping[str, Any]) -> date:
    """Return when a permit is too late: the day of the funeral, while none is planned the last one for it.

    The mayor decides within three days whether a body goes to science. Source: Wet op de lijkbezorging art. 68 lid 1.
    """
    terms, today = step.case.terms, step.case.today
    if funeral["kind"] == SCIENCE:
        asked_at = step.record.submitted_at if step.record.kind is Kind.PERMIT else None
        return terms.decide_dissection_by(step.office.today(asked_at or step.case.now))
    if funeral["at"]:
        return step.office.today(funeral["at"])
    return terms.funeral_by(facts_of(step.case).died_on or today)
