"""Documents in the order of their newest change, for harvesters and sitemaps: on a connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store import rows
from corpus.store.tables import changes, documents, tags
from corpus.types import Document, Facet


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document, or one that was removed, at its newest change."""

    sequence: int
    """Of the newest change; a list goes on after it."""
    id: str
    changed_at: datetime
    """When it was saved or removed last."""
    is_removed: bool = False
    source: str = ""
    """Slug; empty: it was removed."""
    concepts: tuple[tuple[Facet, str], ...] = ()
    """What it is about, by facet and id; empty when it was removed."""
    document: Document | None = None
    """Without tags and pages; None: it was removed, or the list is one of ids."""


@dataclass(frozen=True, slots=True)
class ListSelection:
    """Which documents are listed. Removed ones are in every selection: their sources and tags are not kept."""

    changed_from: datetime | None = None
    """The earliest newest change; None: any."""
    changed_before: datetime | None = None
    """The newest change is earlier than this; None: any."""
    source: str = ""
    """Slug; empty: any."""
    facet: Facet | None = None
    """Documents that are about a concept of this facet; None: any."""
    concept: str = ""
    """Id of that concept; empty: any concept of the facet."""


_later = changes.alias("later")
_IS_NEWEST = ~sa.exists().where(_later.c.document_id == changes.c.document_id, _later.c.sequence > changes.c.sequence)
_CONCEPTS = (
    sa.select(sa.func.aggregate_strings(tags.c.facet + sa.literal(" ") + tags.c.concept, "\n"))
    .where(tags.c.document_id == documents.c.id, tags.c.about)
    .scalar_subquery()
)
_CHANGE = (changes.c.sequence, changes.c.document_id.label("changed_id"), changes.c.at)


def list_documents(
    connection: Connection, selection: ListSelection, *, after: int, limit: int, with_documents: bool
) -> tuple[ListedDocument, ...]:
    """Return the next documents of a selection by sequence number of their newest change; one query.

    Args:
        connection: in a transaction.
        selection: which ones.
        after: sequence number of the last one that was listed; 0: from the beginning.
        limit: at most so many.
        with_documents: False: only ids, sources and concepts.
    """
    asked = _selected(selection, with_documents=with_documents).where(changes.c.sequence > after)
    found = connection.execute(asked.order_by(changes.c.sequence).limit(limit)).mappings()
    return tuple(_listed(row, with_documents=with_documents) for row in found)


def listed_document(connection: Connection, document_id: str) -> ListedDocument | None:
    """Return one document as a list has it; None: there never was one of that id."""
    asked = _selected(ListSelection(), with_documents=True).where(changes.c.document_id == document_id)
    row = connection.execute(asked).mappings().first()
    return _listed(row, with_documents=True) if row is not None else None


def earliest_change(connection: Connection) -> datetime | None:
    """Return the moment of the earliest change; None: there is none."""
    found: datetime | None = connection.execute(sa.select(sa.func.min(changes.c.at))).scalar()
    return found


def part_changes(connection: Connection, *, size: int) -> tuple[datetime, ...]:
    """Return when any document of each part changed last, parts of `size` documents in the order in which they came.

    Samples are left out. Empty: there is no document.
    """
    newest = sa.select(changes.c.document_id, sa.func.max(changes.c.at).label("at")).group_by(changes.c.document_id)
    of_documents = newest.subquery()
    place = sa.func.row_number().over(order_by=documents.c.first_sequence) - 1
    placed = (
        sa.select((place // size).label("part"), of_documents.c.at)
        .join(of_documents, of_documents.c.document_id == documents.c.id)
        .where(~documents.c.is_sample)
        .subquery()
    )
    asked = sa.select(sa.func.max(placed.c.at)).group_by(placed.c.part).order_by(placed.c.part)
    return tuple(connection.execute(asked).scalars())


def part_documents(connection: Connection, *, part: int, size: int) -> tuple[tuple[str, datetime], ...]:
    """Return ids and moments of the newest change of the documents of a part, which is 0-based; as in `part_changes`."""
    ids = (
        sa.select(documents.c.id, documents.c.first_sequence)
        .where(~documents.c.is_sample)
        .order_by(documents.c.first_sequence)
        .offset(part * size)
        .limit(size)
        .subquery()
    )
    asked = (
        sa.select(ids.c.id, sa.func.max(changes.c.at))
        .join(changes, changes.c.document_id == ids.c.id)
        .group_by(ids.c.id, ids.c.first_sequence)
        .order_by(ids.c.first_sequence)
    )
    return tuple((document, at) for document, at in connection.execute(asked))


def _selected(selection: ListSelection, *, with_documents: bool) -> sa.Select[Any]:
    columns: Sequence[Any] = tuple(documents.c) if with_documents else (documents.c.id, documents.c.source)
    asked = (
        sa.select(*_CHANGE, *columns, _CONCEPTS.label("concepts"))
        .select_from(changes.outerjoin(documents, documents.c.id == changes.c.document_id))
        .where(_IS_NEWEST)
    )
    if selection.changed_from is not None:
        asked = asked.where(changes.c.at >= selection.changed_from)
    if selection.changed_before is not None:
        asked = asked.where(changes.c.at < selection.changed_before)
    is_gone = documents.c.id.is_(None)
    if selection.source:
        asked = asked.where(sa.or_(is_gone, documents.c.source == selection.source))
    if selection.facet is not None:
        is_about = sa.exists().where(
            tags.c.document_id == documents.c.id, tags.c.facet == selection.facet.value, tags.c.about
        )
        if selection.concept:
            is_about = is_about.where(tags.c.concept == selection.concept)
        asked = asked.where(sa.or_(is_gone, is_about))
    return asked


def _listed(row: sa.RowMapping, *, with_documents: bool) -> ListedDocument:
    if row["id"] is None:
        return ListedDocument(row["sequence"], row["changed_id"], row["at"], is_removed=True)
    pairs = (pair.split(" ", 1) for pair in sorted((row["concepts"] or "").split("\n")) if pair)
    return ListedDocument(
        sequence=row["sequence"],
        id=row["id"],
        changed_at=row["at"],
        source=row["source"],
        concepts=tuple((Facet(facet), concept) for facet, concept in pairs),
        document=rows.document_from(row, tags=(), pages=()) if with_documents else None,
    )
