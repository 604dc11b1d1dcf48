"""The log of changes: what an index reads to follow the records, and by which it tells whether they are the right ones.

A copy of the database that was restored counts on from where it was made, so the same sequence number stands for two
changes. They are distinguished by their mark, made of their document, kind and moment, which no two changes share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.change_log import newest_change
from corpus.store.documents import documents_by_id
from corpus.store.listing import (
    ListedDocument,
    ListSelection,
    earliest_change,
    list_documents,
    listed_document,
    part_changes,
    part_documents,
)
from corpus.store.tables import BATCH, changes, documents, identity
from corpus.store.transactions import Group
from corpus.types import Change, ChangeKind


class Kinship(StrEnum):
    """What a mark is to the records."""

    KNOWN = "known"
    """It is of one of their changes."""
    AHEAD = "ahead"
    """It is of the same records, and of a change that they do not have: they are an older copy."""
    OTHER = "other"
    """It is of other records, or no mark at all."""


class Changes(Group):
    """The tables `changes`, `counters` and `identity`."""

    def after(self, sequence: int, *, limit: int = 100) -> tuple[Change, ...]:
        """Return the newest change of each document that changed after `sequence`, in order, with the documents as they are.

        A change whose document is None was removed, then or later. The last one's sequence is where to continue.
        """
        newest = (
            sa.select(changes.c.document_id, sa.func.max(changes.c.sequence).label("sequence"))
            .where(changes.c.sequence > sequence)
            .group_by(changes.c.document_id)
            .order_by("sequence")
            .limit(limit)
            .subquery()
        )
        asked = sa.select(changes).join(newest, newest.c.sequence == changes.c.sequence).order_by(changes.c.sequence)
        with self._reads() as connection:
            found = list(connection.execute(asked).mappings())
            loaded = documents_by_id(connection, [row["document_id"] for row in found], with_pages=True)
            records = _records_id(connection) if found else ""
        return tuple(
            Change(
                row["sequence"],
                row["document_id"],
                ChangeKind(row["kind"]),
                loaded.get(row["document_id"]),
                mark=_mark_of(row, records=records),
            )
            for row in found
        )

    def newest_of(self, document_ids: Sequence[str]) -> dict[str, int]:
        """Return the sequence number of the newest change of each document; a document without any is absent."""
        newest = sa.func.max(changes.c.sequence)
        asked = sa.select(changes.c.document_id, newest).group_by(changes.c.document_id)
        found: dict[str, int] = {}
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                of_these = asked.where(changes.c.document_id.in_(document_ids[start : start + BATCH]))
                found |= {str(each): int(number) for each, number in connection.execute(of_these)}
        return found

    def last_sequence(self) -> int:
        """Return the sequence number of the newest change; 0 when there is none."""
        with self._reads() as connection:
            newest = newest_change(connection)
            return newest[0] if newest else 0

    def listed(
        self, selection: ListSelection, *, after: int, limit: int, with_documents: bool = True
    ) -> tuple[ListedDocument, ...]:
        """Return the next documents of a selection by their newest change, removed ones too. One query.

        Args:
            selection: which ones.
            after: sequence number of the last one that was listed; 0: from the beginning.
            limit: at most so many.
            with_documents: False: only ids, sources and what they are about.
        """
        with self._reads() as connection:
            return list_documents(connection, selection, after=after, limit=limit, with_documents=with_documents)

    def listed_one(self, document_id: str) -> ListedDocument | None:
        """Return one document, also one that was removed, as `listed` does; None: there never was one of that id."""
        with self._reads() as connection:
            return listed_document(connection, document_id)

    def earliest(self) -> datetime | None:
        """Return the moment of the earliest change; None: there is none."""
        with self._reads() as connection:
            return earliest_change(connection)

    def of_parts(self, *, size: int) -> tuple[datetime, ...]:
        """Return the newest change in each part of `size` documents, in the order in which they came; without samples."""
        with self._reads() as connection:
            return part_changes(connection, size=size)

    def of_part(self, part: int, *, size: int) -> tuple[tuple[str, datetime], ...]:
        """Return the documents of a part (0-based), as in `of_parts`, with the moment of their newest change."""
        with self._reads() as connection:
            return part_documents(connection, part=part, size=size)

    def kinship(self, mark: str) -> Kinship:
        """Say whether a mark, as changes carry it, is of these records, of a newer copy of them, or of others."""
        sequence, _, rest = mark.partition(":")
        with self._reads() as connection:
            records = _records_id(connection)
            if not sequence.isascii() or not sequence.isdigit() or rest.partition(":")[0] != records:
                return Kinship.OTHER
            asked = sa.select(changes).where(changes.c.sequence == min(int(sequence[:18]), 2**31 - 1))
            row = connection.execute(asked).mappings().first()
        return Kinship.KNOWN if row is not None and _mark_of(row, records=records) == mark else Kinship.AHEAD

    def changed_since(self, sequence: int) -> tuple[int, int]:
        """Return how many documents were here at a change, and how many of these changed after it."""
        here = sa.select(sa.func.count()).select_from(documents).where(documents.c.first_sequence <= sequence)
        changed = (
            sa.select(sa.func.count(changes.c.document_id.distinct()))
            .join(documents, documents.c.id == changes.c.document_id)
            .where(changes.c.sequence > sequence, documents.c.first_sequence <= sequence)
        )
        with self._reads() as connection:
            return int(connection.execute(here).scalar_one()), int(connection.execute(changed).scalar_one())


def _records_id(connection: Connection) -> str:
    """Return the random id that was made with the database."""
    return str(connection.execute(sa.select(identity.c.id).limit(1)).scalar_one_or_none() or "")


def _mark_of(change: sa.RowMapping, *, records: str) -> str:
    """Return the mark of a row of `changes`: sequence number, id of the records, and what no other change has."""
    own = f"{change['document_id']} {change['kind']} {change['at'].astimezone(UTC).isoformat()}"
    return f"{change['sequence']}:{records}:{hashlib.sha256(own.encode()).hexdigest()[:16]}"
