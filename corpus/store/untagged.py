"""Documents that could not be tagged: kept until another version of the tagger, or a person, has them tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.reasons import Failure
from corpus.store.harvested import mark_waiting
from corpus.store.tables import documents, fetched_files, readings, untagged
from corpus.types import Outcome

_WORTH_ANOTHER_TRY = (Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.BROKEN)
"""Outcomes of reading that other limits, or a less busy machine, may change."""


@dataclass(frozen=True, slots=True)
class TaggingFault:
    """Why a document has no tags."""

    outcome: Outcome
    """TIMED_OUT, OUT_OF_MEMORY, or BROKEN for all else."""
    reason: Failure


@dataclass(frozen=True, slots=True)
class UntaggedDocument:
    """A document that could not be tagged."""

    document_id: str
    title: str
    """Empty when not even a document without tags could be made: then nobody finds it."""
    url: str
    """Of its first copy."""
    fault: TaggingFault
    at: datetime


def keep_untagged(connection: Connection, document_id: str, fault: TaggingFault, *, tagger_version: str) -> None:
    """Note that a document could not be tagged; an older note on it is replaced."""
    forget_untagged(connection, document_id)
    values = {"document_id": document_id, "tagger_version": tagger_version, "at": datetime.now(UTC)}
    reasons = {"outcome": fault.outcome.value, "failure": fault.reason.to_json()}
    connection.execute(sa.insert(untagged).values(values | reasons))


def forget_untagged(connection: Connection, document_id: str) -> None:
    """Take away the note on a document. May be repeated."""
    connection.execute(sa.delete(untagged).where(untagged.c.document_id == document_id))


def all_untagged(connection: Connection) -> tuple[UntaggedDocument, ...]:
    """Return the documents that could not be tagged, by id."""
    copy = fetched_files.alias()
    first = sa.select(sa.func.min(copy.c.id)).where(copy.c.document_id == untagged.c.document_id)
    asked = (
        sa.select(untagged, fetched_files.c.url, documents.c.title)
        .select_from(untagged)
        .join(fetched_files, fetched_files.c.id == first.correlate(untagged).scalar_subquery())
        .join(documents, documents.c.id == untagged.c.document_id, isouter=True)
        .order_by(untagged.c.document_id)
    )
    return tuple(
        UntaggedDocument(
            document_id=row["document_id"],
            title=row["title"] or "",
            url=row["url"],
            fault=TaggingFault(Outcome(row["outcome"]), Failure.from_json(row["failure"] or ())),
            at=row["at"],
        )
        for row in connection.execute(asked).mappings()
    )


def retag_stale(connection: Connection, *, tagger_version: str | None) -> int:
    """Let what another version of the tagger could not tag wait again (None: all); returns how many."""
    asked = sa.select(untagged.c.document_id)
    if tagger_version is not None:
        asked = asked.where(untagged.c.tagger_version != tagger_version)
    found = connection.execute(asked).scalars().all()
    for each in found:
        mark_waiting(connection, each)
    return len(found)


def reread_failed(connection: Connection) -> int:
    """Let files be read again whose reading timed out, filled the memory or broke; returns how many."""
    failed = readings.c.outcome.in_([each.value for each in _WORTH_ANOTHER_TRY])
    return connection.execute(sa.update(readings).where(failed).values(reader_version="")).rowcount
