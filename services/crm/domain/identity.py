"""When two ways to write an address or a number mean the same one."""

from dataclasses import dataclass
from enum import StrEnum

from services.presenting.addresses import same_email, same_phone


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
    """Return the identifier of an e-mail address, however it is written."""
    return Identifier(IdentifierKind.EMAIL, same_email(typed))


def phone_identifier(typed: str | None) -> Identifier | None:
    """Return the identifier of a phone number, however it is written, or None when nobody could be called by it."""
    number = same_phone(typed)
    return None if number is None else Identifier(IdentifierKind.PHONE, number)
