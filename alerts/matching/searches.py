"""Saved searches, and what each of them asks of a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.plan import Plan
from search_api.query.planning import DOCUMENTS, plan_of
from search_api.query.translations import SWITCH
from search_api.query.tree import Node

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that someone follows."""

    id: int
    query: SearchQuery
    """Its order, limit, cursor and number of near documents are not counted."""
    since: int
    """Sequence number: what came by a later change is new for it."""


TextKey = tuple[str, tuple[str, ...], bool, bool]
"""What the meaning of a text depends on: text, what is switched off, strict, about."""


def text_key(query: SearchQuery) -> TextKey:
    """Return what the meaning of the text of a search depends on; searches that differ in filters only have the same."""
    return query.text, query.off, query.strict, query.about


def tree_of(query: SearchQuery, *, vocabulary: Vocabulary) -> Node:
    """Return what the text of a search means, as far as answers go: translations only rank them and find near documents.

    Raises BadQuery: it asks for more than one search may.
    """
    return parse(query.text, vocabulary=vocabulary, off=(*query.off, SWITCH), strict=query.strict).tree


def text_plan(query: SearchQuery, *, vocabulary: Vocabulary) -> Plan:
    """Return what finds the answers of a search, without its filters. Raises BadQuery: see `tree_of`."""
    return plan_of(tree_of(query, vocabulary=vocabulary), shape=DOCUMENTS, about=query.about)


def check_values(query: SearchQuery, *, vocabulary: Vocabulary) -> None:
    """Raise BadQuery: a filter has a value that the vocabulary does not have (any more)."""
    if query.has_filters:
        parameters = [(name, value) for name, values in query.filter_values().items() for value in values]
        SearchQuery.from_parameters(parameters, vocabulary=vocabulary, characters_max=0)
