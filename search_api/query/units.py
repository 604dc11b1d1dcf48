"""Words of a text between which nothing stands: what is one, which are said twice, and what each counts in a long text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search_api.analysis import exact
from search_api.query.tree import Boosted, Node, Words

JOINED_MAX = 3
"""Parts of a word such as `home-based` that must all be in a document; in a longer text, what has more is not a word but a list."""


def apart(words: Words) -> tuple[Words, ...]:
    """Return the parts of something like `one,two,three,four` one by one; `home-based` and `word-for-word` stay whole."""
    parts = exact(words.text)
    return (words,) if len(parts) <= JOINED_MAX else tuple(Words(part, field=words.field) for part in parts)


def weighed(units: list[Node], *, times: Mapping[str, int]) -> Iterator[Node]:
    """Give the parts of a long text; a word that is said twice counts one and a half times, three times or more double."""
    for unit in units:
        message = min((times.get(word, 1) for word in exact(unit.text)), default=1) if isinstance(unit, Words) else 1
        yield unit if message == 1 else Boosted(unit, min(2.0, 0.5 + message / 2))


def said_as(unit: Node) -> Node | tuple[str, ...]:
    """Return what makes two parts of a text the same: the words as they are written, whatever stands around them."""
    return tuple(exact(unit.text)) if isinstance(unit, Words) and not unit.field else unit
