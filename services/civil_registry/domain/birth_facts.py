"""What a birth declaration says, as far as it is filled in; a notice of doctor or midwife says the same of a birth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from services.civil_registry.domain.local_time import clock_time

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BirthAnswers:
    """What decides whether a birth can be declared online; None: not answered yet."""

    alive: bool | None
    professional_present: bool | None
    acknowledgement: str | None
    first_child: bool | None
    name_choice: str | None
    foreign_name_law: bool | None


@dataclass(frozen=True, slots=True)
class BirthFacts:
    """A declaration of a birth (*geboorteaangifte*); None: not filled in yet."""

    declarant: str | None
    answers: BirthAnswers
    first_names: str | None
    sex: str | None
    born_on: date | None
    born_at: time | None
    municipality: str | None
    place: str | None
    has_other_parent: bool
    surname_choice: str | None
    name_choice_deed: str | None

    @classmethod
    def of(cls, content: Content) -> "BirthFacts":
        """Return the facts of a content (`contracts.civil_registry.BirthContent`), whole or a draft."""
        child, surname = _part(content, "child"), _part(content, "surname")
        born_at = child.get("born_time")
        return cls(
            declarant=content.get("declarant"),
            answers=_answers(_part(content, "answers")),
            first_names=child.get("first_names"),
            sex=child.get("sex"),
            born_on=child.get("born_on"),
            born_at=clock_time(born_at) if born_at else None,
            municipality=child.get("municipality"),
            place=child.get("place"),
            has_other_parent=content.get("other_parent") is not None,
            surname_choice=surname.get("choice"),
            name_choice_deed=surname.get("name_choice_deed"),
        )


@dataclass(frozen=True, slots=True)
class NoticedBirth:
    """What a doctor or midwife says of a birth (*geboortebericht*). Source: BW 1:19e lid 10 and 11; BBS art. 27."""

    mother: str
    """Whatever names the mother without doubt, such as a digest of her BSN."""
    sex: str
    born_on: date
    born_at: time
    municipality: str
    place: str

    @classmethod
    def of(cls, notice: Content, *, mother: str) -> "NoticedBirth":
        """Return what a notice (`contracts.civil_registry.BirthNotice`) says."""
        return cls(
            mother=mother,
            sex=notice["sex"],
            born_on=notice["born_on"],
            born_at=clock_time(notice["born_time"]),
            municipality=notice["municipality"],
            place=notice["place"],
        )


def _part(content: Content, name: str) -> Content:
    return content.get(name) or {}


def _answers(part: Content) -> BirthAnswers:
    return BirthAnswers(
        alive=part.get("alive"),
        professional_present=part.get("professional_present"),
        acknowledgement=part.get("acknowledgement"),
        first_child=part.get("first_child"),
        name_choice=part.get("name_choice"),
        foreign_name_law=part.get("foreign_name_law"),
    )
