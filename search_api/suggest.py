"""What somebody may be typing: concepts of the vocabulary first, then titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus.types import Facet
from search_api.analysis import exact
from search_api.engine import SearchEngine
from search_api.query import SearchQuery
from search_api.tree import And, Everything, Node, Phrase, Prefix

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

LIMIT_DEFAULT = 8
LIMIT_MAX = 20
CHARACTERS_MAX = 200
"""Longer texts are no beginnings of anything; they get no suggestion."""
WORDS_MAX = 10
_BEGINNING_MIN = 2
_LABEL_LANGUAGES = ("en", "es", "fr", "pt")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that the typed words may be meant for."""

    text: str
    """A label in the language in which it was found, or a title."""
    facet: str
    """Facet of a concept; empty: it is a document."""
    id: str
    """Of the concept or the document."""
    count: int
    """Documents with the concept; 1 for a document."""


def suggest(
    text: str,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    lang: str = "en",
    limit: int = LIMIT_DEFAULT,
) -> tuple[Suggestion, ...]:
    """Return concepts that some document has, then documents by title; nothing for a text without two letters.

    Concepts take at most half of the room while there are titles to show.

    Args:
        text: as typed so far; the last word may go on.
        engine: counts concepts and finds titles.
        store: gives titles.
        vocabulary: gives labels.
        lang: in which a label is shown if it fits in several.
        limit: most suggestions.

    Raises EngineUnavailable: the index does not answer.
    """
    words = tuple(exact(text[: CHARACTERS_MAX + 1]))
    if len(text) > CHARACTERS_MAX or not words or len(words) > WORDS_MAX or len("".join(words)) < _BEGINNING_MIN:
        return ()
    named = concepts_named(words, vocabulary=vocabulary, lang=lang)
    counts: Mapping[str, Mapping[str, int]] = {}
    if named:
        counts = engine.search(SearchQuery(limit=1), tree=Everything()).counts
    concepts = [
        Suggestion(text=label, facet=facet.value, id=concept, count=held)
        for facet, concept, label in named
        if (held := counts.get(facet.value, {}).get(concept, 0))
    ]
    titles = _titles(words, engine=engine, store=store, limit=limit)
    room = max(limit - len(titles), limit // 2)
    return (*concepts[:room], *titles)[:limit]


def concepts_named(
    words: tuple[str, ...], *, vocabulary: Vocabulary, lang: str = "en"
) -> tuple[tuple[Facet, str, str], ...]:
    """Return (facet, id, label) of the concepts whose label has the words, the last of them as a beginning.

    Labels that begin with the words come first, then shorter ones. Accents and capitals do not matter.

    Args:
        words: in small letters without accents; one or more.
        lang: whose label is preferred when labels in several languages fit equally well.
    """
    languages = dict.fromkeys((lang, *_LABEL_LANGUAGES))
    found: list[tuple[tuple[int, int, int, str], tuple[Facet, str, str]]] = []
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            fits = []
            for order, each in enumerate(languages):
                label = concept.labels.get(each, "")
                if (rank := _rank(words, _words_of(label))) is not None:
                    fits.append(((rank, order, len(label), label), (facet, concept.id, label)))
            if fits:
                found.append(min(fits))
    return tuple(named for _, named in sorted(found))


@cache
def _words_of(label: str) -> tuple[str, ...]:
    """Return the folded words of a label; there are 1,648 labels, asked for with each key that is pressed."""
    return tuple(exact(label))


def _rank(words: tuple[str, ...], label: tuple[str, ...]) -> int | None:
    """Return 0 when a label begins with the words, 1 when it has them elsewhere, None when it has not."""
    length = len(words)
    for start in range(len(label) - length + 1):
        there = label[start : start + length]
        if there[:-1] == words[:-1] and there[-1].startswith(words[-1]):
            return 0 if start == 0 else 1
    return None


def _titles(words: tuple[str, ...], *, engine: SearchEngine, store: Store, limit: int) -> list[Suggestion]:
    *whole, last = words
    parts: list[Node] = [Phrase(word, field="title") for word in whole]
    parts.append(Prefix(last, field="title") if len(last) >= _BEGINNING_MIN else Phrase(last, field="title"))
    tree = And(tuple(parts)) if len(parts) > 1 else parts[0]
    hits = engine.search(SearchQuery(limit=limit), tree=tree, counted=False).hits
    documents = store.documents([hit.id for hit in hits])
    return [
        Suggestion(text=documents[hit.id].title, facet="", id=hit.id, count=1) for hit in hits if hit.id in documents
    ]
