"""Sentences that are made where the language of the reader is not known: errors, and notes on a search."""

from __future__ import annotations

from typing import Any

from corpus.messages.catalogue import gettext, ngettext


class Sentence(str):
    """A message in English that keeps its id and data, so that the edge can say it in another language."""

    __slots__ = ("data", "message", "plural")

    message: str
    """The id."""
    plural: str
    """The id of the plural; empty: the message has no plural forms, and `count` has no meaning of its own."""
    data: dict[str, Any]

    def __new__(cls, message: str, plural: str, data: dict[str, Any]) -> Sentence:
        """Make the English text."""
        self = super().__new__(cls, _said(message, plural, data, lang="en"))
        self.message, self.plural, self.data = message, plural, data
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Go through a pickle with id and data: errors come back from child processes."""
        return Sentence, (self.message, self.plural, self.data)


def sentence(message: str, /, **data: Any) -> Sentence:
    """Return a message with its data, to be said later; arguments are those of `gettext`."""
    return Sentence(message, "", data)


def plural_sentence(one: str, many: str, /, count: int, **data: Any) -> Sentence:
    """Return a message with its count and data, to be said later; arguments are those of `ngettext`."""
    return Sentence(one, many, {"count": count, **data})


def in_language(text: str, lang: str) -> str:
    """Return a sentence in a language; a text that is no Sentence as it is. Data that are Sentences are said in it too."""
    if not isinstance(text, Sentence) or lang == "en":
        return str(text)
    return _said(text.message, text.plural, text.data, lang=lang)


def _said(message: str, plural: str, data: dict[str, Any], *, lang: str) -> str:
    said: dict[str, Any] = {
        name: in_language(value, lang) if isinstance(value, Sentence) else value for name, value in data.items()
    }
    return ngettext(message, plural, lang=lang, **said) if plural else gettext(message, lang=lang, **said)
