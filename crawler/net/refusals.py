"""Why a request is not sent. Scrapy takes these for decisions, not for failures: it neither retries nor logs them."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from corpus.reasons import Failure, FailureKind


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
