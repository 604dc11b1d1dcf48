"""A site of alerts with everything around it: pages over TLS, a worker, a mail server with STARTTLS, an endpoint."""

from __future__ import annotations

import asyncio
import email
import html
import random
import re
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import httpx

from alerts.running import AlertsRoom
from alerts.sending.schedule import EMAIL_PAUSE
from alerts.sending.worker import WorkReport
from corpus.files import open_files
from corpus.store import WorkerLives, open_worker_lives
from corpus.types import Document
from nlp.works import relate
from pushcart.alerting import opened_room
from search_api.indexing import bring_up_to_date
from tests.alerts.sending.receivers import (
    MailCatcher,
    WebhookCatcher,
    mail_catcher,
    server_context,
    webhook_catcher,
)
from tests.browser import free_port, served
from tests.builders import make_document, make_source
from tests.end_to_end.servers import settings_of
from tests.search_server.certificates import certificates_in
from tests.web.library import fill, keep
from web.app import make_app

PAUSE = EMAIL_PAUSE + timedelta(minutes=5)
NOW = timedelta(0)


@dataclass(slots=True)
class Walk:
    """A running site, and what people, servers and time do to it."""

    address: str
    room: AlertsRoom
    lives: WorkerLives
    mail: MailCatcher
    endpoint: WebhookCatcher
    http: httpx.Client
    """Knows the certificate of the site, keeps no cookies, and follows no redirects."""
    later: timedelta = field(default=timedelta(0))
    """By how much the clock of the worker is ahead."""

    def now(self) -> datetime:
        """Return the time of the worker."""
        return datetime.now(UTC) + self.later

    def work(self, *, after: timedelta = PAUSE) -> WorkReport:
        """Let the worker do what is due, some time after the last time."""
        self.later += after
        worker = self.room.worker(self.lives, now=self.now)
        # In a thread of its own: Playwright runs an event loop in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(worker.run_once())).result(60)

    def bring(self, *documents: Document, is_indexed: bool = True) -> None:
        """Let new documents come as `pushcart harvest` does: saved, related and indexed."""
        store, files = self.room.store, open_files(self.room.settings)
        for each in documents:
            keep(store, each, sha256=files.put(b"%PDF-1.4 " + each.id.encode()))
        kept = store.documents.get_many([each.id for each in documents], with_pages=True)
        relate(store, tuple(kept.values()))
        if is_indexed:
            bring_up_to_date(self.room.engine, store)

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the messages that an address got, oldest first."""
        return [read_mail(each.content) for each in self.mail.caught if each.to == address]

    def follow(self, address: str, text: str, **others: Any) -> None:
        """Let somebody follow a search by e-mail, and confirm it by the link that they get."""
        wanted = {"address": address, "frequency": "at_once"} | others
        asked = self.http.post("/api/v1/alerts", params={"q": text}, json=wanted)
        assert asked.status_code == 202, asked.text
        self.work()
        confirmed = self.http.post(link_of(self.mails_to(address)[-1], "/alerts/confirm/"))
        assert confirmed.status_code == 200, confirmed.text


def read_mail(content: bytes) -> EmailMessage:
    """Return a message as a mail program reads it."""
    read = email.message_from_bytes(content, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return the text of a message: `plain` or `html`."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def links_of(message: EmailMessage) -> list[str]:
    """Return every address that the HTML part of a message leads to."""
    return [html.unescape(each) for each in re.findall(r'href="([^"]+)"', text_of(message, "html"))]


def link_of(message: EmailMessage, path: str) -> str:
    """Return the first address in a message that has a path."""
    return next(each for each in links_of(message) if path in each)


def documents_of(message: EmailMessage) -> list[str]:
    """Return the ids of the documents that a message leads to, in its order."""
    found = [re.search(r"/documents/([\w-]+)", each) for each in links_of(message)]
    return list(dict.fromkeys(each[1] for each in found if each))


def vendors(name: str, *, fee: int = 30, **others: Any) -> Document:
    """Return a document on vendors, of which only the second page says `pavement`; with another fee it is another edition."""
    pages = (
        f"A study of markets, number {name}. " + _words_of_its_own(name),
        f"Street vendors of {name} pay {fee} soles a month for their place on the pavement. "
        + _words_of_its_own(f"{name} {fee}"),
    )
    given: dict[str, Any] = {
        "source": "wiego",
        "title": f"Vendors of {name}",
        "publisher": "WIEGO",
        "published": "2026",
        "pages": pages,
    }
    return make_document(f"d{name.lower()}", **given | others)


def _words_of_its_own(name: str) -> str:
    """Return a text that no document of another name has: else they would be copies of each other."""
    chance = random.Random(name)
    return " ".join(f"{chance.getrandbits(32):x}" for _ in range(80))


@contextmanager
def walk_in(folder: Path) -> Iterator[Walk]:
    """Run a site with everything around it on this machine while the block runs."""
    ca_file = certificates_in(folder).ca_file
    port = free_port()
    address = f"https://localhost:{port}"
    context = ssl.create_default_context(cafile=str(ca_file))
    with mail_catcher(starttls=server_context(folder)) as mail, webhook_catcher() as endpoint:
        settings = replace(
            settings_of(folder / "data"),
            public_url=address,
            follow_licences="never",
            smtp_host="localhost",
            smtp_port=mail.port,
            smtp_ca_file=ca_file,
            mail_from="Markets <alerts@example.org>",
            webhooks_allow_private=True,
        )
        fill(settings)
        options = {"ssl_certfile": str(folder / "node.crt"), "ssl_keyfile": str(folder / "node.key")}
        with (
            opened_room(settings) as room,
            closing(open_worker_lives(settings)) as lives,
            served(make_app(settings), port=port, **options),
            httpx.Client(base_url=address, verify=context) as http,
        ):
            room.store.sources.save(make_source("mirror", name="A mirror"))
            there = room.store.documents.get_many(room.store.documents.ids(), with_pages=True)
            relate(room.store, tuple(there.values()))
            yield Walk(address, room, lives, mail, endpoint, http)
