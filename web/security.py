"""Headers that keep strangers' texts from doing anything in our pages, and compression; plain ASGI middleware."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import TooLarge
from corpus.messages import sentence

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script, style or picture but our own files; nothing written into a page can run."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


_SECRET_PATHS = (
    "/frozen",
    "/api/v1/frozen",
    "/alerts/confirm",
    "/alerts/manage",
    "/alerts/messages",
    "/alerts/not-me",
    "/alerts/unsubscribe",
    "/api/v1/alerts",
)
"""Addresses, or answers, that hold the secret of a frozen search or of a subscriber."""
_OF_SECRETS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Such an address is private: no cache, no search engine and no linked site gets it."""


class SecurityHeaders:
    """Adds the headers to every answer; an answer that brings its own Content-Security-Policy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the headers of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        host = Headers(scope=scope).get("host", "")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    headers["location"] = relative_to(host, headers["location"])
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_SECRET_PATHS):
                    headers.update(_OF_SECRETS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def relative_to(host: str, location: str) -> str:
    """Return where a redirect leads without the host of the request: regardless of who asks can write any host into it.

    No redirect of ours leaves the site; what would (as to `//host/`, made of a path that begins so) goes to its front page.
    """
    try:
        parts = urlsplit(location)
    except ValueError:
        return "/"
    if not parts.netloc and not location.startswith("/"):
        return location
    if parts.netloc and host and parts.netloc != host:
        return "/"
    path = "/" + parts.path.lstrip("/\\")
    return urlunsplit(("", "", path, parts.query, parts.fragment))


_NOT_COMPRESSED = ("/original", "/export")
SESSION_COOKIE = "pushcart-session"
"""Name of the cookie of who is signed in; over https with `__Host-` before it."""
BODY_BYTES_MAX = 64_000
"""Of a request. Forms and bodies of the API are far smaller; none is read before its length is known or counted."""

BODY_BYTES_OF_PATH = {"/quotes": 10_100_000, "/api/v1/quotes": 2_000_000}
"""The same where whole texts are sent: a file with its form, and a text of 400,000 characters as JSON."""


class BodyLimit:
    """Refuses requests whose body is larger than anything that is requested here."""

    def __init__(self, app: ASGIApp, *, refuse: Callable[[Request, TooLarge], Response]) -> None:
        """Wrap an application; `refuse` makes the answer of a refusal."""
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with 413."""
        most = BODY_BYTES_OF_PATH.get(scope.get("path", ""), BODY_BYTES_MAX)
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isascii() and length.isdigit() and int(length[:20]) > most:
            error = TooLarge(
                sentence("This request is larger than {size:,} bytes.", size=most),
                try_next=sentence("Send less data at once."),
            )
            await self._refuse(Request(scope), error)(scope, receive, send)
            return
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:  # its length was not said before
                raise HTTPException(413)
            return message

        await self._app(scope, receive_some, send)


class Compression:
    """Compresses answers, with three exceptions.

    Stored files are compressed already, and are requested in ranges. The last piece of an export that breaks off says that it
    is not whole: it must not wait in a compressor that is never ended. In pages of a session, the length of what was compressed
    would tell who listens whether words of the address are in it, letter by letter that of its forms too (BREACH).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressing = GZipMiddleware(app, minimum_size=600, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        is_http = scope["type"] == "http"
        is_sent_as_it_is = is_http and scope["path"].endswith(_NOT_COMPRESSED)
        has_session = is_http and SESSION_COOKIE in Headers(scope=scope).get("cookie", "")
        await (self._plain if is_sent_as_it_is or has_session else self._compressing)(scope, receive, send)
