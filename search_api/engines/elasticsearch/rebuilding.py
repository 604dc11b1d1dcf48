"""A rebuild beside the index that counts, by one process at a time, which may die at any moment."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

from elasticsearch import ApiError, TransportError

from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from search_api.engines.elasticsearch.mapping import FORMAT
from search_api.engines.elasticsearch.state import IndexState, StateRecord

BEAT_SECONDS = 3.0
LEASE_SECONDS = 15.0
"""A rebuild whose heartbeat has stopped for this long can be taken over."""


class Lease:
    """The right to rebuild, held while the beat in the state record moves."""

    def __init__(self, record: StateRecord, *, hierarchy: str, lease_seconds: float = LEASE_SECONDS) -> None:
        self._record = record
        self._hierarchy = hierarchy
        self._lease_seconds = lease_seconds
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"

    @contextmanager
    def held(self) -> Iterator[IndexState]:
        """Hold the lease while the block runs, and give the state: `building` is the generation to fill.

        Raises EngineUnavailable: another process rebuilds.
        """
        state = self._take()
        stopped = threading.Event()
        beating = threading.Thread(target=self._beat, args=(stopped,), daemon=True)
        beating.start()
        try:
            yield state
        finally:
            stopped.set()
            beating.join()
            self._record.change(lambda now: replace(now, building_owner="") if self._is_mine(now) else now)

    def change(self, decide: Callable[[IndexState], IndexState]) -> IndexState:
        """Change the state as the owner of the rebuild.

        Raises EngineUnavailable: another process has taken over.
        """

        def checked(now: IndexState) -> IndexState:
            if not self._is_mine(now):
                raise EngineUnavailable(
                    sentence("Another process has taken over rebuilding the search index."),
                    try_next=sentence("Wait for it to finish; `pushcart status` shows when the index is up to date."),
                )
            return decide(now)

        return self._record.change(checked)

    def _take(self) -> IndexState:
        seen = self._record.read()
        if seen.building_owner:
            self._wait_for_death(seen)

        def mine(now: IndexState) -> IndexState:
            if (now.building_owner, now.building_beat) != (seen.building_owner, seen.building_beat):
                raise _somebody_rebuilds(now)
            goes_on = (now.building_format, now.building_hierarchy) == (FORMAT, self._hierarchy)
            if now.building and goes_on:
                return replace(now, building_owner=self._owner, building_beat=now.building_beat + 1)
            return replace(
                now,
                building=max(now.generation, now.building) + 1,
                building_format=FORMAT,
                building_hierarchy=self._hierarchy,
                building_sequence=0,
                building_mark="",
                building_begun_sequence=0,
                building_begun_mark="",
                building_owner=self._owner,
                building_beat=now.building_beat + 1,
            )

        return self._record.change(mine)

    def _wait_for_death(self, seen: IndexState) -> None:
        until = time.monotonic() + self._lease_seconds
        while time.monotonic() < until:
            time.sleep(min(0.5, self._lease_seconds / 4))
            now = self._record.read()
            if now.building_owner and now.building_beat != seen.building_beat:
                raise _somebody_rebuilds(now)
            if not now.building_owner:
                return

    def _beat(self, stopped: threading.Event) -> None:
        while not stopped.wait(min(BEAT_SECONDS, self._lease_seconds / 5)):
            try:
                self._record.change(
                    lambda now: replace(now, building_beat=now.building_beat + 1) if self._is_mine(now) else now
                )
            except (ApiError, TransportError):
                continue  # the server is away: the rebuild itself meets that, and says it

    def _is_mine(self, state: IndexState) -> bool:
        return state.building_owner == self._owner


def _somebody_rebuilds(state: IndexState) -> EngineUnavailable:
    machine, process, *_ = [*state.building_owner.split(":"), "", ""]
    return EngineUnavailable(
        sentence(
            "Another process is rebuilding the search index: process {process} on {machine}.",
            process=process,
            machine=machine,
        ),
        try_next=sentence("Wait for it to finish; if it dies, `pushcart index --rebuild` continues where it stopped."),
    )
