"""Documents, their tags, and the log of their changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.errors import NotFound
from corpus.store import rows, untagged
from corpus.store.harvested import fetched_of, mark_waiting
from corpus.store.marks import mark_of, records_id
from corpus.store.tables import changes, counters, documents, fetched_files, pages, readings, tags, waiting
from corpus.store.texts import pages_of_files
from corpus.store.untagged import TaggingFault
from corpus.types import Change, ChangeKind, Document, Facet, FetchedFile, Page, Reading, Tag
from corpus.urls import canonical_url

_FACETS = {facet.value: facet for facet in Facet}
_BATCH = 500
"""Ids in one statement; SQLite allows 32,766 and PostgreSQL 65,535 parameters."""


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """A document that has to be made anew, with all that it is made of."""

    id: str
    copies: tuple[FetchedFile, ...]
    """First seen first; the first is the one whose bytes were read."""
    reading: Reading
    """With pages."""
    first_seen: datetime
    """When its first copy was first fetched."""
    work: str = ""
    """The work of the documents of its landing page that are there already; empty: there is none yet."""


def documents_to_tag(
    connection: Connection, *, limit: int, without: Collection[str] = ()
) -> tuple[WaitingDocument, ...]:
    """Return documents that wait and whose first copy has been read, by id; those of `without` aside."""
    first = (
        sa.select(fetched_files.c.document_id, sa.func.min(fetched_files.c.id).label("id"))
        .join(waiting, waiting.c.document_id == fetched_files.c.document_id)
        .where(fetched_files.c.document_id.not_in(without) if without else sa.true())
        .group_by(fetched_files.c.document_id)
        .subquery()
    )
    asked = (
        sa.select(first.c.document_id, fetched_files.c.first_seen, readings)
        .join(fetched_files, fetched_files.c.id == first.c.id)
        .join(readings, readings.c.sha256 == fetched_files.c.sha256)
        .order_by(first.c.id)
        .limit(limit)
    )
    found = list(connection.execute(asked).mappings())
    texts = pages_of_files(connection, sorted({row["sha256"] for row in found}))
    waiting_documents = []
    for row in found:
        copies = fetched_of(connection, row["document_id"])
        waiting_documents.append(
            WaitingDocument(
                id=row["document_id"],
                copies=copies,
                reading=rows.reading_from(row, texts.get(row["sha256"], ())),
                first_seen=row["first_seen"],
                work=_work_at(connection, copies[0]),
            )
        )
    return tuple(waiting_documents)


def _work_at(connection: Connection, file: FetchedFile) -> str:
    """Return the work of the documents that a file's landing page describes, however its address was spelled for them.

    Ids of works from before migration 0009 were made from the spelling; they stay, and new files of the page join them.
    """
    if not file.landing_url:
        return ""
    landing = canonical_url(file.landing_url)
    asked = (
        sa.select(documents.c.work, documents.c.landing_url)
        .join(fetched_files, fetched_files.c.document_id == documents.c.id)
        .where(fetched_files.c.source == file.source, fetched_files.c.landing_key == landing)
        .where(documents.c.source == file.source)
        .order_by(documents.c.first_sequence)
    )
    works = (str(row.work) for row in connection.execute(asked) if canonical_url(row.landing_url) == landing)
    return next(works, "")


def mark_stale(connection: Connection, *, tagger_version: str) -> int:
    """Note every document that another version of the tagger tagged as to be made anew; returns how many."""
    stale = (
        connection.execute(sa.select(documents.c.id).where(documents.c.tagger_version != tagger_version))
        .scalars()
        .all()
    )
    for document in stale:
        mark_waiting(connection, document)
    return len(stale) + untagged.retag_stale(connection, tagger_version=tagger_version)


def settle(connection: Connection, document: str) -> None:
    """Note that nothing more is to be done for a document now."""
    connection.execute(sa.delete(waiting).where(waiting.c.document_id == document))


def save_document(
    connection: Connection, document: Document, *, tagger_version: str, fault: TaggingFault | None = None
) -> Change:
    """Keep a document with its tags, and write the change that says so. first_seen and first_sequence stay as they were.

    Args:
        fault: why it has no tags; None: it was tagged.
    """
    if fault is None:
        untagged.forget_untagged(connection, document.id)
    else:
        untagged.keep_untagged(connection, document.id, fault, tagger_version=tagger_version)
    values = rows.document_values(document, tagger_version)
    is_known = connection.execute(sa.select(documents.c.id).where(documents.c.id == document.id)).first() is not None
    kind = ChangeKind.UPDATED if is_known else ChangeKind.ADDED
    sequence = _log(connection, document.id, kind=kind)
    if is_known:
        connection.execute(sa.update(documents).where(documents.c.id == document.id).values(values))
    else:
        first = {"first_seen": document.first_seen, "first_sequence": sequence}
        connection.execute(sa.insert(documents).values(values | first))
    connection.execute(sa.delete(tags).where(tags.c.document_id == document.id))
    if document.tags:
        connection.execute(sa.insert(tags), [rows.tag_values(document.id, tag) for tag in document.tags])
    settle(connection, document.id)
    return Change(sequence, document.id, kind)


def remove_document(connection: Connection, document: str) -> Change:
    """Take a document and the addresses of its files out of the records; bytes and readings stay.

    Raises NotFound: there is no such document.
    """
    if connection.execute(sa.delete(documents).where(documents.c.id == document)).rowcount == 0:
        raise NotFound(f"There is no document {document}.", try_next="`pushcart search` shows the ids of documents.")
    connection.execute(sa.delete(tags).where(tags.c.document_id == document))
    connection.execute(sa.delete(fetched_files).where(fetched_files.c.document_id == document))
    untagged.forget_untagged(connection, document)
    settle(connection, document)
    return Change(_log(connection, document, kind=ChangeKind.REMOVED), document, ChangeKind.REMOVED)


def _log(connection: Connection, document: str, *, kind: ChangeKind) -> int:
    counted = sa.update(counters).where(counters.c.name == "change").values(value=counters.c.value + 1)
    sequence = connection.execute(counted.returning(counters.c.value)).scalar_one()
    entry = {"sequence": sequence, "document_id": document, "kind": kind.value, "at": datetime.now(UTC)}
    connection.execute(sa.insert(changes).values(entry))
    return int(sequence)


def last_sequence(connection: Connection) -> int:
    """Return the sequence number of the newest change; 0 when there is none."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(changes.c.sequence), 0))).scalar_one())


