"""Drawing a deed up: number, text and row in one transaction; and how it will read before it has a number."""

from dataclasses import replace
from datetime import date

from services.civil_registry.commands.effects.step import Step
from services.civil_registry.domain.deed_content import DeedContent, Official
from services.civil_registry.domain.deed_contents import Parts
from services.civil_registry.domain.deed_text import deed_text
from services.civil_registry.domain.record import Record
from services.civil_registry.office import Office
from services.civil_registry.storage import deeds


def draw(step: Step, record: Record, parts: Parts) -> Record:
    """Return the record with its deed, which has the next number of the register's part and year.

    Raises: RegisterClosed, DeedNumberExhausted.
    """
    kind = parts[0]
    town, today = step.office.town, step.case.today
    fact = "stillbirth" if kind == "stillbirth" else kind.register
    number = deeds.next_number(
        step.work,
        register=kind.register,
        part=step.particulars.get("part") or town.register_part,
        year=today.year,
        fact_letter=step.office.offering.fact_letters.letter(kind.register, fact, today),
    )
    content = content_of(step.office, parts, number=number.written, on=today, officer_id=step.by)
    deed_id = deeds.add(
        step.work,
        record_id=record.id,
        number=number,
        content=content.told(),
        words=deed_text(content).plain,
        drawn_by=step.by,
    )
    return replace(record, deed_id=deed_id)


def content_of(office: Office, parts: Parts, *, number: str, on: date, officer_id: str) -> DeedContent:
    """Return the deed of an officer on a day."""
    kind, first, second, third = parts
    return DeedContent(
        kind=kind,
        number=number,
        year=on.year,
        first=first,
        second=second,
        third=third,
        official=Official(officer=office.town.officer_names[officer_id], place=office.town.name, drawn_on=on),
    )
