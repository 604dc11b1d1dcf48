"""From fetched files and the reading of their bytes to a tagged document. Pure: the same in, the same out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from corpus.languages import code_of
from corpus.types import Document, Evidence, Facet, FetchedFile, FieldEvidence, Reading, Tag
from corpus.vocabulary import load_vocabulary
from nlp.language import UNDETERMINED, language_of
from nlp.metadata import choose_metadata
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.zone_weights import back_matter
from nlp.spellings import Spellings
from nlp.zones import with_zones

_FIRST_PAGES = 3
_READ_AS = {"trafilatura": "text/html", "lxml": "text/html", "text": "text/plain"}
"""What the bytes were, by the engine that read them; all others read PDF."""


class TagsText(Protocol):
    """What tags a text: nlp.pipeline.tagger.Tagger, or a double in tests."""

    def tag(self, text: TaggedText) -> tuple[Tag, ...]:
        """Return the tags, most weight first within a facet."""


def build_document(
    copies: Sequence[FetchedFile],
    reading: Reading,
    *,
    id: str,  # noqa: A002  the document's own word
    work: str,
    first_seen: datetime,
    tagger: TagsText | None,
    is_sample: bool = False,
) -> Document:
    """Return the document that copies of one file make.

    Args:
        copies: first seen first, at least one; what each place says of the file counts, the first one's address is shown.
        reading: of their bytes; a file that could not be read makes a document of its metadata alone.
        work: id of the work; the document's own id when it stands alone.
        first_seen: aware, UTC.
        tagger: None makes a document without tags and without a guess at its language: nothing looks at its text.
    """
    first = copies[0]
    pages = with_zones(reading.pages) if tagger else reading.pages
    texts = [page.text for page in pages]
    offers = merged_offers([*(copy.evidence for copy in copies), reading.evidence])
    lang = _language(texts, offers) if tagger else _declared_language(offers)
    content_type = _content_type(first, reading)
    chosen = choose_metadata(
        offers,
        url=first.url,
        content_type=content_type,
        lang=lang if tagger else UNDETERMINED,
        first_pages=texts[:_FIRST_PAGES],
        spellings=Spellings.of(texts),
        latest=max(copy.fetched_at for copy in copies).date().isoformat(),
    )
    text = TaggedText(
        title=chosen.title,
        abstract=chosen.abstract,
        keywords=chosen.keywords,
        pages=pages,
        lang=lang,
        countries=_countries(offers.get("country", ())) if tagger else (),
    )
    return Document(
        id=id,
        source=first.source,
        url=first.url,
        sha256=reading.sha256,
        title=chosen.title,
        lang=lang,
        first_seen=first_seen,
        work=work,
        landing_url=next((copy.landing_url for copy in copies if copy.landing_url), ""),
        authors=chosen.authors,
        publisher=chosen.publisher,
        published=chosen.published,
        abstract=chosen.abstract,
        type=chosen.type,
        content_type=content_type,
        identifiers=chosen.identifiers,
        licence=chosen.licence,
        page_count=len(pages),
        evidence=chosen.evidence,
        tags=tagger.tag(text) if tagger else (),
        pages=pages,
        back_matter=back_matter(pages) if tagger else (),
        is_sample=is_sample,
    )


def merged_offers(given: Sequence[FieldEvidence]) -> FieldEvidence:
    """Return the offers of all places by field, in order, each once."""
    merged: dict[str, dict[Evidence, None]] = {}
    for offers in given:
        for name, values in offers.items():
            merged.setdefault(name, {}).update(dict.fromkeys(values))
    return {name: tuple(values) for name, values in merged.items()}


def _language(texts: Sequence[str], offers: FieldEvidence) -> str:
    """Return the language of the text; where there is none, the one that a catalogue names, else that of the title."""
    detected = language_of(texts)
    if detected != UNDETERMINED:
        return detected
    if (declared := _declared_language(offers)) != UNDETERMINED:
        return declared
    return language_of(offer.value for name in ("title", "abstract") for offer in offers.get(name, ())[:1])


def _declared_language(offers: FieldEvidence) -> str:
    return next(filter(None, (code_of(offer.value) for offer in offers.get("lang", ()))), UNDETERMINED)


def _content_type(first: FetchedFile, reading: Reading) -> str:
    if not reading.engine:
        return first.content_type
    return _READ_AS.get(reading.engine, "application/pdf")


def _countries(offers: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the ISO alpha-3 codes of countries that catalogues name, by code or by name in any of the four languages."""
    vocabulary = load_vocabulary()
    found: dict[str, None] = {}
    for offer in offers:
        found.update((country.id, None) for country in vocabulary.places(offer.value, facet=Facet.COUNTRY))
    return tuple(found)
