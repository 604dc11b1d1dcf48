"""The text of pages. It belongs to bytes, not to documents: re-tagging never touches it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.store.tables import BATCH, documents, pages, readings
from corpus.store.transactions import Group
from corpus.types import Page
from corpus.zones import zones_from_json

_PAGES_MAX = 480
"""Pages in one statement, of two parameters each."""
_STEP = 16
"""A statement is made for a multiple of this many pages."""


@dataclass(frozen=True, slots=True)
class ReadPages:
    """How much of a document was read."""

    document_id: str
    read: int
    """Pages with a row, with or without text."""
    total: int
    """Pages that its file says it has; at least `read`."""


class StoredPage(NamedTuple):
    """A page as its row has it: most searches show it as they showed it before, and need no more than a key for that."""

    number: int
    """1-based."""
    text: str
    zones: str
    """As JSON; empty: not determined."""

    def page(self) -> Page:
        """Return it with its zones decoded."""
        return _page(self.number, self.text, json.loads(self.zones) if self.zones else None)


class PageTexts(Group):
    """The table `pages`, which `store.readings.save` fills."""

    def get(self, document_id: str, number: int) -> Page:
        """Return one page of a document, by its 1-based number.

        Raises NotFound: there is no such document, or it has no such page.
        """
        asked = (
            sa.select(documents.c.page_count, pages.c.text, pages.c.zones)
            .join(pages, sa.and_(pages.c.sha256 == documents.c.sha256, pages.c.number == number), isouter=True)
            .where(documents.c.id == document_id)
        )
        with self._reads() as connection:
            found = connection.execute(asked).first()
        if found is None:
            raise NotFound(
                sentence("There is no document {document}.", document=document_id),
                try_next=sentence("Look for it by its title."),
            )
        if found.text is None:
            raise NotFound(
                sentence("Document {document} has no page {number}.", document=document_id, number=number),
                try_next=sentence("Its pages are 1 to {last}.", last=found.page_count),
            )
        return _page(number, found.text, found.zones)

    def of_file(self, sha256: str) -> tuple[Page, ...]:
        """Return all pages of a file, in order."""
        with self._reads() as connection:
            return pages_of_files(connection, [sha256]).get(sha256, ())

    def texts(self, wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
        """Return texts by document and page number; what does not exist is not in the answer."""
        return {place: page.text for place, page in self.stored(wanted).items()}

    def stored(self, wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], StoredPage]:
        """Return pages by document and page number; what does not exist is not in the answer."""
        asked = [(document, number) for document, numbers in wanted.items() for number in numbers]
        found: dict[tuple[str, int], StoredPage] = {}
        if asked:
            with self._reads() as connection:
                for start in range(0, len(asked), _PAGES_MAX):
                    found |= _pages(connection, asked[start : start + _PAGES_MAX])
        return found

    def short_texts(self, document_ids: Sequence[str], *, characters_max: int) -> tuple[tuple[str, str], ...]:
        """Return the pages of documents that have no more text than that, as pairs of document and text."""
        asked = (
            sa.select(documents.c.id, pages.c.text)
            .join(pages, pages.c.sha256 == documents.c.sha256)
            .where(sa.func.length(pages.c.text) <= characters_max)
        )
        found: list[tuple[str, str]] = []
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                some = asked.where(documents.c.id.in_(document_ids[start : start + BATCH]))
                found += [(document, text) for document, text in connection.execute(some)]
        return tuple(found)

    def read_counts(self, source: str) -> tuple[ReadPages, ...]:
        """Return of each document of a source how many pages were read of how many, by id."""
        asked = (
            sa.select(documents.c.id, documents.c.page_count, sa.func.coalesce(readings.c.page_total, 0))
            .join(readings, readings.c.sha256 == documents.c.sha256, isouter=True)
            .where(documents.c.source == source)
            .order_by(documents.c.id)
        )
        with self._reads() as connection:
            found = connection.execute(asked)
            return tuple(ReadPages(document, read, max(read, total)) for document, read, total in found)


def pages_of_files(connection: Connection, wanted: Sequence[str]) -> dict[str, tuple[Page, ...]]:
    """Return all pages of files, in order, by SHA-256; a file without pages is not in the answer."""
    found: dict[str, list[Page]] = {}
    asked = sa.select(pages).where(pages.c.sha256.in_(wanted)).order_by(pages.c.sha256, pages.c.number)
    for sha256, number, text, zones in connection.execute(asked):
        found.setdefault(sha256, []).append(_page(number, text, zones))
    return {sha256: tuple(each) for sha256, each in found.items()}


def _page(number: int, text: str, zones: Any) -> Page:
    return Page(number, text, zones_from_json(zones, length=len(text)))


def _pages(connection: Connection, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], StoredPage]:
    """Return pages by document and page number; `wanted` has one at least, and at most _PAGES_MAX."""
    size = -(-len(wanted) // _STEP) * _STEP
    values: dict[str, str | int] = {}
    for place in range(size):
        # The last one is requested several times: so there are few different statements, and each is compiled once.
        values[f"d{place}"], values[f"n{place}"] = wanted[min(place, len(wanted) - 1)]
    rows = connection.execute(_lookup(size), values)
    return {(document, number): StoredPage(number, text, zones or "") for document, number, text, zones in rows}


@lru_cache
def _lookup(size: int) -> sa.TextualSelect:
    """Return the statement that looks this many pages up.

    Every search asks for some sixty pages: as a condition `(id, number) IN (...)` SQLite would go through the whole table,
    and as one of many OR its looks into the two tables would be squared. CROSS JOIN keeps SQLite to this order.
    """
    asked = ", ".join(f"(:d{place}, :n{place})" for place in range(size))
    statement = sa.text(
        f"WITH wanted (id, number) AS (VALUES {asked})"  # noqa: S608  names of parameters only
        " SELECT wanted.id, wanted.number, pages.text, CAST(pages.zones AS TEXT) FROM wanted CROSS JOIN documents CROSS JOIN pages"
        " WHERE documents.id = wanted.id AND pages.sha256 = documents.sha256 AND pages.number = wanted.number"
    )
    return statement.columns(
        sa.column("id", sa.String), sa.column("number", sa.Integer), pages.c.text, sa.column("zones", sa.Text)
    )
