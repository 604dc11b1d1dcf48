"""Fetched files: what each address of a source holds, held before, and which document it belongs to.

A document keeps its id forever. It is born at the first sight of an address, unless the same bytes are already there under
another one: then the address is a copy of that document. When the bytes at an address change, the document stays and gets
a new version. See docs/decisions for why neither the address nor the bytes alone can be the identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.reasons import Failure
from corpus.store import rows
from corpus.store.change_log import wait_for_changes
from corpus.store.former_keys import former_key
from corpus.store.queue import mark_waiting
from corpus.store.tables import fetched_files, file_versions, readings, untagged
from corpus.store.transactions import Group
from corpus.types import LOCAL_SOURCE, Copy, FetchedFile, FileVersion, Outcome
from corpus.urls import canonical_url, document_id


class FetchedState(StrEnum):
    """What a sighting of a file brought."""

    NEW = "new"
    """The address was never seen in this source."""
    CHANGED = "changed"
    """The address holds other bytes than before."""
    UNCHANGED = "unchanged"
    """The same bytes; what the landing page says of them may be new."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """How the reading of one file ended."""

    source: str
    url: str
    sha256: str
    size: int
    """Bytes."""
    document_id: str
    outcome: Outcome | None
    """None: not read yet."""
    reasons: tuple[Failure, ...]
    """Why it was not wholly read, and why its document has no tags; empty when neither is the case."""
    pages: int
    page_total: int
    seconds: float
    engine: str
    tagging: Outcome | None = None
    """How the tagging of its document ended when it failed; None: it did not."""


_THERE: dict[str, Any] = {"gone_at": None, "gone_failure": None}


class Files(Group):
    """The tables `fetched_files` and `file_versions`."""

    # ------------------------------------------------------------------ what a harvest sees

    def get(self, source: str, url: str) -> FetchedFile | None:
        """Return what an address of a source holds, as it was last fetched; None when it was never fetched."""
        with self._reads() as connection:
            row = _row_at(connection, source, url)
            return rows.fetched_from(row) if row else None

    def save(self, fetched: FetchedFile, *, is_heir: bool = True) -> FetchedState:
        """Record a file whose bytes are in the file store, and say what that brought. May be repeated.

        Args:
            fetched: the file as it was fetched now.
            is_heir: whether it may be the changed version of a file from before migration 0009 that shared its key of then.
                The same bytes are that file in any case.
        """
        values = rows.fetched_values(fetched) | {"last_seen": fetched.fetched_at} | _THERE
        with self._writes() as connection:
            wait_for_changes(connection)  # two that add the same new file would both find that it is not there
            row = _row_to_save(connection, fetched, is_heir=is_heir)
            if row is None:
                _insert(connection, fetched, values=values)
                return FetchedState.NEW
            if row["sha256"] == fetched.sha256:
                del (
                    values["fetched_at"],
                    values["url"],
                )  # the bytes are those that were fetched then, from the link of then
                _update(connection, row, values=values)
                return FetchedState.UNCHANGED
            _add_version(connection, fetched)
            _update(connection, row, values=values)
            return FetchedState.CHANGED

    def touch(self, source: str, url: str, *, at: datetime) -> None:
        """Record that an address still holds what it held (304, or the same bytes)."""
        with self._writes() as connection:
            row = _sighted(connection, source, url)
            if row is not None:
                _set(connection, row, last_seen=at, **_THERE)

    def touch_listed(self, source: str, url: str, *, at: datetime) -> None:
        """Record that a publisher still lists an address, whatever it holds; nothing happens when we do not know it."""
        with self._writes() as connection:
            row = _row_at(connection, source, url)
            if row is not None:
                _set(connection, row, last_seen=at)

    def mark_gone(self, source: str, url: str, *, at: datetime, reason: Failure) -> bool:
        """Flag a file as gone, and say whether that is news. The next sighting takes the flag away; nothing is deleted."""
        with self._writes() as connection:
            row = _row_at(connection, source, url)
            if row is None or row["gone_at"] is not None:
                return False
            _set(connection, row, gone_at=at, gone_failure=reason.to_json())
            return True

    def mark_unseen(self, source: str, *, since: datetime, at: datetime, reason: Failure) -> int:
        """Flag as gone what no sighting since a moment confirmed; return how many files that are. May be repeated."""
        unseen = sa.and_(
            fetched_files.c.source == source, fetched_files.c.last_seen < since, fetched_files.c.gone_at.is_(None)
        )
        with self._writes() as connection:
            marked = connection.execute(
                sa.update(fetched_files).where(unseen).values(gone_at=at, gone_failure=reason.to_json())
            )
            return marked.rowcount

    # ------------------------------------------------------------------ what is there

    def count(self, source: str) -> int:
        """Return how many files of a source are there, as far as we know: those that are not gone."""
        asked = sa.select(sa.func.count()).where(fetched_files.c.source == source, fetched_files.c.gone_at.is_(None))
        with self._reads() as connection:
            return int(connection.execute(asked).scalar_one())

    def described_at(self, source: str, url: str) -> tuple[FetchedFile, ...]:
        """Return the files that a landing page leads to, or that are themselves at its address, and are not gone."""
        key = canonical_url(url)
        here = sa.or_(fetched_files.c.landing_key == key, fetched_files.c.key == key, _was_at(url))
        return self._where(fetched_files.c.source == source, here, fetched_files.c.gone_at.is_(None))

    def of_record(self, source: str, record: str) -> tuple[FetchedFile, ...]:
        """Return the files that a publisher's record names, also those that are gone."""
        return self._where(fetched_files.c.source == source, fetched_files.c.record == record) if record else ()

    def of_document(self, document_id: str) -> tuple[FetchedFile, ...]:
        """Return every copy of a document, first seen first; empty when there is none."""
        return self._where(fetched_files.c.document_id == document_id)

    def _where(self, *conditions: sa.ColumnElement[bool]) -> tuple[FetchedFile, ...]:
        asked = sa.select(fetched_files).where(*conditions).order_by(fetched_files.c.id)
        with self._reads() as connection:
            return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())

    def gone(self, source: str, *, limit: int) -> tuple[FetchedFile, ...]:
        """Return files of a source that the publisher no longer has, gone last first."""
        asked = (
            sa.select(fetched_files)
            .where(fetched_files.c.source == source, fetched_files.c.gone_at.is_not(None))
            .order_by(fetched_files.c.gone_at.desc(), fetched_files.c.id)
            .limit(limit)
        )
        with self._reads() as connection:
            return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())

    def versions(self, document_id: str) -> tuple[FileVersion, ...]:
        """Return every version that the addresses of a document ever held, oldest first; empty: no such document."""
        with self._reads() as connection:
            return tuple(version for _, version in _versions(connection, document_id))

    def copies(self, document_id: str) -> tuple[Copy, ...]:
        """Return every place of a document with its history, first seen first; empty when there is none."""
        asked = sa.select(fetched_files).where(fetched_files.c.document_id == document_id).order_by(fetched_files.c.id)
        versions: dict[tuple[str, str], list[FileVersion]] = {}
        with self._reads() as connection:
            for address, version in _versions(connection, document_id):
                versions.setdefault(address, []).append(version)
            found = connection.execute(asked).mappings().all()
        return tuple(
            Copy(
                fetched=rows.fetched_from(row),
                first_seen=row["first_seen"],
                last_seen=row["last_seen"],
                versions=tuple(versions.get((row["source"], row["key"]), ())),
            )
            for row in found
        )

    def outcomes(
        self,
        *,
        outcome: str | None = None,
        source: str | None = None,
        limit: int | None = None,
        only_unreadable: bool = False,
    ) -> tuple[FileOutcome, ...]:
        """List files with how their reading ended, by source and address.

        Args:
            outcome: only these; `waiting` lists those that were not read yet.
            source: slug; only its files.
            limit: at most so many; None: all.
            only_unreadable: only those that were tried, and not wholly read.
        """
        asked = _OUTCOMES.limit(limit)
        if outcome is not None:
            asked = asked.where(readings.c.outcome.is_(None) if outcome == "waiting" else readings.c.outcome == outcome)
        if only_unreadable:
            asked = asked.where((readings.c.outcome != Outcome.READ.value) | untagged.c.outcome.is_not(None))
        if source is not None:
            asked = asked.where(fetched_files.c.source == source)
        with self._reads() as connection:
            return tuple(_file_outcome(row) for row in connection.execute(asked).mappings())


