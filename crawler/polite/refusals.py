"""Why a request is not sent. Scrapy takes these for decisions, not for failures: it neither retries nor logs them."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class RunPaused(IgnoreRequest):
    """The run pauses: the request was not sent, and the next run sends it. No outcome of what it asks for."""


class RobotsRefusal(IgnoreRequest):
    """robots.txt does not let us fetch the address."""


class NameRefused(IgnoreRequest):
    """The name of the host leads into a private network, or to this machine."""


class AnswerRefused(IgnoreRequest):
    """The server began to answer, and the rest was not taken: too large, or no HTTP."""
