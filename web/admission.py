"""Who is admitted: so many searches at once, and so many requests of one address; plain ASGI middleware.

Nothing here holds a thread: who waits for a turn waits in the event loop, and files and health checks are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import AsksTooOften, Busy
from corpus.messages import sentence
from web.rate_limits import RateLimits

_FREE = (
    "/static/",
    "/healthz",
    "/readyz",
    "/api/v1/healthz",
    "/api/v1/readyz",
    "/robots.txt",
    "/favicon.ico",
    "/opensearch.xml",
)
"""What is always answered: it costs next to nothing, or someone has to know how we are."""
_FREEZING = ("/frozen", "/api/v1/frozen")
"""Where requests that write are counted once more: what they leave is kept for long."""
_SUBSCRIBING = ("/alerts/new", "/api/v1/alerts")
"""The same for whole addresses: each such request may send a message to someone."""
_CHECKING = ("/quotes", "/api/v1/quotes")
"""The same: a text has many quotations."""
_RETRY_SECONDS = 5
"""When to come back if too many search at once."""

Refuse = Callable[[Request, Busy], Response]
"""Makes the answer of a refusal, as a page or as problem JSON."""


class Admission:
    """Lets requests through to an application, as many at once as it can work on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        at_once: int,
        wait_seconds_max: float,
        rates: RateLimits | None,
        refuse: Refuse,
        freezing: RateLimits | None = None,
        subscribing: RateLimits | None = None,
        checking: RateLimits | None = None,
    ) -> None:
        """Wrap an application.

        Args:
            app: the application.
            at_once: requests that are worked on at the same time.
            wait_seconds_max: how long one waits for its turn.
            rates: how often one address may ask; None: as often as it likes.
            refuse: makes the answer of a refusal.
            freezing: how often one address may freeze a search, or change a frozen one; None: as often as it likes.
            subscribing: how often one address may ask to follow a search; None: as often as it likes.
            checking: how often one address may have quotes checked; None: as often as it likes.
        """
        self._app = app
        self._turns = asyncio.Semaphore(at_once)
        self._wait_seconds_max = wait_seconds_max
        self._rates = rates
        self._freezing = freezing
        self._subscribing = subscribing
        self._checking = checking
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its turn comes, or refuse it with 429 or 503."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        try:
            await self._count(scope)
            await self._wait()
        except Busy as error:
            await self._refuse(Request(scope), error)(scope, receive, send)
            return
        await self._answer(scope, receive, send)

    async def _count(self, scope: Scope) -> None:
        if scope["client"] is None:
            return
        writes = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        is_freezing = writes and scope["path"].startswith(_FREEZING)
        is_subscribing = writes and scope["path"].rstrip("/") in _SUBSCRIBING
        if self._rates and (seconds := await self._rates.seconds_to_wait(scope["client"][0])):
            raise AsksTooOften(
                sentence(
                    "There are too many requests from this address. The limit: {rates}.", rates=self._rates.in_words
                ),
                try_next=sentence(
                    "Wait {seconds} seconds. For bulk access, use feeds or ask the operator of this site.",
                    seconds=math.ceil(seconds),
                ),
                retry_seconds=math.ceil(seconds),
            )
        if is_freezing and self._freezing and (seconds := await self._freezing.seconds_to_wait(scope["client"][0])):
            raise AsksTooOften(
                sentence("This address freezes too many searches. The limit: {rates}.", rates=self._freezing.in_words),
                try_next=sentence("Wait {seconds} seconds, or keep the search report.", seconds=math.ceil(seconds)),
                retry_seconds=math.ceil(seconds),
            )

        if (
            is_subscribing
            and self._subscribing
            and (seconds := await self._subscribing.seconds_to_wait(scope["client"][0]))
        ):
            raise AsksTooOften(
                sentence(
                    "There are too many requests to follow searches from this address. The limit: {rates}.",
                    rates=self._subscribing.in_words,
                ),
                try_next=sentence("Wait {seconds} seconds, or follow the search by feed.", seconds=math.ceil(seconds)),
                retry_seconds=math.ceil(seconds),
            )

        if writes and scope["path"].rstrip("/") in _CHECKING:
            await self._count_checked(scope["client"][0])

    async def _count_checked(self, address: str) -> None:
        if self._checking and (seconds := await self._checking.seconds_to_wait(address)):
            raise AsksTooOften(
                sentence("This address has quotes checked more often than {rates}.", rates=self._checking.in_words),
                try_next=sentence(
                    "Wait {seconds} seconds, or send several paragraphs at once.", seconds=math.ceil(seconds)
                ),
                retry_seconds=math.ceil(seconds),
            )

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._turns.acquire(), self._wait_seconds_max)
        except TimeoutError as error:
            raise Busy(
                sentence("The server is receiving more requests than it can answer."),
                try_next=sentence("Try again in a few seconds."),
                retry_seconds=_RETRY_SECONDS,
            ) from error

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_turn = True

        def give_turn_back() -> None:
            nonlocal has_turn
            if has_turn:
                has_turn = False
                self._turns.release()

        async def send_on(message: Message) -> None:
            # The work is done when an answer begins; a slow reader or a large file delays no one.
            give_turn_back()
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            give_turn_back()
