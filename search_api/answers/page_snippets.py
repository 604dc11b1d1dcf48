"""The snippet of a page, for lists of hits and for exports."""

from __future__ import annotations

from typing import Protocol

from corpus.types import Page
from corpus.zones import APART, without
from search_api.answers.marks import Marker
from search_api.answers.snippets import Snippet, snippet


class Cut(Protocol):
    """Cuts a snippet from a text, as `search_api.answers.snippets.snippet` does."""

    def __call__(self, text: str, marker: Marker, *, lang: str) -> Snippet:
        """Return the stretch of the text that answers best, marked."""


def snippet_of_page(page: Page, marker: Marker, *, lang: str, cut: Cut = snippet) -> Snippet:
    """Return a snippet of a page: of its running text, else, where only they have words of the search, of lists and heads.

    Args:
        page: with its zones.
        marker: what to look for.
        lang: of the document.
        cut: makes the snippet, or has kept it.
    """
    text = without(page.text, page.zones or (), APART)
    if text.strip():
        found = cut(text, marker, lang=lang)
        if text == page.text or any(is_match for _, is_match in found):
            return found
        whole = cut(page.text, marker, lang=lang)
        return whole if any(is_match for _, is_match in whole) else found
    return cut(page.text, marker, lang=lang)
