"""Documents that lack something of a search and stand beside its answers, each marked with what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search_api.engines.base import EngineHit, SearchEngine
from search_api.engines.first_hits import in_final_order
from search_api.query import boosts
from search_api.query.describe import describe
from search_api.query.parameters import SearchQuery
from search_api.query.plan import (
    MatchAll,
    Without,
)
from search_api.query.planning import DOCUMENTS, filter_plans, plan_of, sort_key
from search_api.query.translations import is_translated
from search_api.query.tree import Concepts, Node, is_long, leaves, loose_parts, loosened


@dataclass(frozen=True, slots=True)
class NearHit:
    """A document that is no answer."""

    hit: EngineHit
    missing: tuple[str, ...]
    """What it lacks, as typed; one or more."""


def near_documents(query: SearchQuery, *, tree: Node, engine: SearchEngine) -> tuple[NearHit, ...]:
    """Return the documents nearest to a search that are no answers to it, best first; at most `query.near`.

    Their scores compare with those of the answers, and are less for each part that they lack. None on a page after the first, in
    another order than by relevance, or when nothing of the search may be lacking.

    Raises EngineUnavailable: the index does not answer.
    """
    looser = loosened(tree) or (tree if is_translated(tree) else None)
    if looser is None or not query.near or query.cursor or sort_key(query, tree):
        return ()
    answers = plan_of(tree, shape=DOCUMENTS, about=query.about)
    nearly = plan_of(looser, shape=DOCUMENTS, about=query.about, widened=True)
    found = engine.best(MatchAll((nearly, Without(answers), *filter_plans(query))), limit=query.near + 1)
    if not found:
        return ()
    hits = in_final_order(found, lambda ids: engine.page_scores(tree, documents=ids), most=query.near)
    lacking: dict[str, list[Node]] = {hit.id: [] for hit in hits}
    parts = loose_parts(tree) or (tree,)
    plans = [plan_of(part, shape=DOCUMENTS, about=query.about) for part in parts]
    for part, having in zip(parts, engine.having(plans, documents=list(lacking)), strict=True):
        for document in lacking.keys() - having:
            lacking[document].append(part)
    return tuple(
        NearHit(
            replace(hit, score=hit.score * _weight(tree, lacking[hit.id])),
            missing=tuple(describe(part) for part in lacking[hit.id]),
        )
        for hit in hits
        if lacking[hit.id]
    )


def _weight(tree: Node, lacking: Sequence[Node]) -> float:
    """Return what a near document counts, times its score."""
    if is_long(tree):  # answers to a long text lack some of its words too: near documents are no worse by themselves
        return 1.0
    concepts = sum(any(isinstance(leaf, Concepts) for leaf in leaves(part)) for part in lacking)
    return boosts.LACKS_CONCEPT**concepts * boosts.LACKS_WORD ** (len(lacking) - concepts)
