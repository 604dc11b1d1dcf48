"""The documents of folds that match a search: what is requested them, and what the answers say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from search_api.engines.elasticsearch.bodies import id_of
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan
from search_api.engines.folding import FOLD_NUMBER, FOLDED_ONLY, Folding, Member, folding_of
from search_api.query.plan import MatchAll, Plan

_BATCH = 10_000
"""As many as an index gives at once (`max_result_window`)."""


class Members:
    """The documents of folds that match one plan; asked for until there are no more."""

    def __init__(self, plan: Plan, *, rarity: Rarity) -> None:
        """Ask for nothing yet.

        Args:
            plan: of the documents that match.
            rarity: of its tokens.
        """
        self.body: Body | None = {
            "query": compile_plan(MatchAll((plan, FOLDED_ONLY)), rarity=rarity),
            "size": _BATCH,
            "stored_fields": "_none_",
            "docvalue_fields": ["id", FOLD_NUMBER, "seen"],
            "track_total_hits": False,
            "sort": [{"_score": "desc"}, {"id": "asc"}],
        }
        """What is asked next; None: all are known."""
        self._members: list[Member] = []

    def read(self, answer: Body) -> None:
        """Take in the answer to `body`."""
        hits = answer["hits"]["hits"]
        self._members += [
            Member(
                id=id_of(hit),
                fold=int(hit["fields"][FOLD_NUMBER][0]),
                score=float(hit["_score"]),
                seen=int(hit["fields"]["seen"][0]),
            )
            for hit in hits
        ]
        self.body = {**(self.body or {}), "search_after": hits[-1]["sort"]} if len(hits) == _BATCH else None

    def read_all(self, ask: Callable[[Body], Body]) -> None:
        """Ask until all are known."""
        while self.body is not None:
            self.read(ask(self.body))

    @property
    def count(self) -> int:
        """Return how many they are."""
        return len(self._members)

    @property
    def folds(self) -> list[int]:
        """Return their folds, best first."""
        return list(dict.fromkeys(member.fold for member in self._members))

    def folding(self, *, is_ranked: bool) -> Folding:
        """Return which of them are left out."""
        several = {fold for fold, count in Counter(member.fold for member in self._members).items() if count > 1}
        return folding_of((each for each in self._members if each.fold in several), is_ranked=is_ranked)
