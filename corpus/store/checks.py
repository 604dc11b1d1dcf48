"""What a check of the records asks: which files they name, and where tables contradict each other."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from corpus.store.tables import documents, fetched_files, file_versions, pages, readings, waiting
from corpus.store.transactions import Group

_MOST = 1000
"""Contradictions that are returned."""


@dataclass(frozen=True, slots=True)
class PageFault:
    """A file or document whose pages are not as many as its row says."""

    which: str
    """SHA-256 of the file, or id of the document."""
    stated: int
    found: int


class Checks(Group):
    """Reads several groups of tables; changes nothing."""

    def named_files(self) -> set[str]:
        """Return the SHA-256 of every file that the records name, also of earlier versions."""
        asked = sa.union(sa.select(fetched_files.c.sha256), sa.select(file_versions.c.sha256))
        with self._reads() as connection:
            return {str(each) for each in connection.execute(asked).scalars()}

    def page_faults(self) -> tuple[PageFault, ...]:
        """Return readings and documents whose number of pages is not that of their rows, at most some of them."""
        counted = sa.select(pages.c.sha256, sa.func.count().label("found")).group_by(pages.c.sha256).subquery("counted")
        found = sa.func.coalesce(counted.c.found, 0)
        faults: list[PageFault] = []
        with self._reads() as connection:
            for table, name in ((readings, readings.c.sha256), (documents, documents.c.id)):
                asked = (
                    sa.select(name, table.c.page_count, found)
                    .select_from(table.outerjoin(counted, counted.c.sha256 == table.c.sha256))
                    .where(table.c.page_count != found)
                    .where(name.not_in(sa.select(waiting.c.document_id)))  # it is made again
                    .order_by(name)
                    .limit(_MOST)
                )
                faults += [
                    PageFault(str(which), int(said), int(there)) for which, said, there in connection.execute(asked)
                ]
        return tuple(faults)
