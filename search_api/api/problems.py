"""Every refusal as problem JSON (RFC 9457), from the same error that a page would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from corpus.errors import (
    AsksTooOften,
    BadInput,
    BadQuery,
    Busy,
    EngineUnavailable,
    FileMissing,
    Forbidden,
    NotAuthorised,
    NotFound,
    PushcartError,
    StoreBusy,
    StoreUnavailable,
    TooLarge,
)
from corpus.messages import Message, gettext, in_language, message
from search_api.api.answers import SafeJSONResponse

_log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 30
"""Sent with 503 as Retry-After."""


class Problem(BaseModel):
    """A refusal, as RFC 9457 has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:pushcart:problem:bad-query",
                    "title": "The search cannot be understood",
                    "status": 422,
                    "detail": "country cannot be 'Peruu': a country is an ISO 3166 code or a name, such as PER or Peru.",
                    "next": "Did you mean PER (Peru)?",
                    "parameter": "country",
                }
            ]
        }
    )

    type: str
    """Names the kind of problem; stays the same from version to version."""
    title: str
    status: int
    detail: str
    """What happened, and to which thing."""
    next: str = ""
    """What to do about it; empty when there is nothing to do."""
    parameter: str | None = None
    """The parameter at fault."""
    position: int | None = None
    """0-based character in the parameter."""
    retry_seconds: int | None = None
    """After how many seconds asking again makes sense, as the header Retry-After says too; only where that is known."""
    parts: list[str] | None = None
    """Which of `records`, `schema` and `index` are not ready; only where that was asked."""


_KINDS: Mapping[type[PushcartError], tuple[int, str, Message]] = {
    BadQuery: (422, "bad-query", message("The search cannot be understood")),
    BadInput: (422, "bad-input", message("Invalid input")),
    NotAuthorised: (401, "not-authorised", message("A token is needed")),
    Forbidden: (403, "forbidden", message("This form is not valid")),
    TooLarge: (413, "too-large", message("The request is too large")),
    NotFound: (404, "not-found", message("Nothing is found at this address")),
    FileMissing: (404, "file-missing", message("The file is not here")),
    StoreBusy: (503, "store-busy", message("The records are busy")),
    StoreUnavailable: (503, "store-unavailable", message("The records cannot be reached")),
    Busy: (503, "busy", message("The server is busy")),
    AsksTooOften: (429, "asks-too-often", message("Too many requests")),
    EngineUnavailable: (503, "index-unavailable", message("The search index does not answer")),
}


def status_of(error: PushcartError) -> int:
    """Return the HTTP status that says what kind of error it is; 500 for one that no request should meet."""
    return _kind(error)[0]


def _kind(error: PushcartError) -> tuple[int, str, Message]:
    for each in type(error).__mro__:
        if each in _KINDS:
            return _KINDS[each]
    return 500, "internal", message("Something went wrong here")


def problem_of(error: PushcartError, *, lang: str = "en") -> Problem:
    """Return an error as a problem for strangers, in their language; what is meant for those who run the site is logged."""
    status, kind, title = _kind(error)
    detail, try_next = in_language(error.message, lang), in_language(error.try_next, lang)
    if error.for_readers:
        is_index = isinstance(error, EngineUnavailable)
        _log.warning(
            "search_index_unavailable" if is_index else "records_unavailable",
            reason=error.message,
            next=error.try_next,
        )
        detail = in_language(error.for_readers, lang)
        try_next = (
            gettext("Try again in a minute. Documents and sources can still be read in the meantime.", lang=lang)
            if is_index
            else gettext("Try again in a minute.", lang=lang)
        )
    return Problem(
        type=f"urn:pushcart:problem:{kind}",
        title=gettext(title, lang=lang),
        status=status,
        detail=detail,
        next=try_next,
        parameter=error.parameter if isinstance(error, BadQuery) else None,
        position=error.position if isinstance(error, BadQuery) else None,
        retry_seconds=error.retry_seconds if isinstance(error, Busy) else None,
    )


def problem_response(problem: Problem, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that carries a problem."""
    sent = retry_after(problem) | dict(headers or {})
    return SafeJSONResponse(
        problem.model_dump(exclude_none=True), status_code=problem.status, media_type=PROBLEM_JSON, headers=sent
    )


def retry_after(problem: Problem) -> dict[str, str]:
    """Return the header that says when to come back; empty where coming back changes nothing."""
    if problem.status not in (429, 503):
        return {}
    return {"Retry-After": str(problem.retry_seconds or RETRY_SECONDS)}


def challenge(error: PushcartError) -> dict[str, str]:
    """Return the header that says how to show who one is (RFC 6750, section 3); empty where that is not the matter."""
    if not isinstance(error, NotAuthorised):
        return {}
    return {"WWW-Authenticate": 'Bearer realm="pushcart"' + (', error="invalid_token"' if error.is_wrong else "")}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the description of a route says of its refusals."""
    titles = {
        401: gettext("A valid token is needed"),
        403: gettext("Request from a page of another site"),
        404: gettext("Nothing has that name"),
        413: gettext("The request is too large"),
        422: gettext("Invalid parameter"),
        429: gettext("You send requests too often"),
        503: gettext("Try again in a minute"),
    }
    return {status: {"description": titles[status], "model": Problem} for status in (*statuses, 429)}


def answer_with_problems(app: FastAPI) -> None:
    """Let an application answer every error with a problem."""

    async def pushcart_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, PushcartError)
        return problem_response(problem_of(error), headers=challenge(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        found = error.status_code == 404
        problem = Problem(
            type="urn:pushcart:problem:not-found" if found else "about:blank",
            title=gettext("Nothing is found at this address") if found else str(error.detail),
            status=error.status_code,
            detail=gettext("There is no {method} {path}.", method=request.method, path=request.url.path)
            if found
            else str(error.detail),
            next=gettext("See the description of this API at {path}.", path="/api/v1/openapi.json"),
        )
        return problem_response(problem, headers=error.headers)

    async def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        name = str(first["loc"][-1])
        problem = Problem(
            type="urn:pushcart:problem:bad-query",
            title=gettext("Invalid parameter"),
            status=422,
            detail=f"{name}: {first['msg']}.",
            next=gettext("See the description of this API at {path}.", path="/api/v1/openapi.json"),
            parameter=name,
        )
        return problem_response(problem)

    async def any_error(request: Request, error: Exception) -> Response:
        problem = Problem(
            type="urn:pushcart:problem:internal",
            title=gettext("Something went wrong here"),
            status=500,
            detail=gettext("The error was written to the log. It is not your fault."),
            next=gettext("Try again. If the problem persists, tell the operator of this site."),
        )
        return problem_response(problem)

    app.add_exception_handler(PushcartError, pushcart_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(Exception, any_error)
