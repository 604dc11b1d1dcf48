"""The bodies of a search. Names here stay: other programs rely on them; new ones may be added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpus.shown import without_folder
from search_api.answers.collection import CollectionCoverage
from search_api.answers.results import FacetCount, Hit, NamedConcept, Results, Translations
from search_api.answers.suggestions import Suggestion
from search_api.api.marked_text import html_of

_EXAMPLE_SEARCH: dict[str, Any] = {
    "total": 1,
    "documents": 2,
    "near": 0,
    "hits": [
        {
            "id": "d0123456789abcdef",
            "title": "Street vendors in Lima",
            "title_html": "<mark>Street vendors</mark> in Lima",
            "url": "https://example.org/lima.pdf",
            "landing_url": "https://example.org/lima",
            "lang": "en",
            "year": 2019,
            "published": "2019-05",
            "authors": ["A. Author"],
            "publisher": "A Publisher",
            "source": "sample",
            "type": "report",
            "page_count": 84,
            "score": 12.5,
            "missing": [],
            "pages": [{"number": 41, "snippet": "… the <mark>street vendors</mark> of Lima …"}],
            "pages_matching": 4,
            "abstract_html": "",
            "tags": [{"facet": "country", "concept": "PER", "about": True, "primary": True}],
            "copies": 1,
            "same_work": [
                {
                    "id": "d0123456789abcde0",
                    "lang": "es",
                    "source": "sample",
                    "is_translation": True,
                    "url": "https://example.org/lima-es.pdf",
                }
            ],
            "show": "full",
            "is_sample": False,
            "first_seen": "2026-11-23T12:00:00Z",
        }
    ],
    "facets": {"country": [{"value": "PER", "label": "Peru", "count": 1, "chosen": False, "parents": ["005"]}]},
    "query": {
        "text": "street vendors",
        "in_words": "street and vendors",
        "notes": [],
        "concepts": [
            {
                "facet": "group",
                "id": "street_vendors",
                "label": "Street vendors",
                "text": "street vendors",
                "also": ["hawkers", "vendedores ambulantes"],
                "is_on": True,
            }
        ],
        "translations": {"typed": ["street"], "also": ["calle", "rue", "rua"], "is_on": True},
        "years": "",
        "ranks_by_all_words": False,
        "filters": {"country": ["PER"]},
        "sort": "relevance",
        "about": True,
        "strict": False,
    },
    "suggestions": [],
    "next": None,
    "coverage": {
        "documents": 12480,
        "pages": 611000,
        "sources": 31,
        "last_harvest": "2026-11-23T12:00:00Z",
        "pages_unread": 340,
        "files_unread": 12,
        "not_indexed": 0,
        "other_languages": {"ar": 14},
    },
}


class PageHitBody(BaseModel):
    """A page that answers."""

    number: int = Field(description="1-based, as a PDF viewer counts")
    snippet: str = Field(description="HTML: escaped text with the words of the search in <mark>")


class ShortTagBody(BaseModel):
    """A concept attached to a document."""

    facet: str
    concept: str
    about: bool = Field(description="false: the document only mentions it")
    primary: bool


class SameWorkBody(BaseModel):
    """A copy or a translation of a document that answers; no hit of its own."""

    id: str
    lang: str
    source: str
    is_translation: bool = Field(description="false: a copy, with the same text")
    url: str


class HitBody(BaseModel):
    """A document that answers."""

    id: str
    title: str
    title_html: str = Field(description="escaped, words of the search in <mark>")
    url: str
    landing_url: str
    lang: str
    year: int | None
    published: str = Field(description="ISO 8601, as exact as it is known; empty when unknown")
    authors: list[str]
    publisher: str
    source: str
    type: str
    page_count: int
    missing: list[str] = Field(
        description="what of the search the document does not match, as typed; empty for a full match; only full matches "
        "are counted in total"
    )
    score: float = Field(description="comparable within one answer only; 0 when nothing is ranked by words")
    pages: list[PageHitBody] = Field(description="the best pages, at most three, best first")
    pages_matching: int = Field(
        description="pages that match the whole text on their own; references, contents and imprint excluded"
    )
    abstract_html: str = Field(description="given when no page has the words; escaped, marked")
    tags: list[ShortTagBody] = Field(description="what it is about; the document itself has what it mentions too")
    copies: int = Field(description="other documents of the work: copies, translations, editions, extracts")
    same_work: list[SameWorkBody] = Field(description="of these, copies and translations, whether they match or not")
    show: str = Field(
        description="what is shown of it here: full, text (no file) or snippet (passages); the document says why"
    )
    is_sample: bool
    first_seen: datetime


class FacetCountBody(BaseModel):
    """How many works a value would bring, under all other filters."""

    value: str
    label: str
    count: int
    chosen: bool
    parents: list[str] = Field(
        description="values just above in the tree: broader concepts, regions of a country, ISIC sections of a sector"
    )


class NamedConceptBody(BaseModel):
    """A concept that the text of the search names."""

    facet: str
    id: str
    label: str
    text: str = Field(description="the words that name it, as typed")
    also: list[str] = Field(description="some of the other names that are searched for with it, in four languages")
    is_on: bool = Field(description="false: switched off by the parameter off, and searched for as plain words")


class TranslationsBody(BaseModel):
    """Words of other languages that count beside those of the search."""

    typed: list[str] = Field(description="words of the search that have translations")
    also: list[str] = Field(description="translations, some of them")
    is_on: bool = Field(description="false: switched off by off=words:translations")


class SuggestionBody(BaseModel):
    """A search that finds more; given when there are few answers or none."""

    kind: str = Field(
        description="spelling, concept, without_filter, without_word, without_quotes, without_years, with_mentions,"
        " without_filters, one_word"
    )
    words: str = Field(description="for a person, in English")
    parameters: list[tuple[str, str]] = Field(description="names and values of the search")
    total: int = Field(description="documents that it finds")


class QueryBody(BaseModel):
    """How the search was understood."""

    text: str
    in_words: str
    notes: list[str] = Field(description="what could not be understood or was interpreted differently")
    concepts: list[NamedConceptBody] = Field(description="concepts that the text names, in its order")
    translations: TranslationsBody | None = Field(description="null: no word has translations")
    years: str = Field(description="years in the text that are a filter, as typed (2015..2020); empty: none")
    ranks_by_all_words: bool
    filters: dict[str, list[str]]
    sort: str
    about: bool = Field(description="true: filters and counts use what documents are about, not what they mention")
    strict: bool


class CollectionCoverageBody(BaseModel):
    """What was searched, and what of it no search can find."""

    documents: int
    pages: int
    sources: int = Field(description="that have documents")
    last_harvest: datetime | None = Field(description="when the newest harvest ended; null: there was none")
    pages_unread: int = Field(description="pages that could not be read: beyond limits, damaged, or scanned")
    files_unread: int = Field(description="files of which nothing could be read, so their number of pages is unknown")
    not_indexed: int = Field(description="documents that no search finds yet")
    other_languages: dict[str, int] = Field(
        description="documents in languages without names in the vocabulary, by language: only their words are found; "
        "und: unknown"
    )

    @classmethod
    def of(cls, coverage: CollectionCoverage) -> CollectionCoverageBody:
        """Return the body of what is covered."""
        return cls(**coverage_values(coverage))


class SearchBody(BaseModel):
    """The answer to a search."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_SEARCH]})

    total: int = Field(
        description="works that match the whole search, exact: a document with its copies and translations counts once"
    )
    documents: int = Field(description="documents that match the whole search; at least total")
    near: int = Field(description="partial matches, on the first page only; not in total")
    hits: list[HitBody]
    facets: dict[str, list[FacetCountBody]]
    query: QueryBody
    suggestions: list[SuggestionBody] = Field(
        description="searches that find more, when there are fewer than 5 results"
    )
    next: str | None = Field(description="cursor of the hits that follow; null when there are none")
    coverage: CollectionCoverageBody | None = Field(description="null: nobody counted")

    @classmethod
    def of(
        cls, results: Results, *, ways: Sequence[Suggestion] = (), coverage: CollectionCoverage | None = None
    ) -> SearchBody:
        """Return the body of an answer; the command prints the same.

        Args:
            ways: searches nearby that find more.
            coverage: what was searched.
        """
        return cls.model_validate(search_values(results, ways=ways, coverage=coverage))


