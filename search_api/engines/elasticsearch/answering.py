"""Whether the cluster may be asked at all: that it is one, which version it has, and whether it hangs just now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from search_api.engines.elasticsearch.errors import (
    PartlyAwayError,
    elasticsearch_errors,
    no_elasticsearch,
    unavailable,
)

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

OLDEST_VERSION = (8, 19)
"""Older servers were never tried."""
ANSWER_SECONDS_MAX = 5.0
"""Longest wait for the version and for the state record, which take milliseconds: a reader learns soon that the cluster hangs."""
_HANGING_SECONDS = 1.0
"""A failure faster than this delays no one, so every request asks again."""
_REMEMBERED_SECONDS = 2.0


AGAIN_SECONDS = 0.7
"""Of three nodes under load one was killed nine times: the searches that failed did so within 1.1 s of the kill."""


def asked_again(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Let a question be asked once more, after AGAIN_SECONDS, when a part of the index did not answer: its copy may do so now."""

    @wraps(ask)
    def twice(*args: Asked.args, **others: Asked.kwargs) -> Answer:
        try:
            return ask(*args, **others)
        except PartlyAwayError:
            time.sleep(AGAIN_SECONDS)
            return ask(*args, **others)

    return twice


class VersionCheck:
    """Asks for the version once in the life of a process: before the first use, and again only while it was not told."""

    def __init__(self, client: Elasticsearch, *, where: str) -> None:
        self._client = client
        self._where = where
        self._number = ""

    def make_sure(self) -> str:
        """Return the version. Raises EngineUnavailable: it does not answer, or is no Elasticsearch that is new enough."""
        if not self._number:
            self._number = check_version(self._client, where=self._where)
        return self._number


def check_version(client: Elasticsearch, *, where: str) -> str:
    """Return the version of the server.

    Raises EngineUnavailable: it does not answer, is no Elasticsearch, or is older than OLDEST_VERSION.
    """
    with elasticsearch_errors(where):
        described = client.info().body
    try:
        number = str(described["version"]["number"])
        version = tuple(int(part) for part in number.split("-")[0].split(".")[:2])
    except (KeyError, TypeError, ValueError) as error:
        raise no_elasticsearch(where) from error
    if version < OLDEST_VERSION:
        raise unavailable(
            sentence("Elasticsearch at {where} is version {number}.", where=where, number=number),
            sentence("Pushcart needs {version} or newer.", version=".".join(map(str, OLDEST_VERSION))),
        )
    return number


class Hanging:
    """Remembers that the cluster hangs, so that one request at a time waits for it and all others fail at once.

    Else every thread of a web server would be in line for a server that takes requests and never answers, and the
    pages that need no index would be there with them.
    """

    def __init__(self, *, wait_seconds: float) -> None:
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._error: EngineUnavailable | None = None
        self._until = 0.0
        """On the clock of time.monotonic: until then every request fails at once."""

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask in the block. Raises EngineUnavailable: it hung a moment ago."""
        self._tell_if_known()
        began = time.monotonic()
        try:
            yield
        except EngineUnavailable as error:
            now = time.monotonic()
            with self._lock:
                self._error = error if now - began > _HANGING_SECONDS else None
                self._until = now + _REMEMBERED_SECONDS
            raise
        with self._lock:
            self._error = None

    def _tell_if_known(self) -> None:
        with self._lock:
            known = self._error
            if known is None:
                return
            if time.monotonic() >= self._until:
                self._until = time.monotonic() + self._wait_seconds  # this asker finds out for the others
                return
        raise EngineUnavailable(known.message, try_next=known.try_next, for_readers=known.for_readers)
