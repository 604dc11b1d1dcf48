"""Decisions on works: made, listed and undone by people with a token."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Path, Query, Response
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict, Field

from corpus.audit import Actor
from corpus.works import Decision, DecisionKind, RelationKind
from curation.api.actors import ActorOfRequest
from curation.api.audit_routes import AuditEntryBody
from curation.catching_up import catch_up
from curation.decisions import NAMED_CHARACTERS_MAX, REASON_CHARACTERS_MAX, DecisionWanted, decide, no_decision, undo
from search_api.api.problems import refusals
from search_api.api.state import AppState

_ID_MAX = 2**31 - 1
_EXAMPLES: dict[str, Example] = {
    "join": {
        "summary": "Two documents are translations of one text",
        "value": {
            "kind": "join",
            "first": "d0123456789abcdef",
            "second": "dfedcba9876543210",
            "relation": "translation",
            "reason": "The Spanish edition of the same report; figures and tables agree.",
        },
    },
    "extract": {
        "summary": "The second is a chapter of the first",
        "value": {
            "kind": "join",
            "first": "d0123456789abcdef",
            "second": "https://search.example.org/documents/dfedcba9876543210",
            "relation": "extract",
            "reason": "Chapter 3 was published alone.",
        },
    },
    "split": {
        "summary": "Two documents are never one, whatever the evidence",
        "value": {
            "kind": "split",
            "first": "d0123456789abcdef",
            "second": "dfedcba9876543210",
            "reason": "Two countries of one series.",
        },
    },
}

Reason = Annotated[
    str,
    Field(min_length=1, max_length=REASON_CHARACTERS_MAX, description="In a few words, for readers of the audit log"),
]
Named = Annotated[str, Field(min_length=1, max_length=NAMED_CHARACTERS_MAX)]
DecisionId = Annotated[int, Path(ge=1, le=_ID_MAX, description="Id of a decision", examples=[3])]


class DecisionRequest(BaseModel):
    """What a person says of two documents."""

    model_config = ConfigDict(extra="forbid")

    kind: DecisionKind = Field(
        description="join: they belong together as `relation` says; split: they are never copies or translations of each other"
    )
    first: Named = Field(description="id of a document, or the address of its page; of an extract the whole")
    second: Named = Field(description="the same of the other; of an extract what stands within the whole")
    relation: RelationKind | None = Field(None, description="of a join; left out of a split")
    reason: Reason


class DecisionBody(BaseModel):
    """A person's word on two documents; it counts until it is undone."""

    id: int
    kind: DecisionKind
    first: str
    second: str
    relation: RelationKind | None
    person: str
    reason: str
    at: datetime

    @classmethod
    def of(cls, decision: Decision) -> DecisionBody:
        """Return a decision as the API and `--json` give it."""
        return cls(
            id=decision.id,
            kind=decision.kind,
            first=decision.first,
            second=decision.second,
            relation=decision.relation,
            person=decision.person,
            reason=decision.reason,
            at=decision.at,
        )


class DecisionsBody(BaseModel):
    """Decisions that count, oldest first."""

    decisions: list[DecisionBody]


def decision_router(state: AppState, *, actor: ActorOfRequest) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/works/decisions", tags=["curation"])
    store = state.store

    @router.post(
        "", status_code=201, responses=refusals(401, 404, 413, 422, 503), summary="Join or split two documents"
    )
    def post_decision(
        wanted: Annotated[DecisionRequest, Body(openapi_examples=_EXAMPLES)],
        response: Response,
        later: BackgroundTasks,
        by: Actor = Depends(actor),
    ) -> DecisionBody:
        """Decide what two documents are to each other. It wins over what is found in their texts, permanently.

        Searches show it within some seconds.
        """
        made = decide(DecisionWanted(**dict(wanted)), store=store, by=by)
        response.headers["Location"] = f"/api/v1/works/decisions/{made.id}"
        later.add_task(catch_up, state.engine, store)
        return DecisionBody.of(made)

    @router.get("", responses=refusals(401, 422, 503), summary="Decisions that count", dependencies=[Depends(actor)])
    def get_decisions(
        document: Annotated[
            str, Query(max_length=64, description="Only decisions on this document", examples=["d0123456789abcdef"])
        ] = "",
    ) -> DecisionsBody:
        """Give all decisions that count, or those on one document."""
        return DecisionsBody(decisions=[DecisionBody.of(each) for each in _decisions(state, document)])

    @router.get(
        "/{decision_id}", responses=refusals(401, 404, 422, 503), summary="One decision", dependencies=[Depends(actor)]
    )
    def get_decision(decision_id: DecisionId) -> DecisionBody:
        """Give a decision that counts."""
        found = next((each for each in _decisions(state, "") if each.id == decision_id), None)
        if found is None:
            raise no_decision(decision_id)
        return DecisionBody.of(found)

    @router.delete("/{decision_id}", responses=refusals(401, 404, 422, 503), summary="Undo a decision")
    def delete_decision(
        decision_id: DecisionId,
        reason: Annotated[str, Query(min_length=1, max_length=REASON_CHARACTERS_MAX, examples=["Read once more."])],
        later: BackgroundTasks,
        by: Actor = Depends(actor),
    ) -> AuditEntryBody:
        """Undo a decision: what is found in the texts counts again. The answer is the entry of the audit log that says so."""
        logged = undo(decision_id, reason=reason, store=store, by=by)
        later.add_task(catch_up, state.engine, store)
        return AuditEntryBody.of(logged)

    return router


def _decisions(state: AppState, document: str) -> tuple[Decision, ...]:
    return state.store.relations.decisions(document or None)
