"""What a document is to others, as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field

from corpus.messages.relations import confidence_in_words, evidence_in_words, kind_in_words
from corpus.works import RelationEvidence
from search_api.answers.related import RelatedDocument


class RelationEvidenceBody(BaseModel):
    """One thing that indicates a relation."""

    kind: str
    detail: dict[str, str | int | float]
    words: str = Field(description="the same in words")

    @classmethod
    def of(cls, evidence: RelationEvidence, *, lang: str = "en") -> RelationEvidenceBody:
        """Return the body of a piece of evidence."""
        words = evidence_in_words(evidence, lang=lang)
        # The person who decided is shown only to people who may decide.
        detail = {name: value for name, value in evidence.detail.items() if name != "person"}
        return cls(kind=evidence.kind.value, detail=detail, words=words)


class RelatedBody(BaseModel):
    """Another document, and what it is to this one."""

    id: str
    kind: str = Field(description="copy, translation, edition, extract, part")
    role: str = Field(description="of an extract: `whole` or `extract`, which the other document is; otherwise empty")
    words: str = Field(description="kind and role in words")
    confidence: float = Field(description="0 to 1")
    confidence_words: str
    evidence: list[RelationEvidenceBody] = Field(description="the strongest first")
    title: str
    url: str
    landing_url: str
    source: str
    lang: str
    published: str
    page_count: int

    @classmethod
    def of(cls, related: RelatedDocument, *, seen_from: str, lang: str = "en") -> RelatedBody:
        """Return the body of a related document, as it is to the one of the id `seen_from`."""
        document, relation = related.document, related.relation
        is_extract = relation.kind.value == "extract"
        return cls(
            id=document.id,
            kind=relation.kind.value,
            role=("whole" if relation.first == document.id else "extract") if is_extract else "",
            words=kind_in_words(relation, seen_from=seen_from, lang=lang),
            confidence=relation.confidence,
            confidence_words=confidence_in_words(relation, lang=lang),
            evidence=[RelationEvidenceBody.of(each, lang=lang) for each in relation.evidence],
            title=document.title,
            url=document.url,
            landing_url=document.landing_url,
            source=document.source,
            lang=document.lang,
            published=document.published,
            page_count=document.page_count,
        )
