"""The result of reading files. A reading belongs to bytes, not to documents; its pages are in pages.py."""

from __future__ import annotations

import sqlalchemy as sa

from corpus.store import rows
from corpus.store.change_log import wait_for_changes
from corpus.store.queue import mark_waiting
from corpus.store.tables import fetched_files, pages, readings
from corpus.store.transactions import Group
from corpus.types import Reading
from corpus.zones import zones_to_json


class Readings(Group):
    """The table `readings`."""

    def save(self, reading: Reading, *, reader_version: str) -> None:
        """Keep a reading with its pages; its documents then wait to be created again. May be repeated."""
        texts = [
            {
                "sha256": reading.sha256,
                "number": page.number,
                "text": page.text,
                "zones": zones_to_json(page.zones),
            }
            for page in reading.pages
        ]
        held = sa.select(fetched_files.c.document_id).where(fetched_files.c.sha256 == reading.sha256).distinct()
        with self._writes() as connection:
            wait_for_changes(connection)
            connection.execute(sa.delete(pages).where(pages.c.sha256 == reading.sha256))
            connection.execute(sa.delete(readings).where(readings.c.sha256 == reading.sha256))
            connection.execute(sa.insert(readings).values(rows.reading_values(reading, reader_version)))
            if texts:
                connection.execute(sa.insert(pages), texts)
            for document in connection.execute(held).scalars().all():
                mark_waiting(connection, document)

    def get(self, sha256: str) -> Reading | None:
        """Return the reading of a file without its pages; None when it was not read yet."""
        with self._reads() as connection:
            row = connection.execute(sa.select(readings).where(readings.c.sha256 == sha256)).mappings().first()
            return rows.reading_from(row) if row else None
