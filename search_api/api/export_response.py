"""A file that is sent while it is written. A client that goes away ends it at once; what ends it early breaks the transfer."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from corpus.errors import PushcartError
from search_api.api.export_places import ExportPlace

_GRACE_SECONDS = 10.0
"""For the last piece, which says that the file is not whole; a client that takes nothing is left after it."""

_log = structlog.get_logger(__name__)


class ExportResponse(Response):
    """Sends the pieces of a file as they are made, as fast as they are taken, and holds a place meanwhile.

    When the pieces end with an error, or not in time, the answer is left without its end: over HTTP/1.1 the client sees that the
    transfer broke, and no program takes the file for whole.
    """

    def __init__(
        self,
        first: str,
        rest: Generator[str, None, None],
        *,
        place: ExportPlace,
        seconds_max: float,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        """Take over pieces and place; both are given back when the answer is sent.

        Args:
            first: the first piece, which is there already.
            rest: the others; drawn in a thread of their own.
            place: that is held.
            seconds_max: longest time for all of it.
            media_type: with its charset.
            headers: further ones.
        """
        super().__init__(None, media_type=media_type, headers=dict(headers))
        del self.headers["content-length"]
        self._first = first
        self._rest = rest
        self._place = place
        self._seconds_max = seconds_max
        # One thread: it closes the pieces after the one that it may be making when the client goes.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait(
                (sending, leaving),
                timeout=self._seconds_max + _GRACE_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            self._place.free()
            for each in (sending, leaving):
                each.cancel()
            self._thread.submit(self._rest.close)
            self._thread.shutdown(wait=False)
        with suppress(asyncio.CancelledError):
            await sending

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        loop, piece = asyncio.get_running_loop(), self._first
        try:
            while True:
                await send({"type": "http.response.body", "body": piece.encode(errors="replace"), "more_body": True})
                drawn = await loop.run_in_executor(self._thread, next, self._rest, None)
                if drawn is None:
                    break
                piece = drawn
        except PushcartError as error:
            _log.warning("export_broken_off", reason=error.message)
            return
        except OSError:  # the client is gone
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
