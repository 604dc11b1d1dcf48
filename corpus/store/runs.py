"""Reports of harvests."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.runs import HarvestRun
from corpus.store import rows
from corpus.store.tables import runs
from corpus.store.transactions import Group


class Runs(Group):
    """The table `runs`."""

    def save(self, run: HarvestRun) -> None:
        """Keep a run report; the same source and start replace the report before."""
        values = rows.run_values(run)
        same = sa.and_(runs.c.source == run.source, runs.c.started == run.started)
        with self._writes() as connection:
            if connection.execute(sa.update(runs).where(same).values(values)).rowcount == 0:
                connection.execute(sa.insert(runs).values(values))

    def newest(self, source: str, *, limit: int = 20, before: datetime | None = None) -> tuple[HarvestRun, ...]:
        """Return the run reports of a source, newest first; with `before`, those that started earlier than that."""
        asked = sa.select(runs).where(runs.c.source == source).order_by(runs.c.started.desc()).limit(limit)
        if before is not None:
            asked = asked.where(runs.c.started < before)
        with self._reads() as connection:
            return tuple(rows.run_from(row) for row in connection.execute(asked).mappings())

    def get(self, source: str, *, started: datetime) -> HarvestRun | None:
        """Return the run of a source that started at a moment; None when there is none."""
        asked = sa.select(runs).where(runs.c.source == source, runs.c.started == started)
        with self._reads() as connection:
            row = connection.execute(asked).mappings().first()
            return rows.run_from(row) if row else None

    def after(self, source: str, *, started: datetime) -> HarvestRun | None:
        """Return the next run of a source after the one that started at a moment; None when that is the newest."""
        later = sa.select(runs).where(runs.c.source == source, runs.c.started > started)
        with self._reads() as connection:
            row = connection.execute(later.order_by(runs.c.started).limit(1)).mappings().first()
            return rows.run_from(row) if row else None

    def count(self, source: str) -> int:
        """Return how many run reports of a source there are."""
        asked = sa.select(sa.func.count()).select_from(runs).where(runs.c.source == source)
        with self._reads() as connection:
            return int(connection.execute(asked).scalar_one())


def last_runs(connection: Connection, *, source: str | None = None) -> dict[str, HarvestRun]:
    """Return the newest run of each source, by slug; of one source only when its slug is given."""
    newest = sa.select(runs.c.source, sa.func.max(runs.c.started).label("started")).group_by(runs.c.source)
    if source is not None:
        newest = newest.where(runs.c.source == source)
    last = newest.subquery()
    asked = sa.select(runs).join(last, sa.and_(last.c.source == runs.c.source, last.c.started == runs.c.started))
    return {row["source"]: rows.run_from(row) for row in connection.execute(asked).mappings()}
