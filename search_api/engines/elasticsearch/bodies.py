"""What is asked of Elasticsearch for one search, and what its answers say: bodies in, results out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search_api.engines.base import EngineHit, FoundPage, PageMatch, PageMatches
from search_api.engines.cursor import Cursor
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan
from search_api.engines.first_hits import Stretch
from search_api.engines.folding import FOLD_VALUES, beginnings, surplus
from search_api.query.facets import FACETS, facet_passes
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Plan
from search_api.query.planning import with_filters

ID_ONLY: Body = {"stored_fields": "_none_", "docvalue_fields": ["id"]}
"""Gives the id of each hit from its column. What is stored of a record has its whole text beside it until the cluster is sure of
its copies, and reading a hundred `_id` there took 18 of 19 milliseconds of a search."""
_TWICE = "twice"
_BUCKETS_MAX = 64_000
"""A cluster gives no more than 65,536."""
FACET_VALUES_MAX = 10_000
"""More values than any facet has: counts are exact only when no value is left out."""


def id_of(hit: Mapping[str, Any]) -> str:
    """Return the id of a hit that was requested with ID_ONLY."""
    return str(hit["fields"]["id"][0])


def rarity_body(pairs: Sequence[tuple[str, str]]) -> Body:
    """Return what asks how many records have each (field, token), and how many there are."""
    filters = [{"term": {field: token}} for field, token in pairs]
    return {"size": 0, "track_total_hits": True, "aggs": {"held": {"filters": {"filters": filters}}}}


def read_rarity(answer: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> Rarity:
    """Return what the answer to `rarity_body` says."""
    buckets = answer["aggregations"]["held"]["buckets"]
    held = {pair: int(bucket["doc_count"]) for pair, bucket in zip(pairs, buckets, strict=True)}
    return Rarity(records=int(answer["hits"]["total"]["value"]), held=held)


def hits_body(plan: Plan, *, rarity: Rarity, key: str, after: Cursor | None, limit: int) -> Body:
    body: Body = {
        "query": compile_plan(plan, rarity=rarity),
        "size": limit + 1,
        **ID_ONLY,
        "track_total_hits": True,
        "sort": [{key: "asc"}] if key else [{"_score": "desc"}, {"id": "asc"}],
    }
    if after is not None:
        body["search_after"] = [after.key] if key else [after.score, after.key]
    return body


def counts_bodies(words: Plan, query: SearchQuery, *, rarity: Rarity, folded: int, matching: int) -> list[Body]:
    """Return what counts every facet under all filters but its own.

    Args:
        words: what the text means.
        query: gives the filters.
        rarity: of the tokens of `words`.
        folded: documents of the index that are in folds.
        matching: those of them that match words and filters.
    """
    bodies: list[Body] = []
    for leave_out, fields in facet_passes(query):
        found = compile_plan(with_filters(words, query, leave_out=leave_out), rarity=rarity)
        counted = {facet: {"terms": {"field": name, "size": FACET_VALUES_MAX}} for facet, name in fields.items()}
        # A filter: nothing is scored to be counted, and the cluster may keep which records match.
        asked: Body = {"query": {"bool": {"filter": [found]}}, "size": 0}
        bodies.append({**asked, "aggs": counted})
        bodies += [
            {**asked, "aggs": {_TWICE: {"terms": terms}}}
            for terms in _terms_of_folds(folded if leave_out else matching)
        ]
    return bodies


def _terms_of_folds(folded: int) -> list[Body]:
    if folded < 2:  # nothing can be counted twice
        return []
    terms: Body = {"field": FOLD_VALUES, "size": _BUCKETS_MAX, "min_doc_count": 2}
    return [{**terms, "include": f"{beginning}.*"} if beginning else terms for beginning in beginnings(folded)]


def read_stretch(answer: Body, *, key: str, after: Cursor | None, limit: int) -> Stretch:
    """Return what the answer to `hits_body` says."""
    found = answer["hits"]
    shown = found["hits"][:limit]
    hits = tuple(EngineHit(id=id_of(hit), score=0.0 if key else float(hit["_score"])) for hit in shown)
    last = None
    if len(found["hits"]) > limit:
        position = (after.position if after else 0) + len(hits)
        last = Cursor(position=position, key=shown[-1]["sort"][0] if key else hits[-1].id, score=hits[-1].score)
    return Stretch(hits=hits, total=int(found["total"]["value"]), last=last)


def read_counts(answers: Sequence[Body], query: SearchQuery) -> dict[str, dict[str, int]]:
    """Return what the answers to `counts_bodies` say, by facet; nothing when there are none."""
    counts: dict[str, dict[str, int]] = {}
    passes = iter(facet_passes(query))
    fields: Mapping[str, str] = {}
    for answer in answers:
        found = answer["aggregations"]
        if _TWICE in found:  # of the facets that were counted just before
            buckets = ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in found[_TWICE]["buckets"])
            _take_away(surplus(buckets), counts, fields=fields)
            continue
        _, fields = next(passes)
        for facet, buckets in found.items():
            counts[facet] = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets["buckets"]}
    return {facet: counts[facet] for facet in FACETS} if counts else {}


def _take_away(
    too_often: Mapping[str, Mapping[str, int]], counts: Mapping[str, dict[str, int]], *, fields: Mapping[str, str]
) -> None:
    for facet, name in fields.items():
        for value, count in too_often.get(name, {}).items():
            counts[facet][value] -= count


def best_scores_body(documents: Sequence[str], *, ranked: Body) -> Body:
    """Return what asks for the best page of each document: one hit for each, with its score."""
    among: Body = {"terms": {"document": list(documents)}}
    aside: Body = {"term": {"is_back_matter": True}}
    return {
        "query": {"bool": {"filter": [among], "must": [ranked], "must_not": [aside]}},
        "collapse": {"field": "document"},
        "size": len(documents),
        "stored_fields": "_none_",
        "track_total_hits": False,
    }


def read_best_scores(answer: Mapping[str, Any]) -> dict[str, float]:
    """Return what the answer to `best_scores_body` says, by document."""
    return {hit["fields"]["document"][0]: float(hit["_score"]) for hit in answer["hits"]["hits"]}


def best_pages_body(documents: Sequence[str], *, ranked: Body, whole: Body, limit: int) -> Body:
    """Return what asks for the best pages of each document, all in one search: one for each took twice as long.

    Pages that match the whole text, others, and back matter are apart; a bonus would cost scores the last of their seven digits.
    """
    aside: Body = {"term": {"is_back_matter": True}}
    best: Body = {
        "top_hits": {"size": limit, "stored_fields": "_none_", "sort": [{"_score": "desc"}, {"number": "asc"}]}
    }
    return {
        "query": {"bool": {"filter": [{"terms": {"document": list(documents)}}], "must": [ranked]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {
            "by": {
                "terms": {"field": "document", "size": len(documents), "execution_hint": "map"},
                "aggs": {
                    "whole": {"filter": {"bool": {"must": [whole], "must_not": [aside]}}, "aggs": {"best": best}},
                    "others": {"filter": {"bool": {"must_not": [whole, aside]}}, "aggs": {"best": best}},
                    "aside": {"filter": aside, "aggs": {"best": best}},
                },
            }
        },
    }


def read_best_pages(answer: Mapping[str, Any], *, limit: int) -> dict[str, PageMatches]:
    """Return what the answer to `best_pages_body` says, by document; those without a page are absent."""
    found: dict[str, PageMatches] = {}
    for bucket in answer["aggregations"]["by"]["buckets"]:
        hits = [hit["sort"] for kind in ("whole", "others", "aside") for hit in bucket[kind]["best"]["hits"]["hits"]]
        best = tuple(PageMatch(number=int(number), score=float(score)) for score, number in hits[:limit])
        found[bucket["key"]] = PageMatches(best=best, whole=int(bucket["whole"]["doc_count"]))
    return found


def found_pages_body(query: Body, *, limit: int) -> Body:
    """Return what asks for the pages with the highest scores."""
    order = [{"_score": "desc"}, {"document": "asc"}, {"number": "asc"}]
    names = {"stored_fields": "_none_", "docvalue_fields": ["document", "number"]}
    return {"query": query, "size": limit, **names, "sort": order}


def read_found_pages(answer: Body) -> tuple[FoundPage, ...]:
    """Return what the answer to `found_pages_body` says."""
    return tuple(
        FoundPage(str(hit["fields"]["document"][0]), int(hit["fields"]["number"][0]), float(hit["_score"]))
        for hit in answer["hits"]["hits"]
    )
