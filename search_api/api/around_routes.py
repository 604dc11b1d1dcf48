"""Routes around the search: documents like a document, and suggestions while someone types."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from search_api.answers.similar import LIMIT_DEFAULT, LIMIT_MAX, similar_documents
from search_api.api.problems import refusals
from search_api.api.state import AppState
from search_api.query.suggest import CHARACTERS_MAX, Suggester
from search_api.query.suggest import LIMIT_DEFAULT as SUGGESTIONS_DEFAULT
from search_api.query.suggest import LIMIT_MAX as SUGGESTIONS_MAX


class SimilarDocumentBody(BaseModel):
    """A document like another one."""

    id: str
    title: str
    lang: str
    year: int | None
    publisher: str


class SimilarBody(BaseModel):
    """Documents like a document, most alike first."""

    documents: list[SimilarDocumentBody]


class CompletionBody(BaseModel):
    """Something that the typed words may be meant for."""

    text: str
    facet: str = Field(description="of a concept; empty: it is a document")
    id: str = Field(description="of the concept or the document")
    count: int = Field(description="documents with the concept; 1 for a document")
    lang: str = Field(description="ISO 639-1 of the text; und: unknown")


class SuggestionsBody(BaseModel):
    """Concepts first, then titles."""

    suggestions: list[CompletionBody]


def around_router(state: AppState) -> APIRouter:
    """Return the routes of similar documents and suggestions."""
    router = APIRouter()
    suggester = Suggester(state.engine, store=state.store, vocabulary=state.vocabulary)

    @router.get(
        "/documents/{document_id}/similar",
        tags=["documents"],
        responses=refusals(404, 422, 503),
        summary="Similar documents",
    )
    def get_similar(
        document_id: Annotated[
            str, Path(max_length=80, description="Id of a document", examples=["d0123456789abcdef"])
        ],
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT,
    ) -> SimilarBody:
        """Give documents with the same telling words; never copies, editions or translations of the document itself."""
        found = similar_documents(document_id, engine=state.engine, store=state.store, limit=limit)
        return SimilarBody(
            documents=[
                SimilarDocumentBody(
                    id=each.id, title=each.title, lang=each.lang, year=each.year, publisher=each.publisher
                )
                for each in found
            ]
        )

    @router.get("/suggest", tags=["search"], responses=refusals(422, 503), summary="Suggestions while typing")
    def get_suggestions(
        q: Annotated[
            str, Query(max_length=CHARACTERS_MAX, description="What is typed so far", examples=["street v"])
        ] = "",
        lang: Annotated[Literal["en", "es", "fr", "pt"], Query(description="Of labels that fit in several")] = "en",
        limit: Annotated[int, Query(ge=1, le=SUGGESTIONS_MAX)] = SUGGESTIONS_DEFAULT,
    ) -> SuggestionsBody:
        """Give concepts whose label has the words, then documents with the words in the title."""
        found = suggester.suggest(q, lang=lang, limit=limit)
        return SuggestionsBody(
            suggestions=[
                CompletionBody(text=each.text, facet=each.facet, id=each.id, count=each.count, lang=each.lang)
                for each in found
            ]
        )

    return router
