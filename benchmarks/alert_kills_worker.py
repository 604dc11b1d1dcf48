"""A worker process for benchmarks/alert_kills.py: matching by words of titles, a clock that may be wrong, and short patience.

.venv/bin/python -m benchmarks.alert_kills_worker FOLDER MAIL_PORT DATABASE_URL
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from alerts.channels.email import Mailer, MailServer
from alerts.channels.webhook import WebhookBody, WebhookSender
from alerts.sending.worker import Worker
from corpus.alerts import Channel, FoundMatch, Message, Subscriber
from corpus.settings import Settings
from corpus.store import Store, open_store, open_worker_lives


def work(settings: Settings, *, mail_port: int) -> None:
    """Be a worker until killed."""
    store, lives = open_store(settings), open_worker_lives(settings)
    server = MailServer("127.0.0.1", mail_port, "none", "back@example.org", seconds_max=2, content_seconds_max=1)
    clock = WrongClock(settings.data_dir / "clock")

    async def run() -> None:
        worker = Worker(
            store,
            lives,
            compose=lambda message, subscriber: compose(store, message, subscriber),
            mailer=Mailer(server),
            webhooks=WebhookSender(allow_private=True, seconds_max=1),
            follow=lambda: follow(store, now=clock.now),
            now=clock.now,
            to_host=8,
        )
        (settings.data_dir / f"ready-{os.getpid()}").touch()
        await worker.run_until_signal()

    asyncio.run(run())


class WrongClock:
    """The clock of the system, set wrong by as many seconds as a file says."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._path.read_text() or 0))

    def set_wrong(self, seconds: float) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._path)


def follow(store: Store, *, now: Callable[[], datetime]) -> None:
    """Match new documents by the words of their titles."""
    while waiting := store.matches.unmatched(limit=64):
        revision, subscriptions = store.subscriptions.followed()
        by_word = defaultdict(list)
        for each in subscriptions:
            by_word[dict(each.query)["q"]].append(each.id)
        documents = store.documents.get_many([each.id for each in waiting])
        sequences = {each.id: each.sequence for each in waiting}
        found = [
            FoundMatch(subscription, document.id, sequences[document.id], {"word": word})
            for document in documents.values()
            for word in sorted(set(document.title.split()))
            for subscription in by_word.get(word, ())
        ]
        store.matches.keep(found, waiting, revision=revision, at=now())


def compose(store: Store, message: Message, subscriber: Subscriber) -> EmailMessage | WebhookBody:
    """Write a message: a line for each match."""
    lines = [f"{each.found.subscription} {each.found.document}" for each in store.matches.of_message(message.id)]
    if subscriber.channel is Channel.WEBHOOK:
        return WebhookBody(json.dumps(lines).encode())
    made = EmailMessage()
    made["From"], made["To"] = "alerts@example.org", subscriber.address
    made["Message-ID"] = f"<{message.public_id}@example.org>"
    made.set_content("\n".join(lines))
    return made


def nurse(settings: Settings, *, mail_port: int) -> None:
    """Start a worker for each line of standard input and say its process id: a fork starts in no time, however busy the machine."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for _ in sys.stdin:
        if child := os.fork():
            print(child, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)  # logs
        work(settings, mail_port=mail_port)
        (settings.data_dir / f"ended-{os.getpid()}").touch()
        os._exit(0)


if __name__ == "__main__":
    start = nurse if sys.argv[4:] == ["nurse"] else work
    start(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[3]), mail_port=int(sys.argv[2]))
