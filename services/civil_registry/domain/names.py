"""Comparing and writing names: spaces, capitals and accents do not make another person."""

import unicodedata

from services.civil_registry.domain.person import PersonName


def comparable(text: str) -> str:
    """Return a name without what differs between two hands: accents, capitals, spaces, signs."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in letters if sign.isalnum())


def written(name: PersonName) -> str:
    """Return the surname with its prefix (*voorvoegsel*), as it is written."""
    return f"{name.prefix} {name.surname}".strip()


def full(name: PersonName) -> str:
    """Return first names and surname, as somebody is called in full."""
    return f"{name.first_names} {written(name)}".strip()


def same_surname(one: PersonName, other: PersonName) -> bool:
    """Say whether two surnames are the same, wherever the prefix stands."""
    return comparable(written(one)) == comparable(written(other))
