"""Removing documents, and all that a source brought: on a connection."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.change_log import log_change
from corpus.store.correcting import forget_uncorrected
from corpus.store.queue import clear_failure, mark_waiting, stop_waiting
from corpus.store.relating import forget
from corpus.store.tables import (
    documents,
    fetched_files,
    file_versions,
    fingerprints,
    pages,
    readings,
    runs,
    sources,
    tags,
)
from corpus.types import ChangeKind


@dataclass(frozen=True, slots=True)
class RemovedFiles:
    """What a step of removing a source took out of the records."""

    documents: int
    """Documents that are gone."""
    shared: int
    """Documents that stay: another source has them too. They wait to be created again from its files."""
    files: int
    """Addresses."""
    digests: frozenset[str]
    """SHA-256 of bytes that no record names any more; they are still in the file store."""


def remove_document(connection: Connection, document_id: str) -> int | None:
    """Take a document and the addresses of its files out of the records; bytes, readings and corrections stay.

    Returns the sequence number of the change; None: there is no such document, and only its files were taken out.
    """
    is_known = connection.execute(sa.delete(documents).where(documents.c.id == document_id)).rowcount > 0
    for table in (tags, fetched_files):
        connection.execute(sa.delete(table).where(table.c.document_id == document_id))
    clear_failure(connection, document_id)
    stop_waiting(connection, document_id)
    if not is_known:
        return None
    forget_uncorrected(connection, document_id)
    forget(connection, document_id)
    return log_change(connection, document_id, kind=ChangeKind.REMOVED)


def remove_files(connection: Connection, source: str, *, limit: int) -> RemovedFiles | None:
    """Take the next documents of a source out, with their files and what was read of them; None: nothing is left.

    Args:
        limit: documents at most.
    """
    ids = _next_documents(connection, source, limit=limit)
    if not ids:
        return None
    own = fetched_files.c.source == source
    of_these = fetched_files.c.document_id.in_(ids)
    others = sa.select(fetched_files.c.document_id).where(of_these, fetched_files.c.source != source)
    shared = frozenset(connection.execute(others).scalars())
    digests = _drop_addresses(connection, source, ids)
    files = connection.execute(sa.delete(fetched_files).where(own, of_these)).rowcount
    removed = 0
    for each in ids:
        if each in shared:
            mark_waiting(connection, each)
        elif remove_document(connection, each) is not None:
            removed += 1
    return RemovedFiles(removed, len(shared), files, _drop_readings(connection, digests))


def conclude_removal(connection: Connection, source: str, *, at: datetime) -> frozenset[str]:
    """Forget the runs of a source, and note that it was removed; returns digests as RemovedFiles has them."""
    left = set(connection.execute(sa.select(file_versions.c.sha256).where(file_versions.c.source == source)).scalars())
    connection.execute(sa.delete(file_versions).where(file_versions.c.source == source))
    connection.execute(sa.delete(runs).where(runs.c.source == source))
    connection.execute(sa.update(sources).where(sources.c.slug == source).values(removed_at=at))
    return _drop_readings(connection, left)


def _next_documents(connection: Connection, source: str, *, limit: int) -> Sequence[str]:
    with_files = sa.select(fetched_files.c.document_id).where(fetched_files.c.source == source).distinct().limit(limit)
    if ids := connection.execute(with_files).scalars().all():
        return ids
    has_files = sa.select(fetched_files.c.id).where(fetched_files.c.document_id == documents.c.id).exists()
    without = sa.select(documents.c.id).where(documents.c.source == source, ~has_files).limit(limit)
    return connection.execute(without).scalars().all()


def _drop_addresses(connection: Connection, source: str, ids: Sequence[str]) -> set[str]:
    """Delete the versions that the addresses of documents held in a source; returns the SHA-256 of all of them."""
    here = sa.and_(fetched_files.c.source == source, fetched_files.c.document_id.in_(ids))
    keys = sa.select(fetched_files.c.key).where(here)
    versions = sa.and_(file_versions.c.source == source, file_versions.c.key.in_(keys))
    digests = set(connection.execute(sa.select(fetched_files.c.sha256).where(here)).scalars())
    digests |= set(connection.execute(sa.select(file_versions.c.sha256).where(versions)).scalars())
    connection.execute(sa.delete(file_versions).where(versions))
    return digests


def _drop_readings(connection: Connection, digests: Collection[str]) -> frozenset[str]:
    """Delete what was read of bytes that no address holds or held any more; returns their SHA-256."""
    named: set[str] = set()
    for table in (fetched_files, file_versions):
        named |= set(connection.execute(sa.select(table.c.sha256).where(table.c.sha256.in_(digests))).scalars())
    orphans = frozenset(digests) - named
    for table in (pages, readings, fingerprints):
        connection.execute(sa.delete(table).where(table.c.sha256.in_(orphans)))
    return orphans
