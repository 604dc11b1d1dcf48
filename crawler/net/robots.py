"""What a publisher allows robots: robots.txt as RFC 9309 has it, with Crawl-delay, which is older than the RFC."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from corpus.reasons import Failure, FailureKind
from crawler.job import CrawlComponent
from crawler.net.failures import RequestRefused, RobotsRefusal, RunPaused, failure_of, failure_of_status, is_circle
from crawler.net.throttle import server_of, throttle_of
from crawler.settings import BOT_NAME

ROBOTS_AGENT = BOT_NAME
ROBOTS_BYTES_MAX = 500 * 1024
"""More of a robots.txt is not read (RFC 9309, 2.5)."""
CRAWL_DELAY_MAX_SECONDS = 120.0
"""A longer Crawl-delay is a way of saying no that robots.txt has better words for."""
_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*:?\s*(?P<agent>[^#]*)", re.IGNORECASE)
_FIELD = re.compile(r"([^:#/*?]{0,80}):")
_KNOWN_FIELD = re.compile(
    r"(^|\s)(user[- ]?agent|allow|diss?all?ow|diasllow|disallaw|crawl[- ]delay|site-?maps?)$", re.IGNORECASE
)
"""With the misspellings that Protego knows."""
_PRODUCT = re.compile(r"[a-z_-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one host allows us."""

    parsed: Protego | None = None
    """None: there are no rules, everything is allowed."""
    trouble: Failure | None = None
    """Why the rules could not be had: then nothing at all may be fetched. None when they could."""

    def allows(self, url: str) -> bool:
        """Say whether an address may be fetched: the longest rule that fits decides, and Allow wins a draw."""
        return not self.trouble and (self.parsed is None or bool(self.parsed.can_fetch(url, ROBOTS_AGENT)))

    @property
    def crawl_delay(self) -> float:
        """Return the Crawl-delay that is asked of us, in seconds, 120 at most; 0 when there is none."""
        asked = self.parsed.crawl_delay(ROBOTS_AGENT) if self.parsed is not None else None
        return min(asked or 0.0, CRAWL_DELAY_MAX_SECONDS)


def read_robots(body: bytes) -> RobotsRules:
    """Read the rules of a robots.txt, whatever its bytes are; of a web page in its place, none."""
    text = _text_of(body[:ROBOTS_BYTES_MAX])
    if text.lstrip()[:1] == "<":
        return RobotsRules()
    # A line that is none of RFC 9309 must not part a group (2.2.4), as it does in Protego. Crawl-delay may: below
    # the name of a robot it means that group.
    # Each name of a robot gets its own copy of the rules in Protego: thousands of names in front of thousands of rules,
    # which fit into 500 KiB, would fill the memory. Groups that are not ours become groups of one and the same robot.
    return RobotsRules(Protego.parse("\n".join(_with_known_agent(line) for line in text.splitlines() if _counts(line))))


def rules_of_status(status: int, body: bytes) -> RobotsRules:
    """Return the rules that an answer to a request for robots.txt means (RFC 9309, 2.3.1)."""
    if 200 <= status < 300:
        return read_robots(body)
    if status == 429 or status >= 500:
        return RobotsRules(trouble=Failure(FailureKind.ROBOTS_UNKNOWN, cause=failure_of_status(status)))
    return RobotsRules()


class ObeyRobots(CrawlComponent):
    """Fetch nothing that robots.txt forbids; a host's own is asked for before anything else of it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Task[RobotsRules]] = {}

    async def process_request(self, request: Request) -> None:
        """Refuse what is forbidden."""
        parts = urlsplit(request.url)
        if is_for_robots(request) or parts.path == "/robots.txt":
            return  # it may always be asked for (RFC 9309, 2.2.2)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin))
        rules = await self._rules[origin]
        if rules.trouble:
            raise RequestRefused(rules.trouble)
        if not rules.allows(request.url):
            raise RobotsRefusal

    def process_response(self, request: Request, response: Response) -> Response:
        """Take the rules from a robots.txt that a source begins with, which spares its server a second request for it."""
        parts = urlsplit(request.url)
        if parts.path == "/robots.txt" and not is_for_robots(request):
            known = asyncio.ensure_future(self._know(rules_of_status(response.status, response.body), request.url))
            self._rules.setdefault(f"{parts.scheme}://{parts.netloc}", known)
        return response

    async def _know(self, rules: RobotsRules, url: str) -> RobotsRules:
        if rules.crawl_delay:
            throttle_of(self.crawler).throttle.lengthen(server_of(url), seconds=rules.crawl_delay)
        return rules

    async def _fetch(self, origin: str) -> RobotsRules:
        url = f"{origin}/robots.txt"
        asked: Any = Request(url, priority=1000, meta={"for_robots": True}, callback=NO_CALLBACK)
        try:
            response: Response = await self.crawler.engine.download_async(asked)
        except RunPaused:
            raise
        except Exception as error:  # whatever it is, the rules are not known
            return _rules_of_failure(error)
        return await self._know(rules_of_status(response.status, response.body), url)


def is_for_robots(request: Request) -> bool:
    """Say whether a request is for a robots.txt, also after a redirect."""
    return bool(request.meta.get("for_robots"))


def _rules_of_failure(error: Exception) -> RobotsRules:
    if is_circle(error):
        return RobotsRules()  # as good as none (RFC 9309, 2.3.1.2)
    failure = failure_of(error)
    is_of_the_host = isinstance(error, CannotResolveHostError | DownloadConnectionRefusedError | IgnoreRequest)
    return RobotsRules(trouble=failure if is_of_the_host else Failure(FailureKind.ROBOTS_UNKNOWN, cause=failure))


def _text_of(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", errors="replace")
    return body.decode("utf-8-sig", errors="replace")


def _counts(line: str) -> bool:
    """Say whether a line says who is meant, what is allowed, or how often one may ask; or is for Protego to take apart."""
    named = _FIELD.match(line)
    return named is None or _KNOWN_FIELD.search(named[1].strip()) is not None


def _with_known_agent(line: str) -> str:
    """Return a line of robots.txt, with the name of a robot in one of three spellings: ours, `*`, or another's."""
    found = _AGENT_LINE.match(line)
    if found is None:
        return line
    agent = found["agent"].strip()
    if not agent:
        return line
    product = _PRODUCT.match(agent)
    if product is not None and product[0].casefold() == ROBOTS_AGENT.casefold():
        return f"User-agent: {ROBOTS_AGENT}"
    return "User-agent: *" if agent == "*" else "User-agent: another-robot"
