"""Passages of a document that may not be shown whole: around the words found, and from the same half of each page always."""

from __future__ import annotations

from corpus.rights import passage_text, visible_stretches
from corpus.store import StoredPage
from corpus.types import Page
from search_api.answers.kept_snippets import kept_snippets
from search_api.answers.marks import Marker
from search_api.answers.snippets import SNIPPET_TEXT_MAX, Snippet, page_snippet

PASSAGES_MAX = 3
"""Of one page in one answer; each is about as long as the snippet of a hit."""
_WORDS_MAX = 5


def shown_snippet(stored: StoredPage, marker: Marker, *, lang: str, is_whole: bool = True) -> Snippet:
    """Return a snippet of a page, of what may be shown of it.

    Args:
        stored: the page as the records hold it.
        marker: from search_api.answers.marks.
        lang: of the document.
        is_whole: False: of its document only passages may be shown. Where the words are in what is left out, they are
            named alone, in the order of the alphabet.
    """
    kind = "page" if is_whole else "passage"
    return kept_snippets.of_page(
        kind, stored, marker, lang=lang, make=lambda page: snippet_of(page, marker, lang=lang, is_whole=is_whole)
    )


def snippet_of(page: Page, marker: Marker, *, lang: str, is_whole: bool = True) -> Snippet:
    """Return what `shown_snippet` returns; nothing is kept."""
    if is_whole:
        return page_snippet(page, marker, lang=lang)
    found = page_snippet(page, marker, lang=lang, shown=passage_text(page.text))
    return found if _has_match(found) else words_found(page, marker, lang=lang) or found


def passages(page: Page, marker: Marker, *, lang: str) -> tuple[Snippet, ...]:
    """Return the passages of a page that have words of the search, at most three, in the order of the page.

    Those with the most different words are taken. Where the words stand only in what is left out, they are named alone;
    empty when the page has none of them.
    """
    found = [kept_snippets.snippet(text, marker, lang=lang) for text in visible_stretches(page)]
    marked = [(number, each) for number, each in enumerate(found) if _has_match(each)]
    best = sorted(marked, key=lambda each: (-_different_words(each[1]), each[0]))[:PASSAGES_MAX]
    if best:
        return tuple(each for _, each in sorted(best))
    named = words_found(page, marker, lang=lang)
    return (named,) if named else ()


def words_found(page: Page, marker: Marker, *, lang: str) -> Snippet:
    """Return words of the search that a page has, and nothing around them; empty when it has none."""
    text = page.text[:SNIPPET_TEXT_MAX]
    found = {text[span.start : span.end].casefold(): text[span.start : span.end] for span in marker.spans(text, lang)}
    words = [" ".join(found[each].split()) for each in sorted(found)[:_WORDS_MAX]]
    if not words:
        return ()
    pieces: list[tuple[str, bool]] = [("… ", False)]
    for word in words:
        pieces += [(word, True), (" … ", False)]
    return (*pieces[:-1], (" …", False))


def _has_match(snippet: Snippet) -> bool:
    return any(is_match for _, is_match in snippet)


def _different_words(snippet: Snippet) -> int:
    return len({text.casefold() for text, is_match in snippet if is_match})
