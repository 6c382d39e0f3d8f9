"""Drawing a deed up: number, text and row in one transaction."""

from dataclasses import replace

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.domain.deed_content import DeedContent, Official
from services.civil_registry.domain.deed_contents import Parts
from services.civil_registry.domain.deed_text import deed_text
from services.civil_registry.domain.record import Record
from services.civil_registry.storage import deeds


def draw(step: Step, record: Record, parts: Parts) -> Record:
    """Return the record with its deed, which has the next number of the register's part and year.

    Raises: RegisterClosed, DeedNumberExhausted.
    """
    kind, first, second, third = parts
    town, today = step.office.town, step.case.today
    fact = "stillbirth" if kind == "stillbirth" else kind.register
    number = deeds.next_number(
        step.work,
        register=kind.register,
        part=step.particulars.get("part") or town.register_part,
        year=today.year,
        fact_letter=step.office.offering.fact_letters.letter(kind.register, fact, today),
    )
    officer = town.officer_names[step.by]
    content = DeedContent(
        kind=kind,
        number=number.written,
        year=number.year,
        first=first,
        second=second,
        third=third,
        official=Official(officer=officer, place=town.name, drawn_on=today),
    )
    deed_id = deeds.add(
        step.work,
        record_id=record.id,
        number=number,
        content=content.told(),
        words=deed_text(content).plain,
        drawn_by=step.by,
    )
    return replace(record, deed_id=deed_id)
