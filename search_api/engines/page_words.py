"""Which words of a page rank it, and which rank its document: what zones mean for an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.types import Document, Page
from corpus.zones import APART, REPEATED, only, without
from search_api.analysis import Analysed, analysed

_ASIDE = APART - REPEATED


class PageWords(NamedTuple):
    """The tokens of one page."""

    page: Page
    own: Analysed
    """What the page is found and ranked by."""
    added: Analysed
    """What it adds to its document."""


def words_of_pages(document: Document, *, listing: frozenset[int] = frozenset()) -> Iterator[PageWords]:
    """Yield the tokens of each page that has words, in order.

    Running heads, mastheads and menus say on every page what one says: no page is found by them, and the document has
    their words once. Words of references, contents and the imprint are the document's in full, but a page is found by
    them only where no page has them outside of such lists: so it is not the best page for what it only cites. Phrases are
    found in these too. Back matter, which is shown after all other pages, keeps all its words.

    Args:
        document: with pages.
        listing: numbers of the pages that list codes of a classification: they add to the document each word once.
    """
    parts = [_ZonedWords.of(page, document.lang) for page in document.pages]
    telling = {word for part in parts for word in part.telling.words}
    stems = {stem for part in parts for stem in part.telling.stems}
    seen: set[str] = set()
    listed: tuple[set[str], set[str]] = (set(), set())
    for page, part in zip(document.pages, parts, strict=True):
        if not part.has_words:
            continue
        own = both = _joined(part.telling, part.aside)
        if page.number not in document.back_matter and part.aside.exact:
            rare = Analysed(
                [word for word in part.aside.words if word not in telling],
                [stem for stem in part.aside.stems if stem not in stems],
                part.aside.exact,
            )
            own = _joined(part.telling, rare)
        added = _joined(both, analysed(_fresh(part.repeated, seen), document.lang))
        if page.number in listing:
            added = Analysed(new(added.words, listed[0]), new(added.stems, listed[1]), added.exact)
        yield PageWords(page, own, added)


class _ZonedWords(NamedTuple):
    telling: Analysed
    aside: Analysed
    repeated: str
    has_words: bool

    @classmethod
    def of(cls, page: Page, lang: str) -> _ZonedWords:
        spans = page.zones or ()
        if not any(span.zone in APART for span in spans):
            found = analysed(page.text, lang)
            return cls(found, Analysed([], [], []), "", bool(found.exact))
        telling = analysed(without(page.text, spans, APART), lang)
        aside = analysed(only(page.text, spans, _ASIDE), lang)
        repeated = only(page.text, spans, REPEATED)
        return cls(telling, aside, repeated, bool(telling.exact or aside.exact or analysed(repeated, lang).exact))


def new(tokens: Sequence[str], seen: set[str]) -> list[str]:
    """Return the tokens that were not seen before, each once, and note them."""
    found = [token for token in dict.fromkeys(tokens) if token not in seen]
    seen.update(found)
    return found


def _fresh(text: str, seen: set[str]) -> str:
    """Return the lines of a text that no page before had, and note them."""
    lines = [line for line in dict.fromkeys(text.split("\n")) if line not in seen]
    seen.update(lines)
    return "\n".join(lines)


def _joined(one: Analysed, other: Analysed) -> Analysed:
    if not other.exact:
        return one
    return Analysed(one.words + other.words, one.stems + other.stems, one.exact + other.exact)
