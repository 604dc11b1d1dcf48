"""Documents that lack something of a search and are beside its answers, each marked with what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search_api.engines.base import EngineHit, NearFound, Nearly, SearchEngine
from search_api.query import boosts
from search_api.query.describe import describe
from search_api.query.parameters import SearchQuery
from search_api.query.plan import MatchAll, Without
from search_api.query.planning import DOCUMENTS, filter_plans, plan_of, sort_key
from search_api.query.translations import is_translated
from search_api.query.tree import Concepts, Node, is_long, leaves, loose_parts, loosened


@dataclass(frozen=True, slots=True)
class NearHit:
    """A document that is not an answer."""

    hit: EngineHit
    missing: tuple[str, ...]
    """What it lacks, as typed; one or more."""


def nearly_of(query: SearchQuery, *, tree: Node) -> Nearly | None:
    """Return what finds the documents nearest to a search that are no answers to it.

    None on a page after the first, in another order than by relevance, or when nothing of the search may be lacking.
    """
    looser = loosened(tree) or (tree if is_translated(tree) else None)
    if looser is None or not query.near or query.cursor or sort_key(query, tree):
        return None
    answers = plan_of(tree, shape=DOCUMENTS, about=query.about)
    plan = plan_of(looser, shape=DOCUMENTS, about=query.about, widened=True)
    parts = tuple(plan_of(part, shape=DOCUMENTS, about=query.about) for part in _parts(tree))
    return Nearly(MatchAll((plan, Without(answers), *filter_plans(query))), parts=parts, limit=query.near)


def near_hits(found: Sequence[NearFound], *, tree: Node) -> tuple[NearHit, ...]:
    """Return what was found, each with what is missing, in the order found; its score is less for each part that it lacks.

    Args:
        found: by what `nearly_of` returned.
        tree: what the text of the search means.
    """
    parts = _parts(tree)
    hits: list[NearHit] = []
    for each in found:
        lacking = [part for part, has in zip(parts, each.has, strict=True) if not has]
        if lacking:
            weighed = EngineHit(each.hit.id, each.hit.score * _weight(tree, lacking), each.hit.others)
            hits.append(NearHit(weighed, missing=tuple(describe(part) for part in lacking)))
    return tuple(hits)


def near_documents(query: SearchQuery, *, tree: Node, engine: SearchEngine) -> tuple[NearHit, ...]:
    """Return the documents nearest to a search that are no answers to it; at most `query.near`.

    Raises EngineUnavailable: the index does not answer.
    """
    nearly = nearly_of(query, tree=tree)
    if nearly is None:
        return ()
    found = engine.search(replace(query, limit=1), tree=tree, counted=False, nearly=nearly)
    return near_hits(found.near, tree=tree)


def _parts(tree: Node) -> tuple[Node, ...]:
    return tuple(loose_parts(tree)) or (tree,)


def _weight(tree: Node, lacking: Sequence[Node]) -> float:
    """Return what a near document counts, times its score."""
    if is_long(tree):  # answers to a long text lack some of its words too: near documents are no worse on their own
        return 1.0
    concepts = sum(any(isinstance(leaf, Concepts) for leaf in leaves(part)) for part in lacking)
    return boosts.LACKS_CONCEPT**concepts * boosts.LACKS_WORD ** (len(lacking) - concepts)
