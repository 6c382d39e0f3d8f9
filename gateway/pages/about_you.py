"""What visitors type about themselves, and what may be wrong with it."""

from flask import request

from gateway.pages.texts import _
from services.contracts.appointments import ConfirmHold
from services.presenting.addresses import same_phone

LONGEST_NAME = 100
LONGEST_PHONE = 60
FIELDS = ("name", "email", "phone")


def typed_details() -> dict[str, str]:
    """Return what the form of this request holds, without spaces around it."""
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def detail_errors(typed: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the typed details, by field; the contract knows what a name or an address is."""
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
    return errors


def phone_number(typed: str) -> str | None:
    """Return a typed phone number in international form (E.164), or None when nobody can be called so."""
    return same_phone(typed) if len(typed) <= LONGEST_PHONE else None
