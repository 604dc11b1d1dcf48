"""Where a document came from: its places and versions, what of it was read and can be found, and who says what of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from corpus.evidence import Disagreement, disagreements
from corpus.messages.origins import origin_in_words
from corpus.messages.reasons import reason_in_words
from corpus.types import Copy as HeldCopy
from corpus.types import Document, Evidence, FileVersion, Outcome, Reading, Source
from search_api.answers.coverage import Coverage
from web.addresses import outside
from web.contexts import Link
from web.document_contexts import Copy, FieldLine, OfferedValue, Version, Whence
from web.views.lists import document_line
from web.wording import OUTCOME_WORDS, counted, grouped, size_in_words, without_controls

VALUE_CHARACTERS = 300
"""Of a value in the list of fields; an abstract stands whole at the head of the page."""
OTHERS_MAX = 12
"""Other values of one field that are listed."""
_FIELDS = {
    "title": "Title",
    "author": "Authors",
    "publisher": "Publisher",
    "date": "Date",
    "type": "Type",
    "series": "Series",
    "lang": "Language",
    "abstract": "Abstract",
    "licence": "Licence",
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "keyword": "Keywords",
    "country": "Countries",
}
_SEVERAL = frozenset({"author", "keyword", "country", "isbn", "issn"})
"""Fields of which one place gives several values that all count."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the records and the index hold around a document."""

    reading: Reading | None
    sources: Mapping[str, Source]
    """By slug."""
    copies: tuple[HeldCopy, ...]
    coverage: Coverage | None
    """None: the index does not answer."""
    others: tuple[Document, ...]
    """Documents of the same work, this one left out."""


def whence(document: Document, *, known: Known) -> Whence:
    """Return all that is known of how a document came here."""
    fields = _fields(document)
    total = max(known.reading.page_total if known.reading else 0, document.page_count)
    return Whence(
        source=_source(document, known.sources),
        first_seen=document.first_seen,
        read=_read_in_words(document, known.reading, total=total),
        is_wholly_read=bool(total) and document.page_count == total,
        found=_found_in_words(document, known.coverage) if known.coverage else "",
        is_wholly_found=bool(known.coverage and known.coverage.documents_indexed and not known.coverage.pages_missing),
        fields=fields,
        disagreements=sum(1 for each in fields if each.disagrees),
        gone=_gone(known.copies),
        licence=without_controls(document.licence),
        copies=tuple(_copy(copy, document=document, sources=known.sources) for copy in known.copies),
        others=tuple(document_line(other) for other in known.others),
    )


def _source(document: Document, sources: Mapping[str, Source]) -> Link:
    source = sources.get(document.source)
    return Link(without_controls(source.name), f"/sources/{source.slug}") if source else Link(document.source, "")


def _read_in_words(document: Document, reading: Reading | None, *, total: int) -> str:
    if reading is None:
        return counted(document.page_count, "page", "pages") if document.page_count else "Not read yet."
    words = f"{grouped(document.page_count)} of {counted(total, 'page', 'pages')}"
    if reading.engine:
        words += f", with {reading.engine}"
    if reading.outcome is not Outcome.READ:
        words += f": {OUTCOME_WORDS[reading.outcome]}"
    return f"{words}. {without_controls(reason_in_words(reading.reason))}".strip()


def _found_in_words(document: Document, coverage: Coverage) -> str:
    if not coverage.documents_indexed:
        return "Not searchable yet: the next indexing brings it in."
    words = f"{grouped(coverage.pages_indexed)} of {counted(document.page_count, 'page', 'pages')}."
    if coverage.pages_without_words:
        have = "has" if coverage.pages_without_words == 1 else "have"
        words += f" {counted(coverage.pages_without_words, 'page', 'pages')} {have} no words: empty, or pictures."
    if coverage.pages_missing:
        words += f" {counted(coverage.pages_missing, 'page', 'pages')} cannot be found yet: the next indexing brings them in."
    return words


