"""Sources as they were declared last, and what each has brought."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.source_health import SourceHealth
from corpus.store import rows
from corpus.store.change_log import wait_for_changes
from corpus.store.removing import RemovedFiles, conclude_removal, remove_files
from corpus.store.runs import last_runs
from corpus.store.status import NOTHING_READ, readings_by_source
from corpus.store.tables import BATCH, documents, fetched_files, sources
from corpus.store.transactions import Group, remembered
from corpus.types import Source


class Sources(Group):
    """The table `sources`."""

    def save(self, source: Source) -> None:
        """Keep a source as it is declared now. One that was removed is back."""
        values = rows.source_values(source) | {"removed_at": None}
        with self._writes() as connection:
            wait_for_changes(connection)
            if connection.execute(sa.update(sources).where(sources.c.slug == source.slug).values(values)).rowcount == 0:
                connection.execute(sa.insert(sources).values(values))

    def all(self) -> tuple[Source, ...]:
        """Return all sources that were ever saved and are not removed, by slug."""
        with self._reads() as connection:
            return _all(connection)

    def names(self) -> dict[str, str]:
        """Return the name of each source of `all`, by slug."""
        with self._reads() as connection:
            return {source.slug: source.name for source in _all(connection)}

    def removed(self) -> frozenset[str]:
        """Return the slugs of sources that were removed and not harvested again."""
        with self._reads() as connection:
            return frozenset(connection.execute(sa.select(sources.c.slug).where(_IS_REMOVED)).scalars())

    def remove_files(self, source: str, *, limit: int = BATCH) -> RemovedFiles | None:
        """Take the next documents of a source out of the records, with their files and pages; None: nothing is left.

        A document that another source has too stays, and waits to be created again. What people corrected and decided stays, for
        when documents come back. To be repeated until None, and then `conclude_removal`.
        """
        with self._writes() as connection:
            return remove_files(connection, source, limit=limit)

    def conclude_removal(self, source: str, *, at: datetime) -> frozenset[str]:
        """Forget the runs of a source without files, and note that it was removed: no schedule brings it back.

        Returns SHA-256 of bytes that no record names any more.
        """
        with self._writes() as connection:
            return conclude_removal(connection, source, at=at)

    def health(self, *, source: str | None = None) -> tuple[SourceHealth, ...]:
        """Return every source with what it has brought, by slug; only one of them, or none, when its slug is given."""
        with self._reads() as connection:
            read, gone = readings_by_source(connection, source=source), _gone_counts(connection, source=source)
            brought, last = _brought(connection, source=source), last_runs(connection, source=source)
            known = [each for each in _all(connection) if source in (None, each.slug)]
            removed = [each for each in _removed(connection) if source in (None, each.slug)]
        gone_sources = [SourceHealth(source=each, documents=0, files=0, is_removed=True) for each in removed]
        found = (
            SourceHealth(
                source=each,
                documents=brought.get(each.slug, (0, None))[0],
                files=sum(read.get(each.slug, NOTHING_READ).outcomes.values()),
                outcomes=read.get(each.slug, NOTHING_READ).outcomes,
                newest=brought.get(each.slug, (0, None))[1],
                last_run=last.get(each.slug),
                gone=gone.get(each.slug, 0),
                pages_read=read.get(each.slug, NOTHING_READ).pages_read,
                page_total=read.get(each.slug, NOTHING_READ).page_total,
            )
            for each in known
        )
        return tuple(sorted((*found, *gone_sources), key=lambda each: each.source.slug))


_IS_REMOVED = sources.c.removed_at.is_not(None)


def _all(connection: Connection) -> tuple[Source, ...]:
    return remembered(connection, "sources", _read_all)


def _read_all(connection: Connection) -> tuple[Source, ...]:
    found = connection.execute(sa.select(sources).where(~_IS_REMOVED).order_by(sources.c.slug)).mappings()
    return tuple(rows.source_from(row) for row in found)


def _removed(connection: Connection) -> tuple[Source, ...]:
    return remembered(connection, "removed sources", _read_removed)


def _read_removed(connection: Connection) -> tuple[Source, ...]:
    found = connection.execute(sa.select(sources).where(_IS_REMOVED)).mappings()
    return tuple(rows.source_from(row) for row in found)


def _brought(connection: Connection, *, source: str | None) -> dict[str, tuple[int, datetime]]:
    """Return by source how many documents it has, and when the newest of them was first seen."""
    counted = sa.select(documents.c.source, sa.func.count(), sa.func.max(documents.c.first_seen))
    if source is not None:
        counted = counted.where(documents.c.source == source)
    found = connection.execute(counted.group_by(documents.c.source))
    return {slug: (count, newest) for slug, count, newest in found}


def _gone_counts(connection: Connection, *, source: str | None) -> dict[str, int]:
    """Return by source how many files are flagged as gone."""
    flagged = sa.select(fetched_files.c.source, sa.func.count()).where(fetched_files.c.gone_at.is_not(None))
    if source is not None:
        flagged = flagged.where(fetched_files.c.source == source)
    return {row[0]: row[1] for row in connection.execute(flagged.group_by(fetched_files.c.source))}
