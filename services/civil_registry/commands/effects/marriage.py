"""What the commands on a notice of marriage or partnership do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.civil_registry.commands.deed_making import draw
from services.civil_registry.commands.effects import planning
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.receipts import give_receipt
from services.civil_registry.domain.deadlines import partner_reminders_by
from services.civil_registry.domain.deed_contents import bond_parts
from services.civil_registry.domain.record import Flag, Record, Status
from services.civil_registry.storage import checks

_TOLD_BY_EACH = ("no_sham", "custody", "guardianship", "residence", "name_use")
"""What each partner says of himself alone."""


def invite_partner(step: Step) -> Record:
    """Return the notice for which the second partner is waited from now on, with an option on the wished time.

    Only the first partner is looked up: the other one has not said that it is true.

    Raises: RoomNotFree.
    """
    checks.ask(step.work, step.record.id)
    until = step.case.now + timedelta(hours=step.case.policy.marriage.option_hours)
    held = planning.take_option(step, until=until)
    return held.noting(invited_at=step.case.now.isoformat(), partner_reminded=0)


def remind_partner(step: Step) -> Record:
    """Return the notice with one reminder more."""
    return step.record.noting(partner_reminded=partner_reminders_by(step.record, step.case.now))


def decline(step: Step) -> Record:
    """Return the notice as the first partner's draft, which nobody else sees, with as much time as a new one."""
    return replace(planning.give_back(step), facts_since=step.case.now).noting(invited_at=None)


def assent(step: Step) -> Record:
    """Return the notice of both partners; from now on it is complete, and the BRP is asked."""
    told = {name: step.particulars[name] for name in _TOLD_BY_EACH}
    kept = planning.keep_option(step)
    content = {**kept.content, "partner_2": {**kept.part("partner_2"), **told}}
    flags = (Flag.REMARRIAGE,) if _custody(content) else ()
    checks.ask(step.work, step.record.id)
    after = replace(kept, content=content, facts_since=step.case.now).with_flag(*flags)
    give_receipt(step, after)
    return after


def accept(step: Step) -> Record:
    """Return the notice with its window: it counts from the day on which it was complete."""
    complete_on = step.office.today(step.record.facts_since or step.case.now)
    certified_on = {one["partner"]: one["issued_on"].isoformat() for one in step.particulars["certificates"]}
    accepted = replace(step.record, acted_by=step.by).noting(
        notice_complete_on=complete_on.isoformat(), certified_on=certified_on
    )
    return planning.limit_option(step, accepted)


def change_witnesses(step: Step) -> Record:
    """Return the notice with other witnesses."""
    witnesses = [{**one, "born_on": one["born_on"].isoformat()} for one in step.particulars["witnesses"]]
    return replace(step.record, content={**step.record.content, "witnesses": witnesses})


def recheck_ceremony(step: Step) -> Record:
    """Have the BRP asked once more before the ceremony; a ceremony that is not cleared waits for an officer."""
    if step.case.brp is None:
        checks.ask(step.work, step.record.id)
    else:
        checks.ask_again(step.work, step.record.id)
    flags = (Flag.CHECK_AGAIN,) if step.record.status is Status.SCHEDULED else ()
    return step.record.with_flag(*flags).noting(rechecks=int(step.record.extra.get("rechecks", 0)) + 1)


def hold_back(step: Step) -> Record:
    """Return the notice whose ceremony an officer has to look at again."""
    return step.record.with_flag(Flag.CHECK_AGAIN)


def clear(step: Step) -> Record:
    """Return the notice whose ceremony can be held."""
    return replace(step.record.without_flag(Flag.CHECK_AGAIN), acted_by=step.by)


def refuse(step: Step) -> Record:
    """Give room and officer back, and return the notice with the reason for it."""
    return planning.give_back(step).noting(refused_because=step.particulars["reason"])


def record_objection(step: Step) -> Record:
    """Give room and officer back, and return the notice without a day: it may not go on."""
    told = {"ground": step.particulars["ground"], "reference": step.particulars["reference"]}
    return replace(planning.give_back(step), due_on=None).noting(objection=told)


def record_ceremony(step: Step) -> Record:
    """Return the record of a ceremony that was held, with its deed (*huwelijksakte*).

    Raises: RegisterClosed, DeedNumberExhausted.
    """
    asked = step.particulars
    held = {
        "held_time": asked["held_time"],
        "witnesses": list(asked["witnesses"]),
        "officer_id": step.by,
    }
    parts = bond_parts(
        step.case,
        town=step.office.town.name,
        on=step.case.today,
        present=asked["witnesses"],
        consents=asked["consents"],
        sworn_statements=asked["sworn_statements"],
    )
    return draw(step, step.record.noting(held=held), parts)


def warn_unsigned(step: Step) -> Record:
    """Return the record of a ceremony whose deed somebody has to look after now."""
    return step.record.with_flag(Flag.DEED_UNSIGNED)


def _custody(content: dict[str, Any]) -> bool:
    return any(content.get(name, {}).get("custody") for name in ("partner_1", "partner_2"))
