"""What a misspelt word may have been meant for. Nothing here knows an engine, and every engine gives the same.

Words are put forward by labels of concepts and by titles that a near-spelling search finds, and only one that some document
has is proposed: what is proposed can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from search_api.analysis import QueryWord, exact, query_words
from search_api.engines.base import SearchEngine
from search_api.query.labels import labels_of
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.plan import Field
from search_api.query.tree import Fuzzy, Words, leaves

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

_LETTERS_MIN = 4
"""Shorter words have too many neighbours."""
_WORDS_MAX = 8
"""Words that are looked at: a pasted page is no misspelling."""
_TITLES_MAX = 50
_LONG = 8
"""Letters from which two may be wrong; in shorter words it is one."""


def corrected(text: str, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary) -> str:
    """Return the text with each word that no document has replaced by the nearest that one has; empty: none is near.

    Raises EngineUnavailable: the index does not answer.
    """
    parts = leaves(parse(text, vocabulary=vocabulary).tree)
    typed = [part.text for part in parts if isinstance(part, Words) and _is_one_word(part)]
    words = {each: query_words(each)[0] for each in typed[:_WORDS_MAX]}
    missing = [each for each, word in words.items() if word.forms and not _documents_with([word], engine=engine)[0]]
    result = text
    for each in missing:
        if near := _nearest(words[each].exact, engine=engine, store=store, vocabulary=vocabulary):
            result = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", near, result)
    return result if result != text else ""


def _is_one_word(part: Words) -> bool:
    return not part.field and len(query_words(part.text)) == 1


def _nearest(word: str, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary) -> str:
    """Return the word with the fewest letters changed, among those the one in most documents; empty: none."""
    allowed = _edits_allowed(word)
    if not allowed:
        return ""
    tree = Fuzzy(word, distance=allowed, field="title")
    hits = engine.search(SearchQuery(limit=_TITLES_MAX), tree=tree, counted=False).hits
    titles = store.documents([hit.id for hit in hits]).values()
    known = {*labels_of(vocabulary).words, *(each for document in titles for each in exact(document.title))}
    near = sorted((edits, each) for each in known if 0 < (edits := edits_between(word, each, most=allowed)) <= allowed)
    candidates = [each for _, each in near][:_TITLES_MAX]
    if not candidates:
        return ""
    held = _documents_with([query_words(each)[0] for each in candidates], engine=engine)
    ranked = sorted((edits, -count, each) for (edits, each), count in zip(near, held, strict=False) if count)
    return ranked[0][2] if ranked else ""


def _edits_allowed(word: str) -> int:
    if len(word) < _LETTERS_MIN or not word.isalpha():
        return 0
    return 2 if len(word) >= _LONG else 1


def _documents_with(words: Iterable[QueryWord], *, engine: SearchEngine) -> list[int]:
    """Return how many documents have each word, in the form that most of them have it in."""
    forms = [[(field, stem) for field in (Field.WORD,) for stem in word.forms] for word in words]
    held = engine.frequencies([pair for pairs in forms for pair in pairs]).held
    return [max((held[pair] for pair in pairs), default=0) for pairs in forms]


def edits_between(one: str, other: str, *, most: int) -> int:
    """Return how many letters are to be put in, left out, changed or swapped with a neighbour; more than `most`: `most` + 1.

    Optimal string alignment distance (Damerau 1964, no letter touched twice).
    """
    return int(OSA.distance(one, other, score_cutoff=most))
