"""References for people: eight symbols that survive a telephone line, the last one a check.

Crockford's base 32 without I, L, O and U; seven random symbols (35 bits) and a check symbol by Luhn mod 32, which
finds every single wrong symbol. A reference is no secret: it only says which appointment is meant.

Source: domain/appointments.md 4.12.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}


def _luhn(values: list[int], *, doubled_first: bool) -> int:
    """Return the Luhn sum mod 32 of values read from the right; doubled values count their two digits."""
    total = 0
    doubled = doubled_first
    for value in reversed(values):
        part = value * 2 if doubled else value
        total += part // 32 + part % 32
        doubled = not doubled
    return total % 32


def new_reference(randomness: bytes) -> str:
    """Return a reference made from at least five random bytes."""
    number = int.from_bytes(randomness[:5]) >> 5
    values = [(number >> (5 * place)) & 31 for place in range(LENGTH - 1)]
    check = -_luhn(values, doubled_first=True) % 32
    return "".join(ALPHABET[value] for value in [*values, check])


def read_reference(typed: str) -> str | None:
    """Return the reference that somebody typed, or None when it cannot be one.

    Hyphens, spaces and case do not matter; I and L read as 1, O as 0.
    """
    symbols = [symbol for symbol in typed.upper() if symbol not in "- "]
    if len(symbols) != LENGTH or not all(symbol in _VALUES for symbol in symbols):
        return None
    values = [_VALUES[symbol] for symbol in symbols]
    if _luhn(values, doubled_first=False):
        return None
    return "".join(ALPHABET[value] for value in values)


def shown(reference: str) -> str:
    """Return a reference as people see it: `K7Q2-MXD4`."""
    return f"{reference[:4]}-{reference[4:]}"
