"""Counts over several groups of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.change_log import newest_change
from corpus.store.tables import documents, fetched_files, pages, readings, waiting


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Counts over the whole store."""

    documents: int
    pages: int
    """Pages of documents, with or without text."""
    files: int
    """Addresses that were fetched or added; several may hold the same bytes."""
    outcomes: Mapping[str, int]
    """Files by outcome of reading; `waiting` for those not read yet. They add up to `files`."""
    waiting: int
    """Documents to be made or made anew by `pushcart process`."""
    last_sequence: int
    """Of the newest change; the index is up to date when it has applied this one."""


def status(connection: Connection) -> StoreStatus:
    """Count everything."""
    newest = newest_change(connection)
    totals: dict[str, int] = {}
    for each in readings_by_source(connection).values():
        for outcome, count in each.outcomes.items():
            totals[outcome] = totals.get(outcome, 0) + count
    return StoreStatus(
        documents=_count(connection, documents),
        pages=_count_pages(connection),
        files=_count(connection, fetched_files),
        outcomes=dict(sorted(totals.items())),
        waiting=_count(connection, waiting),
        last_sequence=newest[0] if newest else 0,
    )


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """What came of reading the files of one source."""

    outcomes: Mapping[str, int]
    pages_read: int
    page_total: int


NOTHING_READ = ReadingCounts({}, 0, 0)


def readings_by_source(connection: Connection, *, source: str | None = None) -> dict[str, ReadingCounts]:
    """Return by source how its files were read; pages of each SHA-256 count once."""
    files = (
        sa.select(fetched_files.c.source, fetched_files.c.sha256, sa.func.count().label("files"))
        .group_by(fetched_files.c.source, fetched_files.c.sha256)
        .where(fetched_files.c.source == source if source is not None else sa.true())
        .subquery()
    )
    outcome = sa.func.coalesce(readings.c.outcome, "waiting").label("outcome")
    asked = (
        sa.select(
            files.c.source,
            outcome,
            sa.func.sum(files.c.files),
            sa.func.coalesce(sa.func.sum(readings.c.page_count), 0),
            sa.func.coalesce(sa.func.sum(readings.c.page_total), 0),
        )
        .join(readings, readings.c.sha256 == files.c.sha256, isouter=True)
        .group_by(files.c.source, outcome)
        .order_by(files.c.source, outcome)
    )
    found: dict[str, ReadingCounts] = {}
    for slug, name, count, read, total in connection.execute(asked):
        before = found.get(slug, NOTHING_READ)
        found[slug] = ReadingCounts(
            {**before.outcomes, name: int(count)}, before.pages_read + int(read), before.page_total + int(total)
        )
    return found


def _count_pages(connection: Connection) -> int:
    asked = sa.select(sa.func.count()).select_from(pages).join(documents, documents.c.sha256 == pages.c.sha256)
    return int(connection.execute(asked).scalar_one())
