"""The log of changes as the other groups write it: in the same transaction as what it mentions."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.tables import changes, counters
from corpus.store.transactions import remembered
from corpus.types import ChangeKind

_NEWEST = (
    sa.select(changes.c.sequence, changes.c.document_id, changes.c.at).order_by(changes.c.sequence.desc()).limit(1)
)


def log_change(connection: Connection, document: str, *, kind: ChangeKind) -> int:
    """Write a change and return its sequence number."""
    counted = sa.update(counters).where(counters.c.name == "change").values(value=counters.c.value + 1)
    sequence = connection.execute(counted.returning(counters.c.value)).scalar_one()
    entry = {"sequence": sequence, "document_id": document, "kind": kind.value, "at": datetime.now(UTC)}
    connection.execute(sa.insert(changes).values(entry))
    return int(sequence)


def wait_for_changes(connection: Connection) -> None:
    """Wait for other writers of changes, and prevent new ones until this transaction ends.

    SQLite has one writer anyway. With PostgreSQL it keeps two from reading the same document, changing it and losing one of the
    changes; so it comes before the reading.
    """
    connection.execute(sa.select(counters.c.value).where(counters.c.name == "change").with_for_update())


def newest_change(connection: Connection) -> tuple[int, str, datetime] | None:
    """Return sequence number, document and time of the newest change; None when there is none.

    Of two databases that went apart, as after a backup was put back, the numbers may be equal; the times are not.
    """
    return remembered(connection, "newest change", _read_newest)


def _read_newest(connection: Connection) -> tuple[int, str, datetime] | None:
    row = connection.execute(_NEWEST).first()
    return (row[0], row[1], row[2]) if row else None
