"""How amounts are written. Amounts are whole cents."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from babel.numbers import format_currency

_NBSP = "\N{NO-BREAK SPACE}"
_FREE = {"nl": "gratis", "en": "free", "de": "kostenlos"}
_PATTERN = {"nl": f"¤{_NBSP}#,##0.00", "en": "¤#,##0.00", "de": f"#,##0.00{_NBSP}¤"}
_LOCALE = {"nl": "nl_NL", "en": "en_GB", "de": "de_DE"}
_FOR = {
    "nl": {"adult": "18 jaar of ouder", "child": "jonger dan 18 jaar"},
    "en": {"adult": "18 or older", "child": "under 18"},
    "de": {"adult": "ab 18 Jahren", "child": "unter 18 Jahren"},
}


def money(cents: int, language: str) -> str:
    """Return an amount with a space that never breaks: `€ 83,87`; nothing to pay is `gratis`."""
    if cents == 0:
        return _FREE[language]
    amount: str = format_currency(Decimal(cents) / 100, "EUR", _PATTERN[language], locale=_LOCALE[language])
    return amount


def fees(told: Iterable[Mapping[str, object]], language: str) -> list[str]:
    """Return what one person pays, a line per age group: `€ 83,87 (18 jaar of ouder)`. No fee at all: `gratis`.

    `told` are fees as the catalogue tells them: `applies_to` (everyone, adult or child) and `cents`.
    """
    lines = []
    for fee in told:
        who = _FOR[language].get(str(fee["applies_to"]))
        amount = money(int(str(fee["cents"])), language)
        lines.append(f"{amount} ({who})" if who else amount)
    return lines or [_FREE[language]]
