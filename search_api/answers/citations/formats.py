"""The formats in which a citation is returned, by the name that an address gives."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.types import Document
from search_api.answers.citations.bibtex import bibtex
from search_api.answers.citations.csl import csl_item
from search_api.answers.citations.plain import plain_citation
from search_api.answers.citations.reference import Reference, reference_of
from search_api.answers.citations.ris import ris
from search_api.answers.citations.styles import formatted


class CitationFormat(StrEnum):
    """What a program reads, or a person."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    PLAIN = "plain"
    """Plain text; in a style where one is named."""


_FILES = {
    CitationFormat.BIBTEX: ("application/x-bibtex", "bib"),
    CitationFormat.RIS: ("application/x-research-info-systems", "ris"),
    CitationFormat.CSL_JSON: ("application/vnd.citationstyles.csl+json", "json"),
    CitationFormat.PLAIN: ("text/plain", "txt"),
}
MEDIA_TYPES = tuple(media_type for media_type, _ in _FILES.values())
"""What a citation can be returned as."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation, ready to be returned."""

    text: str
    """Ends with a line break."""
    media_type: str
    ending: str
    """Of a file: `bib`, `ris`, `json`, `txt`."""


def cite(
    document: Document,
    kind: CitationFormat,
    *,
    page: int = 0,
    style: str = "",
    accessed: date | None = None,
    public_url: str = "",
    file: str | None = None,
) -> Citation:
    """Return the citation of a document or of one of its pages.

    Args:
        document: without its pages is enough.
        kind: the format.
        page: 1-based; 0 cites the whole document.
        style: a name of `STYLES`, for plain text; empty: the plain citation that needs no style.
        accessed: as in `reference_of`.
        public_url: as in `reference_of`.
        file: as in `reference_of`.

    Raises NotFound: the document has no such page, there is no such style, or styles are not installed.
    """
    if page and not 1 <= page <= document.page_count:
        raise NotFound(
            sentence("This document has no page {number}.", number=page),
            try_next=sentence(
                "Its pages go from 1 to {last}: {title}.", last=document.page_count, title=document.title[:120]
            ),
        )
    reference = reference_of(document, page=page, accessed=accessed, public_url=public_url, file=file)
    media_type, ending = _FILES[kind]
    return Citation(_written(reference, kind, style=style), media_type, ending)


def _written(reference: Reference, kind: CitationFormat, *, style: str) -> str:
    match kind:
        case CitationFormat.BIBTEX:
            return bibtex(reference)
        case CitationFormat.RIS:
            return ris(reference)
        case CitationFormat.CSL_JSON:
            return json.dumps([csl_item(reference)], ensure_ascii=False, indent=1) + "\n"
        case CitationFormat.PLAIN if style:
            cited = formatted(reference, style)
            # Of a page, what is in the text is what names it.
            return f"{cited.in_text}\n{cited.entry}\n" if reference.page else f"{cited.entry}\n"
        case CitationFormat.PLAIN:
            return plain_citation(reference) + "\n"
