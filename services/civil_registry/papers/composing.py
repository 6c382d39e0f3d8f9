"""Turns contents into a sheet: title, blocks and foot, as `paper.typ` draws it."""

from datetime import datetime
from typing import Any

from services.civil_registry.papers.blocks import (
    ROLE,
    Block,
    death_rows,
    facts,
    given_out,
    mentions,
    paragraphs,
    part,
    sections,
    signed_by_hand,
    steps,
    together,
)
from services.civil_registry.papers.contents import (
    Deed,
    DeedText,
    Extract,
    FullCopy,
    Funeral,
    FuneralPermit,
    MultilingualExtract,
    Paper,
    Receipt,
)
from services.civil_registry.papers.multilingual import given_out_in_four, multilingual_blocks, multilingual_titles
from services.civil_registry.papers.texts import texts
from services.civil_registry.papers.writing import home_clock, home_day, in_digits, written
from services.presenting import times

Sheet = dict[str, Any]
OFFICE = "Burgerlijke stand"
_PARTS = (
    "Gegevens voor uittreksels",
    "Gegevens die niet in een uittreksel komen",
    "Overige gegevens",
    "Opmaak en ondertekening",
    "Verbeteringen en latere vermeldingen",
)


_COFFIN = {
    "label": "Registratienummer op de kist",
    "hint": "In te vullen door wie de uitvaart verzorgt (artikel 8).",
}


def compose(paper: Paper, *, language: str, issued_at: datetime) -> Sheet:
    """Return the sheet of a paper. Only a receipt heeds the language: deeds and what comes of them are Dutch."""
    match paper:
        case Receipt():
            return _receipt(paper, language)
        case Extract():
            return _extract(paper, issued_at)
        case MultilingualExtract():
            return _multilingual(paper, issued_at)
        case FullCopy():
            return _full_copy(paper, issued_at)
        case FuneralPermit():
            return _permit(paper, issued_at)
        case Deed():
            return _deed(paper)


def _sheet(
    paper: Paper,
    *,
    title: str,
    running: str,
    blocks: list[Block],
    kicker: str = "",
    language: str = "nl",
    office: str = OFFICE,
    titles: list[str] | None = None,
    dense: bool = False,
) -> Sheet:
    return {
        "language": language,
        "municipality": written(paper.issuer.municipality),
        "address": written(paper.issuer.address),
        "office": office,
        "title": title,
        "titles": titles or [],
        "dense": dense,
        "kicker": kicker,
        "running": running,
        "blocks": blocks,
    }


def _receipt(paper: Receipt, language: str) -> Sheet:
    words = texts("receipt")[language]
    notice = paper.declaration in ("marriage", "partnership")
    rows = [
        (words["what"], [words["declarations"][paper.declaration]]),
        *([(words["about"], [written(name) for name in paper.about])] if paper.about else []),
        (words["received"], [times.day_and_time(paper.received_at, language)]),
    ]
    if paper.due_on is not None:
        rows.append((words["due"], [times.day(paper.due_on, language)]))
    rows.append((words["papers"], [words["kinds"][one] for one in paper.papers] or [words["no_papers"]]))
    return _sheet(
        paper,
        language=language,
        office=words["office"],
        title=words["title"],
        running=f"{words['title']} {paper.number}",
        blocks=[
            paragraphs(words["lead_notice" if notice else "lead"]),
            {"kind": "number", "label": words["number"], "value": paper.number, "hint": words["number_hint"]},
            facts(rows),
            steps(words["steps"][paper.declaration], words["next"]),
            paragraphs(words["questions"].format(telephone=paper.issuer.telephone), words["no_proof"]),
        ],
    )


def _extract(paper: Extract, issued_at: datetime) -> Sheet:
    country, title, number, year = paper.head
    of = title.partition(": ")[2] or title
    return _sheet(
        paper,
        title=title,
        kicker=_together(country, number, year),
        running=f"Uittreksel, akte {paper.number} ({paper.reference.year})",
        blocks=[
            *sections(paper.part),
            paragraphs(
                f"Dit uittreksel geeft de gegevens van de {of}, met inachtneming van de verbeteringen en latere "
                "vermeldingen, zoals die luiden op de dag van afgifte."
            ),
            given_out(paper.issuer, paper.officer, issued_at),
        ],
    )


