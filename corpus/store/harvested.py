"""Fetched files in the database: what each address of a source holds, held before, and which document it belongs to.

A document keeps its id for ever. It is born at the first sight of an address, unless the same bytes are already there under
another one: then the address is a copy of that document. When the bytes at an address change, the document stays and gets
a new version. See docs/decisions for why neither the address nor the bytes alone can be the identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.reasons import Failure
from corpus.runs import HarvestRun
from corpus.store import rows
from corpus.store.former_keys import former_key
from corpus.store.tables import fetched_files, file_versions, readings, runs, sources, waiting
from corpus.types import LOCAL_SOURCE, Copy, FetchedFile, FileVersion, Source
from corpus.urls import canonical_url, document_id


class FetchedState(StrEnum):
    """What a sighting of a file brought."""

    NEW = "new"
    """The address was never seen in this source."""
    CHANGED = "changed"
    """The address holds other bytes than before."""
    UNCHANGED = "unchanged"
    """The same bytes; what the landing page says of them may be new."""


def save_source(connection: Connection, source: Source) -> None:
    """Keep a source as it is declared now."""
    values = rows.source_values(source)
    if connection.execute(sa.update(sources).where(sources.c.slug == source.slug).values(values)).rowcount == 0:
        connection.execute(sa.insert(sources).values(values))


def all_sources(connection: Connection) -> tuple[Source, ...]:
    """Return all sources, by slug."""
    found = connection.execute(sa.select(sources).order_by(sources.c.slug)).mappings()
    return tuple(rows.source_from(row) for row in found)


def source_names(connection: Connection) -> dict[str, str]:
    """Return the names of all sources, by slug."""
    return {row.slug: row.name for row in connection.execute(sa.select(sources.c.slug, sources.c.name))}


def known_file(connection: Connection, source: str, url: str) -> FetchedFile | None:
    """Return what an address holds, as it was last fetched."""
    row = _row_at(connection, source, url)
    return rows.fetched_from(row) if row else None


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
    """Return the row of a link that was seen at its publisher. One from before migration 0009 is given to that link for good."""
    row = _row_at(connection, source, url)
    return _given_to(connection, url, row=row) if row is not None and row["former_key"] else row


def _given_to(connection: Connection, url: str, *, row: sa.RowMapping) -> sa.RowMapping | None:
    _set_key(connection, row, key=canonical_url(url))
    here = fetched_files.c.id == row["id"]
    connection.execute(sa.update(fetched_files).where(here).values(url=url, former_key=""))
    if url != row["url"]:
        mark_waiting(connection, row["document_id"])  # it shows the link
    return _row_at(connection, row["source"], url)


def _set_key(connection: Connection, row: sa.RowMapping, *, key: str) -> None:
    connection.execute(sa.update(fetched_files).where(fetched_files.c.id == row["id"]).values(key=key))
    its = sa.and_(file_versions.c.source == row["source"], file_versions.c.key == row["key"])
    connection.execute(sa.update(file_versions).where(its).values(key=key))


def save_fetched(connection: Connection, fetched: FetchedFile, *, is_heir: bool = True) -> FetchedState:
    """Record a sighting with its bytes; says what it brought. May be repeated.

    Args:
        is_heir: whether it may be the changed version of a file from before migration 0009 that shared its key of then. The
            same bytes are that file in any case.
    """
    values = rows.fetched_values(fetched) | {"last_seen": fetched.fetched_at} | _THERE
    row = _row_at(connection, fetched.source, fetched.url)
    if row is not None and row["former_key"]:
        if is_heir or row["sha256"] == fetched.sha256:
            row = _given_to(connection, fetched.url, row=row)
        else:
            _set_key(connection, row, key=f"before 0009: {row['former_key']}")  # the key may be that of this link
            row = None
    if row is None:
        document = _document_of_bytes(connection, fetched.sha256) or _new_document_id(connection, fetched)
        values |= {"document_id": document, "first_seen": fetched.fetched_at}
        connection.execute(sa.insert(fetched_files).values(values))
        _add_version(connection, fetched)
        mark_waiting(connection, document)
        return FetchedState.NEW
    if row["sha256"] == fetched.sha256:
        del values["fetched_at"], values["url"]  # the bytes are those that were fetched then, from the link of then
        _update(connection, row, values=values)
        return FetchedState.UNCHANGED
    _add_version(connection, fetched)
    _update(connection, row, values=values)
    return FetchedState.CHANGED


def _update(connection: Connection, row: sa.RowMapping, *, values: Mapping[str, Any]) -> None:
    connection.execute(sa.update(fetched_files).where(fetched_files.c.id == row["id"]).values(values))
    if any(values.get(name, row[name]) != row[name] for name in _MAKES_A_DOCUMENT):
        mark_waiting(connection, row["document_id"])


_MAKES_A_DOCUMENT = ("sha256", "evidence", "url", "landing_url", "content_type")
"""What a document is made of, beside its reading."""


def _new_document_id(connection: Connection, fetched: FetchedFile) -> str:
    # A person's own files are named by their bytes: moving a folder must not make every document a new one.
    key = fetched.sha256 if fetched.source == LOCAL_SOURCE else canonical_url(fetched.url)
    made = document_id(fetched.source, key)
    # Before migration 0009 another file may have had this key, and its document has the id for ever.
    taken = sa.select(fetched_files.c.id).where(fetched_files.c.document_id == made).limit(1)
    return made if connection.execute(taken).first() is None else document_id(fetched.source, f"{key}\n2")


def _document_of_bytes(connection: Connection, sha256: str) -> str | None:
    asked = sa.select(fetched_files.c.document_id).where(fetched_files.c.sha256 == sha256).order_by(fetched_files.c.id)
    return connection.execute(asked.limit(1)).scalar()


def _add_version(connection: Connection, fetched: FetchedFile) -> None:
    names = ("source", "url", "sha256", "size", "fetched_at")
    values = {name: getattr(fetched, name) for name in names} | {"key": canonical_url(fetched.url)}
    connection.execute(sa.insert(file_versions).values(values))


def mark_waiting(connection: Connection, document: str) -> None:
    """Note that a document has to be made anew from its files and readings. May be repeated."""
    if not connection.execute(sa.select(waiting.c.document_id).where(waiting.c.document_id == document)).first():
        connection.execute(sa.insert(waiting).values(document_id=document))


def touch_fetched(connection: Connection, source: str, url: str, *, at: datetime) -> None:
    """Record that an address still holds what it held."""
    row = _sighted(connection, source, url)
    if row is not None:
        here = fetched_files.c.id == row["id"]
        connection.execute(sa.update(fetched_files).where(here).values(last_seen=at, **_THERE))


def touch_listed(connection: Connection, source: str, url: str, *, at: datetime) -> None:
    """Record that a publisher still lists an address, whatever it holds."""
    row = _row_at(connection, source, url)
    if row is not None:
        connection.execute(sa.update(fetched_files).where(fetched_files.c.id == row["id"]).values(last_seen=at))


_THERE: dict[str, Any] = {"gone_at": None, "gone_failure": None}


def files_described_at(connection: Connection, source: str, url: str) -> tuple[FetchedFile, ...]:
    """Return the files that a landing page leads to, or that are themselves at its address, and are not gone."""
    key = canonical_url(url)
    here = sa.or_(fetched_files.c.landing_key == key, fetched_files.c.key == key, _was_at(url))
    return _files(connection, source, here, fetched_files.c.gone_at.is_(None))


def files_of_record(connection: Connection, source: str, record: str) -> tuple[FetchedFile, ...]:
    """Return the files that a publisher's record names."""
    return _files(connection, source, fetched_files.c.record == record) if record else ()


