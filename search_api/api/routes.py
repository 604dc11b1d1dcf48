"""What the API answers."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.rights import shown
from corpus.types import Facet
from search_api.answers.citations.formats import MEDIA_TYPES, CitationFormat, cite
from search_api.answers.citations.styles import Style
from search_api.answers.collection import CollectionCoverage, Moment
from search_api.answers.marks import marker_of
from search_api.answers.service import search
from search_api.answers.suggestions import suggestions_for
from search_api.api.answers import SafeJSONResponse
from search_api.api.bodies import SearchBody, search_values
from search_api.api.document_bodies import DocumentBody, PageBody
from search_api.api.etags import holds
from search_api.api.failing import count_failed
from search_api.api.parameters import search_parameters
from search_api.api.problems import refusals
from search_api.api.record_bodies import (
    ConceptBody,
    FacetListBody,
    StatusBody,
    VocabularyBody,
)
from search_api.api.showing import document_body, page_body
from search_api.api.state import AppState
from search_api.fitness import fitness_of
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.tree import Everything

DocumentId = Annotated[str, Path(max_length=80, description="Id of a document", examples=["d0123456789abcdef"])]


def search_router(state: AppState) -> APIRouter:
    """Return the route of the search."""
    router = APIRouter(tags=["search"])
    described = {"parameters": search_parameters(characters_max=state.settings.query_characters_max)}

    @router.get(
        "/search",
        response_model=SearchBody,
        responses={**refusals(422, 503), 304: {"description": "Not modified"}},
        openapi_extra=described,
        summary="Search documents",
    )
    def get_search(request: Request) -> Response:
        query = SearchQuery.from_parameters(
            request.query_params.multi_items(),
            vocabulary=state.vocabulary,
            characters_max=state.settings.query_characters_max,
            sources=set(state.store.sources.names()),
        )
        moment = state.moment()
        coverage = state.coverage.at(moment)
        tag = search_etag(query, state=state, moment=moment, coverage=coverage)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if holds(request, tag):
            return Response(status_code=304, headers=headers)
        results = search(
            query, engine=state.engine, store=state.store, vocabulary=state.vocabulary, rights=state.rights
        )
        ways = suggestions_for(results, engine=state.engine, store=state.store, vocabulary=state.vocabulary)
        return SafeJSONResponse(
            search_values(results, ways=ways, coverage=coverage),
            headers=headers,
            background=count_failed(results, state=state),
        )

    return router


def search_etag(
    query: SearchQuery, *, state: AppState, moment: Moment, coverage: CollectionCoverage, variant: str = ""
) -> str:
    """Return the weak ETag of an answer: it changes when index, records or what may be shown of documents change.

    Args:
        query: what is asked.
        state: decides what may be shown.
        moment: which state of index and records is shown.
        coverage: what the answer says of the collection.
        variant: what else the answer depends on, such as the language of a page.
    """
    shown = (query.to_parameters(), moment, coverage, state.rights.stamp, variant)
    return f'W/"{hashlib.sha256(repr(shown).encode()).hexdigest()[:20]}"'


def document_router(state: AppState) -> APIRouter:
    """Return the routes of documents and pages."""
    router = APIRouter(tags=["documents"])
    # Not in an annotation: these are read where the settings are not known.
    words: str = Query(
        default="",
        max_length=state.settings.query_characters_max,
        description="Words around which passages are given where the full text may not be shown",
    )

    @router.get("/documents/{document_id}", responses=refusals(404, 503), summary="One document")
    def get_document(document_id: DocumentId) -> DocumentBody:
        """Give a document with its tags and their evidence, every value offered for its fields, and its copies."""
        return document_body(
            document_id, store=state.store, vocabulary=state.vocabulary, engine=state.engine, rights=state.rights
        )

    @router.get("/documents/{document_id}/pages/{number}", responses=refusals(404, 422, 503), summary="One page")
    def get_page(
        document_id: DocumentId,
        number: Annotated[int, Path(ge=1, le=1_000_000)],
        q: str = words,
    ) -> PageBody:
        """Give the text of a page, or passages of it where only these may be shown; the first page is 1."""
        tree = parse(q, vocabulary=state.vocabulary).tree if q.strip() else None
        marker = marker_of(tree) if tree else None
        return page_body(document_id, number, store=state.store, rights=state.rights, marker=marker)

    @router.get(
        "/documents/{document_id}/citation",
        responses={**refusals(404, 422, 503), 200: {"content": {media: {} for media in MEDIA_TYPES}}},
        response_class=Response,
        summary="Cite a document, or a page of it",
    )
    def get_citation(
        document_id: DocumentId,
        format: CitationFormat = CitationFormat.CSL_JSON,  # noqa: A002
        page: Annotated[int, Query(ge=0, le=1_000_000, description="1-based; 0 cites the whole document")] = 0,
        style: Annotated[
            Style | None, Query(description="with `format=plain`; without it, a citation without a style")
        ] = None,
    ) -> Response:
        """Give BibTeX, RIS, CSL-JSON or plain text; that of a page has a link that opens there."""
        document = state.store.documents.get(document_id)
        citation = cite(
            shown(document, state.rights.of(document)),
            format,
            page=page,
            style=style or "",
            accessed=datetime.now(UTC).date(),
            public_url=state.settings.public_url,
        )
        return Response(citation.text, media_type=f"{citation.media_type}; charset=utf-8")

    return router


def vocabulary_router(state: AppState) -> APIRouter:
    """Return the routes of the vocabulary."""
    router = APIRouter(tags=["vocabulary"])
    vocabulary = state.vocabulary

    @router.get("/vocabulary", summary="The kinds of concept")
    def get_facets() -> FacetListBody:
        """Give the facets and how many concepts each has."""
        return FacetListBody(facets={facet.value: len(vocabulary.concepts(facet)) for facet in Facet})

    @router.get("/vocabulary/{facet}", responses=refusals(404, 503), summary="The concepts of one kind")
    def get_concepts(facet: Annotated[str, Path(max_length=40, examples=["group"])]) -> VocabularyBody:
        """Give labels in four languages, hierarchy, codes and the number of documents."""
        if facet not in tuple(Facet):
            raise NotFound(
                sentence("There is no facet called {facet}.", facet=repr(facet)),
                try_next=sentence("The facets are {facets}.", facets=", ".join(Facet)),
            )
        counts = state.engine.search(SearchQuery(limit=1), tree=Everything()).counts.get(facet, {})
        concepts = [
            ConceptBody(
                id=concept.id,
                labels=dict(concept.labels),
                broader=list(concept.broader),
                codes=dict(concept.codes),
                note=concept.note,
                count=counts.get(concept.id, 0),
            )
            for concept in vocabulary.concepts(Facet(facet)).values()
        ]
        return VocabularyBody(facet=facet, concepts=concepts)

    return router


def status_router(state: AppState) -> APIRouter:
    """Return the route about what is held."""
    router = APIRouter(tags=["status"])

    @router.get("/status", responses=refusals(503), summary="What is held")
    def get_status() -> StatusBody:
        """Count documents and pages, and say whether the index shows all of them."""
        fitness = fitness_of(state.engine, state.store)
        held, index = state.store.status(), state.engine.statistics()
        return StatusBody(
            documents=held.documents,
            pages=held.pages,
            indexed=index.documents,
            behind=max(0, held.last_sequence - index.applied_sequence),
            index_misfit=fitness.words,
            index_rebuild=fitness.progress(held.last_sequence),
            outcomes=dict(held.outcomes),
            engine=index.engine,
        )

    return router
