"""Workers that are killed: their claims are taken back when they have died, and never before."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.sending.liveness import take_back_from_the_dead
from corpus.alerts import Message, MessageKind, MessageState
from corpus.settings import Settings
from corpus.store import open_worker_lives
from tests.alerts.sending.receivers import MailCatcher, WebhookCatcher
from tests.alerts.sending.world import World

ROOT = Path(__file__).parents[3]


@pytest.fixture
def world(on_either: Settings, mail: MailCatcher):
    made = World(on_either, mail_port=mail.port)
    yield made
    made.lives.close()
    made.store.close()


@pytest.fixture
def plain_world(settings: Settings, mail: MailCatcher):
    made = World(settings, mail_port=mail.port)
    yield made
    made.store.close()


@contextmanager
def a_worker_process(world: World) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker in a process of its own; see benchmarks/alert_kills_worker.py."""
    world.settings.data_dir.mkdir(parents=True, exist_ok=True)
    (world.settings.data_dir / "clock").write_text("0")
    module = [sys.executable, "-m", "benchmarks.alert_kills_worker"]
    words = [str(world.settings.data_dir), str(world.mail_port), world.settings.database_url, "stand-in"]
    process = subprocess.Popen([*module, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_worker_that_is_killed_while_a_server_hangs_leaves_nothing_behind(
    world: World, mail: MailCatcher, endpoint: WebhookCatcher
):
    world.time = datetime.now(UTC)
    rosa, _ = world.subscriber()
    message = world.message(rosa, MessageKind.TEST)
    asked: list[int] = []
    mail.behaviour = lambda: asked.append(1) or "hang"
    with a_worker_process(world) as process:
        wait_until(lambda: asked)
        # As long as it lives it keeps its claim, whatever the clock says.
        assert take_back_from_the_dead(world.store, world.lives, now=world.time + timedelta(days=400)) == 0
        process.kill()
        process.wait()
        wait_until(lambda: take_back_from_the_dead(world.store, world.lives, now=world.time))
    assert world.outcomes(message) == ["unknown"]
    mail.behaviour = lambda: "accept"
    assert world.work().sent == 1
    assert world.outcomes(message) == ["unknown", "accepted"]
    assert message.public_id.encode() in mail.caught[0].content


def test_a_worker_ends_in_order_when_it_is_asked_to(plain_world: World, mail: MailCatcher):
    world = plain_world
    world.time = datetime.now(UTC)
    rosa, _ = world.subscriber()
    message = world.message(rosa, MessageKind.TEST)
    mail.behaviour = lambda: "late"
    with a_worker_process(world) as process:
        wait_until(lambda: mail.caught)
        process.terminate()
        assert process.wait(15) == 0
    assert world.store.messages.get(message.id).state is MessageState.SENT
    assert world.outcomes(message) == ["accepted"]


def test_a_life_ends_with_its_worker_and_others_see_it(on_either: Settings):
    lives, others = open_worker_lives(on_either), open_worker_lives(on_either)
    life = lives.begin("w1")
    assert (life.is_held(), others.is_alive("w1"), others.is_alive("w2")) == (True, True, False)
    assert lives.is_alive("w1")
    second = lives.begin("w2")
    life.end()
    life.end()
    wait_until(lambda: not others.is_alive("w1"))
    assert others.is_alive("w2")
    second.end()
    lives.close()
    others.close()


def test_a_worker_that_the_records_took_for_dead_goes_on_under_another_name(
    settings: Settings, mail: MailCatcher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("alerts.sending.worker.LIVES_SECONDS", 0.0)
    world = World(settings, mail_port=mail.port)
    rosa, _ = world.subscriber()
    first = world.message(rosa, MessageKind.TEST)

    async def some_time() -> Message:
        stopped = asyncio.Event()
        running = asyncio.ensure_future(world.worker().run(stopped))
        await caught(1)
        lives = settings.data_dir / "alert-workers"
        former = {each.name for each in lives.iterdir()}
        for each in former:
            (lives / each).unlink()
        while not {each.name for each in lives.iterdir()} - former:  # noqa: ASYNC110 (files tell nobody)
            await asyncio.sleep(0.02)
        second = world.message(rosa, MessageKind.TEST)
        await caught(2)
        stopped.set()
        await running
        return second

    async def caught(number: int) -> None:
        while len(mail.caught) < number:  # noqa: ASYNC110 (it is caught in another thread)
            await asyncio.sleep(0.02)

    second = asyncio.run(some_time())
    names = [world.store.messages.attempts_of(each.id)[0].worker for each in (first, second)]
    assert names[0] != names[1]
    assert list((settings.data_dir / "alert-workers").iterdir()) == []
    world.store.close()
