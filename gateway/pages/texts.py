"""Texts in the language of the request. The English text is its own key; Dutch stands in `locale/nl`."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context

LOCALE_DIRECTORY = Path(__file__).parent.parent / "locale"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the translations into a language, read from its `messages.po`; English needs none."""
    source = LOCALE_DIRECTORY / language / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _language() -> str:
    return str(getattr(g, "lang", "nl")) if has_request_context() else "nl"


def _(message: str, **values: object) -> str:
    """Return a text in the language of this request, with its blanks filled in."""
    text: str = catalogue(_language()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return the text that fits a number, with its blanks (`number` among them) filled in."""
    text: str = catalogue(_language()).ngettext(one, many, number)
    return text % (values | {"number": number})


def N_(message: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return message


def speak(app: Flask) -> None:
    """Teach the templates of an app the language of the request."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: catalogue(_language()).gettext(message),
        lambda one, many, number: catalogue(_language()).ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    for language in ("nl", "en"):
        catalogue(language)
