"""The generations of indexes: made, filled, put in place, dropped."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from elasticsearch import ConnectionTimeout, Elasticsearch

from search_api.engines.base import HeldDocument
from search_api.engines.elasticsearch.mapping import (
    FORMAT,
    documents_mapping,
    pages_mapping,
    serving_settings,
    settings_body,
)
from search_api.engines.elasticsearch.state import IndexNames, IndexState, StateRecord

_SEARCHES_END_SECONDS = 1.0
"""How long an index that no longer counts is waited for: searches that were under way end in this time, walks do not."""

PACK_FROM_BYTES = 200_000_000
PACK_SECONDS = 1800.0
"""1.2 million pages take some minutes."""
LEASES_SECONDS = 45.0
"""A server renews its leases every 30 s after a flush, and only what no lease holds is merged away."""


class Generations:
    """The indexes under one prefix. Which of them counts is what the state record says; aliases follow it."""

    def __init__(
        self, client: Elasticsearch, names: IndexNames, record: StateRecord, *, shards: int, replicas: int
    ) -> None:
        self._client = client
        self._names = names
        self._record = record
        self._shards, self._replicas = shards, replicas

    def first(self, *, hierarchy: str) -> IndexState:
        """Make the first generation. Two processes at once make one."""
        self.make(1)
        self.open_for_searches(1)
        self._point_at(1)
        state = self._record.change(
            lambda now: now if now.generation else replace(now, generation=1, format=FORMAT, hierarchy=hierarchy)
        )
        self.settle(state)
        return state

    def make(self, generation: int) -> None:
        """Make the indexes of a generation, where they are not there already."""
        for name, mapping in zip(self._names.of(generation), (documents_mapping(), pages_mapping()), strict=True):
            # 400: it is there already, made by another process or by a rebuild that died just then.
            self._client.options(ignore_status=400).indices.create(
                index=name,
                settings=settings_body(shards=self._shards),
                mappings=mapping,
                aliases={f"{name}-write": {}},
            )

    def foreign(self, generation: int) -> list[str]:
        """Return those indexes of a generation that are not as `make` makes them: by hand, by a template, by a stray write."""
        names = self._names.of(generation)
        found = self._client.indices.get(index=list(names), features=["aliases", "mappings"]).body
        made = zip(names, (documents_mapping(), pages_mapping()), strict=True)
        return [name for name, mapping in made if not _is_as_made(found.get(name, {}), name=name, mapping=mapping)]

    def are_there(self, generation: int) -> bool:
        """Say whether both indexes of a generation exist."""
        return bool(self._client.indices.exists(index=list(self._names.of(generation))))

    def pack(
        self, generation: int, *, from_bytes: int = PACK_FROM_BYTES, leases_seconds: float = LEASES_SECONDS
    ) -> None:
        """Merge a large generation that is not in use yet into one segment a shard; a small one is left as it is.

        Until then an index keeps every record that it was sent, for replicas that may ask for it: three times what it
        needs to answer. When the server takes longer than PACK_SECONDS it continues without waiting.
        """
        names = list(self._names.of(generation))
        stats = self._client.indices.stats(index=names, metric="store")
        if stats["_all"]["primaries"]["store"]["size_in_bytes"] < from_bytes:
            return
        self._client.indices.flush(index=names)
        until = time.monotonic() + leases_seconds
        while self._is_kept_for_replicas(names) and time.monotonic() < until:
            time.sleep(1)
        patient = self._client.options(request_timeout=PACK_SECONDS, max_retries=0)
        with suppress(ConnectionTimeout):
            patient.indices.forcemerge(index=names, max_num_segments=1)

    def _is_kept_for_replicas(self, names: Sequence[str]) -> bool:
        """Say whether a retention lease still holds records that are written to disk already."""
        stats = self._client.indices.stats(index=names, level="shards", metric="store")
        shards = [each for index in stats["indices"].values() for copies in index["shards"].values() for each in copies]
        return any(
            lease["retaining_seq_no"] <= shard["seq_no"]["local_checkpoint"]
            for shard in shards
            for lease in shard["retention_leases"]["leases"]
        )

    def open_for_searches(self, generation: int) -> None:
        """Give the indexes their replicas and let searches see all of them; returns when copies are there or 60 s passed."""
        names = list(self._names.of(generation))
        self._client.indices.put_settings(index=names, settings=serving_settings(replicas=self._replicas))
        self._client.indices.refresh(index=names)
        if self._replicas:
            self._client.options(ignore_status=408, request_timeout=90).cluster.health(
                index=names, wait_for_no_initializing_shards=True, timeout="60s"
            )

    def settle(self, state: IndexState) -> None:
        """Let the aliases point to the generation that counts, and drop what belongs to none. Repairs what a crash left."""
        documents, pages = self._names.of(state.generation)
        pointed = self._client.options(ignore_status=404).indices.get_alias(
            name=[self._names.documents, self._names.pages]
        )
        if {name for name in pointed.body if name not in ("error", "status")} != {documents, pages}:
            self._point_at(state.generation)
        present = self._client.indices.get(
            index=[f"{self._names.documents}-0*", f"{self._names.pages}-0*"], features="aliases"
        )
        # Read after the list: what a rebuild makes is in the record before it is there.
        now = self._record.read()
        kept = {name for each in (now.generation, now.building) if each for name in self._names.of(each)}
        self.drop(self._unread(sorted(set(present.body) - kept)))

    def _unread(self, names: Sequence[str]) -> list[str]:
        """Return those that are not in use; a walk's view ends with its index, which a later indexing drops."""
        until = time.monotonic() + _SEARCHES_END_SECONDS
        while names:
            answer = self._client.indices.stats(index=list(names), metric="search").body["indices"]
            read = [name for name in names if name in answer and answer[name]["total"]["search"]["open_contexts"]]
            if not read or time.monotonic() > until:
                return [name for name in names if name not in read]
            time.sleep(0.05)
        return []

    def _point_at(self, generation: int) -> None:
        """Let both aliases point to a generation, in one step."""
        actions: list[dict[str, Any]] = []
        for alias, index in zip((self._names.documents, self._names.pages), self._names.of(generation), strict=True):
            actions.append({"remove": {"index": f"{alias}-0*", "alias": alias, "must_exist": False}})
            actions.append({"add": {"index": index, "alias": alias}})
        self._client.indices.update_aliases(actions=actions)

    def drop(self, names: Sequence[str]) -> None:
        """Delete indexes; those that are not there are passed over."""
        for name in names:
            self._client.options(ignore_status=404).indices.delete(index=name)


