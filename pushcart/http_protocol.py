"""The server's side of a connection: uvicorn's, with an end to the time that a request may take to arrive.

uvicorn closes a connection that says nothing between two requests, and waits forever for the rest of one that has begun:
some hundred connections that send a byte now and then would keep everyone else out (slowloris).
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_TIMED_OUT = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
    b"content-length: 33\r\n\r\nThe request took too long to come"
)

_LAST_REQUEST_SECONDS = 0.3
"""How long a connection without a request stays open when the server stops: a request may be on its way."""


class TimedProtocol(H11Protocol):
    """Closes a connection whose request did not arrive in time. Seen with uvicorn 0.54."""

    request_seconds_max: ClassVar[float] = 10.0
    """From the connection, or the first byte of a later request, to the end of the request."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See H11Protocol."""
        super().connection_made(transport)
        self._start()

    def data_received(self, data: bytes) -> None:
        """See H11Protocol."""
        super().data_received(data)
        if self._is_arriving():
            self._start()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """See H11Protocol."""
        self._stop()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """See H11Protocol. A request that was sent before the client could know is answered."""
        self.loop.call_later(_LAST_REQUEST_SECONDS, self._shut_down)

    def _shut_down(self) -> None:
        if not self.transport.is_closing():
            super().shutdown()

    def _is_arriving(self) -> bool:
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _start(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.request_seconds_max, self._end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        self._timer = None
        if not self._is_arriving() or self.transport.is_closing():
            return
        if self.conn.our_state is h11.IDLE:
            self.transport.write(_TIMED_OUT)
        self.transport.close()


def timed_protocol(seconds_max: float) -> type[TimedProtocol]:
    """Return the protocol with a longest time, for uvicorn's `http`."""
    return type("TimedProtocol", (TimedProtocol,), {"request_seconds_max": seconds_max})
