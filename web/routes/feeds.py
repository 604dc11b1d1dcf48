"""The Atom feed of any search: /feed.atom with the parameters of the search."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from alerts.feed import Feed, FeedAddresses, feed_query, make_feed
from search_api.answers.results import Hit
from search_api.api.etags import holds
from search_api.query.parameters import SearchQuery, Sort
from web.addresses import document_address, feed_address, search_address
from web.language import page_language
from web.state import Site

_SETTLED = timedelta(minutes=1)
"""A date of HTTP counts seconds: a reader that holds a feed of this very second would miss what the same second still
brings. So a date is given only when that second is long over; the ETag is right at any moment."""


def feed_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/feed.atom")
    def feed(request: Request) -> Response:
        query, lang = feed_query(site.query_of(request.query_params.multi_items())), page_language(request)
        names = site.names(lang=lang)
        words = "; ".join(part for part in (query.text, names.in_words(query)) if part)
        made = make_feed(site.search(query, lang=lang), words=words, addresses=_addresses(site), lang=lang)
        headers = {"ETag": made.etag, "Cache-Control": "public, max-age=300"}
        if datetime.now(UTC) - made.updated > _SETTLED:
            headers["Last-Modified"] = format_datetime(made.updated, usegmt=True)
        if _is_held(request, made):
            return Response(status_code=304, headers=headers)
        return Response(made.body, media_type="application/atom+xml; charset=utf-8", headers=headers)

    return router


def _addresses(site: Site) -> FeedAddresses:
    host, page = site.app.settings.public_url, SearchQuery()

    def document(hit: Hit) -> str:
        # Without the page found: it may change with the next indexing, and the link of an entry should not.
        return f"{host}{document_address(hit.document.id)}"

    return FeedAddresses(
        feed=lambda query: f"{host}{feed_address(query)}",
        search=lambda query: (
            f"{host}{search_address(replace(query, sort=Sort.FIRST_SEEN, limit=page.limit, near=page.near))}"
        ),
        document=document,
    )


def _is_held(request: Request, feed: Feed) -> bool:
    """Say whether the reader holds this feed; the ETag decides where it is given (RFC 9110, section 13.2.2)."""
    if "if-none-match" in request.headers:
        return holds(request, feed.etag)
    since = _date(request.headers.get("if-modified-since", ""))
    return since is not None and feed.updated.replace(microsecond=0) <= since


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):  # strangers write years of eleven digits
        return None
    return found if found.tzinfo else None
