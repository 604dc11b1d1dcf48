"""Everything that matches, one by one: for complete lists, where pages of hits could change in the meantime."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from corpus.rights import EVERYTHING, RightsPolicy, shown
from corpus.types import Document
from search_api.engines.base import WALK_BATCH, EngineHit, SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class WalkedHit:
    """A document that matched when the walk began."""

    id: str
    score: float
    """0 or more; 0 when hits are not ranked by words."""
    document: Document | None
    """As it is now, without pages; None: it was removed since."""


def every_document(hits: Iterable[EngineHit]) -> Iterator[str]:
    """Yield the ids of hits, each with those of the copies and translations that it stands for behind it."""
    for hit in hits:
        yield hit.id
        yield from hit.others


def walk(
    query: SearchQuery,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    rights: RightsPolicy = EVERYTHING,
) -> Generator[WalkedHit, None, None]:
    """Yield every hit of a search in its order, over the index as it is when the first one is drawn.

    Close it when it is not drawn to its end.

    Args:
        query: its limit and cursor are not counted.
        engine: finds documents.
        store: gives them.
        vocabulary: reads `country:Peru`.
        rights: decides what is shown of each document.

    Raises EngineUnavailable: the index does not answer, or its view is gone.
    """
    tree = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    rights = rights.now()
    with closing(engine.walk(query, tree=tree)) as hits:
        while some := list(islice(hits, WALK_BATCH)):
            documents = store.documents.get_many([hit.id for hit in some])
            for hit in some:
                found = documents.get(hit.id)
                yield WalkedHit(hit.id, hit.score, shown(found, rights.of(found)) if found else None)
