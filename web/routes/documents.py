"""The document page, its citations, and the stored file of a person's own documents."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from corpus.errors import EngineUnavailable, NotFound
from corpus.messages import gettext, sentence
from corpus.rights import Rights, shown
from corpus.store import ReadPages
from corpus.types import Copy, Document
from corpus.works import RelationKind
from search_api.answers.citations.formats import CitationFormat, cite
from search_api.answers.coverage import Coverage, coverage_of
from search_api.answers.marks import marker_of
from search_api.answers.passages import passages
from search_api.answers.related import RelatedDocument, related_documents
from search_api.answers.snippets import Snippet, mark_words
from search_api.engines.base import PageMatches
from search_api.query.parameters import PARAMETERS
from search_api.query.parse import ParsedText, parse
from web.addresses import document_address, outside, pdf_address, serves_original, with_parameters
from web.contexts import Frame
from web.language import page_language
from web.signposting import link_header
from web.state import Site
from web.views.asked import AskedFor
from web.views.corrections import correction_forms
from web.views.curated import curated_work
from web.views.document import LEAVES_MAX, document_page
from web.views.outline import Headings
from web.views.provenance import Known, provenance

MATCHES_MAX = 200
"""Pages with the words that are listed beside the text."""
VERSIONS_MAX = 20
"""Versions of a file that can be compared with the text shown."""
_MUCH_THE_SAME = frozenset({RelationKind.COPY, RelationKind.EDITION, RelationKind.EXTRACT})
"""A translation has no word in common, and an annex no page."""
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""For a file that a browser would run: no script, no form, no request, an origin of its own."""
_VIEWER = "frame-ancestors 'none'"
"""For a PDF: the browser's own viewer shows it, and a sandbox would break that viewer; `nosniff` keeps it a PDF."""
_ENDINGS = {"application/pdf": "pdf", "text/html": "html", "text/plain": "txt"}

DocumentId = Annotated[str, PathParameter(max_length=64)]


def document_router(site: Site) -> APIRouter:
    """Return the routes; those with an ending come first, because an id could hold it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/documents/{document_id}.bib")
    def bibtex(request: Request, document_id: DocumentId) -> Response:
        return _citation(request, CitationFormat.BIBTEX, site=site, document_id=document_id)

    @router.get("/documents/{document_id}.ris")
    def ris(request: Request, document_id: DocumentId) -> Response:
        return _citation(request, CitationFormat.RIS, site=site, document_id=document_id)

    @router.get("/documents/{document_id}.csl.json")
    def csl_json(request: Request, document_id: DocumentId) -> Response:
        return _citation(request, CitationFormat.CSL_JSON, site=site, document_id=document_id)

    @router.get("/documents/{document_id}.txt")
    def plain(request: Request, document_id: DocumentId) -> Response:
        return _citation(request, CitationFormat.PLAIN, site=site, document_id=document_id)

    @router.get("/documents/{document_id}/original")
    def original(document_id: DocumentId) -> Response:
        return _original(site, site.app.store.documents.get(document_id))

    @router.get("/documents/{document_id}")
    def document(request: Request, document_id: DocumentId) -> Response:
        return _document(request, site=site, document=site.app.store.documents.get(document_id))

    return router


def _document(request: Request, *, site: Site, document: Document) -> Response:
    lang, rights = page_language(request), site.app.rights.of(document)
    document = shown(document, rights)
    asked = _asked(request, characters_max=site.app.settings.query_characters_max)
    parsed = parse(asked.text, vocabulary=site.app.vocabulary)
    matches = _matches(site, document, parsed) if asked.text else None
    number = wanted_page(request.query_params.get("page", ""), matches=matches, document=document)
    page = site.app.store.pages.get(document.id, number) if document.page_count else None
    marker = marker_of(parsed.tree)

    def mark(text: str) -> Snippet:
        return mark_words(text, marker, lang=document.lang) if asked.text else ((text, False),)

    values = document_page(
        document,
        page=page,
        asked=asked,
        matches=matches,
        provenance=provenance(document, known=_known(site, document), page=number if number > 1 else 0, lang=lang),
        similar=_similar(site, document),
        mark=mark,
        passages=passages(page, marker, lang=document.lang) if page and asked.text and not rights.shows_text else (),
        headings=_headings(site, document, rights),
        rights=rights,
        vocabulary=site.app.vocabulary,
        public_url=site.app.settings.public_url,
        accessed=datetime.now(UTC).date(),
        lang=lang,
    )
    values = replace(
        values, report=_report_address(site.app.settings.contact, address=_absolute_address(site, document))
    )
    if site.signed_in.visitor(request) is not None:
        store, vocabulary = site.app.store, site.app.vocabulary
        forms = correction_forms(document, store=store, vocabulary=vocabulary, lang=lang)
        values = replace(values, corrections=forms, curated=curated_work(document, store=store, lang=lang))
    has_page = "page" in request.query_params
    address = document_address(document.id, page=number if has_page else None).partition("#")[0]
    frame = Frame(
        title=_title(values.title, page=number if has_page else 0, lang=lang),
        here="search",
        canonical=f"{site.app.settings.public_url}{address}",
        unapi=f"{site.app.settings.public_url}/unapi",
        description=values.abstract[:200],
        may_be_indexed=not document.is_sample,
        lang=lang,
    )
    response = site.pages.respond(request, "document.html", values, frame=frame)
    response.headers["Link"] = link_header(document, rights, public_url=site.app.settings.public_url)
    return response


def _absolute_address(site: Site, document: Document) -> str:
    """Return the absolute address of a document's page."""
    return f"{site.app.settings.public_url}{document_address(document.id)}"


