"""Snippets that were cut before: the same words are requested with another filter, order or page, and by many readers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from corpus.store import StoredPage
from corpus.types import Page
from search_api.answers.marks import Marker
from search_api.answers.snippets import SNIPPET_TEXT_MAX, Snippet, mark_words, snippet
from search_api.query.concepts import ConceptFinder

SNIPPETS_MAX = 8_000
"""And titles, of about 300 characters each: some 6 MB, what 100 searches show."""


class _Key(NamedTuple):
    searched: bytes
    finder: ConceptFinder | None
    text: bytes
    """Digest of the text itself: a file that is read again by another reader has the same SHA-256, and other pages."""
    lang: str
    make: str


class KeptSnippets:
    """The snippets that were requested last. Threads may share it."""

    def __init__(self, *, snippets_max: int = SNIPPETS_MAX) -> None:
        """Keep so many snippets; the least recently used one is dropped."""
        self._kept: OrderedDict[_Key, Snippet] = OrderedDict()
        self._snippets_max = snippets_max
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def snippet(self, text: str, marker: Marker, *, lang: str) -> Snippet:
        """Return what `search_api.answers.snippets.snippet` returns."""
        text = text[:SNIPPET_TEXT_MAX]
        return self._made("snippet", text, marker, lang, lambda: snippet(text, marker, lang=lang))

    def mark_words(self, text: str, marker: Marker, *, lang: str) -> Snippet:
        """Return what `search_api.answers.snippets.mark_words` returns, for short texts such as titles."""
        return self._made("mark_words", text, marker, lang, lambda: mark_words(text, marker, lang=lang))

    def of_page(
        self, kind: str, stored: StoredPage, marker: Marker, *, lang: str, make: Callable[[Page], Snippet]
    ) -> Snippet:
        """Return what was made of a page before, else what is made now; the page is decoded only then.

        Args:
            kind: names what is made.
            stored: the page.
            marker: of the search.
            lang: of the document.
            make: makes it.
        """
        return self._made(kind, f"{stored.zones}\0{stored.text}", marker, lang, lambda: make(stored.page()))

    def _made(self, kind: str, of: str, marker: Marker, lang: str, make: Callable[[], Snippet]) -> Snippet:
        """Return what was kept of a text, else what is made now.

        Args:
            kind: what is made: one text may have a snippet, and be marked as a whole.
            of: all that it is made of.
        """
        digest = blake2b(of.encode(errors="surrogatepass"), digest_size=16).digest()
        key = _Key(marker.digest, marker.finder, digest, lang, kind)
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
        made = make()
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._snippets_max:
                self._kept.popitem(last=False)
        return made


kept_snippets = KeptSnippets()
"""Those of this process."""