def _row_at(connection: Connection, source: str, url: str) -> sa.RowMapping | None:
    """Return the row of a link: the one of its key, else one that had its key before migration 0009."""
    files = fetched_files.c
    for its in (files.key == canonical_url(url), _was_at(url)):
        asked = sa.select(fetched_files).where(files.source == source, its).order_by(files.id).limit(1)
        if (row := connection.execute(asked).mappings().first()) is not None:
            return row
    return None


def _was_at(url: str) -> sa.ColumnElement[bool]:
    return sa.and_(fetched_files.c.former_key == former_key(url), fetched_files.c.former_key != "")


def _sighted(connection: Connection, source: str, url: str) -> sa.RowMapping | None:
    """Return the row of a link that was seen at its publisher. One from before migration 0009 is given to that link permanently."""
    row = _row_at(connection, source, url)
    return _given_to(connection, url, row=row) if row is not None and row["former_key"] else row


def _row_to_save(connection: Connection, fetched: FetchedFile, *, is_heir: bool) -> sa.RowMapping | None:
    """Return the row that a fetched file goes into; None: it needs a new one."""
    row = _row_at(connection, fetched.source, fetched.url)
    if row is None or not row["former_key"]:
        return row
    if is_heir or row["sha256"] == fetched.sha256:
        return _given_to(connection, fetched.url, row=row)
    _set_key(connection, row, key=f"before 0009: {row['former_key']}")  # the key may be that of this link
    return None


