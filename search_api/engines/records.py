"""Documents as an engine keeps them: tokens, filter values and sort keys, made once for every engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.types import Document, Facet
from search_api.analysis import Analysed, analysed, exact
from search_api.engines.classifications import pages_of_classification
from search_api.engines.folding import FOLD, FOLD_VALUES, IS_FOLDED, IS_FOLDED_VALUE, fold_number, fold_values
from search_api.engines.page_words import new, words_of_pages
from search_api.query.parameters import PUBLISHER_CHARACTERS_MAX
from search_api.query.plan import Field, concept_token

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

RECORDS_VERSION = 7
"""To be raised when records of the same document would differ: an index made with another version is rebuilt."""

NO_TOKENS = "-"
"""Stands in a field without words: one engine counts a missing field for the average length and the other does not, and
their scores would differ. No analysis gives this token, so nothing finds it."""

PAGE_FIELDS = (Field.WORD, Field.STEM, Field.CONCEPT, Field.EXACT)
"""Fields of tokens that a page has."""
_PLACES_MAX = 50
"""More places on one page say no more, and BM25 would hardly count them."""

FILTERS_OF_CONCEPTS = tuple(f"{facet}{ending}" for facet in Facet for ending in ("", "_about"))
FILTERS = (*FILTERS_OF_CONCEPTS, "lang", "type", "source", "publisher_name", "doi", IS_FOLDED, FOLD, FOLD_VALUES)
"""Fields of values; each record has any number of values in each."""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """One document."""

    id: str
    version: str
    """Id and sequence number of the change: identifies the state of the document in an index."""
    tokens: Mapping[Field, str]
    """Tokens with a space between; every field of documents is there, NO_TOKENS when it is empty."""
    filters: Mapping[str, tuple[str, ...]]
    """By name of FILTERS; empty ones are absent."""
    year: int | None
    newest: str
    """Sorts newest first when sorted ascending, ties by id; so do `oldest` and `first_seen` in their ways."""
    oldest: str
    first_seen: str
    fold: int | None
    """Number of its fold; None: the document is alone."""
    seen: int
    """Sequence number of its first sight."""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page that has text."""

    document: str
    version: str
    number: int
    """1-based."""
    lang: str
    """Of the document."""
    tokens: Mapping[Field, str]
    """Of PAGE_FIELDS."""
    is_back_matter: bool = False
    """True: references, contents, imprint, or codes of a classification; shown after all other pages of the document."""


def records_of(
    document: Document, *, sequence: int, vocabulary: Vocabulary
) -> tuple[DocumentRecord, tuple[PageRecord, ...]]:
    """Return what an engine keeps of a document.

    Args:
        document: with tags and pages.
        sequence: of the change that brought it.
        vocabulary: gives the regions of countries and the broader concepts.
    """
    version = f"{document.id}@{sequence}"
    named = _concepts_by_page(document, vocabulary=vocabulary)
    front = analysed(f"{document.title} . {document.abstract}", document.lang)
    of_front = _by_field(front, concepts=named.get(0, []))
    whole = {field: list(tokens) for field, tokens in of_front.items()}
    pages: list[PageRecord] = []
    listing = pages_of_classification(document.pages)
    listed: set[str] = set()
    for page in document.pages:
        concepts = named.get(page.number, [])
        whole[Field.CONCEPT] += new(concepts, listed) if page.number in listing else concepts
    for page, own, added in words_of_pages(document, listing=listing):
        tokens = _by_field(own, concepts=named.get(page.number, []))
        # Back matter counts in full here: counting its words once lost 0.010 nDCG@10 (0.023 to 0.001) on the judged queries.
        for field, words in _by_field(added, concepts=[]).items():
            whole[field] += words
        pages.append(
            PageRecord(
                document=document.id,
                version=version,
                number=page.number,
                lang=document.lang,
                tokens={field: _joined(tokens[field]) for field in PAGE_FIELDS},
                is_back_matter=page.number in document.back_matter or page.number in listing,
            )
        )
    if len(pages) == 1:  # the page of a text that has only one is the whole of it, and ranks as that does
        pages = [_with_front(pages[0], of_front)]
    title = analysed(document.title, document.lang)
    tokens_of_document = {
        Field.TITLE: _joined(title.words),
        Field.TITLE_EXACT: _joined(title.exact),
        **{field: _joined(tokens) for field, tokens in whole.items()},
        Field.AUTHOR: _joined(exact(" . ".join(document.authors))),
        Field.PUBLISHER: _joined(exact(document.publisher)),
    }
    date, seen = _date_number(document.published), document.first_sequence
    filters = filter_values(document, vocabulary=vocabulary)
    if document.fold:
        filters |= {
            IS_FOLDED: (IS_FOLDED_VALUE,),
            FOLD: (str(fold_number(document.fold)),),
            FOLD_VALUES: fold_values(document.fold, filters, year=document.year),
        }
    record = DocumentRecord(
        id=document.id,
        version=version,
        tokens=tokens_of_document,
        filters=filters,
        year=document.year,
        newest=f"{99999999 - date:08d}|{document.id}" if date else f"~|{document.id}",
        oldest=f"{date:08d}|{document.id}" if date else f"~|{document.id}",
        first_seen=f"{10**15 - seen:016d}|{document.id}",
        fold=fold_number(document.fold) if document.fold else None,
        seen=seen,
    )
    return record, tuple(pages)


