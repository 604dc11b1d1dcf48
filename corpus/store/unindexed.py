"""Documents that the search index would not take: kept until the index takes them, or they change or go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.tables import changes, documents, unindexed


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


def keep_unindexed(connection: Connection, document_id: str, *, sequence: int, reason: str) -> None:
    """Note that the index refused a document; an older note on it is replaced."""
    connection.execute(sa.delete(unindexed).where(unindexed.c.document_id == document_id))
    connection.execute(
        sa.insert(unindexed).values(
            document_id=document_id, sequence=sequence, reason=reason, at=datetime.now(UTC).replace(microsecond=0)
        )
    )


def all_unindexed(connection: Connection) -> tuple[UnindexedDocument, ...]:
    """Return the documents that were refused as they are now, first refused first; what changed since has another chance."""
    newest = sa.select(sa.func.max(changes.c.sequence)).where(changes.c.document_id == unindexed.c.document_id)
    asked = (
        sa.select(unindexed, documents.c.title)
        .join(documents, documents.c.id == unindexed.c.document_id)
        .where(unindexed.c.sequence == newest.scalar_subquery())
        .order_by(unindexed.c.sequence)
    )
    return tuple(
        UnindexedDocument(row["document_id"], row["title"], row["sequence"], reason=row["reason"], at=row["at"])
        for row in connection.execute(asked).mappings()
    )


def forget_unindexed(connection: Connection, document_ids: Sequence[str]) -> None:
    """Take away the notes on documents that the index took."""
    for each in document_ids:
        connection.execute(sa.delete(unindexed).where(unindexed.c.document_id == each))