def _files(connection: Connection, source: str, *conditions: sa.ColumnElement[bool]) -> tuple[FetchedFile, ...]:
    asked = sa.select(fetched_files).where(fetched_files.c.source == source, *conditions).order_by(fetched_files.c.id)
    return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())


def mark_gone(connection: Connection, source: str, url: str, *, at: datetime, reason: Failure) -> bool:
    """Flag a file as gone, unless it is already; say whether it is news. Nothing is deleted."""
    row = _row_at(connection, source, url)
    if row is None or row["gone_at"] is not None:
        return False
    here = fetched_files.c.id == row["id"]
    connection.execute(sa.update(fetched_files).where(here).values(gone_at=at, gone_failure=reason.to_json()))
    return True


def mark_unseen(connection: Connection, source: str, *, since: datetime, at: datetime, reason: Failure) -> int:
    """Flag as gone what no sighting since a moment confirmed; return how many files that are."""
    unseen = sa.and_(
        fetched_files.c.source == source, fetched_files.c.last_seen < since, fetched_files.c.gone_at.is_(None)
    )
    return connection.execute(
        sa.update(fetched_files).where(unseen).values(gone_at=at, gone_failure=reason.to_json())
    ).rowcount


def held(connection: Connection, source: str) -> int:
    """Return how many files of a source are there, as far as we know."""
    asked = sa.select(sa.func.count()).where(fetched_files.c.source == source, fetched_files.c.gone_at.is_(None))
    return int(connection.execute(asked).scalar_one())


