"""Reads what the municipality offers and decided, and what the law makes dated data of, once at start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from services.civil_registry.data_files import FOLDER, Day, read_file, refuse_gaps, refuse_overlaps
from services.civil_registry.domain.declarations import Declaration, Term, TermRule
from services.civil_registry.domain.deed import REGISTER_DIGITS, FactLetter, FactLetters
from services.civil_registry.domain.holidays import WorkingDays
from services.civil_registry.domain.legal_terms import DatedLength, LegalTerms, TermName
from services.civil_registry.domain.policy import Policies
from services.civil_registry.domain.retention import Kept, Retention, RetentionPeriods
from services.civil_registry.domain.terms import Length, Unit
from services.civil_registry.policies import read_policies
from services.contracts.base import Texts, slug


class _DecreeDay(Schema):
    day = Day(required=True)
    source = fields.String(required=True)


class _DecreeDays(Schema):
    known_until = Day(required=True)
    days = fields.List(fields.Nested(_DecreeDay), required=True)


class _DatedLength(Schema):
    name = fields.Enum(TermName, by_value=True, required=True)
    number = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    unit = fields.Enum(Unit, by_value=True, required=True)
    source = fields.String(required=True)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class _DatedLengths(Schema):
    terms = fields.List(fields.Nested(_DatedLength), required=True)


class _FactLetter(Schema):
    register = fields.String(required=True, validate=validate.OneOf(tuple(REGISTER_DIGITS)))
    fact = slug()
    letter = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]\Z"))
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class _FactLetters(Schema):
    letters = fields.List(fields.Nested(_FactLetter), required=True)


class _Term(Schema):
    description = fields.Nested(Texts, required=True)
    source = fields.String(required=True)
    rule = fields.Enum(TermRule, by_value=True, required=True)


class _Declaration(Schema):
    kind = slug()
    dutch_name = fields.String(required=True)
    names = fields.Nested(Texts, required=True)
    declared_by = fields.Nested(Texts, required=True)
    term = fields.Nested(_Term, required=True)
    counter_product_id = fields.String(required=True, allow_none=True)
    online = fields.Boolean(required=True)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class _Declarations(Schema):
    declarations = fields.List(fields.Nested(_Declaration), required=True, validate=validate.Length(min=1))


class _Retention(Schema):
    of = fields.Enum(Kept, by_value=True, required=True)
    months = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    source = fields.String(required=True)
    to_verify = fields.Boolean(load_default=False)
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)


class _Retentions(Schema):
    retention = fields.List(fields.Nested(_Retention), required=True)


@dataclass(frozen=True, slots=True)
class Offering:
    """Declarations, terms, policy, letters and terms of keeping of all periods, and the days that count for terms."""

    declarations: tuple[Declaration, ...]
    terms: LegalTerms
    policies: Policies
    fact_letters: FactLetters
    retention: RetentionPeriods
    is_working_day: WorkingDays
    decree_days_known_until: date

    def on(self, day: date) -> tuple[Declaration, ...]:
        """Return the declarations offered on a day, in the order of the file."""
        return tuple(declaration for declaration in self.declarations if declaration.offered_on(day))


def read_offering(folder: Path = FOLDER) -> Offering:
    """Return what the files of a folder say.

    Raises: DataFileError.
    """
    decrees = read_file(folder / "decree_days.yaml", _DecreeDays())
    is_working_day = WorkingDays(entry["day"] for entry in decrees["days"])
    declarations = tuple(
        _declaration(entry) for entry in read_file(folder / "declarations.yaml", _Declarations())["declarations"]
    )
    for kind in {declaration.kind for declaration in declarations}:
        refuse_overlaps("declarations.yaml", kind, [one for one in declarations if one.kind == kind])
    return Offering(
        declarations=declarations,
        terms=LegalTerms(_lengths(folder), is_working_day),
        policies=read_policies(folder),
        fact_letters=FactLetters(_letters(folder)),
        retention=RetentionPeriods(_retentions(folder)),
        is_working_day=is_working_day,
        decree_days_known_until=decrees["known_until"],
    )


def _lengths(folder: Path) -> Iterable[DatedLength]:
    lengths = [_length(**entry) for entry in read_file(folder / "terms.yaml", _DatedLengths())["terms"]]
    for name in TermName:
        refuse_gaps("terms.yaml", name, [dated for dated in lengths if dated.name is name])
    return lengths


def _letters(folder: Path) -> Iterable[FactLetter]:
    letters = [FactLetter(**entry) for entry in read_file(folder / "fact_letters.yaml", _FactLetters())["letters"]]
    for fact in {(letter.register, letter.fact) for letter in letters}:
        known = [letter for letter in letters if (letter.register, letter.fact) == fact]
        refuse_gaps("fact_letters.yaml", " ".join(fact), known)
    return letters


def _retentions(folder: Path) -> Iterable[Retention]:
    periods = [Retention(**entry) for entry in read_file(folder / "retention.yaml", _Retentions())["retention"]]
    for kept in Kept:
        refuse_gaps("retention.yaml", kept, [period for period in periods if period.of is kept])
    return periods


def _length(*, number: int, unit: Unit, **rest: Any) -> DatedLength:
    return DatedLength(length=Length(number, unit), **rest)


def _declaration(entry: dict[str, Any]) -> Declaration:
    return Declaration(**entry | {"term": Term(**entry["term"])})
