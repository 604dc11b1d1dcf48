"""Say in plain words why a request failed; the one place that knows the errors of Scrapy and Twisted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from OpenSSL import SSL
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
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import BadHeaders, ParseError
from twisted.web.http import _MalformedChunkedDataError

from crawler.polite.refusals import AnswerRefused, RobotsRefusal, RunPaused


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
    is_put_off: bool
    """True: the run pauses or was stopped before it was sent; the next run asks for it."""


def read_failure(failure: Failure) -> FailedRequest:
    """Return what a person needs of a failure that Scrapy hands to an errback."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    error = failure.value
    assert error is not None
    return FailedRequest(
        request=request,
        reason=words_of(error),
        status=error.response.status if isinstance(error, HttpError) else 0,
        is_refused=isinstance(error, RobotsRefusal),
        is_put_off=isinstance(error, RunPaused),
    )


def words_of_status(status: int) -> str:
    """Return a sentence on an HTTP status that is no success."""
    try:
        phrase = f" ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        phrase = ""
    beyond = ", and names no web address to go on to" if 300 <= status < 400 and status != 304 else ""
    return f"The server answered {status}{phrase}{beyond}."


def words_of(error: BaseException) -> str:
    """Return a sentence on why a request failed."""
    if isinstance(error, HttpError):
        return words_of_status(error.response.status)
    if isinstance(error, IgnoreRequest):
        text = str(error).strip()
        if text == "max redirections reached":
            return "It redirects in a circle, or too often."
        if "during decompression" in text:
            return "Unpacked, it is larger than is allowed: a compressed bomb, or no page."
        return text or "The request was not sent."
    if isinstance(error, ValueError):
        return "The address, or the one that it redirects to, is malformed."
    causes = tuple(_causes_of(error))
    for kinds, words in _WORDS:
        for cause in causes:
            if isinstance(cause, kinds):
                return words.format(cause=_plain(cause))
    return f"The connection failed ({type(error).__name__})."


def _causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that lies behind it: Twisted wraps what really happened, and Scrapy wraps that."""
    inner = [failure.value for failure in getattr(error, "reasons", ())]
    for cause in (*inner, error.__cause__):
        if cause is not None:
            yield from _causes_of(cause)
    yield error


def _plain(error: BaseException) -> str:
    """Return what an error says; of OpenSSL's, without its codes: `certificate verify failed`."""
    said = error.args[0] if error.args else ""
    if isinstance(said, list) and said:
        return str(said[0][-1])
    return str(said)[:100] or type(error).__name__


_WORDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (AnswerRefused, "{cause}"),
    (SSL.Error, "A secure connection could not be agreed ({cause})."),
    ((ParseError, BadHeaders, _MalformedChunkedDataError, ValueError), "The server does not speak HTTP as it should."),
    (DownloadTimeoutError, "The server did not answer in time."),
    (DownloadConnectionRefusedError, "The server refuses connections."),
    (CannotResolveHostError, "The name of the host cannot be found."),
    (DownloadCancelledError, "It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows."),
    (ResponseDataLossError, "The answer was cut off in the middle."),
    ((DownloadFailedError, ConnectionLost, ConnectionDone), "The connection broke."),
    (ConnectError, "The server cannot be reached."),
    (UnsupportedURLSchemeError, "Only http and https addresses are fetched."),
    ((OSError, EOFError), "The answer cannot be unpacked."),
)