def _multilingual(paper: MultilingualExtract, issued_at: datetime) -> Sheet:
    title, *others = multilingual_titles(paper)
    fields, signs = multilingual_blocks(paper)
    return _sheet(
        paper,
        title=title,
        titles=others,
        running=f"Meertalig uittreksel, akte {paper.number} ({paper.reference.year})",
        blocks=[
            fields,
            together(signs, given_out_in_four(paper.issuer, paper.officer.name, in_digits(home_day(issued_at)))),
        ],
    )


def _full_copy(paper: FullCopy, issued_at: datetime) -> Sheet:
    country, title, year, number = paper.deed.head
    return _sheet(
        paper,
        title=f"Afschrift: {title[:1].lower()}{title[1:]}",
        kicker=_together(country, year, number),
        running=f"Afschrift, akte {paper.number} ({paper.deed.reference.year})",
        dense=True,
        blocks=[
            *_parts(paper.deed, _was_signed(paper.deed)),
            part(5, _PARTS[4], [mentions(paper.mentions, room=False)]),
            paragraphs("Dit afschrift stemt overeen met de akte en met de latere vermeldingen die zijn toegevoegd."),
            given_out(paper.issuer, paper.officer, issued_at),
        ],
    )


def _deed(paper: Deed) -> Sheet:
    country, title, year, number = paper.deed.head
    return _sheet(
        paper,
        title=title,
        kicker=_together(country, year, number),
        running=f"Akte {paper.number} ({paper.deed.reference.year})",
        dense=True,
        blocks=[
            *_parts(paper.deed, signed_by_hand(paper.deed.signatories)),
            part(5, _PARTS[4], [mentions((), room=True)]),
        ],
    )


def _parts(deed: DeedText, signatures: Block) -> list[Block]:
    """Return the first four parts of a deed (BBS art. 36)."""
    told = [sections(one) for one in deed.parts]
    told[3] = [together(*told[3], signatures)]
    return [part(number, _PARTS[number - 1], blocks) for number, blocks in enumerate(told, start=1)]


def _was_signed(deed: DeedText) -> Block:
    """Return who signed, for a copy: it bears no signatures itself."""
    return facts([(one.role.capitalize(), [f"was getekend: {written(one.name)}"]) for one in deed.signatories])


def _together(*head: str) -> str:
    return " · ".join(head)


def _permit(paper: FuneralPermit, issued_at: datetime) -> Sheet:
    burial = paper.funeral is Funeral.BURIAL
    from_day = in_digits(home_day(paper.not_before))
    term = [
        ("Niet eerder dan", [f"{from_day}, {home_clock(paper.not_before)}"]),
        ("Niet later dan", [in_digits(paper.not_after)]),
    ]
    if paper.term_decision:
        term.append(("Besluit over de termijn", [written(paper.term_decision)]))
    reference = f"{paper.deed.number} ({paper.deed.year})" if paper.deed else written("")
    what = "begraven" if burial else "cremeren"
    return _sheet(
        paper,
        title=f"Verlof tot {what}",
        kicker=f"Verlof {paper.number}",
        running=f"Verlof {paper.number}",
        blocks=[
            paragraphs(
                f"De {ROLE} van de gemeente {written(paper.issuer.municipality)} geeft verlof om het lichaam van de "
                f"hieronder genoemde overledene te {what} (Wet op de lijkbezorging, artikel 11)."
            ),
            facts([*death_rows(paper.deceased), ("Nummer van de overlijdensakte", [reference])]),
            facts(term, "Begraving" if burial else "Crematie"),
            given_out(paper.issuer, paper.officer, issued_at) | {"beside": _COFFIN},
        ],
    )
