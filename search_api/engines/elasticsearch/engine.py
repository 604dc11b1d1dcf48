"""The engine on a cluster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from elasticsearch import Elasticsearch

from corpus.types import Change
from search_api.engines.base import (
    WALK_BATCH,
    EngineHit,
    EngineResults,
    EngineStatistics,
    FoundPage,
    Frequencies,
    Nearly,
    OnRefused,
    PageMatches,
    Records,
    Shown,
)
from search_api.engines.cursor import Cursors
from search_api.engines.elasticsearch.answering import ANSWER_SECONDS_MAX, Hanging, VersionCheck, asked_again
from search_api.engines.elasticsearch.bodies import (
    ID_ONLY,
    best_pages_body,
    best_scores_body,
    found_pages_body,
    id_of,
    read_best_pages,
    read_best_scores,
    read_found_pages,
)
from search_api.engines.elasticsearch.cluster import Cluster, SearchLine
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan
from search_api.engines.elasticsearch.errors import elasticsearch_errors, of_another_version, refuse_partial
from search_api.engines.elasticsearch.filling import Filling, Told, pass_over
from search_api.engines.elasticsearch.generations import Generations
from search_api.engines.elasticsearch.mapping import is_readable
from search_api.engines.elasticsearch.rebuilding import LEASE_SECONDS, Lease
from search_api.engines.elasticsearch.searching import OneSearch
from search_api.engines.elasticsearch.state import IndexNames, IndexState, StateRecord
from search_api.engines.elasticsearch.walking import View, walk_over
from search_api.engines.first_hits import every_hit_of
from search_api.engines.records import hierarchy_fingerprint
from search_api.query.facets import FACETS
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Field, MatchAll, OneWord, Plan
from search_api.query.planning import DOCUMENTS, PAGES, plan_of, plan_of_any_word, sort_key, with_filters
from search_api.query.tree import Node, text_only

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_IDS_MAX = 2000
_STATE_SECONDS = 1.0
"""How long a search trusts the state that the last one read."""


class ElasticsearchEngine:
    """Searches and writes the indexes under one prefix. Fulfils SearchEngine; safe for many threads and processes."""

    def __init__(
        self,
        client: Elasticsearch,
        *,
        vocabulary: Vocabulary,
        where: str,
        prefix: str = "pushcart",
        cursors: Cursors | None = None,
        shards: int = 1,
        replicas: int = 0,
        lease_seconds: float = LEASE_SECONDS,
        answer_seconds_max: float = ANSWER_SECONDS_MAX,
    ) -> None:
        self._client = client
        self._cursors = cursors or Cursors()
        self._names = IndexNames(prefix)
        self._record = StateRecord(client, self._names)
        hasty = client.options(request_timeout=answer_seconds_max)
        self._record_of_searches = StateRecord(hasty, self._names)
        self._version = VersionCheck(hasty, where=where)
        self._hanging = Hanging(wait_seconds=2 * answer_seconds_max)
        self._vocabulary = vocabulary
        self._hierarchy = hierarchy_fingerprint(vocabulary)
        self._where = where
        self._generations = Generations(client, self._names, self._record, shards=shards, replicas=replicas)
        self._lease_seconds = lease_seconds
        self._seen: tuple[float, IndexState] | None = None
        self._cluster = Cluster(client, where=where, rarities_seconds=_STATE_SECONDS)
        self._lock = threading.Lock()

    # --- searching ------------------------------------------------------------------------------------------------

    @asked_again
    def search(
        self, query: SearchQuery, *, tree: Node, counted: bool = True, nearly: Nearly | None = None
    ) -> EngineResults:
        """See SearchEngine."""
        after = self._cursors.read(query)
        if not self._readable():
            return EngineResults(total=0, hits=(), counts={facet: {} for facet in FACETS} if counted else {})
        with self._errors():
            search = OneSearch(self._cluster, self._names, query, tree=tree, state=self._state())
            found, last = search.results(after=after, counted=counted, nearly=nearly)
        return replace(found, next=self._cursors.write(last, query=query)) if last else found

    def walk(self, query: SearchQuery, *, tree: Node, batch: int = WALK_BATCH) -> Generator[EngineHit, None, None]:
        """See SearchEngine."""
        if self._readable():
            view = View(self._client, self._names.documents, where=self._where)
            key = sort_key(query, tree)
            plan = with_filters(plan_of(tree, shape=DOCUMENTS, about=query.about), query)
            hits = walk_over(view, plan, key=key, batch=batch)
            yield from hits if key else every_hit_of(hits, partial(self._page_scores, tree))

    @asked_again
    def best(self, plan: Plan, *, limit: int) -> tuple[EngineHit, ...]:
        """See SearchEngine."""
        if not self._readable():
            return ()
        with self._errors():
            compiled = compile_plan(plan, rarity=self._rarity(self._names.documents, plan))
            order = [{"_score": "desc"}, {"id": "asc"}]
            body: Body = {"query": compiled, "size": limit, **ID_ONLY, "sort": order}
            (answer,) = self._cluster.ask([SearchLine(self._names.documents, body, is_scored=True)])
        return tuple(EngineHit(id=id_of(hit), score=float(hit["_score"])) for hit in answer["hits"]["hits"])

    @asked_again
    def frequencies(self, tokens: Sequence[tuple[Field, str]]) -> Frequencies:
        """See SearchEngine."""
        if not tokens or not self._readable():
            return Frequencies(documents=0, held=dict.fromkeys(tokens, 0))
        with self._errors():
            asked = MatchAll(tuple(OneWord(field, (token,)) for field, token in tokens))
            rarity = self._rarity(self._names.documents, asked)
        held = {(field, token): rarity.held[field.value, token] for field, token in tokens}
        return Frequencies(documents=rarity.records, held=held)

    @asked_again
    def pages(self, tree: Node, *, documents: Sequence[str], limit: int) -> Mapping[str, PageMatches]:
        """See SearchEngine."""
        text = text_only(tree)
        if text is None or not documents or not self._readable():
            return {}
        whole_plan, any_plan = plan_of(text, shape=PAGES), plan_of_any_word(text)
        with self._errors():
            rarity = self._rarity(self._names.pages, MatchAll((whole_plan, any_plan)))
            whole = compile_plan(whole_plan, rarity=rarity)
            ranked = compile_plan(any_plan, rarity=rarity)
            asked = best_pages_body(documents, ranked=ranked, whole=whole, limit=limit)
            (answer,) = self._cluster.ask([SearchLine(self._names.pages, asked, is_scored=True)])
        return read_best_pages(answer, limit=limit)

    @asked_again
    def find_pages(self, plan: Plan, *, limit: int) -> tuple[FoundPage, ...]:
        """See SearchEngine."""
        if not self._readable():
            return ()
        with self._errors():
            compiled = compile_plan(plan, rarity=self._rarity(self._names.pages, plan))
            asked = SearchLine(self._names.pages, found_pages_body(compiled, limit=limit), is_scored=True)
            return read_found_pages(self._cluster.ask([asked])[0])

    @asked_again
    def page_scores(self, tree: Node, *, documents: Sequence[str]) -> Mapping[str, float]:
        """See SearchEngine."""
        if not self._readable():
            return {}
        with self._errors():
            return self._page_scores(tree, documents)

    def _page_scores(self, tree: Node, documents: Sequence[str]) -> dict[str, float]:
        text = text_only(tree)
        if text is None or not documents:
            return {}
        plan = plan_of_any_word(text)
        ranked = compile_plan(plan, rarity=self._rarity(self._names.pages, plan))
        asked = SearchLine(self._names.pages, best_scores_body(documents, ranked=ranked), is_scored=True)
        return read_best_scores(self._cluster.ask([asked])[0])

    @asked_again
    def indexed_pages(self, documents: Sequence[str]) -> Mapping[str, int]:
        """See SearchEngine."""
        found: dict[str, int] = {}
        if not self._readable():
            return found
        with self._errors():
            for start in range(0, len(documents), _IDS_MAX):
                some = list(documents[start : start + _IDS_MAX])
                here = self._whole(
                    self._client.search(
                        index=self._names.documents, query={"terms": {"id": some}}, size=len(some), source=False
                    ).body
                )
                counts = self._whole(
                    self._client.search(
                        index=self._names.pages,
                        query={"terms": {"document": some}},
                        size=0,
                        aggs={"by": {"terms": {"field": "document", "size": len(some)}}},
                    ).body
                )
                by = {bucket["key"]: int(bucket["doc_count"]) for bucket in counts["aggregations"]["by"]["buckets"]}
                found |= {hit["_id"]: by.get(hit["_id"], 0) for hit in here["hits"]["hits"]}
        return found

    def _rarity(self, index: str, plan: Plan) -> Rarity:
        return self._cluster.rarities({index: plan}, state=self._state())[index]

    def _whole(self, answer: Body) -> Body:
        refuse_partial(answer, where=self._where)
        return answer

    # --- writing --------------------------------------------------------------------------------------------------

    def apply(
        self,
        changes: Iterable[Change],
        *,
        on_commit: Callable[[int], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> int:
        """See SearchEngine."""
        with self._errors():
            return self._filling(on_commit, on_refused).apply(changes)

    def rebuild(
        self, records: Records, *, on_commit: Callable[[int], None] | None = None, on_refused: OnRefused | None = None
    ) -> int:
        """See SearchEngine."""
        lease = Lease(self._record, hierarchy=self._hierarchy, lease_seconds=self._lease_seconds)
        with self._errors():
            return self._filling(on_commit, on_refused).rebuild(records, lease=lease)

    def _filling(self, on_commit: Callable[[int], None] | None, on_refused: OnRefused | None) -> Filling:
        return Filling(
            self._client,
            self._names,
            record=self._record,
            generations=self._generations,
            vocabulary=self._vocabulary,
            where=self._where,
            tell=Told(on_state=self._remember, on_commit=on_commit or pass_over, on_refused=on_refused or pass_over),
        )

    # --- about the index ------------------------------------------------------------------------------------------

    def applied_sequence(self) -> int:
        """See SearchEngine."""
        state = self._state()
        return state.applied_sequence if state.generation and state.fits(self._hierarchy) else 0

    def shown(self) -> Shown:
        """See SearchEngine."""
        with self._errors():
            state = self._remember(self._record.read())
        return Shown(
            applied_sequence=state.applied_sequence,
            marks=state.marks,
            is_there=bool(state.generation),
            is_of_another_version=bool(state.generation) and not state.fits(self._hierarchy),
            is_readable=not state.generation or is_readable(state.format),
            is_being_rebuilt=bool(state.building_owner),
            rebuilt_sequence=state.building_sequence,
        )

    def fault_of_files(self) -> str:
        """See SearchEngine. Elasticsearch compares checksums of its files on its own, and fails a damaged shard."""
        return ""

    def statistics(self) -> EngineStatistics:
        """See SearchEngine."""
        with self._errors():
            version = self._version.make_sure()
            state = self._record.read()
            self._remember(state)
            readable = bool(state.generation) and is_readable(state.format)
            counts, size = [0, 0], 0
            if readable:
                names = list(self._names.of(state.generation))
                counts = [int(self._whole(self._client.count(index=name).body)["count"]) for name in names]
                size = int(
                    self._client.indices.stats(index=names, metric="store")["_all"]["primaries"]["store"][
                        "size_in_bytes"
                    ]
                )
        return EngineStatistics(
            engine=f"Elasticsearch {version}",
            documents=counts[0],
            pages=counts[1],
            bytes=size,
            applied_sequence=self.applied_sequence(),
            outdated=bool(state.generation) and not state.fits(self._hierarchy),
        )

    def close(self) -> None:
        """See SearchEngine."""
        self._client.close()

    def _readable(self) -> bool:
        """Say whether there is an index to search. Raises EngineUnavailable: it is of another version."""
        state = self._state()
        if state.generation and not is_readable(state.format):
            raise of_another_version(self._where)
        return bool(state.generation)

    def _state(self) -> IndexState:
        seen = self._seen
        if seen is not None and time.monotonic() - seen[0] < _STATE_SECONDS:
            return seen[1]
        with self._hanging.asking(), self._errors():
            return self._remember(self._record_of_searches.read())

    def _remember(self, state: IndexState) -> IndexState:
        with self._lock:
            self._seen = (time.monotonic(), state)
        return state

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with elasticsearch_errors(self._where):
            self._version.make_sure()
            yield
