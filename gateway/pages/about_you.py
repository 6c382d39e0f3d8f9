"""What visitors type about themselves, and what may be wrong with it."""

from datetime import date

from flask import request

from gateway.pages.board import local_day
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.appointments import EARLIEST_BIRTH_ON, ConfirmHold
from services.presenting.addresses import same_phone

LONGEST_NAME = 100
LONGEST_PHONE = 60
_LONGEST_NUMBER = 4
BIRTH = ("birth-day", "birth-month", "birth-year")
FIELDS = ("name", "email", "phone", *BIRTH)


def typed_details() -> dict[str, str]:
    """Return what the form of this request holds, without spaces around it."""
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def detail_errors(typed: dict[str, str], *, bound: bool) -> dict[str, str]:
    """Return what is wrong with the typed details, by field; the contract knows what a name or an address is.

    `bound`: the visit belongs to one person, who also gives a birth date.
    """
    errors = {}
    if not typed["name"]:
        errors["name"] = _("Fill in your name")
    elif len(typed["name"]) > LONGEST_NAME:
        errors["name"] = _("Your name may have at most %(most)s characters", most=LONGEST_NAME)
    elif ConfirmHold(only=("name",)).validate({"name": typed["name"]}):
        errors["name"] = _("Your name holds a character that we cannot use. Type your name again")
    if not typed["email"]:
        errors["email"] = _("Fill in your e-mail address, for example name@example.nl")
    elif ConfirmHold(only=("email",)).validate({"email": typed["email"]}):
        errors["email"] = _("Fill in a valid e-mail address, for example name@example.nl")
    if typed["phone"] and not phone_number(typed["phone"]):
        errors["phone"] = _("Fill in a valid phone number, for example 06 12345678, or leave this empty")
    if bound:
        errors |= _birth_errors(typed)
    return errors


def _birth_errors(typed: dict[str, str]) -> dict[str, str]:
    """Return the first thing that is wrong with a birth date, by the field in which it can be mended."""
    day, month, year = BIRTH
    if not any(typed[part] for part in BIRTH):
        return {day: _("Fill in your birth date")}
    missing = {
        day: _("Fill in the day of your birth date"),
        month: _("Fill in the month of your birth date"),
        year: _("Fill in the year of your birth date"),
    }
    for part in BIRTH:
        if not typed[part]:
            return {part: missing[part]}
    born = birth_date((typed[day], typed[month], typed[year]))
    if len(typed[year]) != _LONGEST_NUMBER:
        return {year: _("Fill in the year of your birth date with four figures, for example 1985")}
    if born is None:
        return {day: _("Fill in a birth date that exists, for example 27 3 1985")}
    if born > local_day(services().clock.now()):
        return {year: _("Your birth date must lie in the past")}
    if born < EARLIEST_BIRTH_ON:
        return {year: _("Fill in a birth date in 1900 or later")}
    return {}


def birth_date(typed: tuple[str, str, str]) -> date | None:
    """Return the day that somebody typed as day, month and year, or None when it does not exist."""
    if not all(part.isascii() and part.isdigit() and len(part) <= _LONGEST_NUMBER for part in typed):
        return None
    day, month, year = map(int, typed)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def phone_number(typed: str) -> str | None:
    """Return a typed phone number in international form (E.164), or None when nobody can be called so."""
    return same_phone(typed) if len(typed) <= LONGEST_PHONE else None