def _gone(copies: Sequence[HeldCopy]) -> tuple[str, datetime] | None:
    """Return why and since when no place has the document any more; None while one of them has."""
    ends = [(copy.fetched.gone_at, copy.fetched.gone_reason) for copy in copies if copy.fetched.gone_at is not None]
    if not copies or len(ends) < len(copies):
        return None
    when, reason = max(ends, key=lambda each: each[0])
    return without_controls(reason_in_words(reason)), when


def _copy(copy: HeldCopy, *, document: Document, sources: Mapping[str, Source]) -> Copy:
    fetched = copy.fetched
    is_own = not fetched.url.startswith(("http://", "https://"))
    # The folder of a person's own file is nobody else's business.
    address = PurePosixPath(unquote(urlsplit(fetched.url).path)).name if is_own else fetched.url
    source, landing = sources.get(fetched.source), outside(fetched.landing_url)
    # The samples' own server is gone when the demonstration ends.
    has_landing = landing and not document.is_sample and landing != fetched.url
    return Copy(
        address=without_controls(address),
        href="" if document.is_sample else outside(fetched.url),
        source=without_controls(source.name) if source else fetched.source,
        source_href=f"/sources/{source.slug}" if source else "",
        first_seen=copy.first_seen,
        last_seen=copy.last_seen,
        sha256=fetched.sha256,
        size=size_in_words(fetched.size),
        is_current=fetched.sha256 == document.sha256,
        record=without_controls(fetched.record),
        landing=Link(without_controls(landing), landing) if has_landing else None,
        versions=_versions(copy.versions, shown=document.sha256) if len(copy.versions) > 1 else (),
        gone_at=fetched.gone_at,
        gone_reason=without_controls(reason_in_words(fetched.gone_reason)),
    )


def _versions(versions: Sequence[FileVersion], *, shown: str) -> tuple[Version, ...]:
    return tuple(
        Version(
            since=each.fetched_at,
            sha256=each.sha256,
            size=size_in_words(each.size),
            is_shown=each.sha256 == shown,
        )
        for each in versions
    )


def _fields(document: Document) -> tuple[FieldLine, ...]:
    """Return every field that some place spoke of, with the chosen value and what other places say."""
    contradictions = {each.field: each for each in disagreements(document.evidence)}
    return tuple(
        _field(name, document.evidence[name], contradiction=contradictions.get(name))
        for name in sorted(document.evidence, key=_order)
        if document.evidence[name]
    )


def _order(name: str) -> tuple[int, str]:
    known = tuple(_FIELDS)
    return (known.index(name) if name in known else len(known), name)


def _field(name: str, offers: Sequence[Evidence], *, contradiction: Disagreement | None) -> FieldLine:
    chosen = offers[0]
    together = [each.value for each in offers if each.origin == chosen.origin] if name in _SEVERAL else [chosen.value]
    against = {each.origin for each in contradiction.others} if contradiction else set()
    others = [each for each in offers if each.value not in together]
    # What contradicts comes first; of equal values of one place one is enough.
    listed = sorted(dict.fromkeys(others), key=lambda each: each.origin not in against)
    return FieldLine(
        name=_FIELDS.get(name, without_controls(name).capitalize()),
        chosen=_offered(Evidence("; ".join(dict.fromkeys(together)), chosen.origin)),
        others=tuple(_offered(each, disagrees=each.origin in against) for each in listed[:OTHERS_MAX]),
        disagrees=contradiction is not None,
    )


def _offered(offer: Evidence, *, disagrees: bool = False) -> OfferedValue:
    value = without_controls(" ".join(offer.value.split()))
    if len(value) > VALUE_CHARACTERS:
        value = value[:VALUE_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return OfferedValue(
        value, without_controls(origin_in_words(offer.origin)), without_controls(str(offer.origin)), disagrees
    )
