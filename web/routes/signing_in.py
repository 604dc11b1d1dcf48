"""Signing in with a token, and out again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.messages import gettext
from curation.authorising import refuse_in_address
from web.contexts import Frame
from web.curation_contexts import SignInPage
from web.language import page_language
from web.signed_in import Form, local_address
from web.state import Site


def signing_in_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    def form(request: Request) -> Response:
        refuse_in_address(request.url.query)
        return _form(request, site=site, going_on=local_address(request.query_params.get("next", "/")))

    @router.post("/sign-in")
    def sign_in(request: Request, form: Form) -> Response:
        refuse_in_address(request.url.query)
        site.signed_in.may_sign_in(request, form)
        going_on = local_address(form.get("next", "/"))
        address = request.client.host if request.client else ""
        cookie = site.authoriser.sign_in(form.get("token", ""), address=address)
        if cookie is None:
            return _form(request, site=site, going_on=going_on, is_wrong=True)
        response = RedirectResponse(going_on, status_code=303)
        site.signed_in.begin(response, cookie, request=request)
        return response

    @router.post("/sign-out")
    def sign_out(request: Request, form: Form) -> Response:
        site.signed_in.may_change(request, form)
        response = RedirectResponse("/", status_code=303)
        site.signed_in.end(request, response)
        return response

    return router


def _form(request: Request, *, site: Site, going_on: str, is_wrong: bool = False) -> Response:
    lang, nonce = page_language(request), site.signed_in.nonce(request)
    error = ""
    if is_wrong:
        error = gettext("This token is unknown or has expired. Copy it again in full.", lang=lang)
    page = SignInPage(form_word=site.signed_in.sign_in_word(nonce), next=going_on, error=error)
    frame = Frame(title=gettext("Sign in", lang=lang), may_be_indexed=False, lang=lang)
    status = 401 if is_wrong else 200
    response = site.pages.respond(request, "sign-in.html", page, frame=frame, status=status)
    if is_wrong:
        response.headers["WWW-Authenticate"] = 'Bearer realm="pushcart", error="invalid_token"'
    response.headers["Cache-Control"] = "no-store"
    site.signed_in.keep_nonce(response, nonce, request=request)
    return response
