"""Who is signed in on the pages: cookies, forms, and what a form must prove before it changes anything."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import BadInput, Forbidden, NotAuthorised
from corpus.messages import sentence
from corpus.settings import Settings
from curation.sign_ins import SESSION_HOURS, SignIns, Visitor, is_same
from web.security import SESSION_COOKIE

FORM_BYTES_MAX = 32_000
FORM_FIELDS_MAX = 30
WORD = "form_word"
"""The hidden field in which every form that changes something sends the word of its session."""
_FORM_TYPE = "application/x-www-form-urlencoded"
_NONCE = "pushcart-sign-in"
_NONCE_PATTERN = re.compile(r"[0-9A-Za-z_-]{43}")
_LOCAL = re.compile(r"/(?![/\\])[^\s\\]{0,2000}")

FormValues = Mapping[str, str]


async def read_form(request: Request) -> FormValues:
    """Return the fields of a form that was sent, of a name that comes twice the last.

    Raises BadInput: it is no form, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise BadInput(
            sentence("The request is not a form."), try_next=sentence("Send it with the button on the page.")
        )
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_BYTES_MAX:
            raise BadInput(
                sentence("This form is larger than {size:,} bytes.", size=FORM_BYTES_MAX),
                try_next=sentence("Shorten what you wrote."),
            )
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FORM_FIELDS_MAX))
    except ValueError as error:
        raise BadInput(
            sentence("This form cannot be read."), try_next=sentence("Send it with the button on the page.")
        ) from error


Form = Annotated[FormValues, Depends(read_form)]


class SignedIn:
    """Knows who is signed in, and lets only forms of that session change anything. Threads may share it."""

    def __init__(self, sign_ins: SignIns, *, settings: Settings) -> None:
        self._sign_ins = sign_ins
        self._own = urlsplit(settings.public_url)

    def visitor(self, request: Request) -> Visitor | None:
        """Return who is signed in; None: no one. The records are asked once a request, and only where a cookie came."""
        if not hasattr(request.state, "visitor"):
            cookie = request.cookies.get(self._session_name(request), "")
            request.state.visitor = self._sign_ins.visitor(cookie) if cookie else None
        found: Visitor | None = request.state.visitor
        return found

    def variant(self, request: Request) -> str:
        """Return what tells the pages of this visitor from those of others; empty for strangers."""
        visitor = self.visitor(request)
        return visitor.form_word if visitor is not None else ""

    def may_change(self, request: Request, form: FormValues) -> Visitor:
        """Return who is signed in and sent a form of ours.

        Raises NotAuthorised: no one is signed in. Forbidden: the form comes from another site or another session.
        """
        self._refuse_other_sites(request)
        visitor = self.visitor(request)
        if visitor is None:
            raise NotAuthorised(
                sentence("You are no longer signed in; nothing was changed."),
                try_next=sentence("Sign in again and resend the form."),
            )
        if not is_same(form.get(WORD, ""), visitor.form_word):
            raise _another_form()
        return visitor

    def sign_in_word(self, nonce: str) -> str:
        """Return what the form for signing in sends along."""
        return self._sign_ins.sign_in_word(nonce)

    def nonce(self, request: Request) -> str:
        """Return what the form for signing in is bound to: of the cookie, or a new one."""
        held = request.cookies.get(_NONCE, "")
        return held if _NONCE_PATTERN.fullmatch(held) else secrets.token_urlsafe(32)

    def may_sign_in(self, request: Request, form: FormValues) -> None:
        """Raises Forbidden: the form comes from another site, or not from the page that this browser was given."""
        self._refuse_other_sites(request)
        nonce = request.cookies.get(_NONCE, "")
        if not _NONCE_PATTERN.fullmatch(nonce) or not is_same(form.get(WORD, ""), self.sign_in_word(nonce)):
            raise _another_form()

    def keep_nonce(self, response: Response, nonce: str, *, request: Request) -> None:
        """Give the browser what the form for signing in is bound to."""
        response.set_cookie(
            _NONCE,
            nonce,
            path="/sign-in",
            httponly=True,
            samesite="strict",
            secure=self._is_secure(request),
        )

    def begin(self, response: Response, cookie: str, *, request: Request) -> None:
        """Give the browser its session, and remove what was needed for signing in."""
        response.set_cookie(
            self._session_name(request),
            cookie,
            max_age=SESSION_HOURS * 3600,
            httponly=True,
            samesite="lax",
            secure=self._is_secure(request),
        )
        response.delete_cookie(_NONCE, path="/sign-in")

    def end(self, request: Request, response: Response) -> None:
        """End the session of a request permanently."""
        name = self._session_name(request)
        self._sign_ins.end(request.cookies.get(name, ""))
        response.delete_cookie(name, httponly=True, samesite="lax", secure=self._is_secure(request))

    def _session_name(self, request: Request) -> str:
        # With this prefix browsers take the cookie from https alone, and from no other host of the domain.
        return f"__Host-{SESSION_COOKIE}" if self._is_secure(request) else SESSION_COOKIE

    def _is_secure(self, request: Request) -> bool:
        """Say whether the browser speaks https, also where a proxy does not say so."""
        is_own = request.headers.get("host", "").lower() == self._own.netloc.lower()
        return request.url.scheme == "https" or (is_own and self._own.scheme == "https")

    def _refuse_other_sites(self, request: Request) -> None:
        """Raises Forbidden: the browser says that a page of another site sends this, or does not say which page does."""
        text = request.headers.get("origin") or request.headers.get("referer", "")
        try:
            host = urlsplit(text).netloc.lower()
        except ValueError:
            host = ""
        if not host or host not in (request.headers.get("host", "").lower(), self._own.netloc.lower()):
            raise Forbidden(
                sentence("This form was sent from another site; nothing was changed."),
                try_next=sentence("Send it from the page of this site."),
            )


def _another_form() -> Forbidden:
    return Forbidden(
        sentence("This form belongs to another session; nothing was changed."),
        try_next=sentence("Open the page again and resend the form. Cookies must be allowed."),
    )


def local_address(given: str) -> str:
    """Return an address of this site as it was given; `/` in place of one that leads elsewhere, or none."""
    return given if _LOCAL.fullmatch(given) else "/"


def back_of(request: Request) -> str:
    """Return the page from which a form was sent, as far as the browser says so and it is of this site; else `/`."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    if parts.netloc.lower() != request.headers.get("host", "").lower():
        return "/"
    return local_address(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def sign_in_address(request: Request) -> str:
    """Return where someone signs in to come back to what was requested."""
    asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return f"/sign-in?next={quote(asked, safe='')}"
