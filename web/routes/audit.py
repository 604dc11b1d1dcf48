"""The audit log, for people who are signed in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.messages import gettext
from web.contexts import Frame
from web.language import page_language
from web.signed_in import sign_in_address
from web.state import Site
from web.views.audit import audit_page

ENTRIES_SHOWN = 50


def audit_pages_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/audit")
    def audit(request: Request) -> Response:
        if site.signed_in.visitor(request) is None:
            return RedirectResponse(sign_in_address(request), status_code=303)
        return _audit(request, site=site)

    return router


def _audit(request: Request, *, site: Site) -> Response:
    lang, store = page_language(request), site.app.store
    document = request.query_params.get("document", "")[:64]
    before = request.query_params.get("before", "")
    found = store.audit.newest(
        limit=ENTRIES_SHOWN + 1,
        before=int(before[:9]) if before.isascii() and before.isdigit() else None,
        document=document,
    )
    shown = found[:ENTRIES_SHOWN]
    ids = {each for logged in shown for each in (logged.entry.document, logged.entry.other) if each}
    page = audit_page(
        shown,
        documents=store.documents.in_brief(sorted(ids | ({document} if document else set()))),
        document=document,
        has_older=len(found) > ENTRIES_SHOWN,
        lang=lang,
    )
    frame = Frame(title=gettext("Audit log", lang=lang), may_be_indexed=False, lang=lang)
    return site.pages.respond(request, "audit.html", page, frame=frame)
