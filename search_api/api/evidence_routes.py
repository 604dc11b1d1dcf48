"""The numbers of a page of evidence, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from corpus.messages.concept_notes import note_of
from corpus.types import LANGUAGES, Document
from corpus.vocabulary import Vocabulary
from search_api.answers.evidence import ConceptEvidence, EvidenceCount, evidence_on, find_concept
from search_api.api.answers import SafeJSONResponse
from search_api.api.etags import holds
from search_api.api.problems import refusals
from search_api.api.routes import search_etag
from search_api.api.state import AppState
from search_api.query.parameters import SearchQuery


class EvidenceCountBody(BaseModel):
    """A number and the search it comes from."""

    value: str = Field(description="as a filter takes it; empty: of a total")
    label: str
    count: int = Field(description="`total` of the search")
    search: list[tuple[str, str]] = Field(description="names and values of the parameters of /search")


class EvidenceDocumentBody(BaseModel):
    """A document that is shown."""

    id: str
    title: str
    lang: str
    published: str = Field(description="YYYY, YYYY-MM or YYYY-MM-DD; empty: not known")
    publisher: str


class GapsBody(BaseModel):
    """What has no document; every count is 0."""

    years: list[EvidenceCountBody] = Field(description="years together are one entry")
    countries: list[EvidenceCountBody] = Field(description="of `region`")
    region: str = Field(description="label; empty: none")
    groups: list[EvidenceCountBody] = Field(description="of a country only")
    langs: list[EvidenceCountBody] = Field(description="of en, es, fr and pt")


class ConceptEvidenceBody(BaseModel):
    """What there is on one concept."""

    facet: str
    id: str
    label: str
    note: str = Field(description="what the concept covers; empty: not stated")
    about: EvidenceCountBody = Field(description="documents that are about it")
    documents: int = Field(description="the same, with copies and translations")
    named: EvidenceCountBody = Field(description="documents that are about it or mention it")
    only_mentions_percent: int = Field(description="of `named`")
    years: list[EvidenceCountBody]
    countries: list[EvidenceCountBody] = Field(description="of a country: empty")
    groups: list[EvidenceCountBody] = Field(description="of a country only: its worker groups")
    langs: list[EvidenceCountBody]
    publishers: list[EvidenceCountBody] = Field(description="at most 50, those with most documents")
    newest: list[EvidenceDocumentBody]
    key: list[EvidenceDocumentBody] = Field(description="ranked by a search for its name, best first")
    missing: GapsBody
    names: dict[str, list[str]] = Field(description="other names, by language")
    broader: list[str]
    narrower: list[str]


def evidence_router(state: AppState) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["vocabulary"])

    @router.get(
        "/evidence/{facet}/{concept_id}",
        response_model=ConceptEvidenceBody,
        responses={**refusals(404, 422, 503), 304: {"description": "Not modified"}},
        summary="What there is on a concept",
    )
    def get_evidence(
        request: Request,
        facet: Annotated[str, Path(max_length=40, description="group, country, topic or sector", examples=["group"])],
        concept_id: Annotated[str, Path(max_length=80, description="Id of a concept", examples=["street_vendors"])],
        lang: Annotated[Literal["en", "es", "fr", "pt"], Query(description="Of labels")] = "en",
    ) -> Response:
        """Give counts by year, country, language and publisher, newest and key documents, and what is missing."""
        concept = find_concept(facet, concept_id, vocabulary=state.vocabulary)
        moment = state.moment()
        query = SearchQuery().with_value(facet, concept_id)
        coverage = state.coverage.at(moment)
        etag = search_etag(query, state=state, moment=moment, coverage=coverage, variant=f"evidence {lang}")
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if holds(request, etag):
            return Response(status_code=304, headers=headers)
        found = evidence_on(
            concept,
            engine=state.engine,
            store=state.store,
            vocabulary=state.vocabulary,
            lang=lang,
            rights=state.rights,
        )
        body = evidence_body(found, vocabulary=state.vocabulary, lang=lang)
        return SafeJSONResponse(body.model_dump(), headers=headers)

    return router


def evidence_body(found: ConceptEvidence, *, vocabulary: Vocabulary, lang: str) -> ConceptEvidenceBody:
    """Return what there is on a concept as JSON has it."""
    concept, places = found.concept, _counts(found.places)
    is_country = concept.facet == "country"
    return ConceptEvidenceBody(
        facet=concept.facet,
        id=concept.id,
        label=found.label,
        note=note_of(concept, lang=lang),
        about=_count(found.about),
        documents=found.documents,
        named=_count(found.named),
        only_mentions_percent=found.only_mentions_percent,
        years=_counts(found.years),
        countries=[] if is_country else places,
        groups=places if is_country else [],
        langs=_counts(found.langs),
        publishers=_counts(found.publishers),
        newest=_documents(found.newest),
        key=_documents(found.key),
        missing=GapsBody(
            years=_counts(found.gaps.years),
            countries=_counts(found.gaps.countries),
            region=found.gaps.region,
            groups=_counts(found.gaps.groups),
            langs=_counts(found.gaps.langs),
        ),
        names={each: list(vocabulary.synonyms(concept.facet, concept.id, each)) for each in LANGUAGES},
        broader=list(concept.broader),
        narrower=[each.id for each in vocabulary.concepts(concept.facet).values() if concept.id in each.broader],
    )


def _count(each: EvidenceCount) -> EvidenceCountBody:
    return EvidenceCountBody(
        value=each.value, label=each.label, count=each.count, search=list(each.query.to_parameters())
    )


def _counts(several: Iterable[EvidenceCount]) -> list[EvidenceCountBody]:
    return [_count(each) for each in several]


def _documents(several: Iterable[Document]) -> list[EvidenceDocumentBody]:
    return [
        EvidenceDocumentBody(
            id=each.id, title=each.title, lang=each.lang, published=each.published, publisher=each.publisher
        )
        for each in several
    ]
