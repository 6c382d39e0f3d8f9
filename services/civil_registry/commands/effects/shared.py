"""What the commands do that every kind of record knows."""

from dataclasses import replace

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.domain.record import Flag, Question, Record
from services.civil_registry.storage import checks


def assign(step: Step) -> Record:
    """Return the record in the hands of who takes it."""
    return replace(step.record, assignee=step.case.actor.staff_id)


def release(step: Step) -> Record:
    """Return the record in nobody's hands."""
    return replace(step.record, assignee=None)


def recheck(step: Step) -> Record:
    """Have the BRP asked anew."""
    checks.ask(step.work, step.record.id)
    return step.record


def ask(step: Step) -> Record:
    """Return the record with a question to its declarant."""
    asked = step.particulars
    question = Question(asked["reason"], tuple(asked["items"]), asked["answer_by"], step.case.now)
    return replace(step.record, question=question).noting(asked=int(step.record.extra.get("asked", 0)) + 1)


def take_answer(step: Step) -> Record:
    """Return the record without its question; what changed is compared anew."""
    checks.ask(step.work, step.record.id)
    return replace(step.record, question=None)


def clear_duplicate(step: Step) -> Record:
    """Return the record that an officer found to be about another fact than those that look the same."""
    cleared = {*step.record.extra.get("cleared_of", ()), *(str(other.record.id) for other in step.case.alike)}
    return step.record.without_flag(Flag.POTENTIAL_DUPLICATE).noting(cleared_of=sorted(cleared))


def approve(step: Step) -> Record:
    """Return the record with the name of who found it in order."""
    return replace(step.record, acted_by=step.case.actor.staff_id)


def point_to_other(step: Step) -> Record:
    """Return the record with the one that is about the same fact."""
    return step.record.noting(duplicate_of=str(step.particulars["of_record"]))


def refuse(step: Step) -> Record:
    """Return the record with the reason that its declarant is told."""
    return step.record.noting(refused_because=step.particulars["reason"])


def reported(step: Step) -> Record:
    """Return the record after somebody outside was told what the law wants told."""
    told = {"on": step.particulars["reported_on"].isoformat(), "reference": step.particulars["reference"]}
    return step.record.without_flag(Flag.LATE, Flag.REMARRIAGE).noting(reported=told)
