"""Papers say what the law prescribes and no more, can be read by everybody, and are the same bytes each time."""

import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from itertools import chain, pairwise

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.local.place import ROOT
from gateway.pages.addresses import WORDS
from services.civil_registry.domain.deed_text import deed_text
from services.civil_registry.domain.extracts import extract_content
from services.civil_registry.domain.mentions import ENDED
from services.civil_registry.domain.mentions import Mention as DomainMention
from services.civil_registry.paper_contents import extract_paper, laid_out, multilingual_paper
from services.civil_registry.papers.contents import (
    BirthFacts,
    BondFacts,
    DeathFacts,
    FullCopy,
    Funeral,
    Mention,
    MultilingualExtract,
    PartialDay,
    Receipt,
    Sex,
)
from services.civil_registry.papers.rendering import NotWritable, render
from services.civil_registry.papers.texts import texts
from services.civil_registry.papers.writing import DASH, in_digits, written
from services.contracts.civil_registry import DOCUMENTS
from services.presenting.links import verify_link
from tests.papers_samples import (
    BIRTH,
    BIRTH_FACTS,
    CODE,
    DEATH_FACTS,
    ISSUED_AT,
    ISSUER,
    MARRIAGE,
    OFFICER,
    PAPERS,
    REFERENCE,
    VERIFY_URL,
    extract,
)
from tests.unit.civil_registry_deeds import ALL

CARRIES_CODE = [name for name in PAPERS if not name.startswith("deed")]
NAMES = [
    "Žofie Łękawska-d’Ávila",
    "Ğülşen İğdırlı Iıİi",
    "Nguyễn Thị Phượng Ẩn",
    "Þórður Æðelwulf Ørsted Đoković",
    "Šárka Ťažká Ňužňa Ďurková Ľuboš",
    "Ștefan Țepeș Ioniță Gheorghe",
    "Ŵyn Ŷnys Ỳa Ẁ Ẃ Ẅ",
    "Ħaġar Ċensu Żebbuġ Ġorġ",
    "Groß ẞ Müller-Lüdenscheidt",
    "in ’t Veld van ’s-Gravesande, geb. Quaedvlieg",
    "Ǎ Ȟ ǧ Ʒ ǯ ə Ə",
    "Ελένη Παπαδοπούλου",
]


def rendered(paper, *, language="nl", issued_at=ISSUED_AT, code=CODE):
    return render(paper, language=language, issued_at=issued_at, code=code, verify_url=VERIFY_URL)


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(paper, **how):
    """Return what a paper says, as one line; places where a long word may break are left out."""
    pages = [page.extract_text() for page in read(rendered(paper, **how)).pages]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def extract_of(**changes):
    return extract(replace(BIRTH, first=replace(BIRTH.first, **changes)))


# --- what papers say


def test_there_is_a_paper_of_every_kind_that_the_contract_knows():
    assert {paper.kind for paper in PAPERS.values()} == set(DOCUMENTS)


def test_an_extract_of_a_birth_tells_the_first_part_of_the_deed():
    text = text_of(PAPERS["extract-birth"])
    for part in (
        "Uittreksel: akte van geboorte Nederland (NL) · Nummer 1A0123 · 2026",
        "Geslachtsnaam de Vries",
        "Voornamen Sanne Elisabeth Femke Maria",
        "23-11-2026 (drieëntwintig november tweeduizend zesentwintig)",
        "3 uur en 7 minuten",
        "Plaats van geboorte Enschede",
        "F (vrouwelijk)",
        "de gegevens van de akte van geboorte, met inachtneming",
        "Afgegeven te Enschede op 25-11-2026.",
        "J.M. ten Hag-Wijnands",
    ):
        assert part in text, part


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed.kind)
def test_an_extract_says_every_line_of_the_first_part_and_none_of_the_second(deed):
    """Source: BW 1:23b."""
    text, words = text_of(extract(deed)), deed_text(deed)
    for section in words.parts[0]:
        assert all(f"{line.label} {line.value}" in text for line in section.lines)
    assert not [section.heading for section in words.parts[1] if section.heading and section.heading in text]


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed.kind)
def test_a_sheet_to_sign_says_the_register_word_for_word_and_in_its_order(deed):
    text, words = text_of(replace(PAPERS["deed-birth"], deed=laid_out(deed))), deed_text(deed)
    assert f"{words.head[1]} {words.head[0]} · {words.head[2]} · {words.head[3]}" in text
    at = 0
    for section in (section for part in words.parts for section in part):
        for told in [section.heading, *(f"{line.label} {line.value}" for line in section.lines)]:
            at = text.index(told, at)


