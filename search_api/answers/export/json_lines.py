"""JSON lines for programs: a JSON value a line."""

from __future__ import annotations

import json
from typing import Any

from search_api.answers.export.bibliographies import tag_body
from search_api.answers.export.records import ExportRecord
from search_api.answers.export.texts import one_line


class JsonLinesWriter:
    """A document a line. See ExportWriter."""

    def head(self) -> str:
        """See ExportWriter."""
        return ""

    def record(self, record: ExportRecord) -> str:
        """See ExportWriter. Names stay; new ones may be added."""
        reference, document = record.reference, record.document
        return _line(
            {
                "id": record.id,
                "key": reference.key,
                "title": reference.title,
                "authors": [name.inverted for name in reference.authors],
                "year": int(reference.year) if reference.year else None,
                "published": reference.issued,
                "publisher": reference.publisher,
                "type": document.type,
                "lang": document.lang,
                "series": reference.series.name,
                "volume": reference.series.volume,
                "number": reference.series.number,
                "doi": reference.doi,
                "isbn": reference.isbn,
                "issn": reference.issn,
                "url": reference.url,
                "link": record.link,
                "page": record.page or None,
                "page_count": document.page_count,
                "snippet": record.snippet,
                "abstract": reference.abstract,
                "tags": [tag_body(tag) for tag in record.tags],
                "work": document.work,
                "source": document.source,
                "licence": one_line(document.licence),
                "is_sample": document.is_sample,
                "first_seen": document.first_seen.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "score": round(record.score, 6),
                "accessed": record.accessed.isoformat(),
            }
        )

    def gone(self, document_id: str) -> str:
        """See ExportWriter."""
        return _line({"id": document_id, "gone": True})

    def end(self) -> str:
        """See ExportWriter."""
        return ""

    def incomplete(self, words: str) -> str:
        """See ExportWriter: a line that says so."""
        return _line({"incomplete": True, "detail": words})


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
