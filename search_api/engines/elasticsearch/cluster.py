"""How the cluster is asked: many searches in one request, with scores that do not depend on how records are in shards."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from search_api.engines.elasticsearch.bodies import rarity_body, read_rarity
from search_api.engines.elasticsearch.compile import Body, Rarity, tokens_to_weigh
from search_api.engines.elasticsearch.errors import refuse_partial
from search_api.engines.elasticsearch.rarities import KeptRarities, Pair, Wanted
from search_api.query.plan import Plan


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One search of a request."""

    index: str
    body: Body
    is_scored: bool = False
    """Whether scores count."""


class Cluster:
    """Asks the cluster, and keeps for a moment how rare tokens are. Threads may share it."""

    def __init__(self, client: Elasticsearch, *, where: str, rarities_seconds: float) -> None:
        """Ask for nothing yet.

        Args:
            client: of the cluster.
            where: its address, for errors.
            rarities_seconds: how long at most rarities are kept.
        """
        self._client = client
        self._where = where
        self._rarities = KeptRarities(seconds=rarities_seconds)
        self._in_one_shard: set[str] = set()
        """Indexes of which the last answer came from a single shard."""

    def ask(self, lines: Sequence[SearchLine]) -> list[Body]:
        """Answer several searches in one request.

        Scores must not depend on which shard a document is in: with several shards the statistics of all are gathered
        first, which takes a round through the cluster and keeps answers out of its request cache.
        """
        trusted = frozenset(self._in_one_shard)
        answers = self._msearch(lines, trusted)
        shards = {line.index: int(answer["_shards"]["total"]) for line, answer in zip(lines, answers, strict=True)}
        for index, count in shards.items():
            (self._in_one_shard.add if count == 1 else self._in_one_shard.discard)(index)
        if any(line.is_scored and line.index in trusted and shards[line.index] > 1 for line in lines):
            return self._msearch(lines, frozenset())  # it was rebuilt with more of them
        return answers

    def rarities(
        self, plans: Mapping[str, Plan], *, state: Hashable, also: Mapping[str, Sequence[Pair]] | None = None
    ) -> dict[str, Rarity]:
        """Return how rare the tokens of plans are, by index, with one request at most.

        Args:
            plans: by the name of an index.
            state: of the indexes; what is kept is dropped when it changes.
            also: other tokens that are counted with them.
        """
        wanted = {
            index: list(dict.fromkeys([*tokens_to_weigh(plan), *(also or {}).get(index, ())]))
            for index, plan in plans.items()
        }
        weighed = {index: pairs for index, pairs in wanted.items() if pairs}
        found = self._rarities.of(weighed, state=state, ask=self._ask_rarities) if weighed else {}
        return {index: found.get(index, Rarity(records=0, held={})) for index in plans}

    def _ask_rarities(self, wanted: Wanted) -> dict[str, Rarity]:
        answers = self.ask([SearchLine(index, rarity_body(pairs)) for index, pairs in wanted.items()])
        return {index: read_rarity(answer, wanted[index]) for index, answer in zip(wanted, answers, strict=True)}

    def _msearch(self, lines: Sequence[SearchLine], in_one_shard: Set[str]) -> list[Body]:
        searches: list[Body] = []
        for line in lines:
            header: Body = {"index": line.index}
            if line.is_scored and line.index not in in_one_shard:
                header["search_type"] = "dfs_query_then_fetch"
            searches += [header, line.body]
        answers: list[Body] = self._client.msearch(searches=searches)["responses"]
        for answer in answers:
            refuse_partial(answer, where=self._where)
        return answers