def test_an_extract_of_a_marriage_that_ended_says_so_in_every_shape():
    ended = DomainMention("divorce", "Ontbinding.", {ENDED: "ontbonden op 23-11-2026 te Enschede"})
    now = extract_content(MARRIAGE, [ended])
    assert "Einde van de verbintenis ontbonden op 23-11-2026 te Enschede" in text_of(
        extract_paper(now, issuer=ISSUER, officer=OFFICER)
    )
    assert "ontbonden op 23-11-2026 te Enschede" in text_of(multilingual_paper(now, issuer=ISSUER, officer=OFFICER))


@pytest.mark.parametrize("facts", [BirthFacts, DeathFacts, BondFacts])
def test_nothing_that_a_multilingual_extract_is_made_of_can_hold_parentage(facts):
    """Source: BW 1:23b."""
    names = {field.name for field in fields(facts)}
    assert not {name for name in names if re.search(r"mother|father|parent", name)}


def test_what_is_not_known_of_who_died_is_a_dash_on_the_permit():
    unknown = replace(DEATH_FACTS, born_on=None, born_place="", died_on=None, died_at=None, partner="", residence=" ")
    text = text_of(replace(PAPERS["permit"], deceased=unknown))
    for label in ("Dag van geboorte", "Plaats van geboorte", "Woonplaats", "Dag van overlijden", "als partner met"):
        assert f"{label} {DASH}" in text, label


def test_a_multilingual_extract_has_numbered_fields_in_four_languages():
    text = text_of(PAPERS["multilingual-birth"])
    assert "Jo 23 Mo 11 An 2026" in text
    assert re.search(r"6 Voornamen Forenames · Vornamen · Prénoms Sanne Elisabeth Femke Maria", text)
    assert re.search(r"7 Geslacht Sex · Geschlecht · Sexe F", text)
    assert "F: vrouwelijk / female / weiblich / féminin" in text
    assert "M: mannelijk" not in text  # only signs that occur are explained
    assert "Jo -- Mo -- An 1938 Paramaribo" in text_of(PAPERS["multilingual-death"])


def test_every_label_has_four_languages():
    words = texts("multilingual")
    labels = [*words["fields"].values(), *words["titles"].values(), *words["signs"].values(), words["issued"]]
    assert {len(label) for label in labels} == {4}


