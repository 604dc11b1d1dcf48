"""Counts over several groups of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.change_log import newest_change
from corpus.store.runs import last_runs
from corpus.store.tables import documents, fetched_files, pages, readings, waiting
from corpus.types import Outcome


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
    """Documents to be made or made again by `pushcart process`."""
    last_sequence: int
    """Of the newest change; the index is up to date when it has applied this one."""


@dataclass(frozen=True, slots=True)
class HeldCounts:
    """What is held, as an answer to a search says it: counted without going through the pages."""

    documents: int
    pages: int
    """Pages of documents, with or without text."""
    sources: int
    """Sources that have documents."""
    last_harvest: datetime | None
    """When the harvest that began last ended; None: there was none."""
    pages_unread: int
    """Pages that the files say they have and that were not reached, and pages of scanned files."""
    files_unread: int
    """Files of which nothing could be read, so that their number of pages is unknown."""
    languages: Mapping[str, int]
    """Documents by language, most first; `und` where it cannot be told."""


def held_counts(connection: Connection) -> HeldCounts:
    """Count what is held: some tenths of a second with 100,000 documents."""
    by_lang = sa.select(documents.c.lang, sa.func.count(), sa.func.coalesce(sa.func.sum(documents.c.page_count), 0))
    counted = [(str(lang), int(count), int(pages)) for lang, count, pages in connection.execute(
        by_lang.group_by(documents.c.lang).order_by(sa.func.count().desc(), documents.c.lang)
    )]  # fmt: skip
    ends = [run.ended for run in last_runs(connection).values()]
    unread = _unread(connection)
    return HeldCounts(
        documents=sum(count for _, count, _ in counted),
        pages=sum(pages for _, _, pages in counted),
        sources=int(connection.execute(sa.select(sa.func.count(documents.c.source.distinct()))).scalar_one()),
        last_harvest=max(ends, default=None),
        pages_unread=unread[0],
        files_unread=unread[1],
        languages={lang: count for lang, count, _ in counted},
    )


def _unread(connection: Connection) -> tuple[int, int]:
    """Return how many pages could not be read, and how many files nobody knows the pages of."""
    scanned = readings.c.outcome == Outcome.SCANNED.value
    missing = sa.case((scanned, readings.c.page_total), else_=readings.c.page_total - readings.c.page_count)
    is_closed = sa.and_(readings.c.page_total == 0, readings.c.outcome != Outcome.READ.value)
    asked = sa.select(
        sa.func.coalesce(sa.func.sum(missing), 0),
        sa.func.coalesce(sa.func.sum(sa.case((is_closed, 1), else_=0)), 0),
    ).where(readings.c.sha256.in_(sa.select(fetched_files.c.sha256)))
    pages, files = connection.execute(asked).one()
    return int(pages), int(files)


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
    """The result of reading the files of one source."""

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
