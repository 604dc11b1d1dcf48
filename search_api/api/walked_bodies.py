"""A document of a complete list: one JSON value per line. Names here stay; new ones may be added."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from search_api.answers.walk import WalkedHit
from search_api.api.bodies import ShortTagBody


class WalkedDocumentBody(BaseModel):
    """What is known of a document at a glance."""

    title: str
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
    identifiers: dict[str, str]
    tags: list[ShortTagBody]
    work: str
    is_sample: bool
    first_seen: datetime


class WalkedHitBody(BaseModel):
    """A document that matches."""

    id: str
    score: float = Field(description="comparable within one list only; 0 when nothing is ranked by words")
    document: WalkedDocumentBody | None = Field(description="null: it was removed since the list was started")

    @classmethod
    def of(cls, hit: WalkedHit) -> WalkedHitBody:
        """Return the body of a hit."""
        return cls(id=hit.id, score=round(hit.score, 6), document=_document(hit))


def _document(hit: WalkedHit) -> WalkedDocumentBody | None:
    document = hit.document
    if document is None:
        return None
    return WalkedDocumentBody(
        title=document.title,
        url=document.url,
        landing_url=document.landing_url,
        lang=document.lang,
        year=document.year,
        published=document.published,
        authors=list(document.authors),
        publisher=document.publisher,
        source=document.source,
        type=document.type,
        page_count=document.page_count,
        identifiers=dict(document.identifiers),
        tags=[
            ShortTagBody(facet=tag.facet, concept=tag.concept, about=tag.about, primary=tag.primary)
            for tag in document.tags
        ],
        work=document.work,
        is_sample=document.is_sample,
        first_seen=document.first_seen,
    )