def test_a_full_copy_tells_all_parts_and_all_that_was_added():
    text = text_of(PAPERS["full-copy"])
    order = [
        "1 Gegevens voor uittreksels",
        "2 Gegevens die niet in een uittreksel komen",
        "Moeder uit wie het kind is geboren",
        "3 Overige gegevens",
        "4 Opmaak en ondertekening",
        "was getekend: Bakker, A. B.",
        "5 Verbeteringen en latere vermeldingen",
        "1. Erkenning. Bij akte 1B0007",
        "Toegevoegd op 13-01-2027 door J.M. ten Hag-Wijnands, ambtenaar van de burgerlijke stand.",
        "In plaats van ‘Elisabet’ moet worden gelezen ‘Elisabeth’. De ambtenaar",
        "Dit afschrift stemt overeen met de akte",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_copy_without_mentions_has_a_dash_there():
    assert f"5 Verbeteringen en latere vermeldingen {DASH} " in text_of(FullCopy(ISSUER, laid_out(BIRTH), (), OFFICER))


def test_a_deed_holds_only_what_the_law_prescribes_and_room_to_sign():
    """Source: BW 1:18 lid 1; BBS art. 36."""
    text = text_of(PAPERS["deed-marriage"])
    for part in ("Żaneta Łękawska echtgenoot", "Karel de Groot getuige", "Bakker, A. B. ambtenaar van de burgerlijke"):
        assert part in text, part
    assert CODE not in text and "controle" not in text
    assert len(read(rendered(PAPERS["deed-birth"])).pages[0].images) == 0
    for name in ("deed-birth", "deed-death"):  # signed on the page on which all of it stands
        assert "4 Opmaak en ondertekening" in read(rendered(PAPERS[name])).pages[0].extract_text()


def test_a_permit_tells_between_which_moments_on_enschedes_clock():
    text = text_of(PAPERS["permit"])
    for part in (
        "Verlof tot cremeren",
        "Niet eerder dan 24-11-2026, 2 uur en 20 minuten",
        "Niet later dan 30-11-2026",
        "artikel 11",
    ):
        assert part in text, part
    summer = replace(PAPERS["permit"], not_before=datetime(2026, 7, 1, 22, 30, tzinfo=UTC), funeral=Funeral.BURIAL)
    assert "Niet eerder dan 02-07-2026, 0 uur en 30 minuten" in text_of(summer)
    assert "Verlof tot begraven" in text_of(summer)
    decided = replace(PAPERS["permit"], term_decision="uitstel tot 4 december 2026", deed=None)
    assert "Besluit over de termijn uitstel tot 4 december 2026" in text_of(decided)
    assert f"Nummer van de overlijdensakte {DASH}" in text_of(decided)


@pytest.mark.parametrize(
    ("language", "title", "received"),
    [
        ("nl", "Ontvangstbewijs", "dinsdag 24 november 2026, 08:14 uur"),
        ("en", "Receipt", "Tuesday 24 November 2026, 08:14"),
        ("de", "Eingangsbestätigung", "Dienstag, 24. November 2026, 08:14 Uhr"),
    ],
)
def test_a_receipt_speaks_the_declarants_language(language, title, received):
    content = rendered(PAPERS["receipt"], language=language)
    assert read(content).metadata.title == title
    text = text_of(PAPERS["receipt"], language=language)
    for part in (title, "G-2026-7K2Q9M", received, texts("receipt")[language]["no_proof"], CODE):
        assert part in text, part
    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.Root.Lang).startswith(language)


@pytest.mark.parametrize("declaration", ["birth", "death", "marriage", "partnership"])
@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_every_declaration_has_its_receipt(declaration, language):
    bare = Receipt(ISSUER, "O-2026-000000", declaration, ISSUED_AT, about=("A. Mens", "B. Mens"))
    words = texts("receipt")[language]
    text = text_of(bare, language=language)
    assert words["declarations"][declaration] in text
    assert words["steps"][declaration][0][:40] in text
    assert words["no_papers"] in text and words["due"] not in text
    assert "A. Mens B. Mens" in text


def test_dutch_receipts_are_short_and_say_u():
    words = texts("receipt")["nl"]
    sentences = [words["lead"], words["lead_notice"], words["no_proof"], *chain(*words["steps"].values())]
    assert not [one for one in sentences if max(len(part.split()) for part in re.split(r"[.?!] ", one)) > 18]
    assert not [one for one in sentences if re.search(r"\b(je|jij|jouw)\b", one, re.I)]


@pytest.mark.parametrize("name", CARRIES_CODE)
def test_every_paper_but_a_deed_tells_how_to_check_it(name):
    text = text_of(PAPERS[name])
    assert text.count(CODE) == len(read(rendered(PAPERS[name])).pages) + 1  # at the foot of each page, and large
    assert "balie.example.nl/controle" in text