def search_values(
    results: Results, *, ways: Sequence[Suggestion] = (), coverage: CollectionCoverage | None = None
) -> dict[str, Any]:
    """Return the values of a SearchBody as they are written in JSON; times are datetimes.

    The API writes them as they are: they are our own, and making and checking a thousand models for each answer would cost
    more than finding it.
    """
    asked, reading = results.asked, results.query
    filters = {name: list(values) for name, values in asked.filter_values().items()}
    if asked.years is not None:
        filters["year"] = [str(asked.years)]
    return {
        "total": results.total,
        "documents": results.documents,
        "near": results.near,
        "hits": [_hit_values(hit) for hit in results.hits],
        "facets": {facet: [_count_values(each) for each in counts] for facet, counts in results.facets.items()},
        "query": {
            "text": reading.text,
            "in_words": reading.in_words,
            "notes": reading.notes,
            "concepts": [_concept_values(each) for each in reading.concepts],
            "translations": _translation_values(reading.translations),
            "years": reading.years,
            "ranks_by_all_words": reading.ranks_by_all_words,
            "filters": filters,
            "sort": asked.sort,
            "about": asked.about,
            "strict": asked.strict,
        },
        "suggestions": [
            {"kind": way.kind, "words": way.words, "parameters": way.query.to_parameters(), "total": way.count}
            for way in ways
        ],
        "next": results.next or None,
        "coverage": coverage_values(coverage) if coverage else None,
    }


