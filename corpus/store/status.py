"""What the store can say about itself: counts, outcomes of reading, and what each source has brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.reasons import Failure
from corpus.source_health import SourceHealth
from corpus.store.harvested import all_sources, runs_of
from corpus.store.published import counted_pages, last_sequence
from corpus.store.tables import documents, fetched_files, readings, untagged, waiting
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
    """Documents to be made or made anew by `pushcart process`."""
    last_sequence: int
    """Of the newest change; the index is up to date when it has applied this one."""


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


@dataclass(frozen=True, slots=True)
class ReadPages:
    """How much of a document was read."""

    document_id: str
    read: int
    """Pages with a row, with or without text."""
    total: int
    """Pages that its file says it has; at least `read`."""


def status(connection: Connection) -> StoreStatus:
    """Count everything."""
    totals: dict[str, int] = {}
    for each in _readings_by_source(connection).values():
        for outcome, count in each.outcomes.items():
            totals[outcome] = totals.get(outcome, 0) + count
    return StoreStatus(
        documents=_count(connection, documents),
        pages=counted_pages(connection),
        files=_count(connection, fetched_files),
        outcomes=dict(sorted(totals.items())),
        waiting=_count(connection, waiting),
        last_sequence=last_sequence(connection),
    )


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@dataclass(frozen=True, slots=True)
class _Readings:
    """What came of reading the files of one source."""

    outcomes: Mapping[str, int]
    pages_read: int
    page_total: int


_NOTHING_READ = _Readings({}, 0, 0)


def _readings_by_source(connection: Connection, *, source: str | None = None) -> dict[str, _Readings]:
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
    found: dict[str, _Readings] = {}
    for slug, name, count, read, total in connection.execute(asked):
        before = found.get(slug, _NOTHING_READ)
        found[slug] = _Readings(
            {**before.outcomes, name: int(count)}, before.pages_read + int(read), before.page_total + int(total)
        )
    return found


def file_outcomes(
    connection: Connection, *, outcome: str | None, source: str | None, limit: int | None, only_unreadable: bool = False
) -> tuple[FileOutcome, ...]:
    """List files with how their reading ended, by source and address."""
    asked = (
        sa.select(fetched_files, readings, untagged)
        .join(readings, readings.c.sha256 == fetched_files.c.sha256, isouter=True)
        .join(untagged, untagged.c.document_id == fetched_files.c.document_id, isouter=True)
        .order_by(fetched_files.c.source, fetched_files.c.url)
        .limit(limit)
        .with_only_columns(
            *(fetched_files.c[name] for name in ("source", "url", "sha256", "size", "document_id")),
            *(readings.c[name] for name in ("outcome", "failure", "page_count", "page_total", "seconds", "engine")),
            untagged.c.outcome.label("tagging"),
            untagged.c.failure.label("tagging_failure"),
        )
    )
    if outcome is not None:
        asked = asked.where(readings.c.outcome.is_(None) if outcome == "waiting" else readings.c.outcome == outcome)
    if only_unreadable:
        asked = asked.where((readings.c.outcome != Outcome.READ.value) | untagged.c.outcome.is_not(None))
    if source is not None:
        asked = asked.where(fetched_files.c.source == source)
    return tuple(_file_outcome(row) for row in connection.execute(asked).mappings())


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


def source_health(connection: Connection, *, source: str | None = None) -> tuple[SourceHealth, ...]:
    """Return every source with what it has brought, by slug; only one of them when its slug is given."""
    read, gone = _readings_by_source(connection, source=source), _gone_counts(connection)
    asked = sa.select(documents.c.source, sa.func.count(), sa.func.max(documents.c.first_seen)).group_by(
        documents.c.source
    )
    brought = {slug: (count, newest) for slug, count, newest in connection.execute(asked)}
    health = []
    for each in all_sources(connection):
        if source not in (None, each.slug):
            continue
        of_files = read.get(each.slug, _NOTHING_READ)
        last = runs_of(connection, each.slug, limit=1)
        count, newest = brought.get(each.slug, (0, None))
        health.append(
            SourceHealth(
                source=each,
                documents=count,
                files=sum(of_files.outcomes.values()),
                outcomes=of_files.outcomes,
                newest=newest,
                last_run=last[0] if last else None,
                gone=gone.get(each.slug, 0),
                pages_read=of_files.pages_read,
                page_total=of_files.page_total,
            )
        )
    return tuple(health)


def _gone_counts(connection: Connection) -> dict[str, int]:
    """Return by source how many files are flagged as gone."""
    flagged = sa.select(fetched_files.c.source, sa.func.count()).where(fetched_files.c.gone_at.is_not(None))
    return {row[0]: row[1] for row in connection.execute(flagged.group_by(fetched_files.c.source))}


def read_pages(connection: Connection, source: str) -> tuple[ReadPages, ...]:
    """Return of each document of a source how many pages were read of how many, by id."""
    asked = (
        sa.select(documents.c.id, documents.c.page_count, sa.func.coalesce(readings.c.page_total, 0))
        .join(readings, readings.c.sha256 == documents.c.sha256, isouter=True)
        .where(documents.c.source == source)
        .order_by(documents.c.id)
    )
    return tuple(ReadPages(document, read, max(read, total)) for document, read, total in connection.execute(asked))
