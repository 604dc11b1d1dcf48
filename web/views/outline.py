"""The outline of a document: its headings with their pages, as far as the zones of its pages tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.tag_rules import Zone
from corpus.types import Page
from web.format import without_controls

HEADINGS_MAX = 120
"""Headings of a document; of one with more, the first of each page."""
_CHARACTERS_MIN, _CHARACTERS_MAX = 3, 110
_REPEATED = 3
"""Pages on which one heading may stand; on more it is a running head."""
_NO_WORDS = re.compile(r"[\W\d_]*")

Headings = tuple[tuple[int, str], ...]
"""Page (1-based) and heading, in order."""


def headings_of(pages: Iterable[Page]) -> Headings:
    """Return the headings of a document; empty where no zones are determined, or only one heading is there."""
    found = list(dict.fromkeys(heading for page in pages for heading in _of_page(page)))
    places: dict[str, int] = {}
    for _, text in found:
        places[text.casefold()] = places.get(text.casefold(), 0) + 1
    kept = [each for each in found if places[each[1].casefold()] <= _REPEATED]
    if len(kept) > HEADINGS_MAX:
        first = {number: (number, text) for number, text in reversed(kept)}
        kept = sorted(first.values())
    return tuple(kept[:HEADINGS_MAX]) if len(kept) > 1 else ()


def _of_page(page: Page) -> Iterator[tuple[int, str]]:
    for zone, start, end in page.zones or ():
        if zone is Zone.HEADING:
            text = without_controls(" ".join(page.text[start:end].split()))
            if _CHARACTERS_MIN <= len(text) <= _CHARACTERS_MAX and not _NO_WORDS.fullmatch(text):
                yield page.number, text
