"""The documents that are looked for beside the answers: asked with them, request by request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_api.engines.base import EngineHit, NearFound, Nearly
from search_api.engines.elasticsearch.bodies import ID_ONLY, id_of
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan, unweighed
from search_api.engines.first_hits import in_final_order
from search_api.engines.folding import Folding


class Beside:
    """What is asked and known of them so far; of one search."""

    def __init__(self, nearly: Nearly | None, *, rarity: Rarity, folding: Folding | None = None) -> None:
        """Ask for nothing yet.

        Args:
            nearly: None: nothing is looked for.
            rarity: of its tokens among documents.
            folding: what is left out of it already; None: nothing.
        """
        self._folding = folding or Folding()
        self._nearly = nearly
        self._rarity = rarity
        self._is_asked = False
        self._hits: list[EngineHit] = []
        self._page_scores: Mapping[str, float] = {}
        self._having: list[frozenset[str]] = []

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of what was found."""
        return tuple(hit.id for hit in self._hits)

    def take_bodies(self) -> list[Body]:
        """Return what finds them, once."""
        if self._nearly is None or self._is_asked:
            return []
        self._is_asked = True
        order = [{"_score": "desc"}, {"id": "asc"}]
        compiled = compile_plan(self._nearly.plan, rarity=self._rarity)
        # One more: where it scores as the last of them do, first_hits decides what is left out.
        return [{"query": compiled, "size": self._nearly.limit + 1, **ID_ONLY, "sort": order}]

    def read(self, answers: Sequence[Body]) -> None:
        """Take in the answers to `take_bodies`."""
        for answer in answers:
            self._hits = [EngineHit(id_of(hit), float(hit["_score"])) for hit in answer["hits"]["hits"]]

    def having_bodies(self) -> list[Body]:
        """Return what asks, for each part, which of them match it. Nothing is scored, so frequencies of words are not needed."""
        if self._nearly is None or not self._hits:
            return []
        among: Body = {"terms": {"id": list(self.ids)}}
        return [
            {
                "query": {"bool": {"filter": [among, compile_plan(part, rarity=unweighed(part))]}},
                "size": len(self._hits),
                **ID_ONLY,
            }
            for part in self._nearly.parts
        ]

    def read_pages(self, scores: Mapping[str, float], *, having: Sequence[Body]) -> None:
        """Take in the scores of their best pages and the answers to `having_bodies`."""
        self._page_scores = scores
        self._having = [frozenset(id_of(hit) for hit in answer["hits"]["hits"]) for answer in having]

    def found(self) -> tuple[NearFound, ...]:
        """Return what was found, best first."""
        if self._nearly is None or not self._hits:
            return ()
        ordered = in_final_order(self._hits, lambda _: self._page_scores, most=self._nearly.limit)
        return tuple(
            NearFound(self._folding.hit(hit), tuple(hit.id in holding for holding in self._having)) for hit in ordered
        )
