"""What people corrected on documents. Each correction is on its document, and in the log of changes, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.corrections import Correction
from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.store.change_log import log_change, wait_for_changes
from corpus.store.correcting import (
    as_made,
    correction_from,
    correction_values,
    corrections_on,
    put_corrections,
    write_tags,
)
from corpus.store.curation_tables import corrections
from corpus.store.documents import documents_by_id
from corpus.store.relating import mark_unrelated
from corpus.store.rows import evidence_to_json
from corpus.store.tables import BATCH, documents
from corpus.store.transactions import Group
from corpus.text import clean
from corpus.types import ChangeKind, Document


class Corrections(Group):
    """The tables `corrections` and `uncorrected`."""

    def add(self, correction: Correction) -> Correction:
        """Keep a correction, put it on its document, and return it with its id.

        Raises NotFound: there is no such document.
        """
        with self._writes() as connection:
            wait_for_changes(connection)
            if not documents_by_id(connection, [correction.document], with_pages=False):
                raise NotFound(
                    sentence("There is no document {document}.", document=correction.document),
                    try_next=sentence("`pushcart search` shows the ids of documents."),
                )
            kept = sa.insert(corrections).values(correction_values(correction)).returning(corrections.c.id)
            number = int(connection.execute(kept).scalar_one())
            _correct_anew(connection, correction.document)
        return replace(correction, id=number)

    def undo(self, correction_id: int) -> Correction:
        """Take a correction away and return it; what was before counts again. Raises NotFound."""
        with self._writes() as connection:
            wait_for_changes(connection)
            here = corrections.c.id == correction_id
            row = connection.execute(sa.select(corrections).where(here)).mappings().first()
            if row is None:
                raise NotFound(
                    sentence("There is no correction {correction_id}.", correction_id=correction_id),
                    try_next=sentence("`pushcart corrections list` shows them with their numbers."),
                )
            connection.execute(sa.delete(corrections).where(here))
            _correct_anew(connection, row["document_id"])
            return correction_from(row)

    def get(self, correction_id: int) -> Correction | None:
        """Return a correction; None: there is none of that id, or it was undone."""
        with self._reads() as connection:
            asked = sa.select(corrections).where(corrections.c.id == correction_id)
            row = connection.execute(asked).mappings().first()
        return correction_from(row) if row is not None else None

    def of(self, document_id: str) -> tuple[Correction, ...]:
        """Return the corrections of a document, oldest first; those too that a later one of the same tag or field outweighs."""
        with self._reads() as connection:
            return corrections_on(connection, document_id)

    def newest(self, *, limit: int, before: int | None = None, document: str = "") -> tuple[Correction, ...]:
        """Return corrections, newest first.

        Args:
            before: only those with a lower id; None: from the newest on.
            document: only those of this document; empty: of all.
        """
        asked = sa.select(corrections).order_by(corrections.c.id.desc()).limit(limit)
        if document := clean(document):
            asked = asked.where(corrections.c.document_id == document)
        if before is not None:
            asked = asked.where(corrections.c.id < before)
        with self._reads() as connection:
            return tuple(correction_from(row) for row in connection.execute(asked).mappings())

    def documents(self) -> tuple[str, ...]:
        """Return the ids of all documents with corrections, by id; of those too that are gone."""
        asked = sa.select(corrections.c.document_id).distinct().order_by(corrections.c.document_id)
        with self._reads() as connection:
            return tuple(connection.execute(asked).scalars())

    def uncorrected(self, document_ids: Sequence[str]) -> dict[str, Document]:
        """Return documents by id as they would be without corrections, without pages; unknown ids are not in the answer."""
        found: dict[str, Document] = {}
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                some = documents_by_id(connection, document_ids[start : start + BATCH], with_pages=False)
                found |= {each.id: as_made(connection, each) for each in some.values()}
        return found


def _correct_anew(connection: Connection, document_id: str) -> None:
    """Put the corrections that count now on a document; nothing is done for one that is gone."""
    found = documents_by_id(connection, [document_id], with_pages=False)
    if document_id not in found:
        return
    document = put_corrections(connection, as_made(connection, found[document_id]))
    values = {
        "title": document.title,
        "authors": list(document.authors),
        "published": document.published,
        "evidence": evidence_to_json(document.evidence),
    }
    connection.execute(sa.update(documents).where(documents.c.id == document_id).values(values))
    write_tags(connection, document)
    mark_unrelated(connection, [document_id])
    log_change(connection, document_id, kind=ChangeKind.UPDATED)
