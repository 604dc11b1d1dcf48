"""RIS, BibTeX and CSL-JSON: a citation of each document, with its best page, tags and permanent link where the format has room."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search_api.answers.citations.bibtex import bibtex
from search_api.answers.citations.csl import csl_item
from search_api.answers.citations.ris import ris
from search_api.answers.export.records import ExportRecord, RecordTag

_COMMA_OF_KEYWORD = "\u201a"
"""Looks like a comma and parts no keywords, as in names of RIS: programs take every other comma for the end of a keyword."""
_INCOMPLETE = "incomplete"


class RisWriter:
    """One record after the other, a blank line between them. See ExportWriter."""

    def head(self) -> str:
        """See ExportWriter."""
        return ""

    def record(self, record: ExportRecord) -> str:
        """See ExportWriter."""
        notes = [
            passage_in_words(record),
            f"Permanent link: {record.link}",
            f"Tags: {_codes(record.tags)}" if record.tags else "",
            f"Work: {record.document.work}" if record.document.work else "",
            "" if record.reference.accessed else f"Accessed: {record.accessed.isoformat()}",
        ]
        keywords = [tag.name for tag in record.tags]
        return ris(record.reference, keywords=keywords, notes=[note for note in notes if note]) + "\n"

    def gone(self, document_id: str) -> str:
        """See ExportWriter. RIS has no comments."""
        return ""

    def end(self) -> str:
        """See ExportWriter."""
        return ""

    def incomplete(self, words: str) -> str:
        """See ExportWriter: a record that says so."""
        return f"TY  - GEN\nID  - {_INCOMPLETE}\nTI  - {words}\nER  - \n"


class BibtexWriter:
    """One entry after the other. See ExportWriter."""

    def head(self) -> str:
        """See ExportWriter."""
        return ""

    def record(self, record: ExportRecord) -> str:
        """See ExportWriter. `annote` is for notes that no bibliography prints; TeX passes over what begins with `pushcart-`."""
        texts = {
            "keywords": ", ".join(tag.name.replace(",", _COMMA_OF_KEYWORD) for tag in record.tags),
            "annote": passage_in_words(record),
            "pushcart-page": str(record.page or ""),
            "pushcart-tags": _codes(record.tags),
            "pushcart-work": record.document.work,
            "pushcart-accessed": record.accessed.isoformat(),
        }
        return bibtex(record.reference, texts=texts, addresses={"pushcart-link": record.link}) + "\n"

    def gone(self, document_id: str) -> str:
        """See ExportWriter."""
        return f"@comment{{{_without_braces(document_id)} is no longer held}}\n\n"

    def end(self) -> str:
        """See ExportWriter."""
        return ""

    def incomplete(self, words: str) -> str:
        """See ExportWriter: a comment."""
        return f"@comment{{{_without_braces(words)}}}\n"


@dataclass(slots=True)
class CslWriter:
    """One array of items, an item a line. See ExportWriter."""

    _is_first: bool = True

    def head(self) -> str:
        """See ExportWriter."""
        return "["

    def record(self, record: ExportRecord) -> str:
        """See ExportWriter."""
        custom = {
            "page": record.page or None,
            "snippet": record.snippet,
            "link": record.link,
            "tags": [tag_body(tag) for tag in record.tags],
            "work": record.document.work,
            "accessed": record.accessed.isoformat(),
        }
        item = csl_item(record.reference) | {
            "keyword": ", ".join(tag.name.replace(",", _COMMA_OF_KEYWORD) for tag in record.tags),
            "note": passage_in_words(record),
            "custom": custom,
        }
        return self._item({name: value for name, value in item.items() if value})

    def gone(self, document_id: str) -> str:
        """See ExportWriter. JSON has no comments."""
        return ""

    def end(self) -> str:
        """See ExportWriter."""
        return "\n]\n"

    def incomplete(self, words: str) -> str:
        """See ExportWriter: an item that says so, in an array that is never closed, so that no program takes it for whole."""
        return self._item({"id": _INCOMPLETE, "type": "document", "title": words}) + "\n"

    def _item(self, item: Mapping[str, Any]) -> str:
        before, self._is_first = ("\n" if self._is_first else ",\n"), False
        return before + json.dumps(item, ensure_ascii=False)


def passage_in_words(record: ExportRecord) -> str:
    """Return `p. 41: … the street vendors of Lima …`; without a page where none has the words; empty without any text."""
    if not record.snippet:
        return ""
    return f"p. {record.page}: {record.snippet}" if record.page else record.snippet


def tag_body(tag: RecordTag) -> dict[str, Any]:
    """Return a tag as JSON."""
    return {"facet": tag.facet.value, "code": tag.code, "name": tag.name, "primary": tag.primary}


def _codes(tags: Sequence[RecordTag]) -> str:
    return ", ".join(f"{tag.facet.value}:{tag.code}" for tag in tags)


def _without_braces(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")
