"""What monitoring asks of the records: read-only counts that do not go through pages or texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.runs import RunState
from corpus.store.runs import last_runs
from corpus.store.status import readings_by_source
from corpus.store.tables import changes, documents, runs, unindexed, untagged, waiting
from corpus.store.transactions import Group
from corpus.types import Outcome

RECORD_OUTCOMES = ("new", "changed", "unchanged", "gone", "refused", "failed", "skipped")
"""What becomes of what a harvest offers, as the counts of a run report are called."""


@dataclass(frozen=True, slots=True)
class HarvestTotals:
    """All harvests of one source whose reports are kept."""

    runs: Mapping[RunState, int]
    """Every state."""
    records: Mapping[str, int]
    """Sums over the runs, by RECORD_OUTCOMES."""
    last_ended: datetime
    """When the run that began last ended."""
    last_state: RunState


@dataclass(frozen=True, slots=True)
class CollectionCounts:
    """How much is held, and how much waits."""

    documents: int
    pages: int
    outcomes: Mapping[str, int]
    """Files by outcome of reading, every outcome; `waiting`: not read yet."""
    waiting: int
    """Documents to be made, or made again."""
    untagged: int
    """Documents that could not be tagged."""
    unindexed: int
    """Documents that the search index refused, at any version of theirs."""


@dataclass(frozen=True, slots=True)
class IndexDelay:
    """What the index does not show yet."""

    documents: int
    """With a change that it does not show, removed ones too."""
    oldest: datetime | None
    """When the earliest of these changes was made; None: it shows all of them."""


class Watching(Group):
    """Counts for monitoring; changes nothing."""

    def harvests(self) -> dict[str, HarvestTotals]:
        """Return the totals of each source that was ever harvested, by slug."""
        with self._reads() as connection:
            counted = _runs_by_state(connection)
            newest = last_runs(connection)
        found: dict[str, HarvestTotals] = {}
        for slug, last in newest.items():
            of_source = {state: row for (source, state), row in counted.items() if source == slug}
            found[slug] = HarvestTotals(
                {state: of_source.get(state.value, {}).get("runs", 0) for state in RunState},
                {name: sum(row[name] for row in of_source.values()) for name in RECORD_OUTCOMES},
                last_ended=last.ended,
                last_state=last.state,
            )
        return found

    def collection(self) -> CollectionCounts:
        """Count documents, files and what waits: some tenths of a second with 100,000 documents."""
        outcomes = {each.value: 0 for each in Outcome} | {"waiting": 0}
        held = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(documents.c.page_count), 0))
        with self._reads() as connection:
            for counts in readings_by_source(connection).values():
                for outcome, count in counts.outcomes.items():
                    outcomes[outcome] += count
            total, pages = connection.execute(held.select_from(documents)).one()
            return CollectionCounts(
                documents=int(total),
                pages=int(pages),
                outcomes=outcomes,
                waiting=_rows(connection, waiting),
                untagged=_rows(connection, untagged),
                unindexed=_rows(connection, unindexed),
            )

    def behind(self, sequence: int) -> IndexDelay:
        """Return what an index does not show that has applied the changes up to `sequence`."""
        first = sa.func.min(changes.c.at, type_=changes.c.at.type)
        asked = sa.select(sa.func.count(changes.c.document_id.distinct()), first).where(changes.c.sequence > sequence)
        with self._reads() as connection:
            count, oldest = connection.execute(asked).one()
            return IndexDelay(int(count), oldest)

    def newest_moment(self) -> datetime | None:
        """Return the latest moment that the records know, of a change or of the end of a harvest; None: there is none."""
        with self._reads() as connection:
            moments = [run.ended for run in last_runs(connection).values()]
            asked = sa.select(changes.c.at).order_by(changes.c.sequence.desc()).limit(1)
            moments.extend(connection.execute(asked).scalars())
            return max(moments, default=None)

    def database_clock(self) -> datetime | None:
        """Return what the clock of a database server says; None: the database is on this machine's clock."""
        with self._reads() as connection:
            if connection.dialect.name == "sqlite":
                return None
            moment: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
            return moment


def _runs_by_state(connection: Connection) -> dict[tuple[str, str], dict[str, int]]:
    """Return the counts of runs by source and state. The database takes them out of the reports, which may be long."""
    report = sa.type_coerce(runs.c.report, sa.JSON)
    counts = [sa.func.coalesce(report[name].as_integer(), 0).label(name) for name in RECORD_OUTCOMES]
    each = sa.select(runs.c.source, report["state"].as_string().label("state"), *counts).subquery()
    sums = [sa.func.sum(each.c[name]).label(name) for name in RECORD_OUTCOMES]
    asked = sa.select(each.c.source, each.c.state, sa.func.count().label("runs"), *sums)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in connection.execute(asked.group_by(each.c.source, each.c.state)).mappings():
        found[row["source"], row["state"]] = {name: int(row[name]) for name in ("runs", *RECORD_OUTCOMES)}
    return found


def _rows(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
