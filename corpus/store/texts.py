"""Readings and pages in the database. Text belongs to bytes, not to documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.errors import NotFound
from corpus.store import rows
from corpus.store.harvested import mark_waiting
from corpus.store.tables import documents, fetched_files, pages, readings
from corpus.types import Page, Reading

_BATCH = 500
"""Ids in one statement."""


def save_reading(connection: Connection, reading: Reading, *, reader_version: str) -> None:
    """Keep what came of reading a file, and note the documents that hold it as to be made anew. May be repeated."""
    connection.execute(sa.delete(pages).where(pages.c.sha256 == reading.sha256))
    connection.execute(sa.delete(readings).where(readings.c.sha256 == reading.sha256))
    connection.execute(sa.insert(readings).values(rows.reading_values(reading, reader_version)))
    if reading.pages:
        texts = [{"sha256": reading.sha256, "number": page.number, "text": page.text} for page in reading.pages]
        connection.execute(sa.insert(pages), texts)
    held = sa.select(fetched_files.c.document_id).where(fetched_files.c.sha256 == reading.sha256).distinct()
    for document in connection.execute(held).scalars().all():
        mark_waiting(connection, document)


def reading_of(connection: Connection, sha256: str) -> Reading | None:
    """Return the reading of a file without its pages; None when it was not read yet."""
    row = connection.execute(sa.select(readings).where(readings.c.sha256 == sha256)).mappings().first()
    return rows.reading_from(row) if row else None


def pages_of_files(connection: Connection, wanted: Sequence[str]) -> dict[str, tuple[Page, ...]]:
    """Return all pages of files, in order, by SHA-256; a file without pages is not in the answer."""
    found: dict[str, list[Page]] = {}
    asked = sa.select(pages).where(pages.c.sha256.in_(wanted)).order_by(pages.c.sha256, pages.c.number)
    for sha256, number, text in connection.execute(asked):
        found.setdefault(sha256, []).append(Page(number, text))
    return {sha256: tuple(each) for sha256, each in found.items()}


def page_of(connection: Connection, document: str, number: int) -> Page:
    """Return one page of a document.

    Raises NotFound: there is no such document, or it has no such page.
    """
    asked = sa.select(documents.c.sha256, documents.c.page_count).where(documents.c.id == document)
    found = connection.execute(asked).first()
    if found is None:
        raise NotFound(f"There is no document {document}.", try_next="Look for it by its title.")
    text = connection.execute(
        sa.select(pages.c.text).where(pages.c.sha256 == found[0], pages.c.number == number)
    ).scalar()
    if text is None:
        raise NotFound(f"Document {document} has no page {number}.", try_next=f"Its pages are 1 to {found[1]}.")
    return Page(number, text)


def page_texts(connection: Connection, wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
    """Return texts by document and page number; what does not exist is not in the answer."""
    ids = [document for document, numbers in wanted.items() if numbers]
    if not ids:
        return {}
    asked = sa.select(documents.c.id, documents.c.sha256).where(documents.c.id.in_(ids))
    files = [(row.id, row.sha256) for row in connection.execute(asked)]
    numbers_of: dict[str, set[int]] = {}
    for document, sha256 in files:
        numbers_of.setdefault(sha256, set()).update(wanted[document])
    held = _texts(connection, numbers_of)
    return {
        (document, number): held[sha256, number]
        for document, sha256 in files
        for number in wanted[document]
        if (sha256, number) in held
    }


def _texts(connection: Connection, wanted: Mapping[str, Collection[int]]) -> dict[tuple[str, int], str]:
    """Return texts by SHA-256 and page number.

    The condition is written as text, which the database reads at once as so many looks into the index; as expressions of
    SQLAlchemy it would cost more than the looks, and together with the table of documents their number would be squared.
    """
    if not wanted:
        return {}
    parts: list[str] = []
    values: dict[str, str | int] = {}
    for place, (sha256, numbers) in enumerate(wanted.items()):
        values[f"s{place}"] = sha256
        values |= {f"n{place}_{at}": number for at, number in enumerate(numbers)}
        named = ", ".join(f":n{place}_{at}" for at in range(len(numbers)))
        parts.append(f"(sha256 = :s{place} AND number IN ({named}))")
    asked = sa.select(pages.c.sha256, pages.c.number, pages.c.text).where(sa.text(" OR ".join(parts)))
    found = connection.execute(asked, values)  # as parameters of the statement, each value would cost as much as a page
    return {(sha256, number): text for sha256, number, text in found}


def short_texts(connection: Connection, ids: Sequence[str], *, characters_max: int) -> tuple[tuple[str, str], ...]:
    """Return document and text of each page of these documents that has no more text than that."""
    found: list[tuple[str, str]] = []
    for start in range(0, len(ids), _BATCH):
        asked = (
            sa.select(documents.c.id, pages.c.text)
            .join(pages, pages.c.sha256 == documents.c.sha256)
            .where(documents.c.id.in_(ids[start : start + _BATCH]), sa.func.length(pages.c.text) <= characters_max)
        )
        found += [(document, text) for document, text in connection.execute(asked)]
    return tuple(found)
