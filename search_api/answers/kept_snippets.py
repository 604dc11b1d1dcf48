"""Snippets that were cut before: the same words are asked for with another filter, order or page, and by many readers."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple, Protocol

from search_api.answers.marks import Marker
from search_api.answers.snippets import SNIPPET_TEXT_MAX, Snippet, mark_words, snippet
from search_api.query.concepts import ConceptFinder

SNIPPETS_MAX = 8_000
"""And titles, of about 300 characters each: some 6 MB, what 100 searches show."""


class Make(Protocol):
    """Makes a snippet of a text."""

    def __call__(self, text: str, marker: Marker, *, lang: str) -> Snippet:
        """Return the text, or a part of it, marked."""


class _Key(NamedTuple):
    searched: bytes
    finder: ConceptFinder | None
    text: bytes
    """Digest of the text itself: a file that is read again by another reader has the same SHA-256, and other pages."""
    lang: str
    is_whole: bool


class KeptSnippets:
    """The snippets that were asked for last. Threads may share it."""

    def __init__(self, *, snippets_max: int = SNIPPETS_MAX) -> None:
        """Keep so many snippets; the one that was asked for longest ago makes room."""
        self._kept: OrderedDict[_Key, Snippet] = OrderedDict()
        self._snippets_max = snippets_max
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def snippet(self, text: str, marker: Marker, *, lang: str) -> Snippet:
        """Return what `search_api.answers.snippets.snippet` returns."""
        return self._made(text[:SNIPPET_TEXT_MAX], marker, lang=lang, make=snippet, is_whole=False)

    def mark_words(self, text: str, marker: Marker, *, lang: str) -> Snippet:
        """Return what `search_api.answers.snippets.mark_words` returns, for short texts such as titles."""
        return self._made(text, marker, lang=lang, make=mark_words, is_whole=True)

    def _made(self, text: str, marker: Marker, *, lang: str, make: Make, is_whole: bool) -> Snippet:
        digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
        key = _Key(marker.digest, marker.finder, digest, lang, is_whole)
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
        made = make(text, marker, lang=lang)
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._snippets_max:
                self._kept.popitem(last=False)
        return made


kept_snippets = KeptSnippets()
"""Those of this process."""