def coverage_values(coverage: CollectionCoverage) -> dict[str, Any]:
    """Return the values of a CollectionCoverageBody."""
    return {
        "documents": coverage.documents,
        "pages": coverage.pages,
        "sources": coverage.sources,
        "last_harvest": coverage.last_harvest,
        "pages_unread": coverage.pages_unread,
        "files_unread": coverage.files_unread,
        "not_indexed": coverage.not_indexed,
        "other_languages": dict(coverage.other_languages),
    }


def _hit_values(hit: Hit) -> dict[str, Any]:
    document = hit.document
    return {
        "id": document.id,
        "title": document.title,
        "title_html": html_of(hit.title),
        "url": without_folder(document.url),
        "landing_url": without_folder(document.landing_url),
        "lang": document.lang,
        "year": document.year,
        "published": document.published,
        "authors": document.authors,
        "publisher": document.publisher,
        "source": document.source,
        "type": document.type,
        "page_count": document.page_count,
        "missing": hit.missing,
        "score": round(hit.score, 6),
        "pages": [{"number": page.number, "snippet": html_of(page.snippet)} for page in hit.pages],
        "pages_matching": hit.pages_matching,
        "abstract_html": html_of(hit.abstract),
        "tags": [
            {"facet": tag.facet, "concept": tag.concept, "about": tag.about, "primary": tag.primary}
            for tag in document.tags
        ],
        "copies": hit.copies,
        "same_work": [
            {
                "id": each.id,
                "lang": each.lang,
                "source": each.source,
                "is_translation": each.is_translation,
                "url": without_folder(each.url),
            }
            for each in hit.same_work
        ],
        "show": hit.rights.show,
        "is_sample": document.is_sample,
        "first_seen": document.first_seen,
    }


def _count_values(each: FacetCount) -> dict[str, Any]:
    return {
        "value": each.value,
        "label": each.label,
        "count": each.count,
        "chosen": each.chosen,
        "parents": each.parents,
    }


def _translation_values(found: Translations | None) -> dict[str, Any] | None:
    return {"typed": found.typed, "also": found.also, "is_on": found.is_on} if found else None


def _concept_values(each: NamedConcept) -> dict[str, Any]:
    return {
        "facet": each.facet,
        "id": each.id,
        "label": each.label,
        "text": each.text,
        "also": each.also,
        "is_on": each.is_on,
    }
