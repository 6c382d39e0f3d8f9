"""The words and the look: every text has its Dutch, sentences stay short, the style sheet stays small and readable."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway.pages.month import lay_out, next_month, parse_day, parse_month
from gateway.pages.texts import LOCALE_DIRECTORY

GATEWAY = LOCALE_DIRECTORY.parent
CSS = (GATEWAY / "static" / "balie.css").read_text()
METHODS = [("pages/**.py", "python"), ("login/**.py", "python"), ("templates/**.html", "jinja2")]
BLANK = re.compile(r"%\((\w+)\)")


def _spoken():
    """Every text of pages and templates, as (message, plural)."""
    found = extract_from_dir(
        GATEWAY,
        method_map=METHODS,
        options_map={"templates/**.html": {"trimmed": "true"}},
        keywords={"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)},
    )
    return {message for _file, _line, message, _comments, _context in found}


def _dutch():
    with (LOCALE_DIRECTORY / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="nl") if message.id}


def test_every_text_has_a_dutch_one_and_no_dutch_one_is_left_over():
    spoken, dutch = _spoken(), _dutch()
    assert len(spoken) > 150
    assert spoken == set(dutch)
    assert [message for message, text in dutch.items() if not all(text if isinstance(text, tuple) else [text])] == []


def test_a_translation_has_the_same_blanks():
    for message, text in _dutch().items():
        english = message if isinstance(message, tuple) else (message,)
        dutch = text if isinstance(text, tuple) else (text,)
        wanted = set(BLANK.findall(" ".join(english)))
        assert set(BLANK.findall(" ".join(dutch))) == wanted, message


def test_dutch_sentences_are_short_and_say_u():
    texts = [part for text in _dutch().values() for part in (text if isinstance(text, tuple) else (text,))]
    sentences = [sentence for text in texts for sentence in re.split(r"[.?!:] ", text) if sentence]
    assert [sentence for sentence in sentences if len(sentence.split()) > 16] == []
    assert not [text for text in texts if re.search(r"\b(je|jij|jouw)\b", text, re.I)]


def test_the_style_sheet_is_at_most_15_kb_and_loads_nothing_from_elsewhere():
    assert len(CSS.encode()) <= 15 * 1024
    assert not re.search(r"https?:|@import", CSS)


def test_fonts_lie_here_with_their_licence():
    fonts = GATEWAY / "static" / "fonts"
    for name in re.findall(r"url\(fonts/([^)]+)\)", CSS):
        assert (fonts / name).read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text()


def test_the_script_is_at_most_60_lines():
    assert len((GATEWAY / "static" / "balie.js").read_text().splitlines()) <= 60


def _luminance(colour: str) -> float:
    short = colour.lstrip("#")
    full = "".join(sign * 2 for sign in short) if len(short) == 3 else short
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _token(name: str) -> str:
    found = re.search(rf"--basis-{name}:(#[0-9a-f]+)", CSS)
    assert found, name
    return found[1]


@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("color-default-color-document", "color-default-bg-document", 7),
        ("color-default-color-subtle", "color-default-bg-subtle", 4.5),
        ("color-negative-color-default", "color-negative-bg-subtle", 4.5),
        ("color-positive-color-default", "color-default-bg-default", 4.5),
        ("color-warning-color-default", "color-default-bg-default", 4.5),
        ("color-action-2-color-default", "color-default-bg-subtle", 4.5),
        ("form-control-border-color", "color-default-bg-document", 3),
        ("focus-outline-color", "color-default-bg-subtle", 3),
        ("color-accent-1-bg-default", "color-default-bg-document", 3),
    ],
)
def test_colours_can_be_told_apart(ink, paper, least):
    """Source: WCAG 2.2, 1.4.3 and 1.4.11."""
    assert _contrast(_token(ink), _token(paper)) >= least


def test_weeks_that_have_passed_are_not_shown():
    november = parse_month("2026-11")
    today = parse_day("2026-11-23")
    assert november and today
    month = lay_out(november, {}, earliest=today, latest=today)
    assert [week[0].on.day for week in month.weeks if week[0]] == [23, 30]


def test_a_month_is_laid_out_from_monday_with_its_neighbours():
    december = parse_month("2026-12")
    assert december is not None
    month = lay_out(december, {december: 3}, earliest=december, latest=next_month(december))
    assert [cell.on.day if cell else None for cell in month.weeks[0]] == [None, 1, 2, 3, 4, 5, 6]
    assert (month.before, month.after, month.free_days) == (None, next_month(december), 1)


@pytest.mark.parametrize("text", ["2026-1-1", "20261203", "", "2026-W01-1", "2026-13-01"])
def test_only_plain_days_are_days(text):
    assert parse_day(text) is None


def test_templates_do_not_switch_escaping_off():
    unsafe = [
        f"{template.name}: {found}"
        for template in Path(GATEWAY / "templates").glob("*.html")
        for found in re.findall(r"\{\{[^}]*\|\s*safe\s*\}\}", template.read_text())
    ]
    assert unsafe == []
