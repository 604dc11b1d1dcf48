"""A document as simple Dublin Core: what describes it, never its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from corpus.messages.values import type_name
from corpus.metadata.licences import licence_address
from corpus.rights import RightsPolicy, shown
from corpus.shown import without_signs
from corpus.types import LANGUAGES, Document, Facet
from corpus.urls import is_web_address
from corpus.vocabulary import Vocabulary
from search_api.answers.citations.reference import reference_of

Element = tuple[str, str, str]
"""Name, text and language (ISO 639-1; empty: none is said)."""

_SAMPLE = "A sample written for Pushcart. Do not cite it."


def dublin_core(
    document: Document,
    *,
    concepts: Iterable[tuple[Facet, str]],
    vocabulary: Vocabulary,
    rights: RightsPolicy,
    public_url: str,
) -> Iterator[Element]:
    """Yield the elements of a document, none of them empty.

    Args:
        document: with the evidence of its fields; tags and pages are not looked at.
        concepts: what it is about.
        vocabulary: gives their names, in English and in the language of the document.
        rights: of its abstract, as much is given as may be shown.
        public_url: beginning of our absolute addresses.
    """
    document = shown(document, rights.of(document))
    cited = reference_of(document)
    page = f"{public_url}/documents/{quote(document.id, safe='')}"
    groups: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("title", cited.lang, (cited.title,)),
        ("creator", "", tuple(name.inverted for name in cited.authors)),
        ("description", cited.lang, (cited.abstract,)),
        ("description", "en", (_SAMPLE if document.is_sample else "",)),
        ("publisher", "", (cited.publisher,)),
        ("date", "", (cited.issued,)),
        ("type", "en", (type_name(document.type),)),
        ("format", "", (document.content_type,)),
        ("identifier", "", (page, *_identifiers(document, doi=cited.doi, isbn=cited.isbn, issn=cited.issn))),
        ("source", "", (cited.series.name,)),
        ("language", "", (cited.lang,)),
        ("rights", "", (document.licence, licence_address(document.licence))),
    )
    for name, lang, texts in groups:
        for text in texts:
            if text := " ".join(without_signs(text).split()):
                yield name, text, lang
    yield from _subjects(concepts, vocabulary=vocabulary, lang=cited.lang)


def _identifiers(document: Document, *, doi: str, isbn: str, issn: str) -> Iterator[str]:
    if doi:
        yield f"https://doi.org/{doi}"
    if isbn:
        yield f"urn:ISBN:{isbn}"
    if issn:
        yield f"urn:ISSN:{issn}"
    yield from (url for url in dict.fromkeys((document.landing_url, document.url)) if is_web_address(url))


def _subjects(concepts: Iterable[tuple[Facet, str]], *, vocabulary: Vocabulary, lang: str) -> Iterator[Element]:
    for facet, concept in concepts:
        if facet is Facet.REGION:  # they follow from the countries
            continue
        name = "coverage" if facet is Facet.COUNTRY else "subject"
        labels = {"en": vocabulary.label(facet, concept)}
        if lang in LANGUAGES and (own := vocabulary.label(facet, concept, lang)) != labels["en"]:
            labels[lang] = own
        yield from ((name, text, tongue) for tongue, text in labels.items())
