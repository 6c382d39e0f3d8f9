"""Receipt numbers: what a declarant reads out on the telephone. No secret: they show nothing without a log-in."""

from services.civil_registry.domain.record import Kind

_LETTERS = {Kind.BIRTH: "G", Kind.DEATH: "O", Kind.PERMIT: "L", Kind.MARRIAGE: "H"}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS = 6


def new_receipt(kind: Kind, year: int, chance: bytes) -> str:
    """Return a receipt number such as `G-2026-7K2Q9M`, from at least four random bytes."""
    number = int.from_bytes(chance, "big")
    signs = ""
    for _ in range(_SIGNS):
        number, place = divmod(number, len(_ALPHABET))
        signs += _ALPHABET[place]
    return f"{_LETTERS[kind]}-{year}-{signs}"


def read_receipt(typed: str) -> str:
    """Return a receipt number as it is stored, from what somebody typed."""
    plain = typed.strip().upper().replace(" ", "-")
    return plain if "-" in plain else f"{plain[:1]}-{plain[1:5]}-{plain[5:]}"
