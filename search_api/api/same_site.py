"""Writes that a page of someone else's makes a reader's browser send are refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

from corpus.messages import gettext
from search_api.api.problems import asked_language


def refuse_other_sites(request: Request, *, public_url: str, lang: str = "") -> None:
    """Refuse a request that a browser says comes from another site's page; programs say nothing of the kind.

    Args:
        request: one that writes.
        public_url: where people reach this site; a proxy may hide it from the request.
        lang: of the refusal; empty: what the request accepts.

    Raises HTTPException: 403.
    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    if site:
        is_other = site not in ("same-origin", "none")
    else:  # an older browser, or plain HTTP
        own = {request.headers.get("host", ""), urlsplit(public_url).netloc}
        is_other = bool(origin) and _host_of(origin) not in own
    if is_other:
        raise HTTPException(
            403,
            gettext(
                "This request came from a page of another site. Nothing was changed.",
                lang=lang or asked_language(request),
            ),
        )


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
