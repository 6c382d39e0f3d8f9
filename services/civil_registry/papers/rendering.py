"""Draws papers as PDF/A-2a and PDF/UA-1 by typst, in a few milliseconds; the same input gives the same bytes."""

import io
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import segno
import typst

from services.civil_registry.papers.composing import Sheet, compose
from services.civil_registry.papers.contents import Deed, Paper
from services.civil_registry.papers.texts import texts
from services.messaging.errors import Refusal

_FOLDER = Path(__file__).resolve().parent
_STANDARDS: list["typst.PDFStandard"] = ["a-2a", "ua-1"]
_NO_GLYPH = "could not be displayed"


class NotWritable(Refusal):
    """A name holds signs that deeds are not written in."""

    code = "not-writable"

    def __init__(self) -> None:
        super().__init__("Write the name in Latin letters, as the BRP has it.")


def render(paper: Paper, *, language: str, issued_at: datetime, code: str, verify_url: str) -> bytes:
    """Return a paper as PDF.

    `issued_at` is aware and is the only time in the file, `code` is grouped as people read it, `verify_url` the address
    of the page where it is checked. A deed carries neither: it holds only what the law prescribes.

    Raises: NotWritable.
    """
    sheet = compose(paper, language=language, issued_at=issued_at)
    frame = texts("frame")[sheet["language"]]
    sheet |= {
        "frame": frame,
        "issued": [issued_at.year, issued_at.month, issued_at.day],
        "check": None if isinstance(paper, Deed) else _check(frame, code, verify_url),
    }
    return _drawn(sheet, issued_at)


def _check(frame: dict[str, str], code: str, verify_url: str) -> dict[str, str]:
    parts = urlsplit(verify_url)
    address = f"{parts.netloc}{parts.path}"
    return {
        "title": frame["check_title"],
        "where": frame["check_where"].format(address=address),
        "what": frame["check_what"],
        "code": code,
        "qr": _qr(f"{verify_url}#{code}"),
        "alt": frame["qr"],
    }


def _qr(content: str) -> str:
    picture = io.BytesIO()
    segno.make(content, error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False, svgns=True)
    return picture.getvalue().decode()


def _drawn(sheet: Sheet, issued_at: datetime) -> bytes:
    try:
        return typst.compile(
            _FOLDER / "paper.typ",
            root=_FOLDER,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARDS,
            timestamp=int(issued_at.timestamp()),
            sys_inputs={"sheet": json.dumps(sheet)},
        )
    except typst.TypstError as error:
        if _NO_GLYPH in error.message:
            raise NotWritable from None
        raise


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FOLDER / "fonts")])
