"""The bodies of documents, pages, concepts, sources and the state of things. Names here stay; new ones may be added."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from corpus.runs import HarvestRun
from corpus.store import SourceHealth
from corpus.types import Document, FetchedFile, Tag


class TagEvidenceBody(BaseModel):
    """One place that speaks for a tag."""

    page: int = Field(description="1-based; 0 for title, abstract or another field, which the rule names")
    sentence: str
    words: str
    rule: str


class TagBody(BaseModel):
    """A concept attached to a document, with its evidence."""

    facet: str
    concept: str
    label: str
    weight: float
    about: bool
    primary: bool
    count: int
    evidence: list[TagEvidenceBody]

    @classmethod
    def of(cls, tag: Tag, *, label: str) -> TagBody:
        """Return the body of a tag."""
        return cls(
            facet=tag.facet,
            concept=tag.concept,
            label=label,
            weight=tag.weight,
            about=tag.about,
            primary=tag.primary,
            count=tag.count,
            evidence=[
                TagEvidenceBody(page=each.page, sentence=each.sentence, words=each.words, rule=each.rule)
                for each in tag.evidence
            ],
        )


class CopyBody(BaseModel):
    """One place from which the document was fetched."""

    source: str
    url: str
    landing_url: str
    referrer: str
    sha256: str
    size: int = Field(description="bytes")
    content_type: str
    fetched_at: datetime

    @classmethod
    def of(cls, fetched: FetchedFile) -> CopyBody:
        """Return the body of a copy."""
        return cls(
            source=fetched.source,
            url=fetched.url,
            landing_url=fetched.landing_url,
            referrer=fetched.referrer,
            sha256=fetched.sha256,
            size=fetched.size,
            content_type=fetched.content_type,
            fetched_at=fetched.fetched_at,
        )


class ReadingBody(BaseModel):
    """What came of reading the file."""

    outcome: str
    reason: str
    pages_read: int
    page_total: int = Field(description="pages the file says it has; 0 when unknown")
    engine: str


class EvidenceBody(BaseModel):
    """A value that one place gave."""

    value: str
    origin: str


class DocumentBody(BaseModel):
    """One publication in one language."""

    id: str
    title: str
    url: str
    landing_url: str
    lang: str
    year: int | None
    published: str
    authors: list[str]
    publisher: str
    abstract: str
    type: str
    content_type: str
    identifiers: dict[str, str]
    licence: str
    page_count: int
    source: str
    sha256: str
    first_seen: datetime
    is_sample: bool
    work: str
    same_work: list[str] = Field(description="ids of the other documents of its work")
    tags: list[TagBody]
    evidence: dict[str, list[EvidenceBody]] = Field(description="every value offered for a field, the chosen first")
    copies: list[CopyBody]
    reading: ReadingBody | None

    @classmethod
    def of(
        cls,
        document: Document,
        *,
        tags: list[TagBody],
        copies: list[CopyBody],
        same_work: list[str],
        reading: ReadingBody | None,
    ) -> DocumentBody:
        """Return the body of a document."""
        return cls(
            id=document.id,
            title=document.title,
            url=document.url,
            landing_url=document.landing_url,
            lang=document.lang,
            year=document.year,
            published=document.published,
            authors=list(document.authors),
            publisher=document.publisher,
            abstract=document.abstract,
            type=document.type,
            content_type=document.content_type,
            identifiers=dict(document.identifiers),
            licence=document.licence,
            page_count=document.page_count,
            source=document.source,
            sha256=document.sha256,
            first_seen=document.first_seen,
            is_sample=document.is_sample,
            work=document.work,
            same_work=same_work,
            tags=tags,
            evidence={
                name: [EvidenceBody(value=each.value, origin=each.origin) for each in offered]
                for name, offered in document.evidence.items()
            },
            copies=copies,
            reading=reading,
        )


class PageBody(BaseModel):
    """The text of one page."""

    document: str
    number: int
    page_count: int
    lang: str
    text: str = Field(description="plain text, one line break between lines; empty when the page is a scan")


class ConceptBody(BaseModel):
    """An entry of the vocabulary."""

    id: str
    labels: dict[str, str] = Field(description="in en, es, fr and pt")
    broader: list[str]
    codes: dict[str, str]
    note: str
    count: int = Field(description="documents that have it, narrower ones included")


class VocabularyBody(BaseModel):
    """One kind of concept."""

    facet: str
    concepts: list[ConceptBody]


class FacetListBody(BaseModel):
    """The kinds of concept, and how many each has."""

    facets: dict[str, int]


class RunBody(BaseModel):
    """A harvest of a source: what it came to."""

    ended: datetime
    state: str = Field(description="finished, broken, interrupted or crashed")
    words: str = Field(description="the state and its reason, for a person")
    offered: int
    new: int
    changed: int
    unchanged: int
    gone: int
    refused: int = Field(description="by robots.txt")
    skipped: int = Field(description="by a rule of the source file")
    failed: int
    requests: int
    bytes: int

    @classmethod
    def of(cls, run: HarvestRun) -> RunBody:
        """Return the body of a run."""
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class SourceBody(BaseModel):
    """A publisher's collection and its health."""

    slug: str
    name: str
    homepage: str
    protocol: str
    country: str | None
    languages: list[str]
    licence: str
    is_sample: bool
    documents: int
    files: int
    outcomes: dict[str, int] = Field(description="files by how their reading ended")
    newest: datetime | None = Field(description="when its newest document was first seen")
    last_run: RunBody | None = Field(description="null: never harvested")

    @classmethod
    def of(cls, health: SourceHealth) -> SourceBody:
        """Return the body of a source."""
        source = health.source
        return cls(
            slug=source.slug,
            name=source.name,
            homepage=source.homepage,
            protocol=source.protocol,
            country=source.country,
            languages=list(source.languages),
            licence=source.licence,
            is_sample=source.is_sample,
            documents=health.documents,
            files=health.files,
            outcomes=dict(health.outcomes),
            newest=health.newest,
            last_run=RunBody.of(health.last_run) if health.last_run else None,
        )


class SourcesBody(BaseModel):
    """All sources."""

    sources: list[SourceBody]


class StatusBody(BaseModel):
    """What is held and what of it can be searched."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "documents": 12480,
                    "pages": 611000,
                    "indexed": 12480,
                    "behind": 0,
                    "outcomes": {"read": 12480, "scanned": 12},
                    "engine": "tantivy 0.27.0",
                }
            ]
        }
    )

    documents: int
    pages: int
    indexed: int = Field(description="documents that can be searched")
    behind: int = Field(description="how many changes, at most, the index does not show yet")
    outcomes: dict[str, int]
    engine: str