def last_change(connection: Connection) -> tuple[int, str, datetime] | None:
    """Return sequence number, document and time of the newest change; None when there is none.

    Of two databases that went apart, as after a backup was put back, the numbers may be equal; the times are not.
    """
    newest = sa.select(changes.c.sequence, changes.c.document_id, changes.c.at).order_by(changes.c.sequence.desc())
    row = connection.execute(newest.limit(1)).first()
    return (row[0], row[1], row[2]) if row else None


def last_changes(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Return the sequence number of the newest change of each document; a document without any is absent."""
    newest = sa.func.max(changes.c.sequence)
    found: dict[str, int] = {}
    for start in range(0, len(ids), _BATCH):
        asked = sa.select(changes.c.document_id, newest).where(changes.c.document_id.in_(ids[start : start + _BATCH]))
        found |= {str(each): int(number) for each, number in connection.execute(asked.group_by(changes.c.document_id))}
    return found


def changes_after(connection: Connection, sequence: int, *, limit: int) -> tuple[Change, ...]:
    """Return the newest change of each document that changed after `sequence`, in order, with the documents as they are now."""
    newest = (
        sa.select(changes.c.document_id, sa.func.max(changes.c.sequence).label("sequence"))
        .where(changes.c.sequence > sequence)
        .group_by(changes.c.document_id)
        .order_by("sequence")
        .limit(limit)
        .subquery()
    )
    asked = sa.select(changes).join(newest, newest.c.sequence == changes.c.sequence).order_by(changes.c.sequence)
    found = list(connection.execute(asked).mappings())
    loaded = documents_by_id(connection, [row["document_id"] for row in found], with_pages=True)
    records = records_id(connection) if found else ""
    return tuple(
        Change(
            row["sequence"],
            row["document_id"],
            ChangeKind(row["kind"]),
            loaded.get(row["document_id"]),
            mark=mark_of(row, records=records),
        )
        for row in found
    )


def documents_by_id(connection: Connection, ids: Sequence[str], *, with_pages: bool) -> dict[str, Document]:
    """Return documents with their tags, in the order of `ids`; unknown ids are not in the answer."""
    found: dict[str, Document] = {}
    for start in range(0, len(ids), _BATCH):
        found |= _load(connection, ids[start : start + _BATCH], with_pages=with_pages)
    return {document: found[document] for document in ids if document in found}


def documents_in_brief(connection: Connection, ids: Sequence[str]) -> dict[str, Document]:
    """Return documents by id as a list shows them: with what they are about, without mentions, evidence and pages."""
    found: dict[str, Document] = {}
    columns = [column for column in documents.c if column.name != "evidence"]
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        attached = _brief_tags(connection, some)
        loaded = connection.execute(sa.select(*columns).where(documents.c.id.in_(some))).mappings()
        for row in loaded:
            tags_of_it = tuple(attached.get(row["id"], ()))
            found[row["id"]] = rows.document_from({**row, "evidence": {}}, tags=tags_of_it, pages=())
    return found


def _brief_tags(connection: Connection, ids: Sequence[str]) -> dict[str, list[Tag]]:
    shown = tags.c
    asked = sa.select(
        shown.document_id, shown.facet, shown.concept, shown.weight, shown.about, shown.is_primary, shown.count
    ).where(shown.document_id.in_(ids), shown.about)
    order = {facet.value: place for place, facet in enumerate(Facet)}
    attached: dict[str, list[Tag]] = {}
    # Sorted here: the database would sort wide rows.
    for document, facet, *others in sorted(
        connection.execute(asked), key=lambda row: (order[row[1]], not row[5], -row[3], row[2])
    ):
        attached.setdefault(document, []).append(Tag(_FACETS[facet], *others))
    return attached


def copies_by_work(connection: Connection, works: Sequence[str]) -> dict[str, int]:
    """Return how many documents each work has; a work without any is absent."""
    counted = sa.select(documents.c.work, sa.func.count()).where(documents.c.work.in_(works))
    return {str(work): int(count) for work, count in connection.execute(counted.group_by(documents.c.work))}


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
    order = {facet.value: place for place, facet in enumerate(Facet)}
    asked = (
        sa.select(tags)
        .where(tags.c.document_id.in_(ids))
        .order_by(tags.c.is_primary.desc(), tags.c.weight.desc(), tags.c.concept)
    )
    for row in sorted(connection.execute(asked).mappings(), key=lambda row: order[row["facet"]]):
        attached.setdefault(row["document_id"], []).append(rows.tag_from(row))
    return attached


def document_ids(connection: Connection, *, work: str | None = None, newest: int | None = None) -> tuple[str, ...]:
    """Return ids of documents, first seen first; of one work only, or only the `newest` so many, newest first."""
    asked = sa.select(documents.c.id).order_by(documents.c.first_sequence)
    if work is not None:
        asked = asked.where(documents.c.work == work)
    if newest is not None:
        asked = sa.select(documents.c.id).order_by(documents.c.first_sequence.desc()).limit(newest)
    return tuple(connection.execute(asked).scalars())


def counted_pages(connection: Connection) -> int:
    """Return how many pages of text the documents have."""
    asked = sa.select(sa.func.count()).select_from(pages).join(documents, documents.c.sha256 == pages.c.sha256)
    return int(connection.execute(asked).scalar_one())
