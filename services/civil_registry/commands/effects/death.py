"""What the commands on a death declaration do. Those on its permit stand in `permit`."""

from dataclasses import replace

from services.civil_registry.commands.deed_making import draw
from services.civil_registry.commands.effects import permit, shared
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.receipts import give_receipt
from services.civil_registry.commands.writing import settle_child
from services.civil_registry.domain.death_guards import facts_of, likeness_of
from services.civil_registry.domain.death_rules import death_eligibility
from services.civil_registry.domain.deed_contents import death_parts
from services.civil_registry.domain.duplicates import Likeness
from services.civil_registry.domain.funerals import act_applies
from services.civil_registry.domain.obstacles import texts_of_blocking
from services.civil_registry.domain.record import Flag, Record, Status
from services.civil_registry.storage import checks, records


def submit(step: Step) -> Record:
    """Return the declaration with its last day for the funeral; a permit is asked for, and the BRP.

    Where the act on funerals does not apply, no permit is asked for. Source: Wet op de lijkbezorging art. 2 lid 2.
    """
    case, facts = step.case, facts_of(step.case)
    checks.ask(step.work, step.record.id)
    online = death_eligibility(facts, by_undertaker=True, policy=case.policy, terms=case.terms, now=case.now)
    after = _dated(step, step.record).with_flag(Flag.ORIGINALS_PENDING).noting(eligible=not texts_of_blocking(online))
    if act_applies(pregnancy_weeks=facts.pregnancy_weeks, lived=facts.lived):
        permit.request(step, after, case.content["funeral"])
    give_receipt(step, after)
    return after


def take_answer(step: Step) -> Record:
    """Return the declaration without its question; what follows from the facts follows from the new ones.

    A second officer's look counts for what he saw: after a change the BRP is compared anew, and says whether another
    look is needed.
    """
    question, facts = step.record.question, facts_of(step.case)
    after = _dated(step, shared.take_answer(step))
    since = step.record.facts_since
    if question is not None and since is not None and since > question.asked_at:
        after = after.without_flag(Flag.NEEDS_SECOND_OFFICER, Flag.SECOND_OFFICER_AGREED)
    needed = act_applies(pregnancy_weeks=facts.pregnancy_weeks, lived=facts.lived)
    for child in _open_permits(step):
        if needed:
            permit.moved(step, child)
        else:
            settle_child(step.work, step.office, child, "withdraw")
    return after


def request_permit(step: Step) -> Record:
    """Ask for a permit anew, after the one before was refused or revoked."""
    permit.request_again(step, step.particulars["funeral"])
    return step.record


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
    for child in _open_permits(step):
        settle_child(step.work, step.office, child, "withdraw")
    if step.row.command == "mark-duplicate":
        return shared.point_to_other(step)
    if step.row.command == "refuse":
        return step.record.noting(refused_because=step.particulars["reason"])
    return step.record


def _dated(step: Step, record: Record) -> Record:
    """Return the declaration with the last day for the funeral, and whether it may be about a known death.

    What an officer said is about another death stays so.
    """
    cleared = set(record.extra.get("cleared_of", ()))
    alike = any(
        str(other.record.id) not in cleared and likeness_of(step.case, other) is not Likeness.UNRELATED
        for other in step.case.alike
    )
    dated = replace(record, due_on=step.case.terms.funeral_by(step.case.content["death"]["on"]))
    return dated.with_flag(Flag.POTENTIAL_DUPLICATE) if alike else dated.without_flag(Flag.POTENTIAL_DUPLICATE)


def _open_permits(step: Step) -> list[Record]:
    children = records.children_of(step.work, step.office.secrets, step.record.id, locked=True)
    return [child for child in children if child.status is Status.REQUESTED]
