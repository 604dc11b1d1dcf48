"""The texts that a quotation is compared with: a page, and a page with the ends of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.rights import passage_text
from corpus.tag_rules import Zone
from corpus.types import Page
from search_api.quotes.aligning import AlignedText
from search_api.quotes.words import words_of

_BETWEEN = frozenset({Zone.RUNNING, Zone.FOOTNOTE})
"""Zones that stand between the end of a page and the beginning of the next."""
PAGE_CHARACTERS_MAX = 60_000
"""Of a page that are compared; only web pages and lists are longer."""
END_CHARACTERS = 4_000
"""Of a neighbour, from the end at which it meets the page."""


@dataclass(frozen=True)
class PageText:
    """A text with the pages that its stretches come from."""

    text: str
    shown: str
    """The same with white space in place of what may not be shown, character for character."""
    starts: tuple[tuple[int, int], ...]
    """0-based character at which each page begins, and its 1-based number, ascending."""

    @cached_property
    def aligned(self) -> AlignedText:
        """Return its words, to be compared."""
        return AlignedText(words_of(self.text))

    def passage(self, start: int, end: int) -> str:
        """Return a stretch (0-based characters) as it may be shown, character for character: … and spaces for the rest."""
        found = list(self.shown[start:end])
        is_hidden = False
        for at, (printed, given) in enumerate(zip(self.text[start:end], found, strict=True)):
            if printed != given:
                found[at] = " " if is_hidden else "…"
                is_hidden = True
            elif not given.isspace():
                is_hidden = False
        return "".join(found)

    def page_at(self, character: int) -> int:
        """Return the number of the page that a character (0-based) is from."""
        number = self.starts[0][1]
        for start, of_page in self.starts:
            if start > character:
                break
            number = of_page
        return number


def page_text(page: Page, *, is_whole: bool) -> PageText:
    """Return the text of one page.

    Args:
        is_whole: False: of its document only passages may be shown.
    """
    text = page.text[:PAGE_CHARACTERS_MAX]
    shown = text if is_whole else passage_text(page.text)[:PAGE_CHARACTERS_MAX]
    return PageText(text, shown, ((0, page.number),))


def joined_text(pages: Sequence[Page], *, around: int, is_whole: bool) -> PageText:
    """Return a page with the ends of its neighbours, without running heads and footnotes between them.

    Args:
        pages: one to three that follow one another.
        around: number of the page in the middle, which is taken whole.
        is_whole: as of page_text.
    """
    texts: list[str] = []
    shown: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for page in pages:
        own, own_shown = _without_between(page, is_whole=is_whole)
        if page.number < around:
            own, own_shown = own[-END_CHARACTERS:], own_shown[-END_CHARACTERS:]
        else:
            most = END_CHARACTERS if page.number > around else PAGE_CHARACTERS_MAX
            own, own_shown = own[:most], own_shown[:most]
        starts.append((length, page.number))
        texts.append(own)
        shown.append(own_shown)
        length += len(own) + 1
    return PageText("\n".join(texts), "\n".join(shown), tuple(starts))


def _without_between(page: Page, *, is_whole: bool) -> tuple[str, str]:
    """Return the text of a page, and what of it is shown, without what stands between two pages."""
    text = page.text
    shown = text if is_whole else passage_text(text)
    cut = [(start, end) for zone, start, end in page.zones or () if zone in _BETWEEN]
    return _without(text, cut), _without(shown, cut)


def _without(text: str, cut: Sequence[tuple[int, int]]) -> str:
    kept: list[str] = []
    reached = 0
    for start, end in cut:
        kept.append(text[reached:start])
        reached = end
    return "".join((*kept, text[reached:]))
