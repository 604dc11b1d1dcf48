"""Sources as they were declared last, and what each has brought."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.source_health import SourceHealth
from corpus.store import rows
from corpus.store.runs import last_runs
from corpus.store.status import NOTHING_READ, readings_by_source
from corpus.store.tables import documents, fetched_files, sources
from corpus.store.transactions import Group, remembered
from corpus.types import Source


class Sources(Group):
    """The table `sources`."""

    def save(self, source: Source) -> None:
        """Keep a source as it is declared now."""
        values = rows.source_values(source)
        with self._writes() as connection:
            if connection.execute(sa.update(sources).where(sources.c.slug == source.slug).values(values)).rowcount == 0:
                connection.execute(sa.insert(sources).values(values))

    def all(self) -> tuple[Source, ...]:
        """Return all sources that were ever saved, by slug."""
        with self._reads() as connection:
            return _all(connection)

    def names(self) -> dict[str, str]:
        """Return the name of each source that was ever saved, by slug."""
        with self._reads() as connection:
            return {source.slug: source.name for source in _all(connection)}

    def health(self, *, source: str | None = None) -> tuple[SourceHealth, ...]:
        """Return every source with what it has brought, by slug; only one of them, or none, when its slug is given."""
        with self._reads() as connection:
            read, gone = readings_by_source(connection, source=source), _gone_counts(connection, source=source)
            brought, last = _brought(connection, source=source), last_runs(connection, source=source)
            known = [each for each in _all(connection) if source in (None, each.slug)]
        return tuple(
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


def _all(connection: Connection) -> tuple[Source, ...]:
    return remembered(connection, "sources", _read_all)


def _read_all(connection: Connection) -> tuple[Source, ...]:
    found = connection.execute(sa.select(sources).order_by(sources.c.slug)).mappings()
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
