"""What `pushcart process` has to do: files to read, documents to make and tag, and those with which that failed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.reasons import Failure
from corpus.store import rows
from corpus.store.pages import pages_of_files
from corpus.store.tables import documents, fetched_files, readings, untagged, waiting
from corpus.store.transactions import Group
from corpus.types import FetchedFile, Outcome, Reading

_WORTH_ANOTHER_TRY = (Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.BROKEN)
"""Outcomes of reading that other limits, or a less busy machine, may change."""


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """A document that has to be created again, with all that it is made of."""

    id: str
    copies: tuple[FetchedFile, ...]
    """First seen first; the first is the one whose bytes were read."""
    reading: Reading
    """With pages."""
    first_seen: datetime
    """When its first copy was first fetched."""


@dataclass(frozen=True, slots=True)
class TaggingFault:
    """Why a document has no tags."""

    outcome: Outcome
    """TIMED_OUT, OUT_OF_MEMORY, or BROKEN for all else."""
    reason: Failure


@dataclass(frozen=True, slots=True)
class UntaggedDocument:
    """A document that could not be tagged."""

    document_id: str
    title: str
    """Empty when not even a document without tags could be made: then nobody finds it."""
    url: str
    """Of its first copy."""
    fault: TaggingFault
    at: datetime


class Queue(Group):
    """The tables `waiting` and `untagged`; files to read are those without a reading."""

    def files_to_read(self, *, reader_version: str, limit: int = 1000) -> tuple[FetchedFile, ...]:
        """Return files that this version of the reader has not read; each SHA-256 once, first seen first."""
        first = (
            _unread(sa.func.min(fetched_files.c.id).label("id"), reader_version=reader_version)
            .group_by(fetched_files.c.sha256)
            .order_by("id")
            .limit(limit)
            .subquery()
        )
        asked = sa.select(fetched_files).join(first, first.c.id == fetched_files.c.id).order_by(fetched_files.c.id)
        with self._reads() as connection:
            return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())

    def count_files_to_read(self, *, reader_version: str) -> int:
        """Return how many files this version of the reader has not read; each SHA-256 once."""
        different = sa.func.count(sa.distinct(fetched_files.c.sha256))
        with self._reads() as connection:
            return int(connection.execute(_unread(different, reader_version=reader_version)).scalar_one())

    def ready(self, *, of_files: Collection[str] | None = None) -> tuple[str, ...]:
        """Return the ids of documents that can be made now: they wait, and their first copy was read. First seen first.

        Args:
            of_files: SHA-256 of files that have just been read: only documents with one of them. This takes as long as there are
                files; without it, the answer takes longer the more documents wait (seconds for a million).
        """
        is_asked: sa.ColumnElement[bool] = sa.true()
        if of_files is not None:
            own = sa.select(fetched_files.c.document_id).where(fetched_files.c.sha256.in_(of_files))
            is_asked = fetched_files.c.document_id.in_(own)
        first = (
            sa.select(fetched_files.c.document_id, sa.func.min(fetched_files.c.id).label("id"))
            .join(waiting, waiting.c.document_id == fetched_files.c.document_id)
            .where(is_asked)
            .group_by(fetched_files.c.document_id)
            .subquery()
        )
        asked = (
            sa.select(first.c.document_id)
            .join(fetched_files, fetched_files.c.id == first.c.id)
            .join(readings, readings.c.sha256 == fetched_files.c.sha256)
            .order_by(first.c.id)
        )
        with self._reads() as connection:
            return tuple(connection.execute(asked).scalars())

    def documents_to_tag(self, ids: Collection[str]) -> tuple[WaitingDocument, ...]:
        """Return those of these documents that still wait and whose first copy has been read, with all that they are made of."""
        first = (
            sa.select(fetched_files.c.document_id, sa.func.min(fetched_files.c.id).label("id"))
            .join(waiting, waiting.c.document_id == fetched_files.c.document_id)
            .where(fetched_files.c.document_id.in_(ids))
            .group_by(fetched_files.c.document_id)
            .subquery()
        )
        asked = (
            sa.select(first.c.document_id, fetched_files.c.first_seen, readings)
            .join(fetched_files, fetched_files.c.id == first.c.id)
            .join(readings, readings.c.sha256 == fetched_files.c.sha256)
            .order_by(first.c.id)
        )
        with self._reads() as connection:
            found = connection.execute(asked).mappings().all()
            texts = pages_of_files(connection, sorted({row["sha256"] for row in found}))
            copies = _copies(connection, [row["document_id"] for row in found])
        return tuple(
            WaitingDocument(
                id=row["document_id"],
                copies=tuple(copies[row["document_id"]]),
                reading=rows.reading_from(row, texts.get(row["sha256"], ())),
                first_seen=row["first_seen"],
            )
            for row in found
        )

    def mark_stale(self, *, tagger_version: str) -> int:
        """Let every document wait that another version of the tagger tagged; returns how many."""
        asked = sa.select(documents.c.id).where(documents.c.tagger_version != tagger_version)
        with self._writes() as connection:
            stale = connection.execute(asked).scalars().all()
            for document in stale:
                mark_waiting(connection, document)
            return len(stale) + _retag_failed(connection, tagger_version=tagger_version)

    def remove(self, document_id: str) -> None:
        """Note that a waiting document needs nothing more, though it was not saved: there is nothing to make it of."""
        with self._writes() as connection:
            stop_waiting(connection, document_id)

    def save_failure(self, document_id: str, fault: TaggingFault, *, tagger_version: str) -> None:
        """Note that no document could be made, not even without tags; it waits no longer, until `retry_failed`."""
        with self._writes() as connection:
            write_failure(connection, document_id, fault, tagger_version=tagger_version)
            stop_waiting(connection, document_id)

    def failures(self) -> tuple[UntaggedDocument, ...]:
        """Return the documents that could not be tagged, by id."""
        copy = fetched_files.alias()
        first = sa.select(sa.func.min(copy.c.id)).where(copy.c.document_id == untagged.c.document_id)
        asked = (
            sa.select(untagged, fetched_files.c.url, documents.c.title)
            .select_from(untagged)
            .join(fetched_files, fetched_files.c.id == first.correlate(untagged).scalar_subquery())
            .join(documents, documents.c.id == untagged.c.document_id, isouter=True)
            .order_by(untagged.c.document_id)
        )
        with self._reads() as connection:
            return tuple(_untagged_from(row) for row in connection.execute(asked).mappings())

    def retry_failed(self) -> int:
        """Let everything be read and tagged again that a limit or a crash ended; returns how much. May be repeated."""
        failed = readings.c.outcome.in_([each.value for each in _WORTH_ANOTHER_TRY])
        with self._writes() as connection:
            to_read = connection.execute(sa.update(readings).where(failed).values(reader_version="")).rowcount
            return to_read + _retag_failed(connection, tagger_version=None)


def _unread(asked: sa.ColumnElement[int], *, reader_version: str) -> sa.Select[int]:
    """Ask for a number of all files that this version of the reader has not read."""
    is_unread = sa.or_(readings.c.sha256.is_(None), readings.c.reader_version != reader_version)
    joined = fetched_files.join(readings, readings.c.sha256 == fetched_files.c.sha256, isouter=True)
    return sa.select(asked).select_from(joined).where(is_unread)


def mark_waiting(connection: Connection, document: str) -> None:
    """Note that a document has to be created again from its files and readings. May be repeated."""
    if not connection.execute(sa.select(waiting.c.document_id).where(waiting.c.document_id == document)).first():
        connection.execute(sa.insert(waiting).values(document_id=document))


def stop_waiting(connection: Connection, document: str) -> None:
    """Note that nothing more is to be done for a document now."""
    connection.execute(sa.delete(waiting).where(waiting.c.document_id == document))


def write_failure(connection: Connection, document: str, fault: TaggingFault, *, tagger_version: str) -> None:
    """Note that a document could not be tagged; an older note on it is replaced."""
    clear_failure(connection, document)
    values = {"document_id": document, "tagger_version": tagger_version, "at": datetime.now(UTC)}
    reasons = {"outcome": fault.outcome.value, "failure": fault.reason.to_json()}
    connection.execute(sa.insert(untagged).values(values | reasons))


def clear_failure(connection: Connection, document: str) -> None:
    """Take away the note on a document. May be repeated."""
    connection.execute(sa.delete(untagged).where(untagged.c.document_id == document))


def _copies(connection: Connection, ids: Collection[str]) -> dict[str, list[FetchedFile]]:
    """Return the copies of documents, first seen first."""
    asked = sa.select(fetched_files).where(fetched_files.c.document_id.in_(ids)).order_by(fetched_files.c.id)
    copies: dict[str, list[FetchedFile]] = {}
    for row in connection.execute(asked).mappings():
        copies.setdefault(row["document_id"], []).append(rows.fetched_from(row))
    return copies


def _untagged_from(row: sa.RowMapping) -> UntaggedDocument:
    return UntaggedDocument(
        document_id=row["document_id"],
        title=row["title"] or "",
        url=row["url"],
        fault=TaggingFault(Outcome(row["outcome"]), Failure.from_json(row["failure"] or ())),
        at=row["at"],
    )


def _retag_failed(connection: Connection, *, tagger_version: str | None) -> int:
    """Let what another version of the tagger could not tag wait again (None: all); returns how many."""
    asked = sa.select(untagged.c.document_id)
    if tagger_version is not None:
        asked = asked.where(untagged.c.tagger_version != tagger_version)
    found = connection.execute(asked).scalars().all()
    for each in found:
        mark_waiting(connection, each)
    return len(found)
