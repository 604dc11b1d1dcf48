"""The bodies of documents and their pages. Names here stay; new ones may be added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from corpus.messages.reasons import reason_in_words
from corpus.messages.rights import rights_in_words
from corpus.messages.rules import rule_with_zone
from corpus.metadata import Disagreement, disagreements
from corpus.metadata.licences import licence_address
from corpus.rights import WHOLE, Rights
from corpus.types import Copy, Document, Evidence, FileVersion, Tag
from search_api.api.related_bodies import RelatedBody


class TagEvidenceBody(BaseModel):
    """One piece of evidence of a tag."""

    page: int = Field(description="1-based; 0 for title, abstract or another field, which the rule names")
    sentence: str
    words: str
    rule: str = Field(description="what fits, for a person: `term: street vendor (title)`")
    kind: str = Field(description="the kind of rule: `term`, `activity`, `name` ...")
    zone: str = Field(description="`title`, `abstract` or `keywords`; empty on a page")


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
                TagEvidenceBody(
                    page=each.page,
                    sentence=each.sentence,
                    words=each.words,
                    rule=rule_with_zone(each.rule),
                    kind=each.rule.kind,
                    zone=each.rule.zone or "",
                )
                for each in tag.evidence
            ],
        )


class VersionBody(BaseModel):
    """Bytes that an address held at some time; they are kept."""

    url: str
    sha256: str
    size: int = Field(description="bytes")
    fetched_at: datetime

    @classmethod
    def of(cls, version: FileVersion) -> VersionBody:
        """Return the body of a version."""
        return cls(url=version.url, sha256=version.sha256, size=version.size, fetched_at=version.fetched_at)


class CopyBody(BaseModel):
    """One place from which the document was fetched."""

    source: str
    url: str
    landing_url: str
    referrer: str
    record: str = Field(description="identifier of the publisher's record that names it; empty: none")
    sha256: str = Field(description="of its current or latest content")
    size: int = Field(description="bytes")
    content_type: str
    first_seen: datetime
    last_seen: datetime = Field(description="fetched, not changed since, or still listed")
    fetched_at: datetime
    gone_at: datetime | None = Field(description="since when the publisher no longer has it; null: it is there")
    gone_reason: str = Field(description="for a person; empty: it is there")
    gone_kind: str = Field(description="the same as a name such as `http_status` or `no_longer_listed`")

    @classmethod
    def of(cls, copy: Copy) -> CopyBody:
        """Return the body of a copy."""
        fetched = copy.fetched
        return cls(
            source=fetched.source,
            url=fetched.url,
            landing_url=fetched.landing_url,
            referrer=fetched.referrer,
            record=fetched.record,
            sha256=fetched.sha256,
            size=fetched.size,
            content_type=fetched.content_type,
            first_seen=copy.first_seen,
            last_seen=copy.last_seen,
            fetched_at=fetched.fetched_at,
            gone_at=fetched.gone_at,
            gone_reason=reason_in_words(fetched.gone_reason),
            gone_kind=fetched.gone_reason.kind if fetched.gone_reason else "",
        )


class ReadingBody(BaseModel):
    """The result of reading the file."""

    outcome: str
    reason: str = Field(description="why it was not wholly read, for a person; empty when it was")
    kind: str = Field(description="the same as a name such as `pictures_of_pages`")
    pages_read: int
    page_total: int = Field(description="pages the file says it has; 0 when unknown")
    engine: str


class EvidenceBody(BaseModel):
    """A value that one place gave."""

    value: str
    origin: str = Field(
        description="place and part: `record:oai_dc`, `landing:citation_title`, `file:info`, `sidecar` ..."
    )
    place: str = Field(description="the place alone: `record`, `landing`, `file` ...")

    @classmethod
    def of(cls, evidence: Evidence) -> EvidenceBody:
        """Return the body of a value."""
        return cls(value=evidence.value, origin=str(evidence.origin), place=evidence.origin.place)


class DisagreementBody(BaseModel):
    """A field of which two places say what cannot both be right."""

    field: str
    chosen: EvidenceBody
    others: list[EvidenceBody] = Field(description="what other places say instead, each once")

    @classmethod
    def of(cls, disagreement: Disagreement) -> DisagreementBody:
        """Return the body of a disagreement."""
        return cls(
            field=disagreement.field,
            chosen=EvidenceBody.of(disagreement.chosen),
            others=[EvidenceBody.of(each) for each in disagreement.others],
        )


class RightsBody(BaseModel):
    """What is shown of a document here, and why."""

    show: str = Field(description="full: file and text; text: the text of its pages; snippet: passages around words")
    reason: str = Field(description="for a person")
    kind: str = Field(
        description="the reason as a name: this_machine, setting, own, sample, source_file, licence, source_licence, "
        "commercial, reserved, unknown, undeclared"
    )
    licence: str = Field(description="the licence that applies; empty: unknown")
    licence_link: str = Field(description="its explanation on the web; empty: unknown")
    publisher_link: str = Field(description="where the publisher has the full text; empty: nowhere")

    @classmethod
    def of(cls, rights: Rights) -> RightsBody:
        """Return the body of what may be shown."""
        return cls(
            show=rights.show,
            reason=rights_in_words(rights),
            kind=rights.ground,
            licence=rights.licence,
            licence_link=licence_address(rights.licence),
            publisher_link=rights.publisher_link,
        )


class DocumentBody(BaseModel):
    """One publication in one language."""

    id: str
    title: str
    url: str
    landing_url: str
    lang: str
    year: int | None
    published: str = Field(description="ISO 8601, as exact as it is known; empty when unknown")
    published_is_file_date: bool = Field(
        description="true: the publication date is unknown; `year` and `published` are when the file was made"
    )
    authors: list[str]
    publisher: str
    abstract: str
    type: str
    content_type: str
    identifiers: dict[str, str]
    licence: str
    rights: RightsBody
    page_count: int
    source: str
    sha256: str
    first_seen: datetime
    is_sample: bool
    work: str
    fold: str = Field(description="id of the group of copies and translations that is one hit; empty: it stands alone")
    copies_group: str = Field(description="id of the group of its copies; empty: it stands alone")
    same_work: list[str] = Field(description="ids of the other documents of its work")
    related: list[RelatedBody] = Field(
        description="copies, translations, editions, extracts and parts, in this order; at most 100"
    )
    tags: list[TagBody]
    evidence: dict[str, list[EvidenceBody]] = Field(description="every value offered for a field, the chosen first")
    disagreements: list[DisagreementBody] = Field(description="of these values, those that contradict the chosen one")
    copies: list[CopyBody]
    versions: list[VersionBody] = Field(description="every version that its addresses ever had, oldest first")
    reading: ReadingBody | None
    pages_indexed: int | None = Field(
        description="pages that can be found by their words; null: it is not indexed yet, or the index does not answer"
    )

    @classmethod
    def of(
        cls,
        document: Document,
        *,
        tags: list[TagBody],
        copies: Sequence[Copy],
        same_work: list[str],
        related: list[RelatedBody],
        reading: ReadingBody | None,
        pages_indexed: int | None,
        rights: Rights = WHOLE,
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
            published_is_file_date=document.is_dated_by_file,
            authors=list(document.authors),
            publisher=document.publisher,
            abstract=document.abstract,
            type=document.type,
            content_type=document.content_type,
            identifiers=dict(document.identifiers),
            licence=document.licence,
            rights=RightsBody.of(rights),
            page_count=document.page_count,
            source=document.source,
            sha256=document.sha256,
            first_seen=document.first_seen,
            is_sample=document.is_sample,
            work=document.work,
            fold=document.fold,
            copies_group=document.copies,
            same_work=same_work,
            related=related,
            tags=tags,
            evidence={name: [EvidenceBody.of(each) for each in offered] for name, offered in document.evidence.items()},
            disagreements=[DisagreementBody.of(each) for each in disagreements(document.evidence)],
            copies=[CopyBody.of(copy) for copy in copies],
            versions=[VersionBody.of(each) for each in versions_in_order(copies)],
            reading=reading,
            pages_indexed=pages_indexed,
        )


class PageBody(BaseModel):
    """The text of one page."""

    document: str
    number: int
    page_count: int
    lang: str
    text: str = Field(
        description="plain text, one line break between lines; empty when the page is a scan, and when only passages are shown"
    )
    passages: list[str] = Field(
        description="HTML: passages with the words of `q` in <mark>, at most three; empty without `q`, and where the text is whole"
    )
    rights: RightsBody


def versions_in_order(copies: Sequence[Copy]) -> tuple[FileVersion, ...]:
    """Return every version of every copy, oldest first."""
    return tuple(sorted((each for copy in copies for each in copy.versions), key=lambda each: each.fetched_at))
