"""Documents that the search index would not take: kept until the index takes them, or they change or go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from corpus.store.tables import BATCH, changes, documents, unindexed
from corpus.store.transactions import Group


@dataclass(frozen=True, slots=True)
class UnindexedDocument:
    """A document that is in the records and cannot be found as it is now, because the index refused it."""

    document_id: str
    title: str
    sequence: int
    """Of the change at which it was refused, which is its newest."""
    reason: str
    """In the engine's words."""
    at: datetime


class Unindexed(Group):
    """The table `unindexed`."""

    def save(self, document_id: str, *, sequence: int, reason: str) -> None:
        """Note that the search index refused a document at a change; an older note on it is replaced."""
        values = {
            "document_id": document_id,
            "sequence": sequence,
            "reason": reason,
            "at": datetime.now(UTC).replace(microsecond=0),
        }
        with self._writes() as connection:
            connection.execute(sa.delete(unindexed).where(unindexed.c.document_id == document_id))
            connection.execute(sa.insert(unindexed).values(values))

    def all(self) -> tuple[UnindexedDocument, ...]:
        """Return the documents that the search index refused as they are now, first refused first.

        What changed since has another chance.
        """
        newest = sa.select(sa.func.max(changes.c.sequence)).where(changes.c.document_id == unindexed.c.document_id)
        asked = (
            sa.select(unindexed, documents.c.title)
            .join(documents, documents.c.id == unindexed.c.document_id)
            .where(unindexed.c.sequence == newest.scalar_subquery())
            .order_by(unindexed.c.sequence)
        )
        with self._reads() as connection:
            return tuple(
                UnindexedDocument(row["document_id"], row["title"], row["sequence"], reason=row["reason"], at=row["at"])
                for row in connection.execute(asked).mappings()
            )

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take away the notes on documents that the search index took."""
        if not document_ids:
            return
        with self._writes() as connection:
            for start in range(0, len(document_ids), BATCH):
                some = unindexed.c.document_id.in_(document_ids[start : start + BATCH])
                connection.execute(sa.delete(unindexed).where(some))
