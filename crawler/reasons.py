"""Say in plain words why a request failed; the one place that knows the errors of Scrapy and Twisted."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

ROBOTS_REFUSAL = "Forbidden by robots.txt"
"""Scrapy's own words; its robots middleware raises a plain IgnoreRequest."""


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A request that brought no usable answer."""

    request: Request
    reason: str
    """A sentence for a person."""
    status: int
    """HTTP status of the answer; 0 when there was none."""
    is_refused: bool
    """True: robots.txt is why it was not sent."""


def read_failure(failure: Failure) -> FailedRequest:
    """Return what a person needs of a failure that Scrapy hands to an errback."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    error = failure.value
    assert error is not None
    return FailedRequest(
        request=request,
        reason=words_of(error),
        status=error.response.status if isinstance(error, HttpError) else 0,
        is_refused=is_robots_refusal(error),
    )


def is_robots_refusal(error: BaseException) -> bool:
    """Say whether robots.txt is why the request was not sent."""
    return isinstance(error, IgnoreRequest) and str(error) == ROBOTS_REFUSAL


def words_of_status(status: int) -> str:
    """Return a sentence on an HTTP status that is no success."""
    try:
        phrase = f" ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        phrase = ""
    return f"The server answered {status}{phrase}."


def words_of(error: BaseException) -> str:
    """Return a sentence on why a request failed."""
    if isinstance(error, HttpError):
        return words_of_status(error.response.status)
    if is_robots_refusal(error):
        return "robots.txt does not let us fetch it."
    if isinstance(error, IgnoreRequest):
        text = str(error).strip()
        if text == "max redirections reached":
            return "It redirects in a circle, or too often."
        return text or "The request was not sent."
    for kinds, words in _WORDS:
        if isinstance(error, kinds):
            return words
    return f"The connection failed ({type(error).__name__})."


_WORDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (DownloadTimeoutError, "The server did not answer in time."),
    (DownloadConnectionRefusedError, "The server refuses connections."),
    (CannotResolveHostError, "The name of the host cannot be found, or leads into a private network."),
    (DownloadCancelledError, "It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows."),
    (ResponseDataLossError, "The answer was cut off in the middle."),
    (DownloadFailedError, "The connection broke."),
    (UnsupportedURLSchemeError, "Only http and https addresses are fetched."),
)
