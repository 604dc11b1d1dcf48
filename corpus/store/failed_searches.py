"""Searches that found nothing, counted for the librarian: words, names of filters, how often, the last day. No more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.tables import failed_searches
from corpus.store.transactions import Group

FAILED_MAX = 5000
"""Different searches that are kept. When there are more, a tenth goes: those that were asked least, the oldest first."""


@dataclass(frozen=True, slots=True)
class FailedSearchCount:
    """A search that found nothing, and how often it was made."""

    words: str
    """In small letters without accents and signs."""
    filters: str
    """Names of the filters that were on; empty: none."""
    count: int
    """1 or more."""
    last_day: date
    """UTC."""


class FailedSearches(Group):
    """The table `failed_searches`."""

    def add(self, words: str, *, filters: str, day: date) -> None:
        """Count a search that found nothing; the rarest ones make room when there are too many.

        Args:
            words: without anything that tells who asked; at most 120 characters.
            filters: names of the filters that were on, with a space between; at most 120 characters.
            day: UTC.
        """
        same = (failed_searches.c.words == words) & (failed_searches.c.filters == filters)
        again = sa.update(failed_searches).where(same).values(count=failed_searches.c.count + 1, last_day=day)
        new = sa.insert(failed_searches).values(words=words, filters=filters, count=1, last_day=day)
        with self._writes() as connection:
            if connection.execute(again).rowcount:
                return
            held = connection.execute(sa.select(sa.func.count()).select_from(failed_searches)).scalar_one()
            if held >= FAILED_MAX:
                _make_room(connection)
            try:
                with connection.begin_nested():
                    connection.execute(new)
            except sa.exc.IntegrityError:  # another process counted the same search first
                connection.execute(again)

    def most_frequent(self, *, limit: int) -> tuple[FailedSearchCount, ...]:
        """Return the searches that found nothing, the most frequent first, then the latest."""
        table = failed_searches.c
        asked = (
            sa.select(failed_searches)
            .order_by(table.count.desc(), table.last_day.desc(), table.words, table.filters)
            .limit(limit)
        )
        with self._reads() as connection:
            return tuple(
                FailedSearchCount(row["words"], row["filters"], count=row["count"], last_day=row["last_day"])
                for row in connection.execute(asked).mappings()
            )

    def clear(self) -> int:
        """Take all counts of searches that found nothing away, and return how many searches there were."""
        with self._writes() as connection:
            return connection.execute(sa.delete(failed_searches)).rowcount


def _make_room(connection: Connection) -> None:
    table = failed_searches.c
    least = (
        sa.select(table.words, table.filters)
        .order_by(table.count, table.last_day, table.words, table.filters)
        .limit(FAILED_MAX // 10)
    )
    for words, filters in connection.execute(least).all():
        connection.execute(sa.delete(failed_searches).where((table.words == words) & (table.filters == filters)))
