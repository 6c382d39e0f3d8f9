"""What the commands on a death declaration and on its permit do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.civil_registry.commands.deed_making import draw
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.papers import issue_permit, withdraw_permit
from services.civil_registry.commands.receipts import give_receipt
from services.civil_registry.commands.writing import begin_child, settle_child
from services.civil_registry.domain.death_guards import likeness_of
from services.civil_registry.domain.deed_contents import death_parts
from services.civil_registry.domain.duplicates import Likeness
from services.civil_registry.domain.record import Flag, Kind, Record, Status
from services.civil_registry.domain.working_time import working_minutes
from services.civil_registry.storage import checks, figures, records


def submit(step: Step) -> Record:
    """Return the declaration with its last day for the funeral; a permit is asked for, and the BRP."""
    death, funeral = step.case.content["death"], step.record.part("funeral")
    due_on = step.case.terms.funeral_by(death["on"])
    flags = {Flag.ORIGINALS_PENDING}
    if any(likeness_of(step.case, other) is not Likeness.UNRELATED for other in step.case.alike):
        flags.add(Flag.POTENTIAL_DUPLICATE)
    checks.ask(step.work, step.record.id)
    after = replace(step.record, due_on=due_on).with_flag(*flags)
    begin_child(
        step.work,
        step.office,
        after,
        Kind.PERMIT,
        content={"funeral": dict(funeral)},
        extra={"died_on": death["on"].isoformat()},
        due_on=_funeral_day(step, step.case.content["funeral"]) or due_on,
    )
    give_receipt(step, after)
    return after


def record_clearance(step: Step) -> Record:
    """Return the declaration with the prosecutor's word."""
    told = {"on": step.particulars["document_on"].isoformat(), "reference": step.particulars["reference"]}
    return step.record.with_flag(Flag.CLEARED_BY_PROSECUTOR).noting(clearance=told)


def second_look(step: Step) -> Record:
    """Return the declaration with what a second officer found."""
    if not step.particulars["agrees"]:
        return step.record
    return step.record.with_flag(Flag.SECOND_OFFICER_AGREED).noting(second_officer=step.by)


def draw_deed(step: Step) -> Record:
    """Return the declaration with its deed (*overlijdensakte*).

    Raises: RegisterClosed, DeedNumberExhausted.
    """
    return draw(step, step.record, death_parts(step.case, town=step.office.town.name))


def weak_match(step: Step) -> Record:
    """Return the declaration that a second officer has to compare with the BRP."""
    return step.record.with_flag(Flag.NEEDS_SECOND_OFFICER)


def record_originals(step: Step) -> Record:
    """Return the declaration whose paper originals are here."""
    records.original_came_in(step.work, step.record.id, step.particulars["received_on"])
    return step.record.without_flag(Flag.ORIGINALS_PENDING)


def end_permits(step: Step) -> Record:
    """End what was asked for together with a declaration that comes to nothing."""
    for child in records.children_of(step.work, step.office.secrets, step.record.id, locked=True):
        if child.status is Status.REQUESTED:
            settle_child(step.work, step.office, child, "withdraw")
    if step.row.command == "mark-duplicate":
        return step.record.noting(duplicate_of=str(step.particulars["of_record"]))
    if step.row.command == "refuse":
        return step.record.noting(refused_because=step.particulars["reason"])
    return step.record


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
    return step.record.with_flag(Flag.TERM_DECIDED).noting(term=decided)


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
    return step.record.noting(issued_by=step.by)


def amend(step: Step) -> Record:
    """Return the permit with another plan and a new document; the old one does not count any more."""
    after = _planned(step)
    withdraw_permit(step, replaced=True)
    issue_permit(step, after)
    return after


def revoke(step: Step) -> Record:
    """Return the permit whose document does not count any more."""
    withdraw_permit(step, replaced=False)
    return step.record


def warn(step: Step) -> Record:
    """Return the permit that is nearly too late."""
    return step.record.with_flag(Flag.FUNERAL_NEAR)


def _planned(step: Step) -> Record:
    funeral = step.particulars["funeral"]
    stored = {**funeral, "at": funeral["at"] and funeral["at"].isoformat()}
    due_on = _funeral_day(step, funeral) or step.record.due_on
    return replace(step.record, content={**step.record.content, "funeral": stored}, due_on=due_on)


def _funeral_day(step: Step, funeral: Mapping[str, Any]) -> date | None:
    return step.office.today(funeral["at"]) if funeral["at"] else None
