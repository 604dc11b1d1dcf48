"""Changes -> both indexes, in bulks that may be repeated: each record carries the sequence number of its change as its
external version, so that an older state never replaces a newer one, and the same state again changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.types import Change
from search_api.elasticsearch_engine.mapping import document_row, page_row
from search_api.records import records_of

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

BULK_BYTES = 8_000_000
"""About so much text goes into one request."""
TRIES = 8
FIRST_WAIT_SECONDS = 0.5
"""Before the second try of what the server was too busy for (429, 503); doubled each time."""
_BUSY = (429, 503)

Action = dict[str, Any]


class Writer:
    """Sends bulks; remembers nothing but what is not sent yet."""

    def __init__(self, client: Elasticsearch, *, documents: str, pages: str, vocabulary: Vocabulary) -> None:
        self._client = client
        self._documents, self._pages = documents, pages
        self._vocabulary = vocabulary

    def write(self, changes: Iterable[Change], *, applied: int, record: Callable[[int], None]) -> int:
        """Apply changes and return the applied sequence.

        Args:
            applied: sequence number that was applied before.
            record: called with the applied sequence after each bulk that is safe.
        """
        lines: list[Action] = []
        size, replaced = 0, {}
        for change in changes:
            for action, row in self._actions(change):
                lines.append(action)
                if row is not None:
                    lines.append(row)
                    size += sum(len(value) for value in row.values() if isinstance(value, str))
            replaced[change.document_id] = change.sequence
            applied = max(applied, change.sequence)
            if size >= BULK_BYTES or len(lines) > 4000:
                self._send(lines, replaced)
                record(applied)
                lines, size, replaced = [], 0, {}
        if lines:
            self._send(lines, replaced)
            record(applied)
        return applied

    def _actions(self, change: Change) -> Iterator[tuple[Action, Action | None]]:
        version = {"version": change.sequence, "version_type": "external"}
        if change.document is None:
            yield {"delete": {"_index": self._documents, "_id": change.document_id, **version}}, None
            return
        document, pages = records_of(change.document, sequence=change.sequence, vocabulary=self._vocabulary)
        for page in pages:
            place = {"_index": self._pages, "_id": f"{page.document}#{page.number}", "routing": page.document}
            yield {"index": place | version}, page_row(page)
        yield {"index": {"_index": self._documents, "_id": document.id, **version}}, document_row(document)

    def _send(self, lines: list[Action], replaced: dict[str, int]) -> None:
        waiting, wait = lines, FIRST_WAIT_SECONDS
        for attempt in range(TRIES):
            answer = self._client.bulk(operations=waiting, refresh=False)
            waiting = _to_repeat(waiting, answer["items"]) if answer["errors"] else []
            if not waiting:
                break
            if attempt == TRIES - 1:
                raise EngineUnavailable(
                    "Elasticsearch is too busy to take more documents.",
                    try_next="Run `pushcart index` again later; it goes on where it stopped.",
                )
            time.sleep(wait)
            wait *= 2
        self._client.indices.refresh(index=[self._documents, self._pages])
        self._drop_old_pages(replaced)

    def _drop_old_pages(self, replaced: dict[str, int]) -> None:
        """Take away the pages that earlier versions of these documents had and the new ones do not."""
        stale = [
            {
                "bool": {
                    "filter": [{"term": {"document": document}}],
                    "must_not": [{"term": {"version": f"{document}@{sequence}"}}],
                }
            }
            for document, sequence in replaced.items()
        ]
        for start in range(0, len(stale), 200):
            query = {"bool": {"should": stale[start : start + 200], "minimum_should_match": 1}}
            if self._client.count(index=self._pages, query=query)["count"]:
                self._client.delete_by_query(index=self._pages, query=query, refresh=True, conflicts="proceed")


def _to_repeat(lines: list[Action], items: list[dict[str, Any]]) -> list[Action]:
    """Return the lines of a bulk that the server was too busy for.

    Raises EngineUnavailable: a record was refused for good; it names the record and the reason.
    """
    again: list[Action] = []
    at = 0
    for item in items:
        (kind, outcome), length = next(iter(item.items())), 1 if "delete" in lines[at] else 2
        status = outcome["status"]
        if status in _BUSY:
            again += lines[at : at + length]
        elif status == 409 or (kind == "delete" and status == 404) or status < 300:
            pass  # the index has this state of it, or a newer one
        else:
            reason = outcome.get("error", {}).get("reason", "no reason given")
            raise EngineUnavailable(
                f"Elasticsearch refuses {outcome['_id']}: {reason} (status {status}).",
                try_next="`pushcart index --rebuild` makes the index anew; nothing is lost.",
            )
        at += length
    return again
