"""Numbers and days in Dutch words, as deeds write the day of a birth or a death beside its digits.

Libraries write `tweeduizendzesentwintig`; the law on spelling puts a space after *duizend* and nowhere else.

Source: BBS art. 18 lid 3; Besluit bekendmaking spellingvoorschriften, rule 6.N.
"""

from datetime import date

_SMALL = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
    "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
)  # fmt: skip
_TENS = ("", "tien", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_HUNDRED, _THOUSAND, _MOST = 100, 1000, 9999


def number_in_words(number: int) -> str:
    """Return a number of 0 to 9999 in words; from 1100 to 1999 and the like by hundreds, as years are read.

    Raises: ValueError (another number).
    """
    if not 0 <= number <= _MOST:
        raise ValueError("only 0 to 9999 are written in words")
    thousands, below = divmod(number, _THOUSAND)
    if thousands and below < _HUNDRED:
        head = "" if thousands == 1 else _SMALL[thousands]
        return f"{head}duizend {_below_hundred(below) if below else ''}".strip()
    hundreds, below = divmod(number, _HUNDRED)
    if not hundreds:
        return _below_hundred(below)
    head = "" if hundreds == 1 else _below_hundred(hundreds)
    return f"{head}honderd{_below_hundred(below) if below else ''}"


def day_in_words(day: date) -> str:
    """Return a day such as `vierentwintig november tweeduizend zesentwintig`."""
    return f"{number_in_words(day.day)} {MONTHS[day.month - 1]} {number_in_words(day.year)}"


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    if not ones:
        return _TENS[tens]
    # after an e the next syllable is marked: drieëntwintig, but vierentwintig
    joint = "ën" if _SMALL[ones].endswith("e") else "en"
    return f"{_SMALL[ones]}{joint}{_TENS[tens]}"
