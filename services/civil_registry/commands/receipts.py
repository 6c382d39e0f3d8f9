"""The receipt that a declarant gets when his declaration or notice is in (*ontvangstbewijs*)."""

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.papers import issue_receipt
from services.civil_registry.domain.deed_contents import persons
from services.civil_registry.domain.dutch import in_digits
from services.civil_registry.domain.labels import label_of
from services.civil_registry.domain.names import written
from services.civil_registry.domain.record import Kind, Record
from services.civil_registry.papers.rendering import NotWritable


def give_receipt(step: Step, after: Record) -> None:
    """Make the receipt of a record that was just handed in.

    A name that cannot be drawn is left out: the number tells enough, and no legal term waits for a letter.
    """
    what = step.case.content.get("bond", "marriage") if after.kind is Kind.MARRIAGE else str(after.kind)
    try:
        issue_receipt(step, after, about=_about(step, after), declaration=what)
    except NotWritable:
        issue_receipt(step, after, about=(), declaration=what)


def _about(step: Step, after: Record) -> tuple[str, ...]:
    """Return whom it is about, as far as it was declared or the BRP was asked already."""
    if after.kind is Kind.BIRTH:
        child = step.case.content["child"]
        return (f"{child['first_names']}, {in_digits(child['born_on'])}, {child['born_time']}",)
    if after.kind is Kind.DEATH:
        return (label_of(after),)
    return tuple(f"{one.name.first_names} {written(one.name)}".strip() for one in persons(step.case).values())
