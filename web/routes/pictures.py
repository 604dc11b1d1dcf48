"""Pictures of pages, and the words that were found as boxes on them."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.types import Document
from search_api.answers.marks import marker_of
from search_api.api.etags import holds
from search_api.query.parse import parse
from web.addresses import has_picture
from web.found_words import boxes_svg, found_boxes
from web.routes.documents import DocumentId, wanted_page, words_given
from web.state import Site

_KEPT = "private, max-age=3600"


def picture_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/documents/{document_id}/pages/{number}.webp")
    def picture(request: Request, document_id: DocumentId, number: str) -> Response:
        return _picture(request, site=site, document_id=document_id, given=number)

    @router.get("/documents/{document_id}/pages/{number}.svg")
    def found_words(request: Request, document_id: DocumentId, number: str) -> Response:
        return _found_words(request, site=site, document_id=document_id, given=number)

    return router


def _picture(request: Request, *, site: Site, document_id: str, given: str) -> Response:
    """Hand out the picture of a page. Raises NotFound: there is none, it may not be shown, or it cannot be drawn."""
    document, number = _page_of(site, document_id, given)
    etag = site.pictures.etag(document, number)
    headers = {"ETag": etag, "Cache-Control": _KEPT}
    if holds(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(site.pictures.get(document, number), media_type="image/webp", headers=headers)


def _found_words(request: Request, *, site: Site, document_id: str, given: str) -> Response:
    """Hand out boxes around the words of `q` on the picture of a page; none where its letters have no places.

    Raises NotFound: there is no picture, or it may not be shown.
    """
    document, number = _page_of(site, document_id, given)
    text = words_given(request, characters_max=site.app.settings.query_characters_max)
    letters = site.pictures.letters(document, number) if text else None
    page = site.app.store.pages.get(document.id, number) if letters else None
    marker = marker_of(parse(text, vocabulary=site.app.vocabulary).tree)
    boxes = found_boxes(letters, marker, lang=document.lang, text=page.text) if letters and page else ()
    svg = boxes_svg(boxes)
    etag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:24]}"'
    headers = {"ETag": etag, "Cache-Control": _KEPT}
    if holds(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(svg, media_type="image/svg+xml", headers=headers)


def _page_of(site: Site, document_id: str, given: str) -> tuple[Document, int]:
    """Return a document whose pages may be shown as pictures, and the number of one of them. Raises NotFound."""
    document = site.app.store.documents.get(document_id)
    number = wanted_page(given, matches=None, document=document)
    if not has_picture(document, site.app.rights.of(document)):
        raise NotFound(
            sentence("There are no pictures of the pages of {document}.", document=document.id),
            try_next=sentence("Open it from the document’s page."),
        )
    return document, number
