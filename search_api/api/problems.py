"""Every refusal as problem JSON (RFC 9457), from the same error that a page would show."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from corpus.errors import (
    AsksTooOften,
    BadBackup,
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
from corpus.languages import accepted_language
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
    BadBackup: (500, "bad-backup", message("The backup cannot be used")),
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


def asked_language(request: Request) -> str:
    """Return the language in which a program wants its refusals: en, es, fr or pt, by Accept-Language; else English."""
    return accepted_language(request.headers.get("accept-language", "")) or "en"


_OTHER_STATUS = message("This cannot be done")
_STATUSES: Mapping[int, Message] = {
    400: message("The request cannot be read"),
    404: message("Nothing is found at this address"),
    405: message("This address does not take that method"),
    406: message("There is no such format"),
    413: message("The request is too large"),
    415: message("The request is not of a kind that is read here"),
}


def status_in_words(status: int, *, lang: str) -> str:
    """Return what the status of a refusal means that came from the framework."""
    title = _STATUSES.get(status, _OTHER_STATUS)
    return gettext(title, lang=lang)


_OTHERWISE_INVALID = message("{name} cannot be used.")
_INVALID: Mapping[str, Message] = {
    "missing": message("{name} is missing."),
    "int_parsing": message("{name} must be a whole number."),
    "int_type": message("{name} must be a whole number."),
    "bool_parsing": message("{name} must be true or false."),
    "bool_type": message("{name} must be true or false."),
    "string_type": message("{name} must be a text."),
    "string_too_long": message("{name} is too long."),
    "string_too_short": message("{name} is too short."),
    "string_pattern_mismatch": message("{name} is not written in the form that is needed."),
    "list_type": message("{name} must be a list."),
    "too_long": message("{name} has too many entries."),
    "too_short": message("{name} has too few entries."),
    "greater_than_equal": message("{name} is too small."),
    "less_than_equal": message("{name} is too large."),
    "extra_forbidden": message("{name} is not known here."),
    "json_invalid": message("The body is not JSON."),
}


def invalid_in_words(error: Mapping[str, Any], *, lang: str) -> str:
    """Return what is wrong with a parameter or a field of a body, as pydantic names it."""
    words = _INVALID.get(str(error["type"]), _OTHERWISE_INVALID)
    return gettext(words, name=str(error["loc"][-1]), lang=lang)


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
        return problem_response(problem_of(error, lang=asked_language(request)), headers=challenge(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        lang = asked_language(request)
        is_ours = str(error.detail) != HTTPStatus(error.status_code).phrase  # a sentence that says why
        nothing = gettext("There is no {method} {path}.", method=request.method, path=request.url.path, lang=lang)
        problem = Problem(
            type="urn:pushcart:problem:not-found" if error.status_code == 404 else "about:blank",
            title=str(error.detail) if is_ours else status_in_words(error.status_code, lang=lang),
            status=error.status_code,
            detail=str(error.detail) if is_ours else nothing,
            next=gettext("See the description of this API at {path}.", path="/api/v1/openapi.json", lang=lang),
        )
        return problem_response(problem, headers=error.headers)

    async def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first, lang = error.errors()[0], asked_language(request)
        name = str(first["loc"][-1])
        problem = Problem(
            type="urn:pushcart:problem:bad-query",
            title=gettext("Invalid parameter", lang=lang),
            status=422,
            detail=invalid_in_words(first, lang=lang),
            next=gettext("See the description of this API at {path}.", path="/api/v1/openapi.json", lang=lang),
            parameter=name,
        )
        return problem_response(problem)

    async def any_error(request: Request, error: Exception) -> Response:
        lang = asked_language(request)
        problem = Problem(
            type="urn:pushcart:problem:internal",
            title=gettext("Something went wrong here", lang=lang),
            status=500,
            detail=gettext("The error was written to the log. It is not your fault.", lang=lang),
            next=gettext("Try again. If the problem persists, tell the operator of this site.", lang=lang),
        )
        return problem_response(problem)

    app.add_exception_handler(PushcartError, pushcart_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(Exception, any_error)