def _is_as_made(found: Mapping[str, Any], *, name: str, mapping: Mapping[str, Any]) -> bool:
    fields = found.get("mappings", {})
    types = {field: each.get("type") for field, each in fields.get("properties", {}).items()}
    expected = {field: each["type"] for field, each in mapping["properties"].items()}
    return types == expected and fields.get("dynamic") == "strict" and f"{name}-write" in found.get("aliases", {})


class Built:
    """A generation that does not count yet. Fulfils BuiltIndex."""

    def __init__(self, client: Elasticsearch, *, documents: str, pages: str, applied_sequence: int) -> None:
        self._client = client
        self._documents, self._pages = documents, pages
        self.applied_sequence = applied_sequence

    def counts(self) -> tuple[int, int]:
        """See BuiltIndex."""
        documents, pages = (int(self._client.count(index=each)["count"]) for each in (self._documents, self._pages))
        return documents, pages

    def held(self, documents: Sequence[str]) -> dict[str, HeldDocument]:
        """See BuiltIndex."""
        if not documents:
            return {}
        rows = self._client.mget(index=self._documents, ids=list(documents), source=["version"])["docs"]
        answer = self._client.search(
            index=self._pages,
            size=0,
            query={"terms": {"document": list(documents)}},
            aggs={"by": {"terms": {"field": "document", "size": len(documents)}}},
        )
        pages = {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["aggregations"]["by"]["buckets"]}
        return {
            row["_id"]: HeldDocument(version=row["_source"]["version"], pages=pages.get(row["_id"], 0))
            for row in rows
            if row.get("found")
        }
