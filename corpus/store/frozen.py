"""Frozen searches: which documents a search answered on a day, in which versions, without a copy of any of them.

The documents of one search are a block of bytes: of each document a version of 8 bytes, then their ids, compressed together.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.tables import BATCH, changes, documents, frozen_searches
from corpus.store.transactions import Group
from corpus.types import ChangeKind

_DIGEST_BYTES = 4
"""Of a file, and of what is shown of a document: one change in four thousand million is not seen."""
_SHOWN = (
    "title", "authors", "publisher", "published", "lang", "type", "abstract", "identifiers", "licence", "url", "landing_url",
    "content_type",
)  # fmt: skip
"""What a reader is shown of a document and would cite; tags, works and how it was read are ours, and not among them."""
_written = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
"""One way to write the same values in every database; made once, because `json.dumps` makes an encoder at each call."""


@dataclass(frozen=True, slots=True)
class FrozenDocument:
    """A document in the version in which a search answered it."""

    id: str
    file: bytes
    """Digest of its bytes."""
    shown: bytes
    """Digest of what readers are shown of it: title, authors, date, address ..."""
    first_sequence: int = 0
    """Of the change that brought it; not kept, so 0 in what was frozen."""


@dataclass(frozen=True, slots=True)
class FrozenSearch:
    """A search and what it answered on a day."""

    key: str
    """SHA-256 of the name in its link, 64 hexadecimal digits."""
    name: str
    """As its owner calls it; empty: it has no name."""
    query: tuple[tuple[str, str], ...]
    """Names and values of the parameters of the search, as SearchQuery.to_parameters writes them."""
    sequence: int
    """Sequence number of the newest change that the index showed: what comes after it is new."""
    vocabulary: str
    """Version of the vocabulary that read it."""
    frozen_at: datetime
    expires_at: datetime
    """When it is removed, unless someone opens it before."""
    network: str
    """Keyed hash of the network that made it; empty: this machine."""
    hits: int
    documents: tuple[FrozenDocument, ...] = ()
    """In the order of the answer; empty in a list of frozen searches."""
    report: bytes = b""
    """JSON of the search report of that day; empty in a list of frozen searches."""
    size: int = 0
    """Bytes that documents and report take in the table."""


class NoRoom(Exception):
    """There are as many frozen searches as may be; `of_network` says whether of all or of one network."""

    def __init__(self, *, of_network: bool) -> None:
        super().__init__("no room for a frozen search")
        self.of_network = of_network


class FrozenSearches(Group):
    """The table `frozen_searches`."""

    def add(self, search: FrozenSearch, *, in_all: int, per_network: int) -> None:
        """Keep a frozen search; those that have expired are removed first.

        Several processes that write at the very same moment may come above the numbers, each by one.

        Args:
            search: made now; `frozen_at` counts as now.
            in_all: most that are kept.
            per_network: most of the same network, an empty one excepted.

        Raises NoRoom: there are as many already.
        """
        with self._writes() as connection:
            _remove_expired(connection, now=search.frozen_at)
            _check_room(connection, search.network, in_all=in_all, per_network=per_network)
            connection.execute(sa.insert(frozen_searches).values(_values(search)))

    def check_room(self, network: str, *, in_all: int, per_network: int, now: datetime) -> None:
        """Look whether one more could be kept, before work is put into it; arguments as of `add`.

        Raises NoRoom: it could not.
        """
        with self._reads() as connection:
            _check_room(connection, network, in_all=in_all, per_network=per_network, now=now)

    def get(self, key: str, *, now: datetime) -> FrozenSearch | None:
        """Return a frozen search; None: there is none of that key, or it has expired."""
        asked = sa.select(frozen_searches).where(frozen_searches.c.key == key, frozen_searches.c.expires_at > now)
        with self._reads() as connection:
            row = connection.execute(asked).mappings().first()
        return None if row is None else _search(dict(row))

    def all(self) -> tuple[FrozenSearch, ...]:
        """Return all frozen searches, those that have expired too, oldest first, without documents and reports."""
        columns = [each for each in frozen_searches.c if each.name not in ("documents", "report")]
        sizes = sa.func.length(frozen_searches.c.documents) + sa.func.length(frozen_searches.c.report)
        asked = sa.select(*columns, sizes.label("size")).order_by(frozen_searches.c.frozen_at, frozen_searches.c.key)
        with self._reads() as connection:
            return tuple(_brief(dict(row)) for row in connection.execute(asked).mappings())

    def rename(self, key: str, name: str) -> None:
        """Call a frozen search otherwise; nothing happens when there is none of that key."""
        self._change(key, name=name)

    def prolong(self, key: str, *, until: datetime) -> None:
        """Keep a frozen search until a later time; nothing happens when there is none of that key."""
        self._change(key, expires_at=until)

    def remove(self, key: str) -> bool:
        """Remove a frozen search and say whether there was one."""
        with self._writes() as connection:
            return bool(connection.execute(sa.delete(frozen_searches).where(frozen_searches.c.key == key)).rowcount)

    def remove_expired(self, *, now: datetime) -> int:
        """Remove the frozen searches that have expired and return how many there were."""
        with self._writes() as connection:
            return _remove_expired(connection, now=now)

    def versions(self, document_ids: Sequence[str]) -> dict[str, FrozenDocument]:
        """Return the versions that documents have now, by id; a document that is not in the records is absent."""
        columns = ["id", "sha256", "first_sequence", *_SHOWN]
        asked = sa.select(*(documents.c[name] for name in columns))
        found: dict[str, FrozenDocument] = {}
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                some = asked.where(documents.c.id.in_(document_ids[start : start + BATCH]))
                for document_id, sha256, first_sequence, *shown in connection.execute(some):
                    found[document_id] = FrozenDocument(
                        document_id, file=_digest(sha256), shown=_digest(_written(shown)), first_sequence=first_sequence
                    )
        return found

    def removed_at(self, document_ids: Sequence[str]) -> dict[str, datetime]:
        """Return when documents were removed, by id; one of whose removal the log of changes says nothing is absent."""
        asked = sa.select(changes.c.document_id, sa.func.max(changes.c.at, type_=changes.c.at.type)).where(
            changes.c.kind == ChangeKind.REMOVED.value
        )
        found: dict[str, datetime] = {}
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                some = asked.where(changes.c.document_id.in_(document_ids[start : start + BATCH]))
                found |= {row[0]: row[1] for row in connection.execute(some.group_by(changes.c.document_id))}
        return found

    def _change(self, key: str, **values: Any) -> None:
        with self._writes() as connection:
            connection.execute(sa.update(frozen_searches).where(frozen_searches.c.key == key).values(values))


def _check_room(
    connection: Connection, network: str, *, in_all: int, per_network: int, now: datetime | None = None
) -> None:
    counted = sa.select(sa.func.count()).select_from(frozen_searches)
    if now is not None:  # where those that have expired were not removed just now
        counted = counted.where(frozen_searches.c.expires_at > now)
    if connection.execute(counted).scalar_one() >= in_all:
        raise NoRoom(of_network=False)
    if network:
        of_network = counted.where(frozen_searches.c.network == network)
        if connection.execute(of_network).scalar_one() >= per_network:
            raise NoRoom(of_network=True)


def _remove_expired(connection: Connection, *, now: datetime) -> int:
    return connection.execute(sa.delete(frozen_searches).where(frozen_searches.c.expires_at <= now)).rowcount


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()


_SAME = ("key", "name", "sequence", "vocabulary", "frozen_at", "expires_at", "network", "hits")


def _values(search: FrozenSearch) -> dict[str, Any]:
    return {name: getattr(search, name) for name in _SAME} | {
        "query": [list(each) for each in search.query],
        "documents": packed(search.documents),
        "report": zlib.compress(search.report, 9),
    }


def _brief(row: Mapping[str, Any]) -> FrozenSearch:
    query = tuple((name, value) for name, value in row["query"])
    return FrozenSearch(**{name: row[name] for name in _SAME}, query=query, size=row["size"])


def _search(row: Mapping[str, Any]) -> FrozenSearch:
    size = len(row["documents"]) + len(row["report"])
    kept = unpacked(row["documents"], count=row["hits"])
    return replace(_brief({**row, "size": size}), documents=kept, report=zlib.decompress(row["report"]))


def packed(kept: Sequence[FrozenDocument]) -> bytes:
    """Return documents as they are stored, about 17 bytes each; `unpacked` undoes it."""
    versions = b"".join(each.file + each.shown for each in kept)
    return zlib.compress(versions + "\n".join(each.id for each in kept).encode(), 9)


def unpacked(stored: bytes, *, count: int) -> tuple[FrozenDocument, ...]:
    """Return the documents of a stored block, of which there are `count`."""
    plain = zlib.decompress(stored)
    size = 2 * _DIGEST_BYTES
    ids = plain[count * size :].decode().split("\n") if count else []
    return tuple(
        FrozenDocument(
            each, plain[at * size : at * size + _DIGEST_BYTES], plain[at * size + _DIGEST_BYTES : (at + 1) * size]
        )
        for at, each in enumerate(ids)
    )
