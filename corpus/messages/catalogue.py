"""Messages in the language of the reader."""

from __future__ import annotations

from typing import NewType

Message = NewType("Message", str)
"""The id of a message that is written down in one place and said in another, such as an entry of a table."""


def message(text: str, /) -> Message:
    """Mark a text as a message, so that it is collected for translation; `gettext` says it later."""
    return Message(text)


def gettext(message: str, /, *, lang: str = "en", **data: object) -> str:
    """Return a message in a language, with its named placeholders filled.

    Args:
        message: the id: English, with placeholders such as `{name}`. A literal, or an entry of a table of `message`s.
        lang: ISO 639-1; a language without this message has it in English.
        data: what stands for the placeholders.
    """
    return message.format(**data) if data else message


def ngettext(one: str, many: str, /, count: int, *, lang: str = "en", **data: object) -> str:
    """Return a message in the plural form that a count takes in a language; `{count}` in it is the count, grouped."""
    return (one if count == 1 else many).format(count=f"{count:,}", **data)
