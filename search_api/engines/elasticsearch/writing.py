"""Changes -> both indexes, in bulks that may be repeated: each record carries the sequence number of its change as its
external version, so that an older state never replaces a newer one, and the same state again changes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError, Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from corpus.types import Change
from search_api.engines.base import Refused
from search_api.engines.elasticsearch.errors import READ_ONLY, of_failure, refuse_partial
from search_api.engines.elasticsearch.mapping import document_row, page_row
from search_api.engines.records import records_of

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

BULK_BYTES = 8_000_000
"""Most of one request, unless a single record is larger; a server refuses more than http.max_content_length, 100 MB."""
BATCH_BYTES = 24_000_000
"""Most between two refreshes, each of which makes a segment; 8 MB takes a tenth longer, 48 MB as long, and twice the memory."""
BATCH_CHANGES = 500
"""Likewise."""
TRIES = 8
FIRST_WAIT_SECONDS = 0.5
"""Before the second try of what the server was too busy for (429, 503); doubled each time: 64 s in all."""
REASON_CHARACTERS_MAX = 200
"""Of each of the two parts of a reason."""
_BUSY = (429, 503)
_TOO_LARGE = 413
_OF_THE_DOCUMENT = (400, _TOO_LARGE)
"""What is wrong with one document, and not with those beside it."""

Row = dict[str, Any]


class GenerationGoneError(Exception):
    """The index that is written to was dropped: a rebuild has put another one in its place."""


@dataclass(frozen=True, slots=True)
class Action:
    """One record to be written or removed."""

    document: str
    of_pages: bool
    sequence: int
    lines: tuple[bytes, ...]
    """Two as a bulk takes them; one when it is removed."""

    @property
    def size(self) -> int:
        return sum(len(line) + 1 for line in self.lines)


@dataclass(slots=True)
class Batch:
    """Actions that become visible together; may be sent again to another generation."""

    actions: list[Action] = field(default_factory=list)
    replaced: dict[str, int] = field(default_factory=dict)
    """Sequence number of the change by document."""
    size: int = 0
    newest: Change | None = None
    """The change with the highest sequence number, without its document."""


def batches(changes: Iterable[Change], *, vocabulary: Vocabulary) -> Iterator[Batch]:
    """Cut changes into batches of about BATCH_BYTES; the pages of a document come before the document itself."""
    batch = Batch()
    for change in changes:
        for action in actions_of(change, vocabulary=vocabulary):
            batch.actions.append(action)
            batch.size += action.size
        batch.replaced[change.document_id] = change.sequence
        if batch.newest is None or change.sequence > batch.newest.sequence:
            batch.newest = replace(change, document=None)
        if batch.size >= BATCH_BYTES or len(batch.replaced) >= BATCH_CHANGES:
            yield batch
            batch = Batch()
    if batch.actions:
        yield batch


def actions_of(change: Change, *, vocabulary: Vocabulary) -> Iterator[Action]:
    """Return what is to be written for one change."""
    if change.document is None:
        yield _action(change, "delete", id=change.document_id)
        return
    document, pages = records_of(change.document, sequence=change.sequence, vocabulary=vocabulary)
    for page in pages:
        row = page_row(page, sequence=change.sequence)
        yield _action(change, "index", id=f"{page.document}#{page.number}", row=row, of_pages=True)
    yield _action(change, "index", id=document.id, row=document_row(document))


def _action(change: Change, kind: str, *, id: str, row: Row | None = None, of_pages: bool = False) -> Action:  # noqa: A002
    head: Row = {"_id": id, "version": change.sequence, "version_type": "external"}
    if of_pages:
        head["routing"] = change.document_id
    lines = [{kind: head}, *([row] if row is not None else [])]
    return Action(
        document=change.document_id,
        of_pages=of_pages,
        sequence=change.sequence,
        lines=tuple(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() for line in lines),
    )


class Writer:
    """Sends batches to the indexes of one generation."""

    def __init__(
        self, client: Elasticsearch, *, documents: str, pages: str, where: str, on_refused: Callable[[Refused], None]
    ) -> None:
        self._client = client
        self._documents, self._pages = documents, pages
        self._where = where
        self._on_refused = on_refused

    def write(self, batch: Batch) -> None:
        """Send a batch and let searches see it.

        Raises GenerationGoneError: the indexes are not there any more.
        """
        self._send([each for each in batch.actions if each.of_pages], alias=f"{self._pages}-write")
        behind = self._send([each for each in batch.actions if not each.of_pages], alias=f"{self._documents}-write")
        self._client.indices.refresh(index=[self._documents, self._pages], ignore_unavailable=True)
        self._drop_old_pages(batch.replaced | self._newest(behind, batch.replaced))

    def _send(self, actions: Sequence[Action], *, alias: str) -> set[str]:
        """Write records; return the documents of which the index had this state or a newer one."""
        behind: set[str] = set()
        waiting, wait = list(actions), FIRST_WAIT_SECONDS
        for attempt in range(TRIES):
            again: list[Action] = []
            for part in _parts(waiting):
                again += self._request(part, alias=alias, behind=behind)
            if not again:
                return behind
            waiting = again
            if attempt < TRIES - 1:
                time.sleep(wait)
                wait *= 2
        raise EngineUnavailable(
            sentence("Elasticsearch is too busy to accept more documents."),
            try_next=sentence("Run `pushcart index` again later; it continues where it stopped."),
        )

    def _request(self, actions: list[Action], *, alias: str, behind: set[str]) -> list[Action]:
        """Send one request; return what is to be sent again."""
        body: Any = [line for each in actions for line in each.lines]
        try:
            answer = self._client.bulk(
                index=alias,
                operations=body,
                require_alias=True,
                refresh=False,
                filter_path="errors,items.*.status,items.*.error",
            )
        except ApiError as error:
            if error.status_code in _BUSY:
                return actions
            if error.status_code != _TOO_LARGE:
                raise
            if len(actions) == 1:
                self._on_refused(_refused(actions[0], "it is larger than the server accepts in one request"))
                return []
            middle = len(actions) // 2
            return [
                *self._request(actions[:middle], alias=alias, behind=behind),
                *self._request(actions[middle:], alias=alias, behind=behind),
            ]
        return self._to_repeat(actions, answer["items"], behind=behind)

    def _to_repeat(self, actions: list[Action], items: list[Row], *, behind: set[str]) -> list[Action]:
        again: list[Action] = []
        for action, item in zip(actions, items, strict=True):
            outcome = next(iter(item.values()))
            status, error = outcome["status"], outcome.get("error") or {}
            if error.get("type") == READ_ONLY:  # 429 as well, and no waiting helps a full disk
                raise of_failure(READ_ONLY, error.get("reason", ""), status=status, where=self._where)
            if status in _BUSY:
                again.append(action)
            elif status == 409:
                behind.add(action.document)
            elif status == 404 and error:
                raise GenerationGoneError
            elif status in _OF_THE_DOCUMENT:
                self._on_refused(_refused(action, _reason(error, status)))
            elif status >= 300 and status != 404:  # of the server, the user or the index: every document would meet it
                raise of_failure(error.get("type", ""), error.get("reason", ""), status=status, where=self._where)
        return again

    def _newest(self, behind: set[str], replaced: dict[str, int]) -> dict[str, int]:
        """Return the sequence number up to which pages of documents are old, where another writer was ahead of this one."""
        if not behind:
            return {}
        ids = sorted(behind)
        found = self._client.mget(index=self._documents, ids=ids, source=["version"])["docs"]
        newest = {
            each["_id"]: int(each["_source"]["version"].rpartition("@")[2]) for each in found if each.get("found")
        }
        # A document that is not there was removed by a newer change: all its pages are old.
        return {each: newest.get(each, replaced[each] + 1) for each in ids}

    def _drop_old_pages(self, newest: dict[str, int]) -> None:
        """Take away the pages that earlier versions of these documents had and the newest does not."""
        old = [
            {"bool": {"filter": [{"term": {"document": document}}, {"range": {"sequence": {"lt": sequence}}}]}}
            for document, sequence in newest.items()
        ]
        for start in range(0, len(old), 200):
            query = {"bool": {"should": old[start : start + 200], "minimum_should_match": 1}}
            old_pages = self._client.count(index=self._pages, query=query, ignore_unavailable=True).body
            refuse_partial(old_pages, where=self._where)
            if old_pages["count"]:
                self._client.delete_by_query(index=self._pages, query=query, refresh=True, conflicts="proceed")


def _parts(actions: Sequence[Action]) -> Iterator[list[Action]]:
    part: list[Action] = []
    size = 0
    for action in actions:
        if part and size + action.size > BULK_BYTES:
            yield part
            part, size = [], 0
        part.append(action)
        size += action.size
    if part:
        yield part


def _refused(action: Action, reason: str) -> Refused:
    return Refused(action.document, action.sequence, reason=reason)


def _shorten(text: str, most: int) -> str:
    """Return a text, or its beginning."""
    return text if len(text) <= most else f"{text[:most]}…"


def _reason(error: Row, status: int) -> str:
    cause = error.get("caused_by") or {}
    # It quotes the value that it would not take, whole.
    words = [_shorten(str(each), REASON_CHARACTERS_MAX) for each in (error.get("reason"), cause.get("reason")) if each]
    return f"{': '.join(words) or 'no reason given'} (status {status})"
