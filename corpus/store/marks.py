"""Marks of changes: by them an index tells whether the records that it shows are these, and not others or an older copy.

A copy of the database that was restored counts on from where it was made, so the same sequence number stands for two
changes. They are told apart by their document, kind and moment, which no two changes share.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.tables import changes, documents, identity


class Kinship(StrEnum):
    """What a mark is to the records."""

    KNOWN = "known"
    """It is of one of their changes."""
    AHEAD = "ahead"
    """It is of the same records, and of a change that they do not have: they are an older copy."""
    OTHER = "other"
    """It is of other records, or no mark at all."""


def records_id(connection: Connection) -> str:
    """Return the random id that was made with the database."""
    return str(connection.execute(sa.select(identity.c.id).limit(1)).scalar_one_or_none() or "")


def mark_of(change: sa.RowMapping, *, records: str) -> str:
    """Return the mark of a row of `changes`: sequence number, id of the records, and what no other change has."""
    own = f"{change['document_id']} {change['kind']} {change['at'].astimezone(UTC).isoformat()}"
    return f"{change['sequence']}:{records}:{hashlib.sha256(own.encode()).hexdigest()[:16]}"


def kinship(connection: Connection, mark: str) -> Kinship:
    """Say whether a mark is of a change of these records."""
    sequence, _, rest = mark.partition(":")
    records = records_id(connection)
    if not sequence.isascii() or not sequence.isdigit() or rest.partition(":")[0] != records:
        return Kinship.OTHER
    row = (
        connection.execute(sa.select(changes).where(changes.c.sequence == min(int(sequence[:18]), 2**31 - 1)))
        .mappings()
        .first()
    )
    return Kinship.KNOWN if row is not None and mark_of(row, records=records) == mark else Kinship.AHEAD


def changed_since(connection: Connection, sequence: int) -> tuple[int, int]:
    """Return how many documents were here at a change, and how many of these changed after it."""
    here = sa.select(sa.func.count()).select_from(documents).where(documents.c.first_sequence <= sequence)
    changed = (
        sa.select(sa.func.count(changes.c.document_id.distinct()))
        .join(documents, documents.c.id == changes.c.document_id)
        .where(changes.c.sequence > sequence, documents.c.first_sequence <= sequence)
    )
    return int(connection.execute(here).scalar_one()), int(connection.execute(changed).scalar_one())