def _report_address(contact: str, *, address: str) -> str:
    """Return where a mistake is reported; empty: the operators name no address."""
    if "@" in contact and ":" not in contact:
        return f"mailto:{contact}?{urlencode({'subject': f'Pushcart: {address}'}, quote_via=quote)}"
    return outside(contact)


def _title(title: str, *, page: int, lang: str) -> str:
    message = title[:120]
    return gettext("{title} · page {number}", title=message, number=page, lang=lang) if page else message


def _asked(request: Request, *, characters_max: int) -> AskedFor:
    text = words_given(request, characters_max=characters_max)
    came_from = request.query_params.get("from", "")[:2000]
    # Only names of a search go back into an address of ours.
    filters = [each for each in parse_qsl(came_from) if each[0] in PARAMETERS and each[0] != "q"]
    back = with_parameters("/search", [("q", text)] * bool(text) + filters) if text or filters else ""
    return AskedFor(text=text, came_from=came_from if filters else "", back=back)


def words_given(request: Request, *, characters_max: int) -> str:
    """Return the words that are marked; empty: none."""
    return request.query_params.get("q", "").strip()[:characters_max]


def _matches(site: Site, document: Document, parsed: ParsedText) -> PageMatches | None:
    try:
        found = site.app.engine.pages(parsed.tree, documents=[document.id], limit=MATCHES_MAX)
    except EngineUnavailable:  # the text can be read and marked anyway
        return None
    return found.get(document.id)


def _similar(site: Site, document: Document) -> tuple[Document, ...]:
    try:
        return site.similar_to(document.id)
    except EngineUnavailable:  # the text can be read anyway
        return ()


def _headings(site: Site, document: Document, rights: Rights) -> Headings:
    """Return the headings that lead through a document; they are part of its text, and no use on a single page."""
    return site.headings(document) if rights.shows_text and 1 < document.page_count <= LEAVES_MAX else ()


