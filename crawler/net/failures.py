"""Why a request was not sent, or brought no answer; the one place that knows the errors of Scrapy and Twisted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure, FailureKind
from crawler.items import ItemOutcome
from crawler.net.connection import BROKEN_HTTP, HeadersWithoutEnd

# Scrapy takes these for decisions, not for failures: it neither retries nor logs them.


class RunPaused(IgnoreRequest):
    """The run pauses: the request was not sent, and the next run sends it. No outcome of what it asks for."""


class RequestRefused(IgnoreRequest):
    """Why a request was not sent, or its answer not taken, is known: `failure`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure


class RobotsRefusal(RequestRefused):
    """robots.txt does not let us fetch the address."""

    def __init__(self) -> None:
        super().__init__(Failure(FailureKind.REFUSED_BY_ROBOTS))


class NameRefused(RequestRefused):
    """The name of the host leads into a private network, or to this machine."""


class AnswerRefused(RequestRefused):
    """The server began to answer, and the rest was not taken: too large, or no HTTP."""


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A request that brought no usable answer."""

    request: Request
    reason: Failure
    status: int
    """HTTP status of the answer; 0 when there was none."""
    is_refused: bool
    """True: robots.txt is why it was not sent."""
    is_put_off: bool
    """True: the run pauses or was stopped before it was sent; the next run asks for it."""

    @property
    def outcome(self) -> ItemOutcome:
        """Return what came of what was asked for."""
        return ItemOutcome.REFUSED if self.is_refused else ItemOutcome.FAILED


def read_failure(failure: TwistedFailure) -> FailedRequest:
    """Return what a person needs of a failure that Scrapy hands to an errback."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    error = failure.value
    assert error is not None
    return FailedRequest(
        request=request,
        reason=failure_of(error),
        status=error.response.status if isinstance(error, HttpError) else 0,
        is_refused=isinstance(error, RobotsRefusal),
        is_put_off=isinstance(error, RunPaused),
    )


def failure_of_status(status: int) -> Failure:
    """Return what an HTTP status that is no success means."""
    is_redirect = 300 <= status < 400 and status != 304
    return Failure.of(FailureKind.REDIRECT_TO_NOWHERE if is_redirect else FailureKind.HTTP_STATUS, status=status)


def failure_of(error: BaseException) -> Failure:
    """Return why a request failed."""
    if isinstance(error, HttpError):
        return failure_of_status(error.response.status)
    if isinstance(error, IgnoreRequest):
        return _of_ignored(error)
    if isinstance(error, ValueError):
        return Failure(FailureKind.REDIRECT_MALFORMED)
    causes = tuple(_causes_of(error))
    if refused := next((cause for cause in causes if isinstance(cause, RequestRefused)), None):
        return refused.failure
    for errors, kind in _KINDS:
        for cause in causes:
            if isinstance(cause, errors):
                return Failure(kind, {"error": _plain(cause)} if kind.details else {})
    return Failure.of(FailureKind.CONNECTION_FAILED, error=type(error).__name__)


def may_pass(failure: Failure) -> bool:
    """Say whether a failure may be one of a bad hour: the server or the network was at fault, and not the address."""
    if failure.kind is FailureKind.HTTP_STATUS:
        status = int(failure.detail.get("status", 0))
        return status >= 500 or status in (408, 425, 429)
    return failure.kind in _OF_A_BAD_HOUR


def is_circle(error: BaseException) -> bool:
    """Say whether a request was given up because it was redirected too often."""
    return str(error) == "max redirections reached"


def _of_ignored(error: IgnoreRequest) -> Failure:
    if isinstance(error, RequestRefused):
        return error.failure
    if isinstance(error, RunPaused):
        return Failure(FailureKind.RUN_PAUSED)
    if is_circle(error):
        return Failure(FailureKind.REDIRECTS_IN_A_CIRCLE)
    text = str(error).strip()
    if "during decompression" in text:
        return Failure(FailureKind.COMPRESSED_BOMB)
    return Failure.told(text) if text else Failure(FailureKind.NOT_SENT)


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


_OF_A_BAD_HOUR = frozenset((
    FailureKind.TIMED_OUT, FailureKind.CONNECTION_REFUSED, FailureKind.CONNECTION_BROKE, FailureKind.CONNECTION_FAILED,
    FailureKind.CUT_OFF, FailureKind.UNREACHABLE, FailureKind.SERVER_LEFT_ALONE, FailureKind.ROBOTS_UNKNOWN,
    FailureKind.RUN_PAUSED, FailureKind.BOT_CHECK, FailureKind.TLS_FAILED, FailureKind.NOT_HTTP, FailureKind.OWN_ERROR,
))  # fmt: skip

_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], FailureKind], ...] = (
    (SSL.Error, FailureKind.TLS_FAILED),
    (HeadersWithoutEnd, FailureKind.HEADERS_WITHOUT_END),
    ((*BROKEN_HTTP, ValueError), FailureKind.NOT_HTTP),
    (DownloadTimeoutError, FailureKind.TIMED_OUT),
    (DownloadConnectionRefusedError, FailureKind.CONNECTION_REFUSED),
    (CannotResolveHostError, FailureKind.HOST_NOT_FOUND),
    (DownloadCancelledError, FailureKind.FILE_TOO_LARGE),
    (ResponseDataLossError, FailureKind.CUT_OFF),
    ((DownloadFailedError, ConnectionLost, ConnectionDone), FailureKind.CONNECTION_BROKE),
    (ConnectError, FailureKind.UNREACHABLE),
    (UnsupportedURLSchemeError, FailureKind.SCHEME_UNSUPPORTED),
    ((OSError, EOFError), FailureKind.CANNOT_BE_UNPACKED),
)
"""The first kind of which an error, or one that lies behind it, is."""