def versions_of(connection: Connection, document: str) -> tuple[FileVersion, ...]:
    """Return every version that the addresses of a document ever held, oldest first."""
    asked = (
        sa.select(*(file_versions.c[name] for name in ("url", "sha256", "size", "fetched_at")))
        .join(
            fetched_files,
            sa.and_(fetched_files.c.source == file_versions.c.source, fetched_files.c.key == file_versions.c.key),
        )
        .where(fetched_files.c.document_id == document)
        .order_by(file_versions.c.id)
    )
    return tuple(FileVersion(**row) for row in connection.execute(asked).mappings())


def fetched_of(connection: Connection, document: str) -> tuple[FetchedFile, ...]:
    """Return every copy of a document, first seen first."""
    asked = sa.select(fetched_files).where(fetched_files.c.document_id == document).order_by(fetched_files.c.id)
    return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())


def copies_of(connection: Connection, document: str) -> tuple[Copy, ...]:
    """Return every place of a document with its history, first seen first."""
    versions: dict[tuple[str, str], list[FileVersion]] = {}
    held = (
        sa.select(file_versions)
        .join(
            fetched_files,
            sa.and_(fetched_files.c.source == file_versions.c.source, fetched_files.c.key == file_versions.c.key),
        )
        .where(fetched_files.c.document_id == document)
        .order_by(file_versions.c.id)
    )
    for row in connection.execute(held).mappings():
        version = FileVersion(row["url"], row["sha256"], row["size"], row["fetched_at"])
        versions.setdefault((row["source"], row["key"]), []).append(version)
    asked = sa.select(fetched_files).where(fetched_files.c.document_id == document).order_by(fetched_files.c.id)
    return tuple(
        Copy(
            fetched=rows.fetched_from(row),
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            versions=tuple(versions.get((row["source"], row["key"]), ())),
        )
        for row in connection.execute(asked).mappings()
    )


def gone_files(connection: Connection, source: str, *, limit: int) -> tuple[FetchedFile, ...]:
    """Return files that the publisher no longer has, gone last first."""
    asked = (
        sa.select(fetched_files)
        .where(fetched_files.c.source == source, fetched_files.c.gone_at.is_not(None))
        .order_by(fetched_files.c.gone_at.desc(), fetched_files.c.id)
        .limit(limit)
    )
    return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())


def files_to_read(connection: Connection, *, reader_version: str, limit: int) -> tuple[FetchedFile, ...]:
    """Return files whose bytes were never read, or by another version of the reader; each SHA-256 once, first seen first."""
    unread = sa.or_(readings.c.sha256.is_(None), readings.c.reader_version != reader_version)
    first = (
        sa.select(sa.func.min(fetched_files.c.id).label("id"))
        .join(readings, readings.c.sha256 == fetched_files.c.sha256, isouter=True)
        .where(unread)
        .group_by(fetched_files.c.sha256)
        .order_by("id")
        .limit(limit)
        .subquery()
    )
    asked = sa.select(fetched_files).join(first, first.c.id == fetched_files.c.id).order_by(fetched_files.c.id)
    return tuple(rows.fetched_from(row) for row in connection.execute(asked).mappings())


def save_run(connection: Connection, run: HarvestRun) -> None:
    """Keep a run report; saving a run of the same source and start again replaces it."""
    values = rows.run_values(run)
    same = sa.and_(runs.c.source == run.source, runs.c.started == run.started)
    if connection.execute(sa.update(runs).where(same).values(values)).rowcount == 0:
        connection.execute(sa.insert(runs).values(values))


def runs_of(
    connection: Connection, source: str, *, limit: int, before: datetime | None = None
) -> tuple[HarvestRun, ...]:
    """Return the run reports of a source, newest first; only those that started before a moment, when one is given."""
    asked = sa.select(runs).where(runs.c.source == source).order_by(runs.c.started.desc()).limit(limit)
    if before is not None:
        asked = asked.where(runs.c.started < before)
    return tuple(rows.run_from(row) for row in connection.execute(asked).mappings())


def run_of(connection: Connection, source: str, *, started: datetime) -> HarvestRun | None:
    """Return one run report; None when there is none."""
    asked = sa.select(runs).where(runs.c.source == source, runs.c.started == started)
    row = connection.execute(asked).mappings().first()
    return rows.run_from(row) if row else None


def run_after(connection: Connection, source: str, *, started: datetime) -> HarvestRun | None:
    """Return the next run of a source after the one that started at a moment; None when that is the newest."""
    asked = sa.select(runs).where(runs.c.source == source, runs.c.started > started).order_by(runs.c.started).limit(1)
    row = connection.execute(asked).mappings().first()
    return rows.run_from(row) if row else None


def counted_runs(connection: Connection, source: str) -> int:
    """Return how many run reports of a source there are."""
    asked = sa.select(sa.func.count()).select_from(runs).where(runs.c.source == source)
    return int(connection.execute(asked).scalar_one())