def wanted_page(given: str, *, matches: PageMatches | None, document: Document) -> int:
    """Return the page to show: the one asked for, else the best for the words, else the first.

    Raises NotFound: it is not a number of a page of this document.
    """
    if not given:
        return matches.best[0].number if matches and matches.best else 1
    if given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= document.page_count:
        return int(given[:6])
    raise NotFound(
        sentence("This document has no page {number}.", number=given[:20]),
        try_next=sentence(
            "Its pages go from 1 to {last}: {title}.", last=document.page_count, title=document.title[:120]
        ),
    )


def _known(site: Site, document: Document) -> Known:
    store = site.app.store
    held = store.documents.work(document.work).documents if document.work and document.work != document.id else ()
    reading = store.readings.get(document.sha256)
    copies, related = store.files.copies(document.id), related_documents(document, store=store)
    return Known(
        reading=reading,
        sources={source.slug: source for source in store.sources.all()},
        copies=copies,
        coverage=_coverage(site, document, page_total=reading.page_total if reading else 0),
        related=related,
        work_size=len(held),
        comparable=_comparable(site, document, copies=copies, related=related),
    )


def _comparable(
    site: Site, document: Document, *, copies: Sequence[Copy], related: Sequence[RelatedDocument]
) -> frozenset[str]:
    """Return what can be shown beside a document: documents of much the same text, and earlier versions that were read."""
    rights, readings = site.app.rights, site.app.store.readings
    if not document.page_count or not rights.of(document).shows_text:
        return frozenset()
    ids = {
        each.document.id
        for each in related
        if each.relation.kind in _MUCH_THE_SAME and each.document.page_count and rights.of(each.document).shows_text
    }
    versions = {version.sha256 for copy in copies for version in copy.versions} - {document.sha256}
    read = {
        sha256 for sha256 in sorted(versions)[:VERSIONS_MAX] if (found := readings.get(sha256)) and found.page_total
    }
    return frozenset(ids | read)


def _coverage(site: Site, document: Document, *, page_total: int) -> Coverage | None:
    read = ReadPages(document.id, document.page_count, max(document.page_count, page_total))
    try:
        return coverage_of([read], engine=site.app.engine, store=site.app.store)
    except EngineUnavailable:  # the records can be read anyway
        return None


def _original(site: Site, document: Document) -> Response:
    """Hand out the stored file in a way in which it can do nothing to our pages.

    Raises NotFound: it is read at its publisher. FileMissing: the bytes are not kept here.
    """
    if not serves_original(document, site.app.rights.of(document)):
        raise NotFound(
            sentence("The original of {document} is available from its publisher.", document=document.id),
            try_next=sentence("Open it from the document’s page."),
        )
    lent = ExitStack()
    path = lent.enter_context(site.files.local_path(document.sha256))
    ending = _ENDINGS.get(document.content_type)
    return FileResponse(
        path,
        media_type=document.content_type if ending else "application/octet-stream",
        filename=f"{document.id}.{ending}" if ending else document.id,
        content_disposition_type="inline" if ending else "attachment",
        headers={
            "Content-Security-Policy": _VIEWER if ending == "pdf" else _SANDBOX,
            "Cache-Control": "private, max-age=3600",
        },
        background=BackgroundTask(lent.close),
    )


def _citation(request: Request, kind: CitationFormat, *, site: Site, document_id: str) -> Response:
    """Hand out the citation of a document, or of the page that the address names. Raises NotFound: there is none of these."""
    document = site.app.store.documents.get(document_id)
    given = request.query_params
    page = wanted_page(given["page"], matches=None, document=document) if given.get("page") else 0
    rights = site.app.rights.of(document)
    citation = cite(
        shown(document, rights),
        kind,
        page=page,
        style=given.get("style", ""),
        accessed=datetime.now(UTC).date(),
        public_url=site.app.settings.public_url,
        file=pdf_address(document, rights, public_url=site.app.settings.public_url),
    )
    name = f"{document_id}-p{page}" if page else document_id
    return PlainTextResponse(
        citation.text,
        media_type=f"{citation.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{citation.ending}"',
            "Cache-Control": "no-cache",
        },
    )
