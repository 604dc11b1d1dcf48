"""Kill workers of alerts with signal 9 while mail server and endpoints refuse, hang, drop and answer late, and the clock jumps.

    .venv/bin/python -m benchmarks.alert_kills --database sqlite --workers 3 --kills 100

Made documents come in batches of random size. What should arrive is calculated from their words alone; what arrived is what the
servers accepted. A message that arrived twice is explained by a try whose outcome is not known. Matching is a stand-in that
compares words of titles: what is measured is gathering and sending. With `--matching real` it is the worker of
`pushcart alerts run`, which matches, sweeps an index that is kept up to date, and writes the messages that people get; what
arrived is read from their HTML and bodies:

    .venv/bin/python -m benchmarks.alert_kills --matching real --subscriptions 200 --documents 1000 --kills 60
"""

from __future__ import annotations

import argparse
import email
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from benchmarks.alert_kills_worker import WrongClock, settings_of
from corpus.alerts import AttemptOutcome, Channel, Frequency
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from corpus.types import Page
from corpus.vocabulary import load_vocabulary
from nlp.works import relate
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.alerts.sending.receivers import MailCatcher, WebhookCatcher, mail_catcher, webhook_catcher
from tests.builders import make_document
from tests.postgresql import postgresql_server

WORDS = 400
WORDS_OF_A_TITLE = 3
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BEHAVIOUR = {"accept": 70, "refuse": 8, "hang": 2, "drop": 5, "drop_after": 3, "late": 12}
"""Of both servers, in percent."""
LIMITS = SubscriptionLimits(in_all=1_000_000, per_subscriber=1000, unconfirmed_per_network=1000)
DRAIN_SECONDS_MAX = 900
REAL_HANG_SECONDS = 3.0
"""After which servers hang up when the real worker waits for them, which is patient."""
_SEARCH_OR_DOCUMENT = re.compile(r">n(\d+)</a></h2>|/documents/(d\d+)[?#\"]")


@dataclass(slots=True)
class Plan:
    """Who follows what, and what should arrive."""

    followed: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    """Addresses with subscription and address, by word."""
    expected: set[tuple[str, int, str]] = field(default_factory=set)
    """Address, subscription and document."""
    named: dict[str, int] = field(default_factory=dict)
    """Subscriptions, by the numbers in their names."""


# ---------------------------------------------------------------------- what happens around it