def test_the_page_where_papers_are_checked_is_where_the_gateway_has_it():
    for language, side in (("nl", 0), ("en", 1), ("de", 1)):
        assert verify_link("https://x/", language) == f"https://x{WORDS['verify'][side]}"


# --- names


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_a_name_is_drawn_and_can_be_read_back(name):
    content = rendered(extract_of(surname=name, first_names=name))
    assert written(name) in " ".join(page.extract_text() for page in read(content).pages).replace("\n", " ")


@pytest.mark.parametrize("mark", ["M̂", "N̄", "Ā̀", "ọ́", "ǩ", "c̈"])
def test_a_letter_that_is_drawn_in_pieces_is_read_as_one(mark):
    """Some readers tell the pieces too; those that follow the standard (ActualText) tell the letter."""
    with pikepdf.open(io.BytesIO(rendered(extract_of(surname=mark)))) as opened:
        told = [
            str(step.operands[1].ActualText)
            for step in pikepdf.parse_content_stream(opened.pages[0])
            if str(step.operator) == "BDC" and "/ActualText" in step.operands[1]
        ]
    assert written(mark) in told


@pytest.mark.parametrize("name", ["李小龙", "محمد", "Ivan 😀", "משה"])
def test_a_name_in_another_writing_is_refused_and_never_drawn_as_boxes(name):
    with pytest.raises(NotWritable) as caught:
        rendered(extract_of(surname=name))
    assert name not in str(caught.value)


def test_a_name_cannot_change_the_lay_out_or_hide_something():
    tricky = '#set page(width: 1cm) *vet* $x$ \\ "; #import "x" <kop> [a](b) // weg'
    assert tricky in text_of(extract_of(surname=tricky))
    assert written("a\u202eb\u0000c\u00add\t\n e") == "abcd e"
    assert written("e\u0301") == "é"


@pytest.mark.parametrize(
    "name",
    ["A" * 200, "Wilhelmina" * 20, " ".join(["Maria"] * 40), "-".join(["Anna"] * 40)],
)
def test_a_very_long_name_stays_on_the_paper_whole_and_unhyphenated(name):
    content = rendered(extract_of(surname=name, first_names=name))
    lines = [line for page in read(content).pages for line in page.extract_text().splitlines()]
    assert max(len(line) for line in lines if name[:20] in line) < 95
    assert re.sub(r"\s|\u200b", "", "".join(lines)).count(re.sub(r"\s", "", name)) == 2


def test_no_names_are_a_dash():
    assert f"Voornamen {DASH}" in text_of(extract_of(first_names=""))


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(1994, 3, 2), "02-03-1994"),
        (PartialDay(1938), "1938"),
        (PartialDay(1938, 4), "april 1938"),
        (None, "–"),
    ],
)
def test_a_day_that_is_known_in_part_is_told_in_part(day, shown):
    assert in_digits(day) == shown


def test_the_third_sex_of_the_law_is_written_out():
    assert "het geslacht van het kind is niet kunnen worden vastgesteld" in text_of(PAPERS["extract-stillbirth"])
    undetermined = MultilingualExtract(ISSUER, REFERENCE, replace(BIRTH_FACTS, sex=Sex.UNDETERMINED), "", OFFICER)
    assert "X: niet vastgesteld" in text_of(undetermined)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=120))
def test_any_text_of_latin_letters_can_be_written(name):
    assert rendered(extract_of(surname=name)).startswith(b"%PDF-1.7")


# --- many pages


def test_thirty_pages_of_mentions_are_numbered_and_each_says_what_it_is_of():
    words = "De geslachtsnaam is gewijzigd bij koninklijk besluit. " * 20
    added = tuple(Mention(f"Vermelding {number}. {words}", date(2027, 1, 1), "A. Yılmaz") for number in range(1, 131))
    pages = read(rendered(FullCopy(ISSUER, laid_out(BIRTH), added, OFFICER))).pages
    assert len(pages) >= 30
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Pagina {number} van {len(pages)}" in text
        assert "Afschrift, akte 1A0123 (2026)" in text
    whole = " ".join(page.extract_text() for page in pages)
    assert [f"Vermelding {number}." in whole for number in range(1, 131)] == [True] * 130


