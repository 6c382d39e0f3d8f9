"""What the commands on a birth declaration do."""

from dataclasses import replace

from services.civil_registry.commands.deed_making import draw
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.receipts import give_receipt
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_guards import likeness_of, obstacles_of
from services.civil_registry.domain.birth_rules import is_late
from services.civil_registry.domain.deed_contents import birth_parts
from services.civil_registry.domain.duplicates import Likeness
from services.civil_registry.domain.record import Flag, Record
from services.civil_registry.storage import checks, notices


def submit(step: Step) -> Record:
    """Return the declaration with the last day of its term, and marked when it is late or looks like another one."""
    born_on = BirthFacts.of(step.case.content).born_on
    if born_on is None:
        raise RuntimeError("a complete declaration has a day of birth")
    flags = set()
    if is_late(born_on, step.case.now, step.case.terms):
        flags.add(Flag.LATE)
    if any(likeness_of(step.case, other) in (Likeness.SUSPECT, Likeness.SAME) for other in step.case.alike):
        flags.add(Flag.POTENTIAL_DUPLICATE)
    if step.case.notice_id is not None:
        notices.tie(step.work, step.case.notice_id, step.record.id)
    checks.ask(step.work, step.record.id)
    due_on = step.case.terms.declare_birth_by(born_on)
    eligible = not any(obstacle.blocks for obstacle in obstacles_of(step.case))
    after = replace(step.record, due_on=due_on).with_flag(*flags).noting(eligible=eligible)
    give_receipt(step, after)
    return after


def provider_silent(step: Step) -> Record:
    """Return the declaration whose doctor or midwife a clerk has to call."""
    return step.record.with_flag(Flag.PROVIDER_SILENT)


def refuse(step: Step) -> Record:
    """Return the declaration with the reason for which no deed is made, which the parents are told.

    Source: BW 1:18c lid 3.
    """
    return step.record.noting(refused_because=step.particulars["reason"])


def draw_deed(step: Step) -> Record:
    """Return the declaration with its deed (*geboorteakte*).

    Raises: RegisterClosed, DeedNumberExhausted, and what the rules on names refuse.
    """
    given = step.particulars["first_names"]
    return draw(step, step.record, birth_parts(step.case, town=step.office.town.name, given_first_names=given))
