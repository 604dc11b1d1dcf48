"""What a misspelt word may have been meant for. Nothing here knows an engine, and every engine gives the same.

Words are put forward by the vocabulary in four languages, by titles and by pages that a near-spelling search finds; only one
that documents have is proposed: what is proposed can be found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.types import Facet
from corpus.vocabulary import Strength
from search_api.analysis import QueryWord, exact, query_words, scan
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.plan import Field
from search_api.query.translations import forms_elsewhere
from search_api.query.tree import Fuzzy, Words, leaves

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

_LETTERS_MIN = 4
"""Shorter words have too many neighbours."""
_WORDS_MAX = 8
"""Words that are looked at: a pasted page is no misspelling."""
_TITLES_MAX = 50
_PAGES_MAX = 30
"""Pages whose words are looked through, one of each document."""
_LONG = 8
"""Letters from which two may be wrong; in shorter words it is one."""
_RARE = 5
"""A word that fewer documents have may be a misspelling that was printed."""
_MORE_FREQUENT = 20
"""How many times as many documents must have the word that is proposed for one that some documents have."""

_LIGATURES_MAX = 2
"""Letters that a word is longer by without its ligatures."""

_ByWord = Mapping[str, str]
"""Word without accents -> as it is written."""


def corrected(text: str, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary) -> str:
    """Return the text with its misspelt words replaced by the nearest that documents have; empty: there is none.

    A word counts as misspelt when no document has it, or a few have it and many times as many have a near one.

    Raises EngineUnavailable: the index does not answer.
    """
    parts = leaves(parse(text, vocabulary=vocabulary).tree)
    typed = [part.text for part in parts if isinstance(part, Words) and _is_one_word(part)]
    words = {each: query_words(each)[0] for each in typed[:_WORDS_MAX]}
    words = {each: word for each, word in words.items() if word.forms}
    held = dict(zip(words, _documents_with(words.values(), engine=engine), strict=True))
    result = text
    for each, count in held.items():
        if count >= _RARE:
            continue
        near = _nearest(words[each], held=count, engine=engine, store=store, vocabulary=vocabulary)
        if near:
            result = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", near, result)
    return result if result != text else ""


def _is_one_word(part: Words) -> bool:
    return not part.field and len(query_words(part.text)) == 1


def _nearest(word: QueryWord, *, held: int, engine: SearchEngine, store: Store, vocabulary: Vocabulary) -> str:
    """Return the word with the fewest letters changed, among those the one in most documents; empty: none."""
    allowed = _edits_allowed(word.exact)
    if not allowed:
        return ""
    titles = _titles_like(word.exact, allowed=allowed, engine=engine, store=store)
    pages = _pages_like(word.exact, allowed=allowed, engine=engine, store=store)
    known, written = _words_of(vocabulary), _written_near(word.exact, [*titles, *pages], allowed=allowed)
    alike = {
        each: int(edits)
        for words in (known, written)
        for each, edits, _ in process.extract(
            word.exact, words.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=_TITLES_MAX
        )
    }
    near = [
        (each, edits)
        for each, edits in sorted(alike.items(), key=itemgetter(1))[:_TITLES_MAX]
        # vendors is no misspelling of vendor, and joven none of jovem, which finds it already
        if edits and set(query_words(each)[0].forms).isdisjoint((*word.forms, *forms_elsewhere(word)))
    ]
    counts = _documents_with([query_words(each)[0] for each, _ in near], engine=engine)
    least = max(1, held * _MORE_FREQUENT)
    ranked = sorted(
        (edits, -count, abs(len(each) - len(word.exact)), each)
        for (each, edits), count in zip(near, counts, strict=True)
        if count >= least
    )
    return (written.get(ranked[0][3]) or known[ranked[0][3]]) if ranked else ""


def _edits_allowed(word: str) -> int:
    if len(word) < _LETTERS_MIN or not word.isalpha():
        return 0
    return 2 if len(word) >= _LONG else 1


def _titles_like(word: str, *, allowed: int, engine: SearchEngine, store: Store) -> list[str]:
    tree = Fuzzy(word, distance=allowed, field="title")
    hits = engine.search(SearchQuery(limit=_TITLES_MAX), tree=tree, counted=False).hits
    return [document.title for document in store.documents.in_brief([hit.id for hit in hits]).values()]


def _pages_like(word: str, *, allowed: int, engine: SearchEngine, store: Store) -> list[str]:
    """Return the texts of pages that have a word spelled nearly so."""
    tree = Fuzzy(word, distance=allowed)
    hits = engine.search(SearchQuery(limit=_PAGES_MAX), tree=tree, counted=False).hits
    pages = engine.pages(tree, documents=[hit.id for hit in hits], limit=1)
    wanted = {document: [match.number for match in found.best] for document, found in pages.items()}
    return list(store.pages.texts(wanted).values())


def _written(texts: Iterable[str]) -> _ByWord:
    """Return every word of the texts without its accents, with the way in which most of them write it."""
    ways: dict[str, Counter[str]] = {}
    for text in texts:
        for token in scan(text):
            for word in exact(token.text)[:1]:
                ways.setdefault(word, Counter())[token.text] += 1
    return {word: written.most_common(1)[0][0] for word, written in ways.items()}


def _written_near(word: str, texts: Iterable[str], *, allowed: int) -> _ByWord:
    """Return the words of the texts that are about as long, as `_written` does: those alone are read, of some thousand."""
    fewest, most = max(2, len(word) - allowed - _LIGATURES_MAX), len(word) + allowed + _LIGATURES_MAX
    about_as_long = re.compile(rf"(?<![^\W_])[^\W_]{{{fewest},{most}}}+(?![^\W_])")
    counted = Counter(each for text in texts for each in about_as_long.findall(text.lower()))
    ways: dict[str, Counter[str]] = {}
    for each, count in counted.items():
        for bare in exact(each)[:1]:
            ways.setdefault(bare, Counter())[each] += count
    return {bare: written.most_common(1)[0][0] for bare, written in ways.items()}


@lru_cache(maxsize=4)
def _words_of(vocabulary: Vocabulary) -> _ByWord:
    """Return every word of the vocabulary's labels, names and terms; a vocabulary does not change while a process runs."""
    return _written(_texts_of(vocabulary))


def _texts_of(vocabulary: Vocabulary) -> Iterator[str]:
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            yield from concept.labels.values()
        for term in vocabulary.terms(facet):
            if term.strength is not Strength.DECOY:
                yield from term.forms


def _documents_with(words: Iterable[QueryWord], *, engine: SearchEngine) -> list[int]:
    """Return how many documents have each word, in the form that most of them have it in."""
    forms = [[(Field.WORD, form) for form in word.forms] for word in words]
    held = engine.frequencies([pair for pairs in forms for pair in pairs]).held
    return [max((held[pair] for pair in pairs), default=0) for pairs in forms]