def _given_to(connection: Connection, url: str, *, row: sa.RowMapping) -> sa.RowMapping | None:
    _set_key(connection, row, key=canonical_url(url))
    _set(connection, row, url=url, former_key="")
    if url != row["url"]:
        mark_waiting(connection, row["document_id"])  # it shows the link
    return _row_at(connection, row["source"], url)


def _set_key(connection: Connection, row: sa.RowMapping, *, key: str) -> None:
    _set(connection, row, key=key)
    its = sa.and_(file_versions.c.source == row["source"], file_versions.c.key == row["key"])
    connection.execute(sa.update(file_versions).where(its).values(key=key))


def _set(connection: Connection, row: sa.RowMapping, **values: Any) -> None:
    connection.execute(sa.update(fetched_files).where(fetched_files.c.id == row["id"]).values(values))


def _insert(connection: Connection, fetched: FetchedFile, *, values: Mapping[str, Any]) -> None:
    document = _document_of_bytes(connection, fetched.sha256) or _new_document_id(connection, fetched)
    first = {"document_id": document, "first_seen": fetched.fetched_at}
    connection.execute(sa.insert(fetched_files).values({**values, **first}))
    _add_version(connection, fetched)
    mark_waiting(connection, document)


def _update(connection: Connection, row: sa.RowMapping, *, values: Mapping[str, Any]) -> None:
    _set(connection, row, **values)
    if any(values.get(name, row[name]) != row[name] for name in _MAKES_A_DOCUMENT):
        mark_waiting(connection, row["document_id"])


_MAKES_A_DOCUMENT = ("sha256", "evidence", "url", "landing_url", "content_type")
"""What a document is made of, beside its reading."""


def _new_document_id(connection: Connection, fetched: FetchedFile) -> str:
    # A person's own files are named by their bytes: moving a folder must not make every document a new one.
    key = fetched.sha256 if fetched.source == LOCAL_SOURCE else canonical_url(fetched.url)
    made = document_id(fetched.source, key)
    # Before migration 0009 another file may have had this key, and its document has the id forever.
    taken = sa.select(fetched_files.c.id).where(fetched_files.c.document_id == made).limit(1)
    return made if connection.execute(taken).first() is None else document_id(fetched.source, f"{key}\n2")


def _document_of_bytes(connection: Connection, sha256: str) -> str | None:
    asked = sa.select(fetched_files.c.document_id).where(fetched_files.c.sha256 == sha256).order_by(fetched_files.c.id)
    return connection.execute(asked.limit(1)).scalar()


def _add_version(connection: Connection, fetched: FetchedFile) -> None:
    names = ("source", "url", "sha256", "size", "fetched_at")
    values = {name: getattr(fetched, name) for name in names} | {"key": canonical_url(fetched.url)}
    connection.execute(sa.insert(file_versions).values(values))


def _versions(connection: Connection, document: str) -> list[tuple[tuple[str, str], FileVersion]]:
    """Return everything that the addresses of a document ever held, oldest first, each with its source and key."""
    same_address = sa.and_(fetched_files.c.source == file_versions.c.source, fetched_files.c.key == file_versions.c.key)
    asked = (
        sa.select(file_versions)
        .join(fetched_files, same_address)
        .where(fetched_files.c.document_id == document)
        .order_by(file_versions.c.id)
    )
    return [
        ((row["source"], row["key"]), FileVersion(row["url"], row["sha256"], row["size"], row["fetched_at"]))
        for row in connection.execute(asked).mappings()
    ]


_OUTCOMES = (
    sa.select(
        *(fetched_files.c[name] for name in ("source", "url", "sha256", "size", "document_id")),
        *(readings.c[name] for name in ("outcome", "failure", "page_count", "page_total", "seconds", "engine")),
        untagged.c.outcome.label("tagging"),
        untagged.c.failure.label("tagging_failure"),
    )
    .select_from(fetched_files)
    .join(readings, readings.c.sha256 == fetched_files.c.sha256, isouter=True)
    .join(untagged, untagged.c.document_id == fetched_files.c.document_id, isouter=True)
    .order_by(fetched_files.c.source, fetched_files.c.url)
)


def _file_outcome(row: sa.RowMapping) -> FileOutcome:
    return FileOutcome(
        source=row["source"],
        url=row["url"],
        sha256=row["sha256"],
        size=row["size"],
        document_id=row["document_id"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reasons=tuple(Failure.from_json(each) for each in (row["failure"], row["tagging_failure"]) if each),
        pages=row["page_count"] or 0,
        page_total=row["page_total"] or 0,
        seconds=row["seconds"] or 0.0,
        engine=row["engine"] or "",
        tagging=Outcome(row["tagging"]) if row["tagging"] else None,
    )
