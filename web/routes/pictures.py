"""Pictures of pages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound
from corpus.messages import sentence
from search_api.api.etags import holds
from web.addresses import has_picture
from web.routes.documents import DocumentId, wanted_page
from web.state import Site


def picture_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/documents/{document_id}/pages/{number}.webp")
    def picture(request: Request, document_id: DocumentId, number: str) -> Response:
        return _picture(request, site=site, document_id=document_id, given=number)

    return router


def _picture(request: Request, *, site: Site, document_id: str, given: str) -> Response:
    """Hand out the picture of a page. Raises NotFound: there is none, it may not be shown, or it cannot be drawn."""
    document = site.app.store.documents.get(document_id)
    number = wanted_page(given, matches=None, document=document)
    if not has_picture(document, site.app.rights.of(document)):
        raise NotFound(
            sentence("There are no pictures of the pages of {document}.", document=document.id),
            try_next=sentence("Open it from the document’s page."),
        )
    etag = site.pictures.etag(document, number)
    headers = {"ETag": etag, "Cache-Control": "private, max-age=3600"}
    if holds(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(site.pictures.get(document, number), media_type="image/webp", headers=headers)