def _with_front(page: PageRecord, front: Mapping[Field, list[str]]) -> PageRecord:
    tokens = {field: " ".join((*front[field], page.tokens[field])) for field in PAGE_FIELDS}
    return replace(page, tokens=tokens)


def _by_field(found: Analysed, *, concepts: list[str]) -> dict[Field, list[str]]:
    return {Field.WORD: found.words, Field.STEM: found.stems, Field.CONCEPT: concepts, Field.EXACT: found.exact}


def _concepts_by_page(document: Document, *, vocabulary: Vocabulary) -> dict[int, list[str]]:
    """Return a token for each place that names a concept, and one for each broader concept, by page (0: title, abstract)."""
    found: dict[int, list[str]] = {}
    for tag in document.tags:
        tokens = _tokens_of_concept(tag.facet, tag.concept, vocabulary=vocabulary)
        for page, places in tag.places:
            found.setdefault(page, []).extend(tokens * min(places, _PLACES_MAX))
    return found


def _tokens_of_concept(facet: Facet, concept: str, *, vocabulary: Vocabulary) -> tuple[str, ...]:
    own = tuple(concept_token(facet, each) for each in _with_broader((concept,), facet=facet, vocabulary=vocabulary))
    if facet is not Facet.COUNTRY:
        return own
    return own + tuple(concept_token(Facet.REGION, region) for region in vocabulary.regions_of(concept))


def _joined(tokens: list[str]) -> str:
    return " ".join(tokens) or NO_TOKENS


def _date_number(published: str) -> int:
    """Return 20190503 for 2019-05-03, 20190000 for 2019, 0 for nothing."""
    return int(published.replace("-", "").ljust(8, "0")) if published else 0


def filter_values(document: Document, *, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the values by which a document can be filtered, with all regions of its countries and broader concepts."""
    found: dict[str, tuple[str, ...]] = {
        "lang": (document.lang,),
        "type": (document.type,),
        "source": (document.source,),
    }
    if publisher := publisher_value(document.publisher):
        found["publisher_name"] = (publisher,)
    if doi := document.identifiers.get("doi", "").lower():
        found["doi"] = (doi,)
    for facet in Facet:
        for ending, only_about in (("", False), ("_about", True)):
            chosen = [tag.concept for tag in document.tags_of(facet) if tag.about or not only_about]
            if facet is Facet.REGION:
                countries = [tag.concept for tag in document.tags_of(Facet.COUNTRY) if tag.about or not only_about]
                chosen += [region for country in countries for region in vocabulary.regions_of(country)]
            if values := _with_broader(chosen, facet=facet, vocabulary=vocabulary):
                found[f"{facet}{ending}"] = values
    return found


def publisher_value(publisher: str) -> str:
    """Return the name of a publisher as a filter takes it; empty when there is none."""
    return " ".join(publisher.split())[:PUBLISHER_CHARACTERS_MAX].strip()


def _with_broader(concepts: Iterable[str], *, facet: Facet, vocabulary: Vocabulary) -> tuple[str, ...]:
    known = vocabulary.concepts(facet)
    found: dict[str, None] = {}
    waiting = list(concepts)
    while waiting:
        concept_id = waiting.pop()
        if concept_id not in found:
            found[concept_id] = None
            waiting += known[concept_id].broader if concept_id in known else ()
    return tuple(sorted(found))


def hierarchy_fingerprint(vocabulary: Vocabulary) -> str:
    """Return a short hash of what `filter_values` takes from the vocabulary; labels and words are no part of it."""
    digest = hashlib.sha256()
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            inside = vocabulary.regions_of(concept.id) if facet is Facet.COUNTRY else ()
            digest.update(repr((facet.value, concept.id, concept.broader, inside)).encode())
    return digest.hexdigest()[:16]
