"""Codes by which anybody who holds a paper can check it: unguessable, readable aloud, with a check symbol.

Nineteen random symbols of Crockford's base 32 (95 bits) and one more, so that every wrong symbol and every two that
changed places are noticed before anybody is asked. Of a code only a keyed hash is stored.
"""

from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
RANDOM_BYTES = 12
_GROUP = 4
_BITS = 5
_FIELD = 0b100101
"""x^5 + x^2 + 1 is primitive: its powers differ for 31 places, so that no place weighs as another one."""
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}


class State(StrEnum):
    """Whether a document still stands."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


def may_follow(now: State, then: State) -> bool:
    """Say whether a document may come into another state: nothing that was withdrawn comes back."""
    return now is not State.WITHDRAWN and then is not State.VALID and now is not then


def new_code(randomness: bytes) -> str:
    """Return a code made from twelve random bytes, without its hyphens."""
    number = int.from_bytes(randomness[:RANDOM_BYTES]) >> 1
    values = [(number >> (_BITS * place)) & 31 for place in range(LENGTH - 1)]
    return "".join(ALPHABET[value] for value in [*values, _times_two(_remainder(values))])


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, or None when it cannot be one.

    Hyphens, spaces and case do not matter; I and L read as 1, O as 0.
    """
    values = [_VALUES.get(symbol, -1) for symbol in typed.upper() if symbol not in "-‐‑– \t\r\n"]
    if len(values) != LENGTH or min(values) < 0 or _remainder(values):
        return None
    return "".join(ALPHABET[value] for value in values)


def grouped(code: str) -> str:
    """Return a code as it stands on paper: `7K2Q-9MDX-4T8V-PC3H-W6ZR`."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _remainder(values: list[int]) -> int:
    """Return the value at x of the polynomial whose coefficients are these symbols, in the field of 32."""
    total = 0
    for value in values:
        total = _times_two(total) ^ value
    return total


def _times_two(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled > len(ALPHABET) - 1 else doubled