def set_up(store: Store, *, subscriptions: int, url: str, chance: random.Random, now: datetime) -> Plan:
    """Let subscribers follow words: half of them by e-mail, some at once, some daily or weekly."""
    plan = Plan()
    readers = max(1, subscriptions * 6 // 10)
    frequencies = {number: chance.choices(list(Frequency), [6, 3, 1])[0] for number in range(readers)}
    for number in range(subscriptions):
        reader = number % readers
        is_mail = reader % 2 == 0
        address = f"r{reader}@example.org" if is_mail else f"{url}{reader}"
        who = NewSubscriber(
            Channel.EMAIL if is_mail else Channel.WEBHOOK,
            address,
            "en",
            timezone=["UTC", "America/Lima", "Asia/Kolkata", "Europe/Lisbon"][reader % 4],
            hour=reader % 24,
            weekday=reader % 7,
            secrets=() if is_mail else (SECRET,),
        )
        word = f"w{chance.randrange(WORDS)}" if number < readers else f"w{number % WORDS}"
        frequency = frequencies[reader]
        query, name = (("q", word),), f"n{number}"
        _, added = store.subscriptions.add(who, query, frequency=frequency, at=now, limits=LIMITS, name=name)
        plan.named[str(number)] = added.id
        if store.subscriptions.confirm(added.id, at=now):
            plan.followed[word].append((added.id, address))
    return plan


def feed(
    store: Store,
    plan: Plan,
    *,
    documents: int,
    progress: Callable[[], float],
    chance: random.Random,
    stop: threading.Event,
    index: Callable[[], object],
) -> None:
    """Let documents come in batches of random size, and into the index, as many of them as there was progress: 1 is all."""
    number = 0
    while number < documents and not stop.is_set():
        batch = []
        for _ in range(min(chance.randint(1, 120), documents - number)):
            words = [f"w{each}" for each in chance.sample(range(WORDS), WORDS_OF_A_TITLE)]
            # No two are alike, or they would be copies of each other.
            text = " ".join(f"{chance.getrandbits(40):x}" for _ in range(60))
            pages = (Page(1, text),)
            made = make_document(f"d{number}", title=" ".join(words), pages=(text,))
            store.documents.save(replace(made, pages=pages))
            batch.append(made)
            plan.expected |= {
                (address, each, made.id) for word in words for each, address in plan.followed.get(word, ())
            }
            number += 1
        relate(store, batch)
        index()
        while number > documents * progress() and not stop.is_set():
            stop.wait(0.1)


class _Workers:
    """Worker processes, which are killed and started again."""

    def __init__(self, count: int, command: list[str], folder: Path) -> None:
        self._folder = folder
        with (folder / "workers.log").open("ab") as log:
            self._nurse = subprocess.Popen(
                [*command, "nurse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.running = [self._start() for _ in range(count)]
        self.kills = self.ended = 0

    def _start(self) -> int:
        assert self._nurse.stdin is not None
        assert self._nurse.stdout is not None
        self._nurse.stdin.write("one\n")
        self._nurse.stdin.flush()
        return int(self._nurse.stdout.readline())

    def kill_one(self, chance: random.Random) -> None:
        """Kill a worker that has begun to work, and start another one; nothing happens when none has."""
        ready = [place for place, pid in enumerate(self.running) if (self._folder / f"ready-{pid}").exists()]
        if not ready:
            return
        place = chance.choice(ready)
        try:
            os.kill(self.running[place], signal.SIGKILL)
            self.kills += 1
        except ProcessLookupError:
            self.ended += 1
        _wait_until_gone(self.running[place])
        self.running[place] = self._start()

    def end(self) -> int:
        """Let all end in order; return how many did."""
        for pid in self.running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        for pid in self.running:
            _wait_until_gone(pid)
        self._nurse.communicate()
        return sum((self._folder / f"ended-{pid}").exists() for pid in self.running)


def _wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 60
    while psutil.pid_exists(pid) and time.monotonic() < end:
        time.sleep(0.005)


def is_drained(store: Store) -> bool:
    """Say whether nothing waits any more."""
    counts = store.messages.counts()
    nothing_open = counts["waiting"] == counts["sending"] == 0
    return nothing_open and store.matches.unmatched_count() == 0 and not store.matches.waiting()


def misbehave(chance: random.Random) -> str:
    """Return how a server behaves to the next message."""
    return chance.choices(list(BEHAVIOUR), list(BEHAVIOUR.values()))[0]


def torment(
    store: Store,
    plan: Plan,
    workers: _Workers,
    clock: WrongClock,
    arguments: argparse.Namespace,
    chance: random.Random,
    index: Callable[[], object],
) -> tuple[float, int, bool]:
    """Kill, jump and feed until everything was sent; return the seconds, the jumps, and whether all was sent."""
    stop, begun = threading.Event(), time.monotonic()
    feeding = threading.Thread(
        target=feed,
        args=(store, plan),
        kwargs={
            "documents": arguments.documents,
            "progress": lambda: workers.kills / (0.9 * arguments.kills),
            "chance": random.Random(arguments.seed + 1),
            "stop": stop,
            "index": index,
        },
    )
    feeding.start()
    wrong, jumps, fed_at = 0.0, 0, None
    drained = False
    while not drained:
        time.sleep(chance.uniform(0.05, 2 * arguments.pause - 0.05))
        if workers.kills < arguments.kills:
            workers.kill_one(chance)
        if feeding.is_alive():
            # Forward on the whole, and back by up to a day now and then.
            wrong += chance.choice([60, 900, 3600, 4 * 3600, 36 * 3600, -600, -3600, -86400, 0, 0])
        else:
            fed_at = fed_at or time.monotonic()
            wrong += 6 * 3600
        jumps += 1
        clock.set_wrong(wrong)
        drained = not feeding.is_alive() and workers.kills >= arguments.kills and is_drained(store)
        if fed_at and time.monotonic() - fed_at > DRAIN_SECONDS_MAX + arguments.kills * arguments.pause:
            break
    stop.set()
    feeding.join()
    return time.monotonic() - begun, jumps, drained


# ---------------------------------------------------------------------- what came of it


def arrived_at(
    mail: MailCatcher, endpoint: WebhookCatcher, plan: Plan, *, is_real: bool
) -> Iterator[tuple[str, str, list[str], bool]]:
    """Yield address, id of the message, lines, and whether the sender was told, of everything that was accepted."""
    for each in mail.caught:
        read = email.message_from_bytes(each.content, policy=default)
        public_id = str(read["Message-ID"]).strip("<>").partition("@")[0]
        lines = _lines_of_mail(read, plan) if is_real else str(read.get_content()).split("\n")
        yield each.to, public_id, lines, each.answered
    for each in endpoint.caught:
        url = f"http://127.0.0.1:{endpoint.port}{each.to.split()[1]}"
        said = json.loads(each.content)
        yield url, each.headers["webhook-id"], _lines_of_body(said) if is_real else said, each.answered


def _lines_of_mail(read: email.message.EmailMessage, plan: Plan) -> list[str]:
    """Return subscription and document of each document that an e-mail leads to, under the name of its search."""
    body = read.get_body(("html",))
    lines: list[str] = []
    subscription = 0
    for name, document in _SEARCH_OR_DOCUMENT.findall(str(body.get_content()) if body else ""):
        if name:
            subscription = plan.named[name]
        else:
            lines.append(f"{subscription} {document}")
    return lines


def _lines_of_body(said: dict[str, Any]) -> list[str]:
    """Return subscription and document of each document in the body of a webhook."""
    searches = said["data"].get("searches", ())
    return [f"{search['id']} {document['id']}" for search in searches for document in search["documents"]]


def judge(store: Store, plan: Plan, mail: MailCatcher, endpoint: WebhookCatcher, *, is_real: bool) -> dict[str, object]:
    """Compare what arrived with what should have."""
    copies: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    messages_of: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    contents: dict[str, set[str]] = defaultdict(set)
    for address, public_id, lines, answered in arrived_at(mail, endpoint, plan, is_real=is_real):
        copies[public_id] += 1
        unanswered[public_id] += not answered
        contents[public_id].add(json.dumps([line.strip() for line in lines if line.strip()]))
        for line in lines:
            if line.strip():
                subscription, document = line.split()
                messages_of[address, int(subscription), document].add(public_id)
    twice = {public_id: number for public_id, number in copies.items() if number > 1}
    unknown: Counter[str] = Counter()
    broken_off = 0
    outcomes: Counter[str] = Counter()
    for public_id in copies:
        message = store.messages.by_public_id(public_id)
        assert message is not None
        for attempt in store.messages.attempts_of(message.id):
            outcomes[str(attempt.outcome)] += 1
            unknown[public_id] += attempt.outcome is AttemptOutcome.UNKNOWN
            broken_off += attempt.outcome is AttemptOutcome.UNKNOWN and not attempt.answer
    surplus = sum(number - 1 for number in twice.values())
    return {
        "should have arrived": len(plan.expected),
        "arrived": len(messages_of.keys() & plan.expected),
        "lost": len(plan.expected - messages_of.keys()),
        "arrived and should not have": len(messages_of.keys() - plan.expected),
        "matches in two messages": sum(len(each) > 1 for each in messages_of.values()),
        "messages": len(copies),
        "tries that a kill broke off": broken_off,
        "messages that arrived more than once": len(twice),
        "arrivals too many": surplus,
        "of them after an answer that the server kept back": sum(
            min(unanswered[each], number - 1) for each, number in twice.items()
        ),
        "not explained by a try of unknown outcome": sum(number - 1 > unknown[each] for each, number in twice.items()),
        "messages whose copies differ": sum(len(each) > 1 for each in contents.values()),
        "states": store.messages.counts(),
        "tries": dict(outcomes),
    }


@contextmanager
def opened_for(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[Settings, MailCatcher, WebhookCatcher]]:
    """Lend settings of an empty database, and servers that misbehave."""
    with ExitStack() as stack:
        database = postgresql_server() if arguments.database == "postgresql" else nullcontext("")
        url = stack.enter_context(database)
        mail, endpoint = stack.enter_context(mail_catcher()), stack.enter_context(webhook_catcher())
        for server, seed in ((mail, 1), (endpoint, 2)):
            server.behaviour = partial(misbehave, random.Random(arguments.seed + seed))
            if arguments.matching == "real":
                server.hang_seconds = REAL_HANG_SECONDS
        yield settings_of(folder, database_url=url, mail_port=mail.port), mail, endpoint


@contextmanager
def indexing(arguments: argparse.Namespace, settings: Settings, store: Store) -> Iterator[Callable[[], object]]:
    """Lend what brings the index up to date; with the stand-in nothing is indexed, because it never looks there."""
    if arguments.matching == "stand-in":
        yield lambda: None
        return
    with closing(open_engine(settings, vocabulary=load_vocabulary())) as engine:
        yield lambda: bring_up_to_date(engine, store)


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Run once and return what came of it."""
    chance = random.Random(arguments.seed)
    with (
        opened_for(arguments, folder) as (settings, mail, endpoint),
        open_store(settings) as store,
        indexing(arguments, settings, store) as index,
    ):
        clock = WrongClock(folder / "clock")
        clock.set_wrong(0)
        url = f"http://127.0.0.1:{endpoint.port}/hook/"
        plan = set_up(store, subscriptions=arguments.subscriptions, url=url, chance=chance, now=clock.now())
        command = [sys.executable, "-m", "benchmarks.alert_kills_worker", str(folder), str(mail.port)]
        command += [settings.database_url, arguments.matching]
        workers = _Workers(arguments.workers, command, folder)
        try:
            seconds, jumps, drained = torment(store, plan, workers, clock, arguments, chance, index)
        finally:
            in_order = workers.end()
        log = (folder / "workers.log").read_text(errors="replace")
        found = judge(store, plan, mail, endpoint, is_real=arguments.matching == "real")
    return {
        "database": arguments.database,
        "matching": arguments.matching,
        "workers": arguments.workers,
        "subscriptions": arguments.subscriptions,
        "documents": arguments.documents,
        "kills": workers.kills,
        "workers that ended by themselves": workers.ended,
        "workers that ended in order when asked to": in_order,
        "jumps of the clock": jumps,
        "claims taken back": log.count("claims_taken_back"),
        "sweeps that found something": log.count("matches_were_missing"),
        "tracebacks in logs": log.count("Traceback"),
        "seconds": round(seconds),
        "everything was sent in the end": drained,
        **found,
    }


def main() -> None:
    """Measure, and print what came of it as JSON; exit code 1: something is lost or not explained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--matching", choices=("stand-in", "real"), default="stand-in")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--subscriptions", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=2.0, help="between kills, in seconds, on average")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="folder that is kept")
    arguments = parser.parse_args()
    with nullcontext(arguments.keep) if arguments.keep else tempfile.TemporaryDirectory() as folder:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        found = measure(arguments, Path(folder))
    print(json.dumps(found, indent=2))
    bad = (
        "lost",
        "arrived and should not have",
        "matches in two messages",
        "not explained by a try of unknown outcome",
    )
    sys.exit(any(found[each] for each in bad))


if __name__ == "__main__":
    main()
