"""Documents with their tags. Each save and each removal writes its change in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.store import rows
from corpus.store.change_log import log_change, newest_change, wait_for_changes
from corpus.store.correcting import put_corrections, write_tags
from corpus.store.document_cache import DocumentCache
from corpus.store.pages import pages_of_files
from corpus.store.queue import TaggingFault, clear_failure, stop_waiting, write_failure
from corpus.store.relating import mark_unrelated
from corpus.store.removing import remove_document
from corpus.store.tables import BATCH, documents, tags
from corpus.store.transactions import Database, Group
from corpus.types import Change, ChangeKind, Document, Facet, Page, Tag, Work
from corpus.works import FoldMember

_FACETS = {facet.value: facet for facet in Facet}
_FACET_ORDER = {facet.value: place for place, facet in enumerate(Facet)}


class Documents(Group):
    """The tables `documents` and `tags`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._cache = DocumentCache()

    def save(self, document: Document, *, tagger_version: str = "", fault: TaggingFault | None = None) -> Change:
        """Keep a document with its tags and write the change, in one transaction. Pages come from its reading.

        What people corrected on it (`store.corrections`) is put on it here, whatever was read and tagged. `first_seen` and
        `first_sequence` stay as they were when it was saved first; so do the groups that it is in, until it is related
        again (`store.relations`).

        Args:
            document: with tags, as it was made, before any correction; its pages are not looked at.
            tagger_version: of the tagger that made the tags.
            fault: why it has no tags; None: it was tagged.
        """
        with self._writes() as connection:
            if fault is None:
                clear_failure(connection, document.id)
            else:
                write_failure(connection, document.id, fault, tagger_version=tagger_version)
            wait_for_changes(connection)  # a correction may be made at this moment
            document = put_corrections(connection, document)
            change = _write(connection, document, tagger_version=tagger_version)
            write_tags(connection, document)
            stop_waiting(connection, document.id)
            return change

    def remove(self, document_id: str) -> Change:
        """Take a document and the addresses of its files out of the records; bytes, readings and corrections stay.

        Raises NotFound: there is no such document.
        """
        with self._writes() as connection:
            sequence = remove_document(connection, document_id)
            if sequence is None:
                raise NotFound(
                    sentence("There is no document {document}.", document=document_id),
                    try_next=sentence("`pushcart search` shows the ids of documents."),
                )
            return Change(sequence, document_id, ChangeKind.REMOVED)

    def get(self, document_id: str, *, with_pages: bool = False) -> Document:
        """Return a document with its tags. Raises NotFound."""
        found = self.get_many([document_id], with_pages=with_pages)
        if document_id not in found:
            raise NotFound(
                sentence("There is no document {document}.", document=document_id),
                try_next=sentence("Look for it by its title."),
            )
        return found[document_id]

    def get_many(self, ids: Sequence[str], *, with_pages: bool = False) -> dict[str, Document]:
        """Return documents with their tags, in the order of `ids`; unknown ids are not in the answer."""
        with self._reads() as connection:
            return documents_by_id(connection, ids, with_pages=with_pages)

    def in_brief(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return documents by id as a list shows them: with the tags that they are about, without evidence and pages."""
        with self._reads() as connection:
            # Asked for first: what is read after it is as new at least.
            stamp = newest_change(connection)
            found = self._cache.held(ids, stamp=stamp)
            if lacking := [each for each in ids if each not in found]:
                read: dict[str, Document] = {}
                for start in range(0, len(lacking), BATCH):
                    read |= _read_in_brief(connection, lacking[start : start + BATCH])
                self._cache.keep(read, stamp=stamp)
                found |= read
            return found

    def to_cite(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return documents by id with all that a citation of them needs: as in brief, and with the evidence of their fields.

        None of them is kept in the process: regardless of who asks goes through all of a long list.
        """
        found: dict[str, Document] = {}
        with self._reads() as connection:
            for start in range(0, len(ids), BATCH):
                found |= _read_in_brief(connection, ids[start : start + BATCH], with_evidence=True)
        return found

    def count_by_work(self, works: Sequence[str]) -> dict[str, int]:
        """Return how many documents each of these works has; at most some hundred works."""
        if not works:
            return {}
        counted = sa.select(documents.c.work, sa.func.count()).where(documents.c.work.in_(works))
        with self._reads() as connection:
            return {str(work): int(count) for work, count in connection.execute(counted.group_by(documents.c.work))}

    def in_folds(self, folds: Sequence[str]) -> dict[str, tuple[FoldMember, ...]]:
        """Return the documents of folds, by fold: most pages first, then first seen first. At most some hundred folds."""
        asked = sa.select(documents.c.fold, documents.c.id, documents.c.lang, documents.c.source, documents.c.url)
        asked = asked.where(documents.c.fold.in_(folds)).order_by(
            documents.c.page_count.desc(), documents.c.first_sequence
        )
        found: dict[str, tuple[FoldMember, ...]] = {}
        with self._reads() as connection:
            for fold, *member in connection.execute(asked):
                found[fold] = (*found.get(fold, ()), FoldMember(*member))
        return found

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all documents, first seen first."""
        with self._reads() as connection:
            return tuple(connection.execute(sa.select(documents.c.id).order_by(documents.c.first_sequence)).scalars())

    def newest(self, *, limit: int) -> tuple[Document, ...]:
        """Return the documents seen last, newest first, without pages."""
        asked = sa.select(documents.c.id).order_by(documents.c.first_sequence.desc()).limit(limit)
        with self._reads() as connection:
            ids = connection.execute(asked).scalars().all()
            return tuple(documents_by_id(connection, ids, with_pages=False).values())

    def first_came_at(self) -> datetime | None:
        """Return when the first of the documents that are kept was seen; None: there is none."""
        asked = sa.select(documents.c.first_seen).order_by(documents.c.first_sequence).limit(1)
        with self._reads() as connection:
            found: datetime | None = connection.execute(asked).scalar()
        return found

    def work(self, work_id: str) -> Work:
        """Return a work with its documents, first seen first; empty when no document belongs to it."""
        asked = sa.select(documents.c.id).where(documents.c.work == work_id).order_by(documents.c.first_sequence)
        with self._reads() as connection:
            return Work(work_id, tuple(connection.execute(asked).scalars()))


def _write(connection: Connection, document: Document, *, tagger_version: str) -> Change:
    """Write the row of a document and its change."""
    values = rows.document_values(document, tagger_version)
    is_known = connection.execute(sa.select(documents.c.id).where(documents.c.id == document.id)).first() is not None
    kind = ChangeKind.UPDATED if is_known else ChangeKind.ADDED
    sequence = log_change(connection, document.id, kind=kind)
    if is_known:
        connection.execute(sa.update(documents).where(documents.c.id == document.id).values(values))
        mark_unrelated(connection, [document.id])
    else:
        first = {"first_seen": document.first_seen, "first_sequence": sequence}
        first |= {"work": document.work or document.id, "fold": document.fold, "copies": document.copies}
        connection.execute(sa.insert(documents).values(values | first))
    return Change(sequence, document.id, kind)


def documents_by_id(connection: Connection, ids: Sequence[str], *, with_pages: bool) -> dict[str, Document]:
    """Return documents with their tags, in the order of `ids`; unknown ids are not in the answer."""
    found: dict[str, Document] = {}
    for start in range(0, len(ids), BATCH):
        found |= _load(connection, ids[start : start + BATCH], with_pages=with_pages)
    return {document: found[document] for document in ids if document in found}


def _load(connection: Connection, ids: Sequence[str], *, with_pages: bool) -> dict[str, Document]:
    loaded = list(connection.execute(sa.select(documents).where(documents.c.id.in_(ids))).mappings())
    attached = _tags(connection, ids)
    texts: Mapping[str, tuple[Page, ...]] = {}
    if with_pages:
        texts = pages_of_files(connection, sorted({row["sha256"] for row in loaded}))
    return {
        row["id"]: rows.document_from(row, tags=tuple(attached.get(row["id"], ())), pages=texts.get(row["sha256"], ()))
        for row in loaded
    }


def _tags(connection: Connection, ids: Sequence[str]) -> dict[str, list[Tag]]:
    attached: dict[str, list[Tag]] = {}
    asked = (
        sa.select(tags)
        .where(tags.c.document_id.in_(ids))
        .order_by(tags.c.is_primary.desc(), tags.c.weight.desc(), tags.c.concept)
    )
    for row in sorted(connection.execute(asked).mappings(), key=lambda row: _FACET_ORDER[row["facet"]]):
        attached.setdefault(row["document_id"], []).append(rows.tag_from(row))
    return attached


# ------------------------------------------------------------------ in brief: made once, for every search reads with them

_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_BRIEF = sa.select(*(column for column in documents.c if column.name != "evidence")).where(documents.c.id.in_(_IDS))
_WITH_EVIDENCE = sa.select(documents).where(documents.c.id.in_(_IDS))
_BRIEF_TAGS = sa.select(
    *(tags.c[name] for name in ("document_id", "facet", "concept", "weight", "about", "is_primary", "count"))
).where(tags.c.document_id.in_(_IDS), tags.c.about)


def _read_in_brief(connection: Connection, ids: Sequence[str], *, with_evidence: bool = False) -> dict[str, Document]:
    """Return documents with what they are about, without mentions, evidence and pages; with that of their fields on request."""
    attached = _brief_tags(connection, ids)
    asked = _WITH_EVIDENCE if with_evidence else _BRIEF
    added: dict[str, Any] = {} if with_evidence else {"evidence": {}}
    return {
        row["id"]: rows.document_from({**row, **added}, tags=tuple(attached.get(row["id"], ())), pages=())
        for row in connection.execute(asked, {"ids": ids}).mappings().all()
    }


def _brief_tags(connection: Connection, ids: Sequence[str]) -> dict[str, list[Tag]]:
    attached: dict[str, list[Tag]] = {}
    # Sorted here: the database would sort wide rows.
    for document, facet, *others in sorted(
        connection.execute(_BRIEF_TAGS, {"ids": ids}).all(),
        key=lambda row: (_FACET_ORDER[row[1]], not row[5], -row[3], row[2]),
    ):
        attached.setdefault(document, []).append(Tag(_FACETS[facet], *others))
    return attached
