"""What searches see of the index at one moment, and what is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from functools import cached_property, partial

from tantivy import Query, Schema, Searcher

from search_api.engines.base import EngineHit, NearFound, Nearly
from search_api.engines.cursor import Cursor
from search_api.engines.first_hits import Stretch, every_hit_of, in_final_order, stretch_of
from search_api.engines.folding import (
    FOLD_NUMBER,
    FOLD_VALUES,
    FOLDED_ONLY,
    FOLDS_MAX,
    Folding,
    Member,
    beginnings,
    folding_of,
    surplus,
    without_works,
)
from search_api.engines.tantivy.best_pages import best_scores
from search_api.engines.tantivy.compile import compile_plan
from search_api.engines.tantivy.ordering import by_key, by_score, every_hit
from search_api.engines.tantivy.schema import documents_schema, pages_schema
from search_api.query.facets import FACETS, facet_passes
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Flat, MatchAll, OneOf, Plan
from search_api.query.planning import plan_of_any_word, with_filters
from search_api.query.tree import Node, text_only

_FACET_VALUES_MAX = 10_000
"""More values than any facet has: counts are exact only when no value is left out."""
_BUCKETS_MAX = 64_000
"""tantivy gives no more than 65,000."""
_KEPT_MAX = 200
"""Queries and foldings."""


class IndexView:
    """Both indexes at one moment. Threads may share it; what is kept is dropped with it when the index changes."""

    def __init__(self, documents: Searcher, pages: Searcher) -> None:
        """Take both searchers, which never change."""
        self.documents = documents
        self.pages = pages
        self._queries: dict[tuple[str, Plan], Query] = {}
        self._foldings: dict[tuple[Plan, bool], Folding] = {}
        self._surpluses: dict[Plan, Mapping[str, Mapping[str, int]]] = {}

    def documents_query(self, plan: Plan) -> Query:
        """Return the query of a plan for the index of documents."""
        return self._query("documents", plan, schema=documents_schema(), searcher=self.documents)

    def pages_query(self, plan: Plan) -> Query:
        """Return the query of a plan for the index of pages."""
        return self._query("pages", plan, schema=pages_schema(), searcher=self.pages)

    def _query(self, index: str, plan: Plan, *, schema: Schema, searcher: Searcher) -> Query:
        """Return what a plan is compiled to: a search uses most of its plans two or three times, and the next one often again."""
        query = self._queries.get((index, plan))
        if query is None:
            query = compile_plan(plan, schema=schema, searcher=searcher)
            if len(self._queries) >= _KEPT_MAX:
                self._queries.clear()
            self._queries[index, plan] = query
        return query

    def stretch(self, plan: Plan, tree: Node, *, key: str, after: Cursor | None, limit: int) -> Stretch:
        """Return hits in their final order.

        Args:
            plan: of the documents that match.
            tree: what the text means; it ranks pages.
            key: the field that hits go by; empty: by score.
            after: the last hit that was given.
            limit: hits wanted.
        """
        query = self.documents_query(plan)
        if key:
            return by_key(self.documents, query, key=key, after=after, limit=limit)
        find = partial(by_score, self.documents, query)
        return stretch_of(find, partial(self.page_scores, tree), after=after, limit=limit)

    def every_hit(self, plan: Plan, tree: Node, *, key: str) -> Generator[EngineHit, None, None]:
        """Return all hits in their final order."""
        hits = every_hit(self.documents, self.documents_query(plan), key=key)
        return hits if key else every_hit_of(hits, partial(self.page_scores, tree))

    def page_scores(self, tree: Node, documents: Sequence[str]) -> dict[str, float]:
        """See SearchEngine.page_scores."""
        text = text_only(tree)
        if text is None or not documents:
            return {}
        return best_scores(self.pages, documents, ranked=self.pages_query(plan_of_any_word(text)))

    def near(self, nearly: Nearly, tree: Node, *, answers: Plan) -> tuple[NearFound, ...]:
        """Return the documents beside the answers.

        Args:
            nearly: what is looked for.
            tree: what the text of the search means.
            answers: finds the answers; of their works nothing is near.
        """
        plan, folding = nearly.plan, Folding()
        if self.folded:
            plan = without_works(plan, self._folds(answers))
            folding = self.folding(plan)
            plan = folding.applied(plan)
        # One more: where it scores as the last of them do, first_hits decides what is left out.
        found = by_score(self.documents, self.documents_query(plan), None, nearly.limit + 1).hits
        hits = in_final_order(found, partial(self.page_scores, tree), most=nearly.limit)[: nearly.limit]
        ids = tuple(hit.id for hit in hits)
        has = [self._among(part, ids) for part in nearly.parts] if ids else []
        return tuple(NearFound(folding.hit(hit), tuple(hit.id in holding for holding in has)) for hit in hits)

    def _among(self, plan: Plan, ids: tuple[str, ...]) -> set[str]:
        """Return which of these documents match a plan."""
        both = MatchAll((Flat(OneOf("id", ids), 0.0), Flat(plan, 0.0)))
        query = compile_plan(both, schema=documents_schema(), searcher=self.documents)
        return {hit.id for hit in by_score(self.documents, query, None, len(ids)).hits}

    @cached_property
    def folded(self) -> int:
        """Return how many documents are in folds."""
        return _count(self.documents, self.documents_query(FOLDED_ONLY))

    def folding(self, plan: Plan, *, is_ranked: bool = True) -> Folding:
        """Return which matching documents are left out, because another one of their fold stands for them."""
        if not self.folded:
            return Folding()
        kept = self._foldings.get((plan, is_ranked))
        if kept is None:
            kept = self._folding(plan, is_ranked=is_ranked)
            if len(self._foldings) >= _KEPT_MAX:
                self._foldings.clear()
            self._foldings[plan, is_ranked] = kept
        return kept

    def _folding(self, plan: Plan, *, is_ranked: bool) -> Folding:
        hits = self.documents.search(self.documents_query(MatchAll((plan, FOLDED_ONLY))), self.folded, count=False).hits
        addresses = [address for _, address in hits]
        folds = [int(number or 0) for number in self.documents.fast_field_values(FOLD_NUMBER, addresses)]
        several = {fold for fold, count in Counter(folds).items() if count > 1}
        if not several:
            return Folding()
        seen = [int(number or 0) for number in self.documents.fast_field_values("seen", addresses)]
        members = (
            Member(id=str(self.documents.doc(address)["id"][0]), fold=fold, score=score, seen=first)
            for (score, address), fold, first in zip(hits, folds, seen, strict=True)
            if fold in several
        )
        return folding_of(members, is_ranked=is_ranked)

    def _folds(self, plan: Plan) -> list[int]:
        """Return the folds of the best matching documents."""
        hits = self.documents.search(self.documents_query(MatchAll((plan, FOLDED_ONLY))), FOLDS_MAX, count=False).hits
        numbers = self.documents.fast_field_values(FOLD_NUMBER, [address for _, address in hits])
        return [int(number or 0) for number in numbers]

    def counts(self, words: Plan, query: SearchQuery) -> dict[str, dict[str, int]]:
        """Count every facet under all filters but its own."""
        counts: dict[str, dict[str, int]] = {}
        for leave_out, fields in facet_passes(query):
            counts |= self._counted(with_filters(words, query, leave_out=leave_out), fields)
        return {facet: counts[facet] for facet in FACETS}

    def _counted(self, plan: Plan, fields: Mapping[str, str]) -> dict[str, dict[str, int]]:
        asked = {facet: {"terms": {"field": name, "size": _FACET_VALUES_MAX}} for facet, name in fields.items()}
        answer = self.documents.aggregate(self.documents_query(plan), asked)
        too_often = self._surplus(plan)
        counts: dict[str, dict[str, int]] = {}
        for facet, name in fields.items():
            less = too_often.get(name, {})
            found = ((_value(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[facet]["buckets"])
            counts[facet] = {value: count - less.get(value, 0) for value, count in found}
        return counts

    def _surplus(self, plan: Plan) -> Mapping[str, Mapping[str, int]]:
        """Return by how much values of the documents that a plan finds are counted too often."""
        kept = self._surpluses.get(plan)
        if kept is None:
            folding = self.folding(plan)
            kept = self._surplus_of((*folding.others, *folding.left_out)) if folding.left_out else {}
            if len(self._surpluses) >= _KEPT_MAX:
                self._surpluses.clear()
            self._surpluses[plan] = kept
        return kept

    def _surplus_of(self, members: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return it for documents that all match, of each fold two or more."""
        matching = Query.term_set_query(documents_schema(), "id", list(members))
        buckets: list[tuple[str, int]] = []
        for beginning in beginnings(len(members)):
            terms = {"field": FOLD_VALUES, "size": _BUCKETS_MAX, "min_doc_count": 2}
            if beginning:
                terms["include"] = f"{beginning}.*"
            answer = self.documents.aggregate(matching, {"twice": {"terms": terms}})
            buckets += [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["twice"]["buckets"]]
        return surplus(buckets)


def _value(key: object) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)


def _count(searcher: Searcher, query: Query) -> int:
    found = searcher.search(query, 1, count=True)
    return int(found.count)  # type: ignore[attr-defined]  # the stub leaves it out
