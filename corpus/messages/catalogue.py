"""Messages in the language of the reader, from gettext catalogues that are read once a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from string import Formatter
from typing import Any, NewType

from corpus.messages.formats import decimal, grouped

TRANSLATED = ("es", "fr", "pt")
"""Languages with a catalogue; English is what the ids say."""

Message = NewType("Message", str)
"""The id of a message that is written down in one place and said in another, such as an entry of a table."""


def message(text: str, /) -> Message:
    """Mark a text as a message, so that it is collected for translation; `gettext` says it later."""
    return Message(text)


def gettext(message: str, /, *, lang: str = "en", **data: object) -> str:
    """Return a message in a language; in English where the language or its translation is missing.

    Args:
        message: the id: English, with placeholders such as `{name}`. A literal, or an entry of a table of `message`s.
        lang: ISO 639-1.
        data: what stands for the placeholders. Numbers are written as they are, and as the language groups them where the
            placeholder has a comma: `{pages:,}`.
    """
    found = catalogue(lang).gettext(message) if lang in TRANSLATED else message
    return _filled(found, data, lang=lang) if data else found


def ngettext(one: str, many: str, /, count: int, *, lang: str = "en", **data: object) -> str:
    """Return a message in the plural form that a count takes in a language; `{count}` in it is the count, grouped.

    Args:
        one: the id, as English says it of one.
        many: as English says it of several.
        count: 0 or more.
        lang: ISO 639-1.
        data: what stands for the other placeholders.
    """
    english = one if count == 1 else many
    found = catalogue(lang).ngettext(one, many, count) if lang in TRANSLATED else english
    return _filled(found, {"count": grouped(count, lang=lang), **data}, lang=lang)


class _Formatter(Formatter):
    """Fills placeholders such as `{pages:,}` or `{size:,.1f}` with numbers as a language writes them."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def format_field(self, value: Any, format_spec: str) -> Any:
        if not format_spec.startswith(","):
            return super().format_field(value, format_spec)
        digits = int(format_spec[2:-1]) if format_spec.endswith("f") else 0
        return decimal(value, digits=digits, lang=self._lang)


def _filled(text: str, data: Mapping[str, object], *, lang: str) -> str:
    if lang in TRANSLATED and ":," in text:
        return _Formatter(lang).vformat(text, (), data)
    return text.format(**data)


@cache
def catalogue(lang: str) -> GNUTranslations:
    """Return the translations into a language of TRANSLATED: read and compiled in 25 ms, then kept."""
    from babel.messages.mofile import write_mo  # English needs neither: a command starts without them
    from babel.messages.pofile import read_po

    with files("corpus").joinpath("locale", lang, "LC_MESSAGES", "pushcart.po").open("rb") as file:
        read = read_po(file, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, read)  # without what is not translated, so that English is said there
    compiled.seek(0)
    return GNUTranslations(compiled)
