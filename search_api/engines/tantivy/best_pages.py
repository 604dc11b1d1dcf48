"""Which pages of a document answer best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tantivy import DocAddress, FieldType, Occur, Query, Searcher

from search_api.engines.base import FoundPage, PageMatch, PageMatches
from search_api.engines.tantivy.schema import document_key, pages_schema

_TIES_SEEN = 8
"""Ties go by page number, so more pages than are wanted have to be seen."""
_Page = tuple[bool, float, int]
"""Whether it lacks something of the whole text, its score below 0, its number: the best page is the smallest."""
_SCORED_MAX = 4_000
"""Pages of all documents that are scored by one query, best first: a hundred reports have most of their best pages among them."""
_TOGETHER_MAX = 1_000
"""Pages of all documents that are ranked by one query. With more, each document is requested its best on its own."""


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
    body = [(Occur.Must, ranked), shown_last]
    found = _together(searcher, documents, clauses=body, whole=whole, limit=limit)
    if found is None:
        found = _one_by_one(searcher, documents, clauses=body, whole=whole, limit=limit)
    found |= _with_back_matter(searcher, found, clauses=[(Occur.Must, ranked), (Occur.Must, aside)], limit=limit)
    return {document: matches for document, matches in found.items() if matches.best}


def best_scores(searcher: Searcher, documents: Sequence[str], *, ranked: Query) -> dict[str, float]:
    """Return the score of the best page of each document, back matter left out; a document without such a page is absent."""
    aside = _flat(Query.term_query(pages_schema(), "is_back_matter", True))
    clauses = [(Occur.Must, ranked), (Occur.MustNot, aside)]
    among = Query.boolean_query([(Occur.Must, _among(documents)), *clauses])
    hits = searcher.search(among, _SCORED_MAX, count=False).hits
    by_key: dict[int, float] = {}
    for key, (score, _) in zip(_keys(searcher, hits), hits, strict=True):
        by_key.setdefault(key, score)
    keys = {document: document_key(document) for document in documents}
    scores = {document: by_key[key] for document, key in keys.items() if key in by_key}
    if len(hits) == _SCORED_MAX:  # the pages of some documents may all are below these
        for document in keys.keys() - scores.keys():
            if matches := _best(searcher, document, clauses=clauses, limit=1):
                scores[document] = matches[0].score
    return scores


def find_pages(searcher: Searcher, query: Query, *, limit: int) -> tuple[FoundPage, ...]:
    """Return the pages with the highest scores, ties by document and number."""
    hits = searcher.search(query, limit + _TIES_SEEN, count=False).hits
    if not hits:
        return ()
    keys = _keys(searcher, hits)
    ids = _ids_of_keys(searcher, sorted(set(keys)))
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    found = (
        FoundPage(ids[key], int(number or 0), score)
        for key, number, (score, _) in zip(keys, numbers, hits, strict=True)
        if key in ids
    )
    return tuple(sorted(found, key=lambda page: (-page.score, page.document, page.number))[:limit])


def _ids_of_keys(searcher: Searcher, keys: Sequence[int]) -> dict[int, str]:
    """Return the documents that `document_key` stands for: ids of pages are not stored, but can be counted."""
    ranges = [Query.range_query(pages_schema(), "document_key", FieldType.Integer, key, key) for key in keys]
    those = Query.boolean_query([(Occur.Should, each) for each in ranges])
    answer = searcher.aggregate(those, {"by": {"terms": {"field": "document", "size": len(keys)}}})
    return {document_key(str(bucket["key"])): str(bucket["key"]) for bucket in answer["by"]["buckets"]}


def _together(
    searcher: Searcher, documents: Sequence[str], *, clauses: Sequence[tuple[Occur, Query]], whole: Query, limit: int
) -> dict[str, PageMatches] | None:
    """Return the matches of every document, from all their pages at once; None: there are too many."""
    among = [(Occur.Must, _among(documents)), *clauses]
    hits = searcher.search(Query.boolean_query(among), _TOGETHER_MAX + 1, count=False).hits
    if len(hits) > _TOGETHER_MAX:
        return None
    answering = Query.boolean_query([*among, (Occur.Must, _flat(whole))])
    wholes = {_place(address) for _, address in searcher.search(answering, _TOGETHER_MAX, count=False).hits}
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    pages: dict[int, list[_Page]] = {document_key(document): [] for document in documents}
    for key, number, (score, address) in zip(_keys(searcher, hits), numbers, hits, strict=True):
        pages[key].append((_place(address) not in wholes, -score, int(number or 0)))
    return {document: _matches(pages[document_key(document)], limit=limit) for document in documents}


def _keys(searcher: Searcher, hits: Sequence[tuple[float, DocAddress]]) -> list[int]:
    """Return which document each page is of, by search_api.engines.tantivy.schema.document_key."""
    return [int(key or 0) for key in searcher.fast_field_values("document_key", [address for _, address in hits])]


def _matches(pages: list[_Page], *, limit: int) -> PageMatches:
    best = tuple(PageMatch(number=number, score=-score) for _, score, number in sorted(pages)[:limit])
    return PageMatches(best=best, whole=sum(not lacks for lacks, _, _ in pages))


def _place(address: DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc


def _one_by_one(
    searcher: Searcher, documents: Sequence[str], *, clauses: Sequence[tuple[Occur, Query]], whole: Query, limit: int
) -> dict[str, PageMatches]:
    """Return the same, asking for each document: the first of its pages is found at once, however many it has."""
    answering = [*clauses, (Occur.Must, _flat(whole))]
    wholes = count_by_document(searcher, Query.boolean_query(answering), documents)
    found: dict[str, PageMatches] = {}
    for document in documents:
        count = wholes.get(document, 0)
        best: list[PageMatch] = []
        # Several questions instead of a bonus, which would cost scores the last of their seven digits.
        if count:
            best = _best(searcher, document, clauses=answering, limit=limit)
        if count < limit:
            others = [*clauses, (Occur.MustNot, whole)]
            best += _best(searcher, document, clauses=others, limit=limit - count)
        found[document] = PageMatches(best=tuple(best), whole=count)
    return found


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
    both = Query.boolean_query([(Occur.Must, _among(documents)), (Occur.Must, whole)])
    answer = searcher.aggregate(both, {"by": {"terms": {"field": "document", "size": len(documents)}}})
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["by"]["buckets"]}


def _best(searcher: Searcher, document: str, *, clauses: Sequence[tuple[Occur, Query]], limit: int) -> list[PageMatch]:
    """Return the best pages of one document."""
    one = _flat(Query.term_query(pages_schema(), "document", document, "basic"))
    hits = searcher.search(Query.boolean_query([(Occur.Must, one), *clauses]), limit + _TIES_SEEN, count=False).hits
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    matches = [PageMatch(number=int(number or 0), score=hit[0]) for hit, number in zip(hits, numbers, strict=True)]
    return sorted(matches, key=lambda match: (-match.score, match.number))[:limit]


def _among(documents: Sequence[str]) -> Query:
    return _flat(Query.term_set_query(pages_schema(), "document", list(documents)))


def _flat(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
