"""Which pages of a document answer best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tantivy import Occur, Query, Searcher

from search_api.engines.base import PageMatch, PageMatches
from search_api.engines.tantivy.schema import pages_schema

_TIES_SEEN = 8
"""Ties go by page number, so more pages than are wanted have to be seen."""


def best_pages(
    searcher: Searcher, documents: Sequence[str], *, ranked: Query, whole: Query, limit: int
) -> dict[str, PageMatches]:
    """Return the best pages by document; a document without any is absent.

    Args:
        searcher: of the index of pages.
        documents: ids.
        ranked: finds and scores pages.
        whole: finds those that match the whole text.
        limit: most pages of each document.
    """
    aside = _flat(Query.term_query(pages_schema(), "is_back_matter", True))
    shown_last = (Occur.MustNot, aside)
    both = Query.boolean_query([(Occur.Must, _flat(ranked)), (Occur.Must, _flat(whole)), shown_last])
    wholes = count_by_document(searcher, both, documents)
    found: dict[str, PageMatches] = {}
    for document in documents:
        count = wholes.get(document, 0)
        best: list[PageMatch] = []
        # Several questions instead of a bonus, which would cost scores the last of their seven digits.
        if count:
            answering = [(Occur.Must, ranked), (Occur.Must, _flat(whole)), shown_last]
            best = _best(searcher, document, clauses=answering, limit=limit)
        if count < limit:
            others = [(Occur.Must, ranked), (Occur.MustNot, whole), shown_last]
            best += _best(searcher, document, clauses=others, limit=limit - count)
        found[document] = PageMatches(best=tuple(best), whole=count)
    found |= _with_back_matter(searcher, found, clauses=[(Occur.Must, ranked), (Occur.Must, aside)], limit=limit)
    return {document: matches for document, matches in found.items() if matches.best}


def _with_back_matter(
    searcher: Searcher, found: Mapping[str, PageMatches], *, clauses: Sequence[tuple[Occur, Query]], limit: int
) -> dict[str, PageMatches]:
    """Return the matches of documents that have fewer pages than wanted and back matter to fill them up, with it."""
    short = [document for document, matches in found.items() if len(matches.best) < limit]
    if not short:
        return {}
    filled: dict[str, PageMatches] = {}
    for document in count_by_document(searcher, Query.boolean_query(list(clauses)), short):
        matches = found[document]
        last = _best(searcher, document, clauses=clauses, limit=limit - len(matches.best))
        filled[document] = replace(matches, best=(*matches.best, *last))
    return filled


def count_by_document(searcher: Searcher, whole: Query, documents: Sequence[str]) -> dict[str, int]:
    """Return how many pages of each document a query finds; documents without any are absent."""
    shown = _flat(Query.term_set_query(pages_schema(), "document", list(documents)))
    both = Query.boolean_query([(Occur.Must, shown), (Occur.Must, whole)])
    answer = searcher.aggregate(both, {"by": {"terms": {"field": "document", "size": len(documents)}}})
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["by"]["buckets"]}


def _best(searcher: Searcher, document: str, *, clauses: Sequence[tuple[Occur, Query]], limit: int) -> list[PageMatch]:
    """Return the best pages of one document. One small query a document: the first of its pages is found at once,
    while one query for all documents would have to rank every page of all of them to be sure of three of each."""
    one = _flat(Query.term_query(pages_schema(), "document", document, "basic"))
    hits = searcher.search(Query.boolean_query([(Occur.Must, one), *clauses]), limit + _TIES_SEEN, count=False).hits
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    matches = [PageMatch(number=int(number or 0), score=hit[0]) for hit, number in zip(hits, numbers, strict=True)]
    return sorted(matches, key=lambda match: (-match.score, match.number))[:limit]


def _flat(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
