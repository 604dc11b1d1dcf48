"""Which generation of indexes counts, and what it has applied: one small record in an index of its own.

PREFIX-state              one record, replaced under optimistic concurrency (if_seq_no, if_primary_term)
PREFIX-documents-000001   generation 1; the alias PREFIX-documents points to the one that counts
PREFIX-pages-000001       likewise

Each index also has an alias of its own with -write at its end. Writers name it and require that it is an alias: a write to an index
that was dropped meanwhile is refused, where the index's own name would make a new one without a mapping.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError

from search_api.engines.elasticsearch.errors import nothing_is_there
from search_api.engines.elasticsearch.mapping import FORMAT

_RECORD = "current"
_TRIES = 20
_STARTING_SECONDS = 10.0
"""How long the one shard of a new index may take to start."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the indexes show."""

    generation: int = 0
    """Number of the generation that counts; 0: there is none yet."""
    format: str = ""
    hierarchy: str = ""
    """Fingerprint of what was taken from the vocabulary."""
    applied_sequence: int = 0
    applied_mark: str = ""
    """Of the change with that number; see Change.mark."""
    begun_sequence: int = 0
    begun_mark: str = ""
    """Of the newest change whose writing was begun: were it killed, rows of changes up to it may be there."""
    building: int = 0
    """Number of the generation that a rebuild fills; 0: none."""
    building_format: str = ""
    building_sequence: int = 0
    """How far it has come."""
    building_mark: str = ""
    building_begun_sequence: int = 0
    building_begun_mark: str = ""
    building_hierarchy: str = ""
    building_owner: str = ""
    """Name of the process that fills it; empty: none."""
    building_beat: int = 0
    """Raised by the owner every few seconds: while it moves, the owner lives. Clocks of machines need not agree."""

    def fits(self, hierarchy: str) -> bool:
        """Say whether the generation that counts is as this version of Pushcart makes it, with this vocabulary."""
        return (self.format, self.hierarchy) == (FORMAT, hierarchy)

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the marks of the newest change that is in the generation that counts, and of the newest that may be."""
        return _marks(self.applied_sequence, self.applied_mark, self.begun_sequence, self.begun_mark)

    @property
    def building_marks(self) -> tuple[str, ...]:
        """Return the same of the generation that a rebuild fills."""
        begun = self.building_begun_sequence, self.building_begun_mark
        return _marks(self.building_sequence, self.building_mark, *begun)


def _marks(applied: int, applied_mark: str, begun: int, begun_mark: str) -> tuple[str, ...]:
    return ((applied_mark,) if applied else ()) + ((begun_mark,) if begun > applied else ())


class IndexNames:
    """Names of indexes and aliases under one prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.state = f"{prefix}-state"
        self.documents = f"{prefix}-documents"
        self.pages = f"{prefix}-pages"

    def of(self, generation: int) -> tuple[str, str]:
        """Return the two indexes of a generation."""
        return f"{self.documents}-{generation:06d}", f"{self.pages}-{generation:06d}"


class StateRecord:
    """The record, read and replaced as a whole."""

    def __init__(self, client: Elasticsearch, names: IndexNames) -> None:
        self._client = client
        self._names = names
        self._made = False

    def read(self) -> IndexState:
        """Return the state; an empty one when there is none yet."""
        return self._read()[0]

    def read_to_write(self) -> IndexState:
        """As `read`; waits for a record whose index another process makes just now."""
        return self._read_patiently()[0]

    def _read_patiently(self) -> tuple[IndexState, dict[str, int]]:
        until = time.monotonic() + _STARTING_SECONDS
        while True:
            try:
                return self._read()
            except ApiError as error:
                if error.status_code != 503 or time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def _read(self) -> tuple[IndexState, dict[str, int]]:
        try:
            found = self._client.get(index=self._names.state, id=_RECORD)
        except NotFoundError as error:
            if not nothing_is_there(error):
                raise
            return IndexState(), {}
        known = {name: value for name, value in found["_source"].items() if name in IndexState.__annotations__}
        return IndexState(**known), {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}

    def change(self, decide: Callable[[IndexState], IndexState]) -> IndexState:
        """Replace the state by what `decide` makes of it, again if another process was quicker; return the new one."""
        for attempt in range(_TRIES):
            before, place = self._read_patiently()
            after = decide(before)
            if after == before and place:
                return after
            try:
                self._write(after, place)
            except ConflictError:
                if attempt == _TRIES - 1:
                    raise
                continue
            return after
        raise AssertionError("unreachable")

    def _write(self, state: IndexState, place: dict[str, int]) -> None:
        self._make_index()
        options: dict[str, Any] = place or {"op_type": "create"}
        self._client.index(index=self._names.state, id=_RECORD, document=asdict(state), refresh=False, **options)

    def _make_index(self) -> None:
        if self._made:
            return
        properties = {
            name: {"type": "keyword" if kind == "str" else "long"} for name, kind in IndexState.__annotations__.items()
        }
        if self._client.indices.exists(index=self._names.state):
            self._client.indices.put_mapping(index=self._names.state, properties=properties)  # an older version's
        else:
            self._client.options(ignore_status=400).indices.create(
                index=self._names.state,
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                mappings={"dynamic": "strict", "properties": properties},
            )
        self._made = True
