"""Documents like a document: its most telling words, looked up as any other search. Nothing here knows an engine.

What tells is reckoned on our side (tf-idf, with the engine's counts of documents), because each engine's own "more like
this" chooses other words, and the answers would differ.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from corpus.types import Document
from search_api.analysis import words
from search_api.engines.base import EngineHit, Frequencies, SearchEngine
from search_api.query.boosts import inverse_document_frequency
from search_api.query.plan import (
    Every,
    Field,
    Flat,
    HasToken,
    MatchAll,
    MatchAny,
    OneOf,
    Plan,
    Times,
)

if TYPE_CHECKING:
    from corpus.store import Store

LIMIT_DEFAULT = 5
LIMIT_MAX = 50
TERMS_MAX = 25
"""Words that are looked up; Lucene's MoreLikeThis takes as many."""
CANDIDATES_MAX = 100
"""Words of the text whose rarity is requested: the most frequent ones."""
TEXT_CHARACTERS_MAX = 200_000
"""Of the text, from its beginning: some eighty pages say what a document is about."""
COPIES_SPARE = 20
"""Hits that are looked up beyond those wanted, since the document itself and its copies are among the first."""
_SHARED_MIN = 2
"""Telling words that a document must share: by one alone, everything on markets would be like everything else on them."""
TITLE_BOOST = 3.0
"""A word of the title counts so many times one of the text. Not measured: there is no judged set of similar documents."""
_FACETS = ("group", "topic", "country", "sector")
_SAME_CONCEPT = 0.5
"""Score for each filter field in which the documents are about the same: less than any telling word brings. Not measured."""


def similar(document: Document, *, engine: SearchEngine, limit: int = LIMIT_DEFAULT) -> tuple[EngineHit, ...]:
    """Return the documents most like a document, best first, without itself.

    Copies, editions and translations of its work may be among them: `without_work` knows the records. Empty when the
    document has no word that another one has.

    Args:
        document: with its pages.
        engine: finds them.
        limit: most hits.
    """
    in_title = Counter(words(document.title, document.lang))
    in_text = Counter(words(_text_of(document), document.lang))
    candidates = dict.fromkeys([*in_title, *_most_frequent(in_text | in_title, most=CANDIDATES_MAX)])
    held = engine.frequencies([(Field.WORD, token) for token in candidates])
    terms = telling_terms(candidates, in_title=in_title, in_text=in_text, held=held)
    if not terms:
        return ()
    hits = engine.best(_plan(terms, document), limit=limit + 1)
    return tuple(hit for hit in hits if hit.id != document.id)[:limit]


def similar_documents(
    document_id: str, *, engine: SearchEngine, store: Store, limit: int = LIMIT_DEFAULT
) -> tuple[Document, ...]:
    """Return the documents most like a document, best first, one of each work, none of its own; without pages.

    Raises NotFound: there is no such document. EngineUnavailable: the index does not answer.
    """
    document = store.documents.get(document_id, with_pages=True)
    hits = similar(document, engine=engine, limit=limit + COPIES_SPARE)
    held = store.documents.get_many([hit.id for hit in hits])
    return without_work(hits, documents=held, work=document.work)[:limit]


def without_work(hits: Iterable[EngineHit], *, documents: dict[str, Document], work: str) -> tuple[Document, ...]:
    """Return the documents of hits that are no copies, editions or translations of a work, and one of each other work."""
    seen = {work} if work else set()
    kept: list[Document] = []
    for hit in hits:
        found = documents.get(hit.id)
        if found is None or (found.work and found.work in seen):
            continue
        seen.add(found.work)
        kept.append(found)
    return tuple(kept)


def telling_terms(
    candidates: Iterable[str], *, in_title: Counter[str], in_text: Counter[str], held: Frequencies
) -> tuple[tuple[str, float], ...]:
    """Return the tokens that tell most about a text with their weights (the highest is 1.0), best first, ties by token.

    Left out are numbers, single letters, and tokens that no other document has.
    """
    weights: dict[str, float] = {}
    for token in candidates:
        documents = held.held[Field.WORD, token]
        if len(token) < 2 or token.isdigit() or documents < 2:
            continue
        rarity = inverse_document_frequency(documents, of=held.documents)
        # A word that is there a hundred times does not tell a hundred times as much.
        weight = (math.log1p(in_text[token]) + TITLE_BOOST * (token in in_title)) * rarity
        if weight > 0.0:
            weights[token] = weight
    best = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:TERMS_MAX]
    return tuple((token, weight / best[0][1]) for token, weight in best)


def _plan(terms: tuple[tuple[str, float], ...], document: Document) -> Plan:
    parts = tuple(
        MatchAny(
            (Times(HasToken(Field.WORD, token), weight), Times(HasToken(Field.TITLE, token), weight * TITLE_BOOST))
        )
        for token, weight in terms
    )
    words = MatchAny(parts, minimum=min(_SHARED_MIN, len(parts)))
    own = {
        facet: tuple(sorted({tag.concept for tag in document.tags if tag.facet == facet and tag.about}))
        for facet in _FACETS
    }
    about = [Flat(OneOf(f"{facet}_about", same), _SAME_CONCEPT) for facet, same in own.items() if same]
    return MatchAll((words, MatchAny((Flat(Every(), 0.0), *about)))) if about else words


def _most_frequent(counted: Counter[str], *, most: int) -> list[str]:
    return [token for token, _ in sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:most]]


def _text_of(document: Document) -> str:
    texts, size = [document.abstract], len(document.abstract)
    for page in document.pages:
        if size >= TEXT_CHARACTERS_MAX:
            break
        texts.append(page.text[: TEXT_CHARACTERS_MAX - size])
        size += len(page.text)
    return "\n".join(texts)
