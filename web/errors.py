"""One error, two faces: a page for people, problem JSON for programs, made from the same object."""

from __future__ import annotations

from functools import partial

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import BadQuery, NotAuthorised, PushcartError
from corpus.messages import gettext
from search_api.api.problems import Problem, challenge, problem_of, problem_response, retry_after
from web.addresses import with_parameters
from web.contexts import ErrorPage, Frame, TextLink
from web.language import page_language
from web.rendering import Pages
from web.signed_in import back_of

_log = structlog.get_logger(__name__)


def answer_errors(app: FastAPI, *, pages: Pages) -> None:
    """Let an application answer every error in the face that the asker can read."""
    answer = partial(answer_of, pages=pages)

    async def pushcart_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, PushcartError)
        response = answer(request, problem_of(error, lang=page_language(request)), ways=_ways_out_of(request, error))
        response.headers.update(challenge(error))
        return response

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, _problem_of_status(request, error.status_code, str(error.detail)))

    async def validation_error(request: Request, error: Exception) -> Response:
        return answer(request, _problem_of_status(request, 404, ""))

    async def bug(request: Request, error: Exception) -> Response:
        _log.error("request_failed", path=request.url.path, exc_info=error)
        return answer(request, _problem_of_status(request, 500, ""))

    app.add_exception_handler(PushcartError, pushcart_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(Exception, bug)


def answer_of(request: Request, problem: Problem, *, pages: Pages, ways: tuple[TextLink, ...] = ()) -> Response:
    """Return a problem as a page, or as problem JSON where the API was asked."""
    if request.url.path.startswith("/api/"):
        return problem_response(problem)
    return _error_page(request, problem, pages=pages, ways=ways)


def _problem_of_status(request: Request, status: int, detail: str) -> Problem:
    lang = page_language(request)
    if status == 404:
        return Problem(
            type="urn:pushcart:problem:not-found",
            title=gettext("Nothing is found at this address", lang=lang),
            status=404,
            detail=gettext("There is no page at {path}", path=request.url.path[:200], lang=lang),
            next=gettext("Search for what you need; addresses of documents and pages do not change.", lang=lang),
        )
    if status == 500:
        return Problem(
            type="urn:pushcart:problem:internal",
            title=gettext("Something went wrong here", lang=lang),
            status=500,
            detail=gettext("This is an error on our side. It has been logged.", lang=lang),
            next=gettext("Go back and try again.", lang=lang),
        )
    return Problem(
        type="about:blank", title=detail or gettext("This cannot be done", lang=lang), status=status, detail=detail
    )


def _ways_out_of(request: Request, error: PushcartError) -> tuple[TextLink, ...]:
    """Offer a search without the parameter that cannot be used, the form for signing in, or the page of the form that was sent."""
    if isinstance(error, NotAuthorised):
        return (TextLink(gettext("Sign in", lang=page_language(request)), "/sign-in"),)
    if request.method == "POST":
        return (TextLink(gettext("Back", lang=page_language(request)), back_of(request)),)
    if not isinstance(error, BadQuery) or request.url.path != "/search":
        return ()
    kept = [each for each in request.query_params.multi_items() if each[0] not in (error.parameter, "cursor")]
    lang = page_language(request)
    words = (
        gettext("Start again from the first documents", lang=lang)
        if error.parameter == "cursor"
        else gettext("Search without it", lang=lang)
    )
    return (TextLink(words, with_parameters("/search", kept)),)


def _error_page(request: Request, problem: Problem, *, pages: Pages, ways: tuple[TextLink, ...]) -> Response:
    lang = page_language(request)
    page = ErrorPage(
        status=problem.status,
        heading=problem.title,
        message=problem.detail,
        try_next=problem.next,
        ways=ways,
    )
    text = request.query_params.get("q", "")[:500]
    frame = Frame(title=problem.title, text=text, may_be_indexed=False, lang=lang)
    response = pages.respond(request, "error.html", page, frame=frame, status=problem.status)
    response.headers.update(retry_after(problem))
    return response
