"""Corrections put on a document whenever it is saved, and what it is without them: on a connection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.corrections import Correction, CorrectionKind, corrected
from corpus.store import rows
from corpus.store.curation_tables import corrections, uncorrected
from corpus.store.tables import tags
from corpus.types import Document, Facet, Tag


def corrections_on(connection: Connection, document_id: str) -> tuple[Correction, ...]:
    """Return the corrections of a document, oldest first."""
    asked = sa.select(corrections).where(corrections.c.document_id == document_id).order_by(corrections.c.id)
    return tuple(correction_from(row) for row in connection.execute(asked).mappings())


def correction_from(row: sa.RowMapping) -> Correction:
    """Return the correction of a row."""
    return Correction(
        kind=CorrectionKind(row["kind"]),
        document=row["document_id"],
        person=row["person"],
        reason=row["reason"],
        at=row["at"],
        facet=Facet(row["facet"]) if row["facet"] else None,
        concept=row["concept"],
        about=row["about"],
        values=tuple(row["value"]),
        id=row["id"],
    )


def correction_values(correction: Correction) -> dict[str, Any]:
    """Return the columns of a correction, its id apart."""
    return {
        "document_id": correction.document,
        "kind": correction.kind.value,
        "facet": correction.facet.value if correction.facet else "",
        "concept": correction.concept,
        "about": correction.about,
        "value": list(correction.values),
        "person": correction.person,
        "reason": correction.reason,
        "at": correction.at,
    }


def put_corrections(connection: Connection, made: Document) -> Document:
    """Return a document as its corrections leave it, and keep what it is without them.

    Args:
        made: as it was made, before any correction.
    """
    counted = corrections_on(connection, made.id)
    forget_uncorrected(connection, made.id)
    if not counted:
        return made
    fields = {
        "title": made.title,
        "authors": list(made.authors),
        "published": made.published,
        "evidence": rows.evidence_to_json(made.evidence),
    }
    kept = [_tag_to_json(made.id, tag) for tag in made.tags]
    connection.execute(sa.insert(uncorrected).values(document_id=made.id, fields=fields, tags=kept))
    return corrected(made, counted)


def as_made(connection: Connection, document: Document) -> Document:
    """Return what a stored document is without its corrections; itself where nothing was corrected."""
    asked = sa.select(uncorrected).where(uncorrected.c.document_id == document.id)
    row = connection.execute(asked).mappings().first()
    if row is None:
        return document
    fields = row["fields"]
    return replace(
        document,
        title=fields["title"],
        authors=tuple(fields["authors"]),
        published=fields["published"],
        evidence=rows.evidence_from_json(fields["evidence"]),
        tags=tuple(map(rows.tag_from, row["tags"])),
    )


def forget_uncorrected(connection: Connection, document_id: str) -> None:
    """Keep no longer what a document is without its corrections. May be repeated."""
    connection.execute(sa.delete(uncorrected).where(uncorrected.c.document_id == document_id))


def write_tags(connection: Connection, document: Document) -> None:
    """Put the tags of a document in the place of those that it had."""
    connection.execute(sa.delete(tags).where(tags.c.document_id == document.id))
    if document.tags:
        connection.execute(sa.insert(tags), [rows.tag_values(document.id, tag) for tag in document.tags])


def _tag_to_json(document_id: str, tag: Tag) -> dict[str, Any]:
    values = rows.tag_values(document_id, tag)
    del values["document_id"]
    return values
