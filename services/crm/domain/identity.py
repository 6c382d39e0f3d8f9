"""When two ways to write an address or a number mean the same one."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME_REGION = "NL"


class IdentifierKind(StrEnum):
    """By what a customer can be known, strongest first: an e-mail address decides, a phone may be a household's."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One address or number in its normal form. Kept in memory only; what is stored is its digest."""

    kind: IdentifierKind
    value: str

    def __repr__(self) -> str:
        return f"Identifier({self.kind.value}, *****)"


def email_identifier(typed: str) -> Identifier:
    """Return the identifier of an e-mail address: lower case, the domain as IDNA, Unicode composed.

    Dots and plus signs in the local part stay: whether they matter is up to the address's own provider.
    """
    text = unicodedata.normalize("NFC", typed.strip())
    try:
        valid = validate_email(text, check_deliverability=False, globally_deliverable=False)
        text = f"{valid.local_part}@{valid.ascii_domain}"
    except EmailNotValidError:
        pass  # whoever took the address judged it; two equal texts still mean the same one
    return Identifier(IdentifierKind.EMAIL, text.lower())


def phone_identifier(typed: str | None) -> Identifier | None:
    """Return the identifier of a phone number as E.164, or None when nobody could be called by it.

    A number without country code is Dutch: `06-12345678` and `+31 6 1234 5678` are the same.
    """
    if not typed:
        return None
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Identifier(IdentifierKind.PHONE, phonenumbers.format_number(number, PhoneNumberFormat.E164))
