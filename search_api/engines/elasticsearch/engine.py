"""The engine on a cluster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from elasticsearch import Elasticsearch

from corpus.types import Change
from search_api.engines.base import (
    FACETS,
    WALK_BATCH,
    EngineHit,
    EngineResults,
    EngineStatistics,
    Frequencies,
    Nearly,
    OnRefused,
    PageMatches,
    Records,
    Shown,
)
from search_api.engines.cursor import Cursor, Cursors
from search_api.engines.elasticsearch.answering import ANSWER_SECONDS_MAX, Hanging, VersionCheck, asked_again
from search_api.engines.elasticsearch.beside import Beside
from search_api.engines.elasticsearch.bodies import (
    ID_ONLY,
    best_pages_body,
    best_scores_body,
    counts_body,
    hits_body,
    id_of,
    passes,
    rarity_body,
    read_best_pages,
    read_best_scores,
    read_counts,
    read_rarity,
    read_stretch,
)
from search_api.engines.elasticsearch.compile import Body, Rarity, compile_plan, tokens_to_weigh
from search_api.engines.elasticsearch.errors import elasticsearch_errors, of_another_version, refuse_partial
from search_api.engines.elasticsearch.filling import Filling, Told, pass_over
from search_api.engines.elasticsearch.generations import Generations
from search_api.engines.elasticsearch.mapping import is_readable
from search_api.engines.elasticsearch.rarities import KeptRarities, Wanted
from search_api.engines.elasticsearch.rebuilding import LEASE_SECONDS, Lease
from search_api.engines.elasticsearch.state import IndexNames, IndexState, StateRecord
from search_api.engines.elasticsearch.walking import View, walk_over
from search_api.engines.first_hits import Stretch, every_hit_of, stretch_of
from search_api.engines.records import hierarchy_fingerprint
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Field, MatchAll, OneWord, Plan
from search_api.query.planning import DOCUMENTS, PAGES, plan_of, plan_of_any_word, sort_key
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
        self._rarities = KeptRarities(seconds=_STATE_SECONDS)
        self._in_one_shard: set[str] = set()
        """Indexes of which the last answer came from a single shard."""
        self._lock = threading.Lock()

    # --- searching ------------------------------------------------------------------------------------------------

    @asked_again
    def search(
        self, query: SearchQuery, *, tree: Node, counted: bool = True, nearly: Nearly | None = None
    ) -> EngineResults:
        """See SearchEngine. Four requests at most: rarities, documents with counts, scores of pages, and what goes on."""
        after = self._cursors.read(query)
        if not self._readable():
            return EngineResults(total=0, hits=(), counts={facet: {} for facet in FACETS} if counted else {})
        words = plan_of(tree, shape=DOCUMENTS, about=query.about)
        key = sort_key(query, tree)
        with self._errors():
            asked = MatchAll((words, nearly.plan)) if nearly else words
            rarity, of_pages = self._rarities_of(asked, None if key else tree)
            beside = Beside(nearly, rarity=rarity)
            unscored = [
                counts_body(words, query, rarity=rarity, leave_out=name, facets=facets)
                for name, facets in (passes(query) if counted else ())
            ]
            counts: list[Body] = []

            def find(place: Cursor | None, limit: int) -> Stretch:
                body = hits_body(words, query, rarity=rarity, key=key, after=place, limit=limit)
                near = beside.take_bodies()
                answer, *others = self._ask(self._names.documents, [body, *near], unscored=unscored)
                beside.read(others[: len(near)])
                counts.extend(others[len(near) :])
                unscored.clear()  # they are the same wherever the list begins
                return read_stretch(answer, key=key, after=place, limit=limit)

            def scores(documents: Sequence[str]) -> Mapping[str, float]:
                return self._page_scores(tree, documents, rarity=of_pages, beside=beside)

            stretch = find(after, query.limit) if key else stretch_of(find, scores, after=after, limit=query.limit)
            near_found = beside.found()
        following = self._cursors.write(stretch.last, query=query) if stretch.last else ""
        return EngineResults(stretch.total, stretch.hits, read_counts(counts), next=following, near=near_found)

    def walk(self, query: SearchQuery, *, tree: Node, batch: int = WALK_BATCH) -> Generator[EngineHit, None, None]:
        """See SearchEngine."""
        if self._readable():
            view = View(self._client, self._names.documents, where=self._where)
            words = plan_of(tree, shape=DOCUMENTS, about=query.about)
            key = sort_key(query, tree)
            hits = walk_over(view, words, query, key=key, batch=batch)
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
            (answer,) = self._ask(self._names.documents, [body])
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
            (answer,) = self._ask(self._names.pages, [asked])
        return read_best_pages(answer, limit=limit)

    @asked_again
    def page_scores(self, tree: Node, *, documents: Sequence[str]) -> Mapping[str, float]:
        """See SearchEngine."""
        if not self._readable():
            return {}
        with self._errors():
            return self._page_scores(tree, documents)

    def _page_scores(
        self, tree: Node, documents: Sequence[str], *, rarity: Rarity | None = None, beside: Beside | None = None
    ) -> dict[str, float]:
        """Return the scores of best pages; those of the documents beside the answers, and what these have, by the way."""
        text = text_only(tree)
        ids = [*documents, *(beside.ids if beside else ())]
        lines = [(self._names.documents, body, False) for body in (beside.having_bodies() if beside else ())]
        if text is not None and ids:
            plan = plan_of_any_word(text)
            ranked = compile_plan(plan, rarity=rarity or self._rarity(self._names.pages, plan))
            lines.append((self._names.pages, best_scores_body(ids, ranked=ranked), True))
        if not lines:
            return {}
        answers = self._ask_lines(lines)
        scores = read_best_scores(answers.pop()) if lines[-1][0] == self._names.pages else {}
        if beside:
            beside.read_pages(scores, having=answers)
        return scores

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
        return self._rarities_for({index: plan})[index]

    def _rarities_of(self, words: Plan, tree: Node | None) -> tuple[Rarity, Rarity]:
        """Return how rare the tokens are among documents and, for the text of a tree, among pages: with one request."""
        documents, pages = self._names.documents, self._names.pages
        text = text_only(tree) if tree is not None else None
        plans: dict[str, Plan] = {documents: words}
        if text is not None:
            plans[pages] = MatchAll((plan_of(text, shape=PAGES), plan_of_any_word(text)))
        found = self._rarities_for(plans)
        return found[documents], found.get(pages, Rarity(records=0, held={}))

    def _rarities_for(self, plans: Mapping[str, Plan]) -> dict[str, Rarity]:
        wanted = {index: list(dict.fromkeys(tokens_to_weigh(plan))) for index, plan in plans.items()}
        weighed = {index: pairs for index, pairs in wanted.items() if pairs}

        def ask(asked: Wanted) -> dict[str, Rarity]:
            answers = self._ask_lines([(index, rarity_body(pairs), False) for index, pairs in asked.items()])
            return {index: read_rarity(answer, asked[index]) for index, answer in zip(asked, answers, strict=True)}

        found = self._rarities.of(weighed, state=self._state(), ask=ask) if weighed else {}
        return {index: found.get(index, Rarity(records=0, held={})) for index in plans}

    def _ask(self, index: str, scored: Sequence[Body], *, unscored: Sequence[Body] = ()) -> list[Body]:
        """Answer several searches of one index in one request, scored ones first."""
        return self._ask_lines(
            [*((index, body, True) for body in scored), *((index, body, False) for body in unscored)]
        )

    def _ask_lines(self, lines: Sequence[tuple[str, Body, bool]]) -> list[Body]:
        """Answer several searches in one request.

        Scores must not depend on which shard a document lies in: with several shards the statistics of all are gathered
        first, which takes a round through the cluster and keeps answers out of its request cache.

        Args:
            lines: index, body, and whether scores count.
        """
        trusted = frozenset(self._in_one_shard)
        answers = self._msearch(lines, trusted)
        shards = {index: int(answer["_shards"]["total"]) for (index, _, _), answer in zip(lines, answers, strict=True)}
        for index, count in shards.items():
            (self._in_one_shard.add if count == 1 else self._in_one_shard.discard)(index)
        if any(shards[index] > 1 for index, _, is_scored in lines if is_scored and index in trusted):
            return self._msearch(lines, frozenset())  # it was built anew with more of them
        return answers

    def _msearch(self, lines: Sequence[tuple[str, Body, bool]], in_one_shard: Set[str]) -> list[Body]:
        searches: list[Body] = []
        for index, body, is_scored in lines:
            gather = is_scored and index not in in_one_shard
            searches += [{"index": index, "search_type": "dfs_query_then_fetch"} if gather else {"index": index}, body]
        return [self._whole(answer) for answer in self._client.msearch(searches=searches)["responses"]]

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
