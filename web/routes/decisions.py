"""Forms in which a signed-in person joins and splits documents, and takes decisions back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.audit import Actor, AuditChannel
from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.works import DecisionKind, RelationKind
from curation.catching_up import catch_up
from curation.decisions import DecisionWanted, decide, undo
from curation.sign_ins import Visitor
from web.addresses import document_address
from web.signed_in import Form, FormValues, local_address
from web.state import Site
from web.views.curated import CHOICES, SPLIT, WHOLE

_ID_MAX = 2**31 - 1


def decisions_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.post("/documents/{document_id}/decisions")
    def make(request: Request, document_id: Annotated[str, PathParameter(max_length=64)], form: Form) -> Response:
        visitor = site.signed_in.may_change(request, form)
        decide(_wanted(document_id, form), store=site.app.store, by=actor_of(visitor))
        return gone_on(site, f"{document_address(document_id)}#curated")

    @router.post("/works/decisions/{decision_id}/undo")
    def take_back(
        request: Request, decision_id: Annotated[int, PathParameter(ge=1, le=_ID_MAX)], form: Form
    ) -> Response:
        visitor = site.signed_in.may_change(request, form)
        undo(decision_id, reason=form.get("reason", ""), store=site.app.store, by=actor_of(visitor))
        return gone_on(site, local_address(form.get("next", "/audit")))

    return router


def _wanted(document_id: str, form: FormValues) -> DecisionWanted:
    """Return what a form of the page of a document says. Raises BadInput: it is none of the choices."""
    text, other, reason = form.get("said", ""), form.get("other", ""), form.get("reason", "")
    if text not in CHOICES:
        raise BadInput(
            sentence("The form does not say how the two documents are related."),
            try_next=sentence("Choose one of the entries of the list."),
        )
    if text == SPLIT:
        return DecisionWanted(DecisionKind.SPLIT, document_id, other, None, reason)
    if text == WHOLE:
        return DecisionWanted(DecisionKind.JOIN, other, document_id, RelationKind.EXTRACT, reason)
    return DecisionWanted(DecisionKind.JOIN, document_id, other, RelationKind(text), reason)


def actor_of(visitor: Visitor) -> Actor:
    """Return a signed-in person as the audit log names them."""
    return Actor(visitor.person.name, AuditChannel.PAGE)


def gone_on(site: Site, address: str) -> Response:
    """Lead back to a page, and let the index follow when that is sent."""
    state = site.app
    return RedirectResponse(address, status_code=303, background=BackgroundTask(catch_up, state.engine, state.store))
