"""Two editions of a document, or two versions of its file, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound
from corpus.messages import gettext, sentence
from corpus.types import Document, Page
from web.addresses import compare_address
from web.contexts import Frame
from web.language import page_language
from web.routes.documents import DocumentId
from web.state import Site
from web.views.compare import ShownEdition, compare_page

OtherId = Annotated[str, PathParameter(max_length=64)]
_SHA256_LETTERS = 64


@dataclass(frozen=True, slots=True)
class _Held:
    document: Document
    pages: tuple[Page, ...]
    version: str = ""
    """SHA-256 of an earlier version of the file; empty: the text that the document's page shows."""


def compare_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/documents/{document_id}/compare/{other}")
    def compare(request: Request, document_id: DocumentId, other: OtherId) -> Response:
        return _compare(request, site=site, document_id=document_id, other=other)

    return router


def _compare(request: Request, *, site: Site, document_id: str, other: str) -> Response:
    lang = page_language(request)
    document = site.app.store.documents.get(document_id)
    left = _held(site, document)
    right = _version(site, document, other) if _is_version(other) else _held(site, site.app.store.documents.get(other))
    given = request.query_params
    values = compare_page(
        ShownEdition(left.document, left.pages, left.version),
        ShownEdition(right.document, right.pages, right.version),
        other=other,
        number=_number(given.get("page", ""), left),
        other_number=_number(given.get("with", ""), right),
        lang=lang,
    )
    address = compare_address(document_id, other, page=values.left.number)
    frame = Frame(
        title=gettext("Compare: {title}", title=values.left.title[:100], lang=lang),
        here="search",
        canonical=f"{site.app.settings.public_url}{address}",
        may_be_indexed=False,
        lang=lang,
    )
    return site.pages.respond(request, "compare.html", values, frame=frame)


def _is_version(other: str) -> bool:
    return len(other) == _SHA256_LETTERS


def _held(site: Site, document: Document) -> _Held:
    """Return a document with its pages. Raises NotFound: its text may not be shown whole, or there is none."""
    pages = site.app.store.pages.of_file(document.sha256) if site.app.rights.of(document).shows_text else ()
    if not pages:
        raise _no_text(document)
    return _Held(document, pages)


def _version(site: Site, document: Document, sha256: str) -> _Held:
    """Return an earlier version of a document's file. Raises NotFound: it is none, or its text is not kept."""
    known = {version.sha256 for copy in site.app.store.files.copies(document.id) for version in copy.versions}
    pages = site.app.store.pages.of_file(sha256) if sha256 in known else ()
    if not pages or not site.app.rights.of(document).shows_text:
        raise _no_text(document)
    return _Held(document, pages, sha256)


def _no_text(document: Document) -> NotFound:
    return NotFound(
        sentence("The text of {document} cannot be compared.", document=document.id),
        try_next=sentence("Its text is not shown here whole, or none was read. Open the document’s page instead."),
    )


def _number(given: str, held: _Held) -> int:
    """Return a page that was asked for; 0: none. Raises NotFound: there is no such page."""
    if not given:
        return 0
    if given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= len(held.pages):
        return int(given[:6])
    raise NotFound(
        sentence("This document has no page {number}.", number=given[:20]),
        try_next=sentence(
            "Its pages go from 1 to {last}: {title}.", last=len(held.pages), title=held.document.title[:120]
        ),
    )