# --- the file


@pytest.fixture(params=list(PAPERS))
def document(request):
    with pikepdf.open(io.BytesIO(rendered(PAPERS[request.param]))) as opened:
        yield opened


def test_a_paper_says_that_it_is_pdf_a_2a_and_pdf_ua_1(document):
    with document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"]


def test_a_paper_is_tagged_titled_and_has_a_language(document):
    root = document.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) in ("nl-NL", "nl")
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    kinds = [str(thing.S) for thing in _structure(root.StructTreeRoot)]
    assert kinds.count("/H1") == 1
    headings = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
    assert all(below - above <= 1 for above, below in pairwise(headings))  # no level is left out
    assert "/L" in kinds or "/Table" in kinds  # values have labels
    alternatives = [str(thing.Alt) for thing in _structure(root.StructTreeRoot) if str(thing.S) == "/Figure"]
    assert all(alternatives) and len(alternatives) <= 1


def test_all_letters_are_embedded_and_a4_is_the_paper(document):
    for page in document.pages:
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]
        for font in page.resources.Font.values():
            [descendant] = font.DescendantFonts
            assert "SourceSans3" in str(font.BaseFont)
            assert "/FontFile3" in descendant.FontDescriptor or "/FontFile2" in descendant.FontDescriptor
            assert "/ToUnicode" in font


def test_a_paper_holds_nothing_that_acts_and_no_time_but_its_own(document):
    assert "/Names" not in document.Root or "/JavaScript" not in document.Root.Names
    assert str(document.docinfo.CreationDate).startswith("D:20261125")


def _structure(thing):
    """Yield all elements of the tree that screen readers read."""
    children = thing.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _structure(child)


def test_the_square_on_a_paper_has_words_for_who_cannot_see_it():
    with pikepdf.open(io.BytesIO(rendered(PAPERS["receipt"], language="en"))) as opened:
        [figure] = [thing for thing in _structure(opened.Root.StructTreeRoot) if str(thing.S) == "/Figure"]
        assert str(figure.Alt) == "Square code with the address of the page for checking"


def test_the_same_paper_is_the_same_bytes_in_any_process_place_and_year():
    here = {name: hashlib.sha256(rendered(paper)).hexdigest() for name, paper in PAPERS.items()}
    code = (
        "import hashlib; from tests.unit.test_civil_registry_papers import PAPERS, rendered;"
        "print({name: hashlib.sha256(rendered(paper)).hexdigest() for name, paper in PAPERS.items()})"
    )
    elsewhere = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LANG": "tr_TR.UTF-8", "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code], env=elsewhere, cwd="/", capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == str(here)


def test_another_code_or_moment_is_another_file():
    paper = PAPERS["extract-birth"]
    digests = {
        rendered(paper),
        rendered(paper, code="0000-0000-0000-0000-0000"),
        rendered(paper, issued_at=datetime(2026, 11, 26, tzinfo=UTC)),
    }
    assert len(digests) == 3


def test_papers_bear_the_neutral_shield_of_the_pages_and_letters_with_their_licence():
    papers = ROOT / "services" / "civil_registry" / "papers"
    assert (papers / "shield.svg").read_bytes() == (ROOT / "gateway" / "static" / "shield.svg").read_bytes()
    assert "SIL OPEN FONT LICENSE" in (papers / "fonts" / "OFL.md").read_text(encoding="utf-8").upper()
    assert len(list((papers / "fonts").glob("*.otf"))) == 4


def test_a_deed_is_drawn_without_any_code():
    with_code, without = rendered(PAPERS["deed-birth"], code=CODE), rendered(PAPERS["deed-birth"], code="")
    assert with_code == without
