"""Matches of documents that someone corrected after they were found: what of them still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from alerts.matching.reasons import Reason
from corpus.types import Document, Facet
from search_api.engines.records import filter_values
from search_api.query.parameters import SearchQuery
from search_api.query.planning import filter_field

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


def reason_now(reason: Reason, document: Document, *, query: SearchQuery, vocabulary: Vocabulary) -> Reason | None:
    """Return why a corrected document answers a search now; None: it answers it no longer. Touches nothing.

    Its filters, years and named concepts are looked at; words of the text are as they were.
    """
    values = filter_values(document, vocabulary=vocabulary)
    if not _passes(document, values, query=query):
        return None
    left = replace(
        reason,
        concepts=tuple(each for each in reason.concepts if _has(each, values)),
        tags=tuple(each for each in reason.tags if _has(each, values)),
    )
    is_by_text = bool(query.text.strip()) and not (left.words or left.page)
    return None if is_by_text and reason.concepts and not left.concepts else left


def _passes(document: Document, values: Mapping[str, tuple[str, ...]], *, query: SearchQuery) -> bool:
    for parameter, chosen in query.filter_values().items():
        if not set(chosen) & set(values.get(filter_field(parameter, about=query.about), ())):
            return False
    if query.years is None:
        return True
    first, last, year = query.years.first, query.years.last, document.year
    return year is not None and (first is None or first <= year) and (last is None or year <= last)


def _has(tag: str, values: Mapping[str, tuple[str, ...]]) -> bool:
    """Say whether a document has a tag of a reason, as `group:street_vendors`; what is no tag of the vocabulary is not asked."""
    facet, _, concept = tag.partition(":")
    return facet not in set(Facet) or concept in values.get(facet, ())
