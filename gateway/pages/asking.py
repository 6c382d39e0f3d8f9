"""What people type into the forms of declarations: read, checked, and kept as it was typed.

A view makes a `Form`, reads its fields in the order of the page, and shows the page again when `form.errors` holds
anything. `templates/asking.html` draws the fields.

    form = Form.sent()
    names = form.text("first-names", missing=_("Fill in all first names"), most=200)
    born_on = form.day("born", _("Day of birth"), latest=today)
    if form.errors:
        return _page(form), 422
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, cast

from flask import current_app, request
from stdnum.exceptions import ValidationError
from stdnum.nl import bsn as elfproef

from gateway.pages.about_you import birth_date, phone_number
from gateway.pages.texts import _
from gateway.settings import GatewaySettings
from services.contracts.civil_registry import ContactData
from services.messaging.sealing import Sealer

DAY = ("day", "month", "year")
YES, NO = "yes", "no"
LONGEST = 2000
_EARLIEST = date(1900, 1, 1)
_YEAR_FIGURES = 4
_BETWEEN_FIGURES = re.compile(r"[\s.-]+")
_BSN = re.compile(r"[0-9]{8,9}")
"""Old papers print eight figures: the first is a zero then."""
_CLOCK = re.compile(r"([0-9]{1,2})\s*(?:[:.,u ]\s*)?([0-9]{2})(?:\s*(?:uur|u))?")
_LAST_HOUR, _LAST_MINUTE = 23, 59
_LAST_FIGURES = 3

Values = Mapping[str, Any]


class Form:
    """One form: what was typed, by the name of the field, and what is wrong with it.

    Each method that reads a field returns its value. When there is none, or a wrong one, it returns an empty text or
    None and notes why in `errors`, by the name of the field; `targets` tells where the link of the summary leads.
    """

    def __init__(self, typed: Mapping[str, Sequence[str]]) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}
        self.targets: dict[str, str] = {}

    @classmethod
    def sent(cls) -> "Form":
        """Return the form of this request, without spaces around what was typed."""
        return cls({name: [value.strip()[:LONGEST] for value in values] for name, values in request.form.lists()})

    @classmethod
    def showing(cls, values: Values) -> "Form":
        """Return a form that shows values: texts, numbers, days, yes or no, and lists of chosen words."""
        typed: dict[str, list[str]] = {}
        for name, value in values.items():
            typed |= _as_typed(name, value)
        return cls(typed)

    def __getitem__(self, name: str) -> str:
        """Return what stands in a field."""
        return next(iter(self.typed.get(name, ())), "")

    def chosen(self, name: str) -> Sequence[str]:
        """Return all that is chosen under one name."""
        return self.typed.get(name, ())

    def wrong(self, name: str, why: str, *, at: str = "") -> None:
        """Note what is wrong with a field; the first reason stays. `at`: the id to lead to, when it is another one."""
        self.errors.setdefault(name, why)
        if at:
            self.targets[name] = at

    # --- texts

    def text(self, name: str, *, missing: str = "", most: int = 200) -> str:
        """Return a text on one line; `missing` is why it must be filled in, empty when it need not."""
        return self._words(name, " ".join(self[name].split()), missing, most)

    def area(self, name: str, *, missing: str = "", most: int = LONGEST) -> str:
        """Return a text of several lines."""
        return self._words(name, self[name].replace("\r\n", "\n"), missing, most)

    def _words(self, name: str, typed: str, missing: str, most: int) -> str:
        if not typed:
            if missing:
                self.wrong(name, missing)
        elif len(typed) > most:
            self.wrong(name, _("Use at most %(most)s characters", most=most))
        elif not all(sign.isprintable() or sign == "\n" for sign in typed):
            self.wrong(name, _("There is a character in it that we cannot use. Type it again"))
        else:
            return typed
        return ""

    def email(self, name: str = "email") -> str:
        """Return an e-mail address."""
        typed = self[name]
        if not typed:
            self.wrong(name, _("Fill in your e-mail address, for example name@example.nl"))
        elif ContactData(only=("email",)).validate({"email": typed}):
            self.wrong(name, _("Fill in a valid e-mail address, for example name@example.nl"))
        else:
            return typed
        return ""

    def phone(self, name: str = "phone", *, missing: str = "") -> str:
        """Return a phone number in international form (E.164)."""
        if not self[name]:
            if missing:
                self.wrong(name, missing)
            return ""
        number = phone_number(self[name])
        if number is None:
            self.wrong(name, _("Fill in a valid phone number, for example 06 12345678"))
        return number or ""

    def bsn(self, name: str, *, missing: str = "") -> str:
        """Return a citizen service number, sealed: it leaves this process in no other form."""
        typed = self[name]
        if not typed:
            if missing:
                self.wrong(name, missing)
            return ""
        figures = _BETWEEN_FIGURES.sub("", typed)
        try:
            number = elfproef.validate(figures if _BSN.fullmatch(figures) else "")
        except ValidationError:
            self.wrong(name, _("This is not a citizen service number. Check the nine figures"))
            return ""
        return sealer().seal(str(number))

    # --- days and times

    def day(
        self, name: str, label: str, *, earliest: date = _EARLIEST, latest: date | None = None, needed: bool = True
    ) -> date | None:
        """Return a day of three fields: `<name>-day`, `-month` and `-year`. `label` says which, in the errors."""
        typed = cast(tuple[str, str, str], tuple(self[f"{name}-{part}"] for part in DAY))
        if not any(typed) and not needed:
            return None
        found = birth_date(typed)
        part, why = _wrong_part(typed, label) or _wrong_day(found, label, earliest, latest)
        if why:
            self.wrong(name, why, at=f"{name}-{part}")
        return None if why else found

    def clock(self, name: str, label: str, *, needed: bool = True) -> str:
        """Return a time of the 24-hour clock to the minute, `03:07`, from `3:07`, `3.07`, `0307` or `3u07`."""
        typed = self[name]
        if not typed:
            if needed:
                self.wrong(name, _("%(label)s: fill in hours and minutes, for example 14:05", label=label))
            return ""
        found = _CLOCK.fullmatch(typed.lower())
        if found is None or int(found[1]) > _LAST_HOUR or int(found[2]) > _LAST_MINUTE:
            self.wrong(name, _("%(label)s: fill in a time from 00:00 to 23:59, for example 14:05", label=label))
            return ""
        return f"{int(found[1]):02}:{found[2]}"

    # --- choices

    def one_of(self, name: str, options: Collection[str], *, missing: str = "") -> str:
        """Return the chosen option; the first one has the id `<name>-<option>`."""
        typed = self[name]
        if typed in options:
            return typed
        if missing or typed:
            self.wrong(name, missing or _("Make a choice"), at=f"{name}-{next(iter(options))}")
        return ""

    def yes_or_no(self, name: str, *, missing: str) -> bool | None:
        """Return the answer to a question."""
        answer = self.one_of(name, (YES, NO), missing=missing)
        return answer == YES if answer else None

    def ticked(self, name: str, *, missing: str = "") -> bool:
        """Say whether a box is ticked; `missing` is why it must be."""
        ticked = self[name] == YES
        if missing and not ticked:
            self.wrong(name, missing)
        return ticked

    # --- rows of the same fields, such as witnesses: `<name>-<number>-<field>`

    def rows(self, name: str, fields: Collection[str], *, least: int, most: int) -> int:
        """Return how many rows the page shows: as many as it showed, and one more when that was asked for."""
        shown = self[f"{name}-rows"]
        number = int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= _LAST_FIGURES else 0
        filled = [row for row in range(most) if any(self[f"{name}-{row}-{field}"] for field in fields)]
        wanted = max(number, *(row + 1 for row in filled), least) + (self["more"] == name)
        return min(wanted, most)


def _wrong_part(typed: tuple[str, str, str], label: str) -> tuple[str, str] | None:
    """Return the first part that is not there, or not whole, with what to do."""
    for part, figures in zip(DAY, typed, strict=True):
        if not figures:
            return part, _("%(label)s: fill in day, month and year", label=label)
    if len(typed[-1]) != _YEAR_FIGURES:
        return DAY[-1], _("%(label)s: fill in the year with four figures, for example 2026", label=label)
    return None


def _wrong_day(found: date | None, label: str, earliest: date, latest: date | None) -> tuple[str, str]:
    """Return the first part of a day that cannot be, with what is wrong; empty texts when nothing is."""
    if found is None:
        return DAY[0], _("%(label)s: fill in a day that exists", label=label)
    if latest is not None and found > latest:
        return DAY[0], _("%(label)s: this day lies too late", label=label)
    if found < earliest:
        return DAY[0], _("%(label)s: this day lies too early", label=label)
    return "", ""


def sealer() -> Sealer:
    """Return what seals citizen service numbers for the way to the services."""
    known = cast(Sealer | None, current_app.extensions.get("sealer"))
    if known is None:
        settings = cast(GatewaySettings, current_app.extensions["settings"])
        known = current_app.extensions["sealer"] = Sealer.of(settings.secret_key, settings.previous_secret_key)
    return known


def last_figures(sealed: str) -> str:
    """Return the last three figures of a sealed number, by which somebody recognises it who knows it."""
    return sealer().open(sealed)[-_LAST_FIGURES:]


def _as_typed(name: str, value: object) -> dict[str, list[str]]:
    if value is None:
        return {}
    if isinstance(value, bool):
        return {name: [YES if value else NO]}
    if isinstance(value, date):
        return {f"{name}-{part}": [str(getattr(value, part))] for part in DAY}
    if isinstance(value, list | tuple):
        return {name: [str(one) for one in value]}
    return {name: [str(value)]}
