"""Printing, signing and registering a deed: each is noted for ever."""

from uuid import UUID

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.papers import print_sheet
from services.civil_registry.domain.record import Flag, Record
from services.civil_registry.storage import deeds, figures


def print_deed(step: Step) -> Record:
    """Return the record whose deed lies on paper; a sheet that was spoilt is printed again."""
    deeds.note_step(step.work, _deed_of(step), "printed", by=step.by)
    print_sheet(step)
    return step.record


def sign_deed(step: Step) -> Record:
    """Return the record whose deed was signed by hand, and when."""
    signed_on = step.particulars["signed_on"].isoformat()
    deeds.note_step(step.work, _deed_of(step), "signed", by=step.by, note=signed_on)
    return step.record.without_flag(Flag.DEED_UNSIGNED).noting(signed_on=signed_on)


def register(step: Step) -> Record:
    """Return the record of a fact that stands in the register from now on, and count it."""
    deeds.note_step(step.work, _deed_of(step), "registered", by=step.by)
    eligible = bool(step.record.extra.get("eligible", True))
    figures.count(step.work, step.record, on=step.case.today, eligible=eligible)
    return step.record


def _deed_of(step: Step) -> UUID:
    if step.record.deed_id is None:
        raise RuntimeError("a record in this status has a deed")
    return step.record.deed_id
