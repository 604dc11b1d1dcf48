"""All hits of a search over one point in time: nothing is doubled or left out, however many there are."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import elasticsearch
from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from search_api.engines.base import EngineHit
from search_api.engines.elasticsearch.bodies import ID_ONLY, id_of, rarity_body, read_rarity
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan, tokens_to_weigh
from search_api.engines.elasticsearch.errors import elasticsearch_errors, kind_and_reason, refuse_partial
from search_api.engines.elasticsearch.folded import Members
from search_api.engines.folding import IS_FOLDED, IS_FOLDED_VALUE, Folding
from search_api.query.plan import Plan

KEEP_ALIVE = "5m"
"""How long the cluster keeps a view after the last time that it was asked; a reader who is slower than that starts again."""
_GONE = frozenset({"search_context_missing_exception", "index_not_found_exception"})


class View:
    """An index at one moment. A context manager; the cluster releases the view at its end."""

    def __init__(self, client: Elasticsearch, index: str, *, where: str) -> None:
        self._client = client
        self._index = index
        self._where = where
        self._id = ""

    def __enter__(self) -> View:
        with elasticsearch_errors(self._where):
            self._id = self._client.open_point_in_time(index=self._index, keep_alive=KEEP_ALIVE)["id"]
        return self

    def __exit__(self, *_: object) -> None:
        # The cluster closes what is left open after KEEP_ALIVE: a failure here must not hide the one that led here.
        with suppress(elasticsearch.ApiError, elasticsearch.TransportError):
            self._client.close_point_in_time(id=self._id)

    def ask(self, body: Body) -> Body:
        """Answer a search of the view.

        Raises EngineUnavailable: the view is gone, or a shard does not answer.
        """
        with self._errors():
            # Scores must not depend on which shard a document is in.
            answer = self._client.search(
                pit={"id": self._id, "keep_alive": KEEP_ALIVE}, search_type="dfs_query_then_fetch", **body
            ).body
            refuse_partial(answer, where=self._where)
        self._id = answer["pit_id"]
        return dict(answer)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with elasticsearch_errors(self._where):
            try:
                yield
            except elasticsearch.ApiError as error:
                if _kinds(error.body) & _GONE:
                    raise _view_is_gone(self._where) from error
                raise


def walk_over(view: View, plan: Plan, *, key: str, batch: int) -> Generator[EngineHit, None, None]:
    """Yield all hits, of each fold one.

    Args:
        view: of the documents.
        plan: of those that match.
        key: the field that they go by; empty: by score.
        batch: hits that are requested at once; no more than the index's `max_result_window`.
    """
    with view:
        rarity = _rarity(view, plan)
        folding = Folding()
        if rarity.held[IS_FOLDED, IS_FOLDED_VALUE] > 1:
            members = Members(plan, rarity=rarity)
            members.read_all(view.ask)
            folding = members.folding(is_ranked=not key)
        body: Body = {
            "query": compile_plan(folding.applied(plan), rarity=rarity),
            "size": batch,
            **ID_ONLY,
            "track_total_hits": False,
            "sort": [{key: "asc"}] if key else [{"_score": "desc"}, {"id": "asc"}],
        }
        while True:
            hits = view.ask(body)["hits"]["hits"]
            for hit in hits:
                yield folding.hit(EngineHit(id=id_of(hit), score=0.0 if key else float(hit["_score"])))
            if len(hits) < batch:
                return
            body["search_after"] = hits[-1]["sort"]


def _rarity(view: View, plan: Plan) -> Rarity:
    pairs = list(dict.fromkeys([*tokens_to_weigh(plan), (IS_FOLDED, IS_FOLDED_VALUE)]))
    return read_rarity(view.ask(rarity_body(pairs)), pairs)


def _kinds(body: object) -> set[str]:
    """Return the kinds of failure that an answer names, of the whole and of its shards."""
    error: Any = body.get("error") if isinstance(body, dict) else None
    shards = error.get("failed_shards", ()) if isinstance(error, dict) else ()
    return {kind_and_reason(body)[0], *(str(each.get("reason", {}).get("type", "")) for each in shards)}


def _view_is_gone(where: str) -> EngineUnavailable:
    return EngineUnavailable(
        sentence(
            "Elasticsearch at {where} no longer has the view of the index that these hits are read from.", where=where
        ),
        try_next=sentence(
            "It is kept for 5 minutes after each batch, and lost with a node or an index. Start again from the first hit."
        ),
    )
