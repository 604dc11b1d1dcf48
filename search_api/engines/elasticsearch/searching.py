"""One search of the cluster: in four requests at most, one more where documents of folds are among the answers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from search_api.engines.base import EngineResults, Nearly
from search_api.engines.cursor import Cursor
from search_api.engines.elasticsearch.beside import Beside
from search_api.engines.elasticsearch.bodies import (
    best_scores_body,
    counts_bodies,
    hits_body,
    read_best_scores,
    read_counts,
    read_stretch,
)
from search_api.engines.elasticsearch.cluster import Cluster, SearchLine
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan
from search_api.engines.elasticsearch.folded import Members
from search_api.engines.elasticsearch.state import IndexNames
from search_api.engines.first_hits import Stretch, stretch_of
from search_api.engines.folding import IS_FOLDED, IS_FOLDED_VALUE, Folding, without_works
from search_api.query.parameters import SearchQuery
from search_api.query.plan import MatchAll, Plan
from search_api.query.planning import DOCUMENTS, PAGES, plan_of, plan_of_any_word, sort_key, with_filters
from search_api.query.tree import Node, text_only

_FOLDED = (IS_FOLDED, IS_FOLDED_VALUE)


class OneSearch:
    """Answers one search; made for it."""

    def __init__(self, cluster: Cluster, names: IndexNames, query: SearchQuery, *, tree: Node, state: Hashable) -> None:
        """Ask for nothing yet.

        Args:
            cluster: that is asked.
            names: of its indexes.
            query: gives filters, order and limit.
            tree: what its text means.
            state: of the indexes.
        """
        self._cluster = cluster
        self._names = names
        self._query = query
        self._tree = tree
        self._state = state
        self._key = sort_key(query, tree)
        self._words = plan_of(tree, shape=DOCUMENTS, about=query.about)
        self._plan = with_filters(self._words, query)
        self._rarity = self._rarity_of_pages = Rarity(records=0, held={})
        self._beside = Beside(None, rarity=self._rarity)
        self._folding = Folding()
        self._matching = 0
        """Documents of folds that match."""
        self._counting: list[Body] = []
        self._counts: list[Body] = []

    def results(
        self, *, after: Cursor | None, counted: bool, nearly: Nearly | None
    ) -> tuple[EngineResults, Cursor | None]:
        """Return what was found, without its cursor, and the place where the list continues.

        Args:
            after: the last hit that was given.
            counted: whether facets are counted.
            nearly: what is looked for beside the answers.
        """
        self._weigh(nearly)
        folded = self._rarity.held[_FOLDED]
        self._beside = self._fold(nearly) if folded > 1 else Beside(nearly, rarity=self._rarity)
        if counted:
            self._counting = counts_bodies(
                self._words, self._query, rarity=self._rarity, folded=folded, matching=self._matching
            )
        if self._key:
            stretch = self._find(after, self._query.limit)
        else:
            stretch = stretch_of(self._find, self._page_scores, after=after, limit=self._query.limit)
        found = EngineResults(
            total=stretch.total,
            hits=self._folding.hits(stretch.hits),
            counts=read_counts(self._counts, self._query),
            near=self._beside.found(),
            folded=len(self._folding.left_out),
        )
        return found, stretch.last

    def _weigh(self, nearly: Nearly | None) -> None:
        """Ask how rare all tokens are, among documents and among pages."""
        documents, pages = self._names.documents, self._names.pages
        text = None if self._key else text_only(self._tree)
        plans: dict[str, Plan] = {documents: MatchAll((self._words, nearly.plan)) if nearly else self._words}
        if text is not None:
            plans[pages] = MatchAll((plan_of(text, shape=PAGES), plan_of_any_word(text)))
        found = self._cluster.rarities(plans, state=self._state, also={documents: [_FOLDED]})
        self._rarity = found[documents]
        self._rarity_of_pages = found.get(pages, self._rarity_of_pages)

    def _fold(self, nearly: Nearly | None) -> Beside:
        """Find what is left out of the answers, and return what is looked for beside them, without their works."""
        answers = Members(self._plan, rarity=self._rarity)
        near = Members(nearly.plan, rarity=self._rarity) if nearly else None
        asked = [answers, near] if near else [answers]
        while waiting := [members for members in asked if members.body is not None]:
            lines = [
                SearchLine(self._names.documents, members.body, is_scored=True) for members in waiting if members.body
            ]
            for members, answer in zip(waiting, self._cluster.ask(lines), strict=True):
                members.read(answer)
        self._matching = answers.count
        self._folding = answers.folding(is_ranked=not self._key)
        if nearly is None or near is None:
            return Beside(None, rarity=self._rarity)
        folding = near.folding(is_ranked=True)
        plan = folding.applied(without_works(nearly.plan, answers.folds))
        return Beside(replace(nearly, plan=plan), rarity=self._rarity, folding=folding)

    def _find(self, place: Cursor | None, limit: int) -> Stretch:
        plan = self._folding.applied(self._plan)
        body = hits_body(plan, rarity=self._rarity, key=self._key, after=place, limit=limit)
        near = self._beside.take_bodies()
        documents = self._names.documents
        lines = [SearchLine(documents, each, is_scored=True) for each in (body, *near)]
        lines += [SearchLine(documents, each) for each in self._counting]
        answer, *others = self._cluster.ask(lines)
        self._beside.read(others[: len(near)])
        self._counts += others[len(near) :]
        self._counting = []  # counts are the same wherever the list begins
        return read_stretch(answer, key=self._key, after=place, limit=limit)

    def _page_scores(self, documents: Sequence[str]) -> dict[str, float]:
        """Return the scores of best pages; and ask for those of the documents beside the answers, and what these have."""
        text = text_only(self._tree)
        ids = [*documents, *self._beside.ids]
        lines = [SearchLine(self._names.documents, body) for body in self._beside.having_bodies()]
        if text is not None and ids:
            ranked = compile_plan(plan_of_any_word(text), rarity=self._rarity_of_pages)
            lines.append(SearchLine(self._names.pages, best_scores_body(ids, ranked=ranked), is_scored=True))
        if not lines:
            return {}
        answers = self._cluster.ask(lines)
        scores = read_best_scores(answers.pop()) if lines[-1].is_scored else {}
        self._beside.read_pages(scores, having=answers)
        return scores
