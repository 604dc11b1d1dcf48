"""Which documents answer a search that someone follows, asked of the search index and not of what matching kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from alerts.stored_searches import stored_query
from corpus.alerts import Subscription
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.parse import parse
from search_api.query.plan import Flat, MatchAll, OneOf, Plan
from search_api.query.planning import DOCUMENTS, plan_of, with_filters
from search_api.query.tree import Node

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

IDS_MAX = 500
"""Documents that one question names."""


@dataclass(frozen=True, slots=True)
class FollowedSearch:
    """A search that someone follows, as it is read today."""

    query: SearchQuery
    """In the order of first sight, from its beginning."""
    tree: Node


def read_search(subscription: Subscription, *, vocabulary: Vocabulary) -> FollowedSearch:
    """Return what a subscription asks for.

    Raises BadQuery: it can no longer be read, as when the vocabulary no longer has one of its values.
    """
    query = replace(stored_query(subscription, vocabulary=vocabulary), sort=Sort.FIRST_SEEN, cursor="", near=0)
    return FollowedSearch(query, parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree)


def answers_among(search: FollowedSearch, document_ids: Sequence[str], *, engine: SearchEngine) -> frozenset[str]:
    """Return those of some documents that answer a search, each on its own: copies and translations are not folded.

    Raises EngineUnavailable: the index does not answer.
    """
    words = plan_of(search.tree, shape=DOCUMENTS, about=search.query.about)
    return having(with_filters(words, search.query), document_ids, engine=engine)


def having(plan: Plan, document_ids: Sequence[str], *, engine: SearchEngine) -> frozenset[str]:
    """Return those of some documents that match a plan. Raises EngineUnavailable."""
    found: set[str] = set()
    for ids in in_batches(document_ids, IDS_MAX):
        among = MatchAll((plan, Flat(OneOf("id", tuple(ids)), 0.0)))
        found |= {hit.id for hit in engine.best(among, limit=len(ids))}
    return frozenset(found)


def in_batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield ids in lists of at most `size`."""
    drawn = iter(ids)
    while batch := list(islice(drawn, size)):
        yield batch
