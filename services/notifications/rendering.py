"""Turns a letter into subject, text and HTML. Pure: what it says is all in the letter and the templates.

Templates live in `templates/<version>/`: one layout as HTML and one as text, and per language one file with all its
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

TEMPLATE_VERSION = "v1"
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
    """Where the visit is."""

    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    directions: str

    def in_one_line(self) -> str:
        """Return name and address, as calendars and maps like it."""
        return f"{self.name}, {self.street}, {self.postal_code} {self.city}"


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
    """Everything that one mail says, worded. `name` is None when a greeting by name would be unwise; `old_when` and
    `old_place` are empty when a move did not change them; `answer_by` is for what wants an answer."""

    kind: Kind
    language: str
    name: str | None
    reference: str
    manage_link: str
    book_link: str
    here: str
    when: str
    when_heading: str
    when_there: str | None
    old_when: str
    old_place: str
    proposed_when: str
    answer_by: str
    products: tuple[ProductLine, ...]
    place: Place | None
    to_pay: bool
    reminder_planned: bool
    cancelled_by: str | None
    answers_are_read: bool
    code: str = ""
    other_part: str = ""
    """`request` or `collection` when another visit belongs to this one; then when it is and its reference."""
    other_when: str = ""
    other_reference: str = ""
    because: str = ""
    """Why the municipality called a visit off, as a code of contracts.appointments; mostly nothing."""
    born: str = ""
    """The birth date of who comes, when the visit belongs to one person."""
    lots: Lots = Lots()
    phone: str = ""
    """Whom to call; where a place is told, it is that of the place."""

    @property
    def of_draw(self) -> bool:
        """Say whether it is about a request for a draw, and not about an appointment."""
        return self.kind in (Kind.DRAW_ENTERED, Kind.DRAW_LOST)

    @property
    def number_name(self) -> str:
        """Return the common word for the number that the mail shows."""
        return "code" if self.code else "lot_number" if self.of_draw else "reference"

    @property
    def shown_number(self) -> str:
        """Return the number that the mail shows."""
        return self.code or (self.lots.number if self.of_draw else self.reference)

    @property
    def is_cancelled(self) -> bool:
        """Say whether the visit is off."""
        return self.kind is Kind.CANCELLED

    @property
    def is_on(self) -> bool:
        """Say whether costs, directions and what to bring matter."""
        return self.kind not in (Kind.CANCELLED, Kind.AFFECTED) and not self.of_draw

    @property
    def is_good_news(self) -> bool:
        """Say whether the green panel fits."""
        return self.kind in (Kind.BOOKED, Kind.MOVED, Kind.KEPT, Kind.DRAW_ENTERED)


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
        self._languages: dict[str, Sentences] = {
            language: yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
            for language in LANGUAGES
        }
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
        phone = letter.place.phone if letter.place else letter.phone

        def fill(sentence: str) -> str:
            filled = self._compiled[escaped, sentence].render(
                name=letter.name,
                when=letter.when,
                old_when=letter.old_when,
                reminder_planned=letter.reminder_planned,
                cancelled_by=letter.cancelled_by,
                because=letter.because,
                answer_by=letter.answer_by,
                place=letter.place.name if letter.place else "",
                old_place=letter.old_place,
                proposed_when=letter.proposed_when,
                phone=phone,
                book_link=letter.book_link,
                lots=letter.lots,
                other_part=letter.other_part,
                other_when=letter.other_when,
                other_reference=letter.other_reference,
                born=letter.born,
            )
            # A sentence filled in for HTML is escaped already; the layout must not do it twice.
            return Markup(filled.strip()) if escaped else filled.strip()

        return {
            "subject": fill(own["subject"]),
            "title": fill(own["title"]),
            "intro": fill(own["intro"]),
            "button": fill(own.get("button", common["manage"])),
            "button_text": fill(own.get("button_text", common["manage_text"])),
            "steps": [step for step in map(fill, own["steps"]) if step],
            "greeting": fill(common["greeting" if letter.name else "greeting_without_name"]),
            "person": fill(common["person"]) if letter.born and letter.is_on and letter.products else "",
            "questions": fill(common["questions"]) if phone else "",
            "keep_link": fill(own.get("keep_link", common["keep_link"])),
            "why": fill(own.get("why", common["why"])),
        }

    def _page(self, environment: Environment, layout: str, letter: Letter, say: Mapping[str, Any]) -> str:
        common = self._languages[letter.language]["common"]
        page: str = environment.get_template(layout).render(letter=letter, say=say, common=common)
        return page


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
