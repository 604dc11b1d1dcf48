"""A mail server and a webhook endpoint that keep what they accept, and behave as badly as they are told to."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Behaviour = Callable[[], str]
"""Called for each message: `accept`, `refuse` (temporarily), `never` (permanently), `hang`, `drop`, `drop_after` (accepts, and
says so to nobody), `late` (accepts, and answers after a while), or a reply of its own."""


@dataclass(slots=True)
class Caught:
    """What a server accepted."""

    to: str
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    answered: bool = True
    """Whether the sender was told that it is accepted."""


def server_context(folder: Path) -> ssl.SSLContext:
    """Return what a server on localhost proves itself with; see tests.search_server.certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "node.crt", folder / "node.key")
    return context


class _Loop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def close(self) -> None:
        async def cancel() -> None:
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
            await asyncio.sleep(0)

        self.run(cancel())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


class MailCatcher:
    """An SMTP server."""

    def __init__(self) -> None:
        self.caught: list[Caught] = []
        self.behaviour: Behaviour = lambda: "accept"
        self.on_recipient: Callable[[str], str] = lambda address: "250 OK"
        self.late_seconds = 0.2
        self.hang_seconds = 60.0
        self.port = 0
        self.transports: set[Any] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.on_recipient(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        how = self.behaviour()
        caught = Caught(str(envelope.rcpt_tos[0]), envelope.original_content or b"", answered=False)
        if how in ("accept", "late", "drop_after"):
            self.caught.append(caught)
        if how == "late":
            await asyncio.sleep(self.late_seconds)
        elif how == "hang":
            await asyncio.sleep(self.hang_seconds)
        if how in ("drop", "drop_after", "hang"):
            server.transport.abort()
            raise ConnectionAbortedError
        if how in ("accept", "late"):
            caught.answered = True
            return "250 2.0.0 Taken over"
        return {"refuse": "451 4.2.0 Later", "never": "550 5.1.1 No such user"}.get(how, how)

    @property
    def received(self) -> list[str]:
        """Return to whom messages were accepted, in order."""
        return [each.to for each in self.caught]


@contextmanager
def mail_catcher(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, password: str = "", **others: Any
) -> Iterator[MailCatcher]:
    """Run a mail server on a free port."""
    catcher, loop = MailCatcher(), _Loop()

    def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password == password.encode(), handled=False)

    def make() -> SMTP:
        return SMTP(
            catcher,
            enable_SMTPUTF8=others.get("smtputf8", True),
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=bool(password),
            auth_require_tls=False,
            authenticator=authenticator if password else None,
            loop=loop.loop,
        )

    async def serve() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(make, "127.0.0.1", others.get("port", 0), ssl=tls)

    server = loop.run(serve())
    catcher.port = server.sockets[0].getsockname()[1]
    try:
        yield catcher
    finally:
        loop.loop.call_soon_threadsafe(server.close)
        loop.close()


class WebhookCatcher:
    """An HTTP endpoint."""

    def __init__(self) -> None:
        self.caught: list[Caught] = []
        self.behaviour: Behaviour = lambda: "accept"
        self.late_seconds = 0.2
        self.hang_seconds = 60.0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=rosa"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request as told."""
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        content = await reader.readexactly(int(headers["content-length"]))
        how = self.behaviour()
        caught = Caught(head[0], content, headers, answered=False)
        if how in ("accept", "late", "drop_after"):
            self.caught.append(caught)
        if how == "late":
            await asyncio.sleep(self.late_seconds)
        elif how == "hang":
            await asyncio.sleep(self.hang_seconds)
        if how in ("drop", "drop_after", "hang"):
            writer.transport.abort()
            return
        ready = {"accept": "200 OK", "late": "204 No Content", "refuse": "500 Oops", "never": "410 Gone"}
        writer.write(f"HTTP/1.1 {ready.get(how, how)}\r\nContent-Length: 4\r\n\r\nsaid".encode())
        await writer.drain()
        caught.answered = how in ("accept", "late")

    @property
    def received(self) -> list[str]:
        """Return the ids of accepted messages, in order."""
        return [each.headers["webhook-id"] for each in self.caught]


@contextmanager
def webhook_catcher(
    *, tls: ssl.SSLContext | None = None, port: int = 0, host: str = "127.0.0.1"
) -> Iterator[WebhookCatcher]:
    """Run an endpoint on a free port; with the host 0.0.0.0 it is reached under every address of this machine."""
    catcher, loop = WebhookCatcher(), _Loop()
    server = loop.run(asyncio.start_server(catcher.serve, host, port, ssl=tls))
    catcher.port = server.sockets[0].getsockname()[1]
    try:
        yield catcher
    finally:
        loop.loop.call_soon_threadsafe(server.close)
        loop.close()
