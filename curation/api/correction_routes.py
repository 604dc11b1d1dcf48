"""Corrections of documents: made, listed and undone by people with a token."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Path, Query, Response
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict, Field

from corpus.audit import Actor
from corpus.corrections import Correction, CorrectionKind
from curation.api.actors import ActorOfRequest
from curation.api.audit_routes import AuditEntryBody
from curation.api.decision_routes import Reason
from curation.catching_up import catch_up
from curation.corrections import (
    AUTHORS_MAX,
    TAG_CHARACTERS_MAX,
    TITLE_CHARACTERS_MAX,
    CorrectionWanted,
    correct,
    no_correction,
    undo_correction,
    undo_last,
)
from curation.decisions import REASON_CHARACTERS_MAX
from search_api.api.problems import refusals
from search_api.api.state import AppState

LIMIT_MAX = 500
_ID_MAX = 2**31 - 1
_EXAMPLES: dict[str, Example] = {
    "reject": {
        "summary": "A tag is wrong",
        "value": {
            "kind": "reject",
            "tag": "group:waste_pickers",
            "reason": "The words stand in a list of other projects.",
        },
    },
    "add": {
        "summary": "A tag is missing",
        "value": {
            "kind": "add",
            "tag": "group:street_vendors",
            "about": True,
            "reason": "The whole report is about those who sell at the bus station.",
        },
    },
    "date": {
        "summary": "The date is another one",
        "value": {"kind": "date", "values": ["2019-05"], "reason": "As its imprint says."},
    },
    "country": {
        "summary": "The document is about two countries, the first one most of all",
        "value": {"kind": "country", "values": ["PER", "Bolivia"], "reason": "As its title says."},
    },
}

DocumentId = Annotated[str, Path(max_length=64, description="Id of a document", examples=["d0123456789abcdef"])]
CorrectionId = Annotated[int, Path(ge=1, le=_ID_MAX, description="Id of a correction", examples=[7])]
UndoReason = Annotated[str, Query(min_length=1, max_length=REASON_CHARACTERS_MAX, examples=["Read once more."])]
Value = Annotated[str, Field(max_length=TITLE_CHARACTERS_MAX)]


class CorrectionRequest(BaseModel):
    """What a person says of one tag or field of a document."""

    model_config = ConfigDict(extra="forbid")

    kind: CorrectionKind = Field(
        description="accept, reject, add: a tag; title, authors, date, country: the new value of a field"
    )
    tag: str = Field(
        "",
        max_length=TAG_CHARACTERS_MAX,
        description="of a tag: FACET:ID as group:street_vendors, or a label in four languages",
    )
    about: bool | None = Field(
        None, description="of a tag that is added or accepted: whether the document is about it, or mentions it"
    )
    values: list[Value] = Field(
        [],
        max_length=AUTHORS_MAX,
        description="of a field: the title; all authors in order; the date (2019, 2019-05, 2019-05-03); countries, by "
        "code or name, the primary first. Empty: it has none",
    )
    reason: Reason


class CorrectionBody(BaseModel):
    """A person's word on one tag or field of a document; it counts until it is undone, or a later one takes its place."""

    id: int
    document: str
    kind: CorrectionKind
    tag: str = Field(description="of a tag: FACET:ID; empty: a field is corrected")
    about: bool | None = Field(description="of a tag that was added or accepted")
    values: list[str] = Field(description="of a field")
    person: str
    reason: str
    at: datetime

    @classmethod
    def of(cls, correction: Correction) -> CorrectionBody:
        """Return a correction as the API and `--json` give it."""
        is_given = correction.kind in (CorrectionKind.ADD, CorrectionKind.ACCEPT)
        return cls(
            id=correction.id,
            document=correction.document,
            kind=correction.kind,
            tag=correction.subject if correction.facet else "",
            about=correction.about if is_given else None,
            values=list(correction.values),
            person=correction.person,
            reason=correction.reason,
            at=correction.at,
        )


class CorrectionsBody(BaseModel):
    """Corrections that were not undone, newest first."""

    corrections: list[CorrectionBody]
    next: int | None = Field(description="as `before` of the next request; null: these are the oldest")


