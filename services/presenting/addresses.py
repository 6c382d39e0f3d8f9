"""Mail addresses and phone numbers as networks and comparisons want them: one way to write each."""

import re
import unicodedata

import idna
import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME_REGION = "NL"
_PLAIN = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


def ascii_domain(domain: str) -> str:
    """Return a mail domain as A-labels: `straße.de` is `xn--strae-oqa.de`, and not its neighbour `strasse.de`.

    Python's own codec knows only the rules of 2003, under which ß and ss were one domain.
    Raises: UnicodeError (it is no domain). Source: RFC 5891, UTS 46.
    """
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()


def same_email(typed: str) -> str:
    """Return the one way to write a mail address: lower case, the domain as IDNA, Unicode composed.

    Dots and plus signs in the local part stay: whether they matter is up to the address's own provider.
    """
    if _PLAIN.fullmatch(typed):
        return typed.lower()  # what most people have, at a tenth of the cost
    text = unicodedata.normalize("NFC", typed.strip())
    try:
        valid = validate_email(text, check_deliverability=False, globally_deliverable=False)
        text = f"{valid.local_part}@{valid.ascii_domain}"
    except EmailNotValidError:
        pass  # whoever took the address judged it; two equal texts still mean the same one
    return text.lower()


def same_phone(typed: str | None) -> str | None:
    """Return a phone number as E.164, or None when nobody could be called by it.

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
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
