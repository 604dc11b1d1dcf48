"""The feeds of any search: /feed.atom and /feed.json with the parameters of the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Protocol

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from alerts.channels.feed.atom import atom_feed
from alerts.channels.feed.entries import Feed, FeedAddresses, feed_query
from alerts.channels.feed.json_feed import json_feed
from search_api.answers.results import Hit, Results
from search_api.api.etags import holds
from search_api.query.parameters import SearchQuery, Sort
from web.addresses import document_address, feed_address, json_feed_address, search_address
from web.language import address_language
from web.state import Site

_SETTLED = timedelta(minutes=1)
"""A date of HTTP counts seconds: a reader that holds a feed of this very second would miss what the same second still
brings. So a date is given only when that second is long over; the ETag is right at any moment."""


class _MakeFeed(Protocol):
    def __call__(self, results: Results, *, words: str, addresses: FeedAddresses, lang: str) -> Feed: ...


def feed_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/feed.atom")
    def atom(request: Request) -> Response:
        return _answer(request, site=site, make=atom_feed, address=feed_address)

    @router.get("/feed.json")
    def as_json(request: Request) -> Response:
        return _answer(request, site=site, make=json_feed, address=json_feed_address)

    return router


def _answer(request: Request, *, site: Site, make: _MakeFeed, address: Callable[[SearchQuery], str]) -> Response:
    query, lang = feed_query(site.query_of(request.query_params.multi_items())), address_language(request)
    names = site.names(lang=lang)
    words = "; ".join(part for part in (query.text, names.in_words(query)) if part)
    made = make(site.search(query, lang=lang), words=words, addresses=_addresses(site, address), lang=lang)
    headers = {"ETag": made.etag, "Cache-Control": "public, max-age=300"}
    if datetime.now(UTC) - made.updated > _SETTLED:
        headers["Last-Modified"] = format_datetime(made.updated, usegmt=True)
    if _is_held(request, made):
        return Response(status_code=304, headers=headers)
    return Response(made.body, media_type=f"{made.media_type}; charset=utf-8", headers=headers)


def _addresses(site: Site, address: Callable[[SearchQuery], str]) -> FeedAddresses:
    host, page = site.app.settings.public_url, SearchQuery()

    def document(hit: Hit) -> str:
        # Without the page found: it may change with the next indexing, and the link of an entry should not.
        return f"{host}{document_address(hit.document.id)}"

    return FeedAddresses(
        feed=lambda query: f"{host}{address(query)}",
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