def correction_router(state: AppState, *, actor: ActorOfRequest) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["curation"])
    _add_making(router, state, actor=actor)
    _add_reading(router, state, actor=actor)
    return router


def _add_making(router: APIRouter, state: AppState, *, actor: ActorOfRequest) -> None:
    store = state.store

    @router.post(
        "/documents/{document_id}/corrections",
        status_code=201,
        responses=refusals(401, 404, 413, 422, 503),
        summary="Correct a tag or field of a document",
    )
    def post_correction(
        document_id: DocumentId,
        wanted: Annotated[CorrectionRequest, Body(openapi_examples=_EXAMPLES)],
        response: Response,
        later: BackgroundTasks,
        by: Actor = Depends(actor),
    ) -> CorrectionBody:
        """Correct a document. It wins over what is read and tagged, now and later, until it is undone.

        Searches show it within some seconds.
        """
        asked = CorrectionWanted(
            wanted.kind,
            document_id,
            wanted.reason,
            tag=wanted.tag,
            about=wanted.about,
            values=tuple(wanted.values),
        )
        made = correct(asked, store=store, vocabulary=state.vocabulary, by=by)
        response.headers["Location"] = f"/api/v1/corrections/{made.id}"
        later.add_task(catch_up, state.engine, store)
        return CorrectionBody.of(made)

    @router.delete(
        "/documents/{document_id}/corrections/last",
        responses=refusals(401, 404, 422, 503),
        summary="Undo the last correction of a document",
    )
    def delete_last(
        document_id: DocumentId, reason: UndoReason, later: BackgroundTasks, by: Actor = Depends(actor)
    ) -> AuditEntryBody:
        """Undo what was corrected last on a document, whoever did it. The answer is the entry of the audit log that says so."""
        logged = undo_last(document_id, reason=reason, store=store, by=by)
        later.add_task(catch_up, state.engine, store)
        return AuditEntryBody.of(logged)

    @router.delete("/corrections/{correction_id}", responses=refusals(401, 404, 422, 503), summary="Undo a correction")
    def delete_correction(
        correction_id: CorrectionId, reason: UndoReason, later: BackgroundTasks, by: Actor = Depends(actor)
    ) -> AuditEntryBody:
        """Undo a correction: what was before counts again. The answer is the entry of the audit log that says so."""
        logged = undo_correction(correction_id, reason=reason, store=store, by=by)
        later.add_task(catch_up, state.engine, store)
        return AuditEntryBody.of(logged)


def _add_reading(router: APIRouter, state: AppState, *, actor: ActorOfRequest) -> None:
    @router.get("/corrections", responses=refusals(401, 422, 503), summary="Corrections", dependencies=[Depends(actor)])
    def get_corrections(
        document: Annotated[
            str, Query(max_length=64, description="Only those of this document", examples=["d0123456789abcdef"])
        ] = "",
        before: Annotated[int | None, Query(ge=1, le=_ID_MAX, description="Only those with a lower id")] = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 50,
    ) -> CorrectionsBody:
        """Give the corrections that were not undone, newest first; all, or those of one document."""
        return corrections_body(state, document=document, before=before, limit=limit)

    @router.get(
        "/corrections/{correction_id}",
        responses=refusals(401, 404, 422, 503),
        summary="One correction",
        dependencies=[Depends(actor)],
    )
    def get_correction(correction_id: CorrectionId) -> CorrectionBody:
        """Give a correction that was not undone."""
        found = state.store.corrections.get(correction_id)
        if found is None:
            raise no_correction(correction_id)
        return CorrectionBody.of(found)


def corrections_body(state: AppState, *, document: str, before: int | None, limit: int) -> CorrectionsBody:
    """Return corrections, newest first."""
    found = state.store.corrections.newest(document=document, before=before, limit=limit + 1)
    shown = found[:limit]
    return CorrectionsBody(
        corrections=[CorrectionBody.of(each) for each in shown], next=shown[-1].id if len(found) > limit else None
    )
