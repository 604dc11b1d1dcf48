"""Forms in which a signed-in person corrects a document, and takes corrections back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.requests import Request
from starlette.responses import Response

from corpus.corrections import CorrectionKind
from corpus.errors import BadInput
from corpus.messages import sentence
from curation.corrections import CorrectionWanted, correct, undo_correction
from web.addresses import document_address
from web.routes.decisions import actor_of, gone_on
from web.signed_in import Form, FormValues, local_address
from web.state import Site
from web.views.corrections import ABOUT, MENTIONED, MISSING_ABOUT, MISSING_MENTION, RIGHT, WRONG

_ID_MAX = 2**31 - 1
_OF_TAGS: dict[str, tuple[CorrectionKind, bool | None]] = {
    WRONG: (CorrectionKind.REJECT, None),
    RIGHT: (CorrectionKind.ACCEPT, None),
    ABOUT: (CorrectionKind.ACCEPT, True),
    MENTIONED: (CorrectionKind.ACCEPT, False),
    MISSING_ABOUT: (CorrectionKind.ADD, True),
    MISSING_MENTION: (CorrectionKind.ADD, False),
}
_OF_FIELDS = {each.value: each for each in CorrectionKind if not each.is_of_tag}


def corrections_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.post("/documents/{document_id}/corrections")
    def make(request: Request, document_id: Annotated[str, PathParameter(max_length=64)], form: Form) -> Response:
        visitor = site.signed_in.may_change(request, form)
        state = site.app
        correct(_wanted(document_id, form), store=state.store, vocabulary=state.vocabulary, by=actor_of(visitor))
        return gone_on(site, f"{document_address(document_id)}#corrections")

    @router.post("/corrections/{correction_id}/undo")
    def take_back(
        request: Request, correction_id: Annotated[int, PathParameter(ge=1, le=_ID_MAX)], form: Form
    ) -> Response:
        visitor = site.signed_in.may_change(request, form)
        undo_correction(correction_id, reason=form.get("reason", ""), store=site.app.store, by=actor_of(visitor))
        return gone_on(site, local_address(form.get("next", "/audit")))

    return router


def _wanted(document_id: str, form: FormValues) -> CorrectionWanted:
    """Return what a form of the page of a document says. Raises BadInput: it is none of the choices."""
    text, reason = form.get("said", ""), form.get("reason", "")
    if text in _OF_TAGS:
        kind, about = _OF_TAGS[text]
        return CorrectionWanted(kind, document_id, reason, tag=form.get("tag", ""), about=about)
    if text in _OF_FIELDS:
        values = tuple(form.get("value", "").splitlines())
        return CorrectionWanted(_OF_FIELDS[text], document_id, reason, values=values)
    raise BadInput(
        sentence("The form does not say what to correct."),
        try_next=sentence("Choose one of the entries of the list."),
    )
