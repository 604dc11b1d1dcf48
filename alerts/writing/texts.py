"""Texts of strangers and of subscribers made fit for a message: no control characters, one line, not too long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from corpus.messages import in_language
from corpus.shown import without_signs
from search_api.answers.snippets import Snippet

TEXT_MAX: Mapping[str, int] = {
    "title": 300,
    "marked_title": 300,
    "publisher": 120,
    "passage": 400,
    "name": 120,
    "words": 200,
    "search": 120,
    "endpoint": 120,
    "detail": 400,
    "year": 10,
}
"""Characters of a field of alerts.writing.content; of a snippet all pieces together. Longer ones end in an ellipsis."""
WORD_MAX = 60
"""Characters of one word of a search, or one tag."""
WORDS_MAX = 8
"""Words of a search, and tags, that are named of a document."""
ENTRIES_MAX = 100
"""Documents of a search that are looked at: no message shows more of one."""
HARMLESS_MAX = 80
_READ = 8
"""Of a text at most so many times its limit is read: a title of megabytes costs no more than a long one."""
_LINK_OR_NUMBER = re.compile(r"(?i)://|@|\bwww\b|\w\.\w|[^\W\d_]{2}\s*\(?dot\)?\s*[^\W\d_]{2,3}\b|\d{5,}|\+\s?\d")
"""What a mail program makes a link of, and numbers to call."""

T = TypeVar("T")


def fit_for_message(value: T, *, lang: str) -> T:
    """Return a value of alerts.writing.content with every text in it on one line, without signs, and cut to `TEXT_MAX`.

    Addresses and ids stay as they are: they were checked when the value was made.

    Args:
        value: a frozen dataclass.
        lang: in which sentences are said.
    """
    assert is_dataclass(value)
    assert not isinstance(value, type)
    changed = {field.name: _fit(field.name, getattr(value, field.name), lang=lang) for field in fields(value)}
    return replace(value, **changed)


def _fit(name: str, value: Any, *, lang: str) -> Any:
    if isinstance(value, datetime):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return fit_for_message(value, lang=lang)
    if name in ("marked_title", "passage"):
        return cut_snippet(value, TEXT_MAX[name])
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        words = (_one_short_line(each, WORD_MAX) for each in value[: 2 * WORDS_MAX])
        return tuple(word for word in words if word)[:WORDS_MAX]
    if isinstance(value, tuple):
        of_each = value[:ENTRIES_MAX] if name == "entries" else value
        return tuple(fit_for_message(each, lang=lang) for each in of_each)
    if isinstance(value, str) and name in TEXT_MAX:
        return _one_short_line(in_language(value, lang), TEXT_MAX[name])
    return value


def _one_short_line(text: str, most: int) -> str:
    return shortened(one_line(text[: most * _READ]), most)


def one_line(text: str) -> str:
    """Return text with each run of white space, line breaks too, as one space, and without control and invisible signs."""
    # First to spaces: of U+2028 and the like nothing would be left between two words.
    return " ".join(without_signs(" ".join(text.split())).split())


def shortened(text: str, most: int) -> str:
    """Return text of at most this many characters; a longer one ends in an ellipsis, after a whole word where there is one."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    space = start.rfind(" ", most // 2)
    return f"{(start[:space] if space > 0 else start).rstrip(' ,;:.-')}…"


def cut_snippet(snippet: Snippet, most: int) -> Snippet:
    """Return a snippet on one line of at most this many characters."""
    kept: list[tuple[str, bool]] = []
    left = most
    for text, is_match in snippet:
        # Spaces at the ends of a piece are between words.
        plain = re.sub(r"\s+", " ", without_signs(re.sub(r"\s+", " ", text[: most * _READ])))
        if len(plain) > left:
            kept.append((shortened(plain, left) if left > 1 else "…", is_match))
            break
        if plain:
            kept.append((plain, is_match))
        left -= len(plain)
    return tuple(kept)


def plain_text(snippet: Snippet) -> str:
    """Return the text of a snippet."""
    return "".join(text for text, _ in snippet)


def harmless(words: str) -> str:
    """Return words that a stranger may have typed as they can be sent to someone who did not ask for them; else nothing.

    Whoever types another person's address into a form must not be able to send an advertisement with it: what mail programs
    make a link of, numbers to call, and long texts are not shown.
    """
    plain = one_line(words)
    return "" if len(plain) > HARMLESS_MAX or _LINK_OR_NUMBER.search(plain) else plain
