"""A worker process for benchmarks/alert_kills.py: a clock that may be wrong, short patience, and matching by words of titles.

With `real` it is the worker of `pushcart alerts run`, with its matching, sweeping and writing.

.venv/bin/python -m benchmarks.alert_kills_worker FOLDER MAIL_PORT DATABASE_URL stand-in|real [nurse]
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
from alerts.running import AlertsRoom
from alerts.sending.worker import Worker
from corpus.alerts import Channel, FoundMatch, Message, Subscriber
from corpus.rights import policy_of_messages
from corpus.settings import Settings
from corpus.store import Store, open_store, open_worker_lives
from corpus.vocabulary import load_vocabulary
from crawler.sources.declared_now import Declarations
from search_api.engines.opening import open_engine


def settings_of(folder: Path, *, database_url: str, mail_port: int) -> Settings:
    """Return the settings of workers and of who feeds them."""
    return Settings(
        data_dir=folder,
        database_url=database_url,
        public_url="https://pushcart.example",
        smtp_host="127.0.0.1",
        smtp_port=mail_port,
        smtp_security="none",
        smtp_seconds_max=0.5,
        mail_from="alerts@example.org",
        webhooks_allow_private=True,
    )


def work_really(settings: Settings) -> None:
    """Be a worker of `pushcart alerts run` until killed."""
    vocabulary, store, lives = load_vocabulary(), open_store(settings), open_worker_lives(settings)
    engine = open_engine(settings, vocabulary=vocabulary)
    rights = policy_of_messages(settings, declared=Declarations(settings).rights)
    room = AlertsRoom(settings, store=store, engine=engine, vocabulary=vocabulary, rights=rights)
    clock = WrongClock(settings.data_dir / "clock")

    async def run() -> None:
        worker = room.worker(lives, now=clock.now)
        (settings.data_dir / f"ready-{os.getpid()}").touch()
        await worker.run_until_signal()

    asyncio.run(run())


def work(settings: Settings) -> None:
    """Be a worker with a stand-in for matching and writing until killed."""
    store, lives = open_store(settings), open_worker_lives(settings)
    server = MailServer(
        "127.0.0.1", settings.smtp_port, "none", "back@example.org", seconds_max=2, content_seconds_max=1
    )
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


def nurse(start: Callable[[Settings], None], settings: Settings) -> None:
    """Start a worker for each line of standard input and say its process id: a fork starts in no time, however busy the machine."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    load_vocabulary()
    for _ in sys.stdin:
        if child := os.fork():
            print(child, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)  # logs
        start(settings)
        (settings.data_dir / f"ended-{os.getpid()}").touch()
        os._exit(0)


def main() -> None:
    """Be what the command line says."""
    settings = settings_of(Path(sys.argv[1]), database_url=sys.argv[3], mail_port=int(sys.argv[2]))
    start = work_really if sys.argv[4] == "real" else work
    if sys.argv[5:] == ["nurse"]:
        nurse(start, settings)
    else:
        start(settings)


if __name__ == "__main__":
    main()
