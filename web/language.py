"""The language in which a page speaks: what its address says, what this browser chose before, or what it asks for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from corpus.languages import accepted_language
from corpus.types import LANGUAGES

LANGUAGE_PARAMETER = "locale"
"""Not `lang`, which filters documents by their language."""
REMEMBER = "remember"
"""Beside it: the reader chose the language here. Without it, as in a link that somebody sent, it is that of one page."""
COOKIE = "pushcart_language"
VARY = "Accept-Language, Cookie"
_SECONDS = 365 * 24 * 3600


def page_language(request: Request) -> str:
    """Return en, es, fr or pt: `locale` of the address, else the choice made before, else Accept-Language, else English.

    A `locale` that is none of ours means English, so that an address says the same to everyone.
    """
    if LANGUAGE_PARAMETER in request.query_params:
        return address_language(request)
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else accepted_language(request.headers.get("accept-language", "")) or "en"


def address_language(request: Request) -> str:
    """Return the language that `locale` in the address names; English where it names none of ours.

    For what is kept for all readers under one address, such as feeds.
    """
    wanted = request.query_params.get(LANGUAGE_PARAMETER, "")
    return wanted if wanted in LANGUAGES else "en"


def keep_language(response: Response, *, request: Request) -> None:
    """Let the browser keep the language that its reader chose, for addresses that name none."""
    wanted = request.query_params.get(LANGUAGE_PARAMETER, "")
    if wanted in LANGUAGES and REMEMBER in request.query_params and wanted != request.cookies.get(COOKIE):
        is_secret = request.url.scheme == "https"
        response.set_cookie(COOKIE, wanted, max_age=_SECONDS, path="/", httponly=True, samesite="lax", secure=is_secret)
