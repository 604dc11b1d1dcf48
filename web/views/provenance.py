"""Where a document came from: its places and versions, what of it was read and can be found, and who says what of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from corpus.messages import Message, gettext, message, ngettext
from corpus.messages.formats import grouped
from corpus.messages.origins import origin_in_words
from corpus.messages.reasons import reason_in_words
from corpus.metadata import Disagreement, disagreements
from corpus.types import Copy as HeldCopy
from corpus.types import Document, Evidence, FileVersion, Outcome, PageRanges, Reading, Source
from corpus.urls import is_same_address, is_web_address
from search_api.answers.coverage import Coverage
from search_api.answers.related import RelatedDocument
from web.addresses import compare_address, outside
from web.contexts import TextLink
from web.document_contexts import CopyLine, FieldLine, OfferedValue, Provenance, Version
from web.format import OUTCOME_WORDS, pages_in_words, size_in_words, without_controls
from web.views.related import related_line

VALUE_CHARACTERS = 300
"""Of a value in the list of fields; an abstract stands whole at the head of the page."""
RANGES_MAX = 12
"""Ranges of pages that are listed."""
OTHERS_MAX = 12
"""Other values of one field that are listed."""
_FIELDS: Mapping[str, Message] = {
    "title": message("Title"),
    "author": message("Authors"),
    "publisher": message("Publisher"),
    "date": message("Date"),
    "type": message("Type"),
    "series": message("Series"),
    "lang": message("Language"),
    "abstract": message("Abstract"),
    "licence": message("Licence"),
    "doi": message("DOI"),
    "isbn": message("ISBN"),
    "issn": message("ISSN"),
    "keyword": message("Keywords"),
    "country": message("Countries"),
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
    related: tuple[RelatedDocument, ...] = ()
    work_size: int = 1
    """Documents of the same work, this one too."""
    comparable: frozenset[str] = frozenset()
    """Ids of documents and SHA-256 of versions of the file that can be shown beside this document, page by page."""


def provenance(document: Document, *, known: Known, page: int = 0, lang: str) -> Provenance:
    """Return all that is known of how a document came here; `page` (1-based; 0: the first) is what is compared with others."""
    fields = _fields(document, lang=lang)
    total = max(known.reading.page_total if known.reading else 0, document.page_count)
    return Provenance(
        source=_source(document, known.sources),
        first_seen=document.first_seen,
        read=_read_in_words(document, known.reading, total=total, lang=lang),
        is_wholly_read=bool(total) and document.page_count == total,
        found=_found_in_words(document, known.coverage, lang=lang) if known.coverage else "",
        is_wholly_found=bool(known.coverage and known.coverage.documents_indexed and not known.coverage.pages_missing),
        fields=fields,
        disagreements=sum(1 for each in fields if each.disagrees),
        gone=_gone(known.copies, lang=lang),
        licence=without_controls(document.licence),
        copies=tuple(_copy(copy, document=document, known=known, lang=lang) for copy in known.copies),
        related=tuple(
            related_line(
                each,
                seen_from=document.id,
                sources=known.sources,
                is_comparable=each.document.id in known.comparable,
                page=page,
                lang=lang,
            )
            for each in known.related
        ),
        related_more=max(known.work_size - 1 - len(known.related), 0),
    )


def _source(document: Document, sources: Mapping[str, Source]) -> TextLink:
    source = sources.get(document.source)
    return (
        TextLink(without_controls(source.name), f"/sources/{source.slug}") if source else TextLink(document.source, "")
    )


def _read_in_words(document: Document, reading: Reading | None, *, total: int, lang: str) -> str:
    if reading is None:
        return (
            pages_in_words(document.page_count, lang=lang)
            if document.page_count
            else gettext("Not read yet.", lang=lang)
        )
    part = grouped(document.page_count, lang=lang)
    words = ngettext("{part} of {count} page", "{part} of {count} pages", total, part=part, lang=lang)
    if reading.engine:
        words = gettext("{pages}, with {engine}", pages=words, engine=reading.engine, lang=lang)
    if reading.outcome is not Outcome.READ:
        words += f": {gettext(OUTCOME_WORDS[reading.outcome], lang=lang)}"
    text = [f"{words}.", *_readers_in_words(reading, lang=lang)]
    return " ".join([*text, without_controls(reason_in_words(reading.reason, lang=lang))]).strip()


def _readers_in_words(reading: Reading, *, lang: str) -> Iterator[str]:
    """Yield which pages the second reader read, and on which some letters could not be read."""
    main = reading.engine.partition("+")[0]
    for engine, ranges in reading.page_engines.items():
        if engine != main:
            pages = _ranges_in_words(ranges)
            yield gettext("Read with {engine}: pages {pages}.", engine=engine, pages=pages, lang=lang)
    if reading.unreadable_pages:
        yield gettext(
            "Letters that could not be read, because the fonts do not identify them: on pages {pages}.",
            pages=_ranges_in_words(reading.unreadable_pages),
            lang=lang,
        )


def _ranges_in_words(ranges: PageRanges) -> str:
    words = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:RANGES_MAX]]
    return ", ".join([*words, "…"] if len(ranges) > RANGES_MAX else words)


def _found_in_words(document: Document, coverage: Coverage, *, lang: str) -> str:
    if not coverage.documents_indexed:
        return gettext("Not searchable yet: the next indexing adds it.", lang=lang)
    part = grouped(coverage.pages_indexed, lang=lang)
    words = [ngettext("{part} of {count} page.", "{part} of {count} pages.", document.page_count, part=part, lang=lang)]
    if count := coverage.pages_without_words:
        words.append(
            ngettext(
                "{count} page has no text: empty, or an image.",
                "{count} pages have no text: empty, or images.",
                count,
                lang=lang,
            )
        )
    if count := coverage.pages_missing:
        words.append(
            ngettext(
                "{count} page is not searchable yet: the next indexing adds it.",
                "{count} pages are not searchable yet: the next indexing adds them.",
                count,
                lang=lang,
            )
        )
    return " ".join(words)


def _gone(copies: Sequence[HeldCopy], *, lang: str) -> tuple[str, datetime] | None:
    """Return why and since when no place has the document any more; None while one of them has."""
    ends = [(copy.fetched.gone_at, copy.fetched.gone_reason) for copy in copies if copy.fetched.gone_at is not None]
    if not copies or len(ends) < len(copies):
        return None
    when, reason = max(ends, key=lambda each: each[0])
    return without_controls(reason_in_words(reason, lang=lang)), when


def _copy(copy: HeldCopy, *, document: Document, known: Known, lang: str) -> CopyLine:
    fetched = copy.fetched
    is_own = not is_web_address(fetched.url)
    # The folder of a person's own file is private.
    address = PurePosixPath(unquote(urlsplit(fetched.url).path)).name if is_own else fetched.url
    source, landing = known.sources.get(fetched.source), outside(fetched.landing_url)
    # The samples' own server is gone when the demonstration ends.
    has_landing = landing and not document.is_sample and not is_same_address(landing, fetched.url)
    return CopyLine(
        address=without_controls(address),
        href="" if document.is_sample else outside(fetched.url),
        source=without_controls(source.name) if source else fetched.source,
        source_href=f"/sources/{source.slug}" if source else "",
        first_seen=copy.first_seen,
        last_seen=copy.last_seen,
        sha256=fetched.sha256,
        size=size_in_words(fetched.size, lang=lang),
        is_current=fetched.sha256 == document.sha256,
        record=without_controls(fetched.record),
        landing=TextLink(without_controls(landing), landing) if has_landing else None,
        versions=_versions(copy.versions, document=document, known=known, lang=lang) if len(copy.versions) > 1 else (),
        gone_at=fetched.gone_at,
        gone_reason=without_controls(reason_in_words(fetched.gone_reason, lang=lang)),
    )


def _versions(versions: Sequence[FileVersion], *, document: Document, known: Known, lang: str) -> tuple[Version, ...]:
    return tuple(
        Version(
            since=each.fetched_at,
            sha256=each.sha256,
            size=size_in_words(each.size, lang=lang),
            is_shown=each.sha256 == document.sha256,
            compare=compare_address(document.id, each.sha256) if each.sha256 in known.comparable else "",
        )
        for each in versions
    )


def _fields(document: Document, *, lang: str) -> tuple[FieldLine, ...]:
    """Return every field that some place spoke of, with the chosen value and what other places say."""
    contradictions = {each.field: each for each in disagreements(document.evidence)}
    return tuple(
        _field(name, document.evidence[name], contradiction=contradictions.get(name), lang=lang)
        for name in sorted(document.evidence, key=_order)
        if document.evidence[name]
    )


def _order(name: str) -> tuple[int, str]:
    known = tuple(_FIELDS)
    return (known.index(name) if name in known else len(known), name)


def _field(name: str, offers: Sequence[Evidence], *, contradiction: Disagreement | None, lang: str) -> FieldLine:
    chosen = offers[0]
    together = [each.value for each in offers if each.origin == chosen.origin] if name in _SEVERAL else [chosen.value]
    against = {each.origin for each in contradiction.others} if contradiction else set()
    others = [each for each in offers if each.value not in together]
    # What contradicts comes first; of equal values of one place one is enough.
    listed = sorted(dict.fromkeys(others), key=lambda each: each.origin not in against)
    return FieldLine(
        name=gettext(_FIELDS[name], lang=lang) if name in _FIELDS else without_controls(name).capitalize(),
        chosen=_offered(Evidence("; ".join(dict.fromkeys(together)), chosen.origin), lang=lang),
        others=tuple(_offered(each, disagrees=each.origin in against, lang=lang) for each in listed[:OTHERS_MAX]),
        disagrees=contradiction is not None,
    )


def _offered(offer: Evidence, *, lang: str, disagrees: bool = False) -> OfferedValue:
    value = without_controls(" ".join(offer.value.split()))
    if len(value) > VALUE_CHARACTERS:
        value = value[:VALUE_CHARACTERS].rsplit(" ", 1)[0] + " …"
    words = origin_in_words(offer.origin, lang=lang)
    return OfferedValue(value, without_controls(words), without_controls(str(offer.origin)), disagrees)
