"""Turns a letter into subject, text and HTML. Pure: what it says is all in the letter and the templates.

Templates live in `templates/<version>/`: one layout as HTML and one as text, and per language some files with all its
sentences, to be proof-read by people who write no code. The version is stored with each message.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.contracts.base import LANGUAGES
from services.notifications.domain.message import Kind
from services.notifications.domain.records import RecordKind
from services.presenting import calendar_entry

TEMPLATE_VERSION = "v1"
PARTS = ("births", "deaths", "marriages", "questions")
MUNICIPALITY = {"nl": "Gemeente Enschede", "en": "Municipality of Enschede", "de": "Gemeinde Enschede"}
_FOLDER = Path(__file__).resolve().parent / "templates"

Sentences = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProductLine:
    """One product of a visit, in the reader's language."""

    name: str
    persons: int
    persons_text: str
    costs: str
    bring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visit is, or in which room the ceremony."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    directions: str = ""

    def in_one_line(self) -> str:
        """Return name and address, as calendars and maps like it."""
        return f"{self.name}, {self.street}, {self.postal_code} {self.city}" if self.street else self.name


@dataclass(frozen=True, slots=True)
class Lots:
    """What a mail tells of a draw, worded; what it does not tell is empty. Numbers are those of the request.

    `next_*` is the draw in which the request takes part by itself after this one; without one that is known already,
    `next_opens_at` is when it will open.
    """

    number: str = ""
    days: str = ""
    drawn_at: str = ""
    requests: int = 0
    places: int = 0
    some_left: bool = False
    has_visit: bool = False
    """He has such an appointment already, and takes part no more."""
    next_number: str = ""
    next_days: str = ""
    next_drawn_at: str = ""
    next_opens_at: str = ""
    result_link: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one mail says, worded. `said` holds what its sentences may use, by name."""

    kind: Kind | RecordKind
    language: str
    answers_are_read: bool
    reader: str
    """As what somebody gets it, such as `appointment` or `declarant`: a name among the common words."""
    said: Mapping[str, object]
    label: str = ""
    """What `number` is, as the name of a common word: a reference, a receipt number, a code."""
    number: str = ""
    name: str | None = None
    """Whom to greet; None when a greeting by name would be unwise."""
    link: str = ""
    """Where its button leads; nothing when there is no page for the reader."""
    secret_link: bool = False
    good_news: bool = False
    cancelled: bool = False
    """What it is about does not take place."""
    details: bool = False
    """Costs, directions and what to bring matter."""
    here: str = ""
    when: str = ""
    when_heading: str = ""
    when_there: str | None = None
    place: Place | None = None
    products: tuple[ProductLine, ...] = ()
    to_pay: bool = False
    born: str = ""
    """The birth date of who comes, when the visit belongs to one person."""
    items: tuple[str, ...] = ()
    """What we ask of the reader, in the words of whoever asked."""
    because: str = ""
    """Why we ask or refuse, in the words of whoever decided."""
    entry: calendar_entry.Entry | None = None
    """What the reader's calendar is told."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's three faces."""

    subject: str
    text: str
    html: str


class Templates:
    """The templates of one version, read and compiled once."""

    def __init__(self, version: str = TEMPLATE_VERSION) -> None:
        folder = _FOLDER / version
        self.version = version
        self._html = _environment(folder, escaped=True)
        self._text = _environment(folder, escaped=False)
        self._languages: dict[str, Sentences] = {language: read_sentences(folder, language) for language in LANGUAGES}
        sentences = {sentence for words in self._languages.values() for sentence in _leaves(words)}
        self._compiled = {
            (escaped, sentence): environment.from_string(sentence)
            for escaped, environment in ((True, self._html), (False, self._text))
            for sentence in sentences
        }

    def render(self, letter: Letter) -> Rendered:
        """Return the mail. Raises: jinja2.UndefinedError (a template asks for what no letter has: a bug)."""
        plain = self._sentences(letter, escaped=False)
        return Rendered(
            subject=" ".join(plain["subject"].split()),
            text=self._page(self._text, "layout.txt", letter, plain),
            html=self._page(self._html, "layout.html", letter, self._sentences(letter, escaped=True)),
        )

    def persons(self, number: int, language: str) -> str:
        """Return how many come: `2 personen`."""
        return self._compiled[False, self.word("persons", language)].render(persons=number)

    def word(self, name: str, language: str) -> str:
        """Return one of the common words."""
        return str(self._languages[language]["common"][name])

    def _sentences(self, letter: Letter, *, escaped: bool) -> dict[str, Any]:
        """Return the sentences of this kind of letter, filled in; a step that says nothing is left out."""
        common, own = self._languages[letter.language]["common"], self._languages[letter.language][letter.kind]
        reader = common["readers"][letter.reader]

        def fill(sentence: str) -> str:
            filled = self._compiled[escaped, sentence].render(name=letter.name, **letter.said)
            # A sentence filled in for HTML is escaped already; the layout must not do it twice.
            return Markup(filled.strip()) if escaped else filled.strip()

        return {
            "subject": fill(own["subject"]),
            "title": fill(own["title"]),
            "intro": fill(own["intro"]),
            "button": fill(own.get("button", reader["button"])),
            "button_text": fill(own.get("button_text", reader["button_text"])),
            "steps": [step for step in map(fill, own["steps"]) if step],
            "greeting": fill(common["greeting" if letter.name else "greeting_without_name"]),
            "person": fill(common["person"]) if letter.born and letter.details and letter.products else "",
            "questions": fill(common["questions"]) if letter.said.get("phone") else "",
            "keep_link": fill(own.get("keep_link", common["keep_link"])),
            "why": fill(own.get("why", reader["why"])),
            "label": fill(common[letter.label]),
        }

    def _page(self, environment: Environment, layout: str, letter: Letter, say: Mapping[str, Any]) -> str:
        common = self._languages[letter.language]["common"]
        page: str = environment.get_template(layout).render(letter=letter, say=say, common=common)
        return page


def read_sentences(folder: Path, language: str) -> dict[str, Any]:
    """Return all sentences of one language: those of visits and the common ones, and those of declarations."""
    files = [f"{language}.yaml", *(f"{part}.{language}.yaml" for part in PARTS)]
    read: dict[str, Any] = {}
    for file in files:
        read |= yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    return read


def _leaves(words: object) -> Iterator[str]:
    """Return every sentence in the tree of a language's file."""
    if isinstance(words, str):
        yield words
    else:
        for part in words.values() if isinstance(words, dict) else cast("list[object]", words):
            yield from _leaves(part)


def _environment(folder: Path, *, escaped: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
