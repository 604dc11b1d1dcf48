"""The worker: follows new documents, gathers matches, sends messages, until it is stopped. Several may run at once.

Everything that it does follows from the records and the clock, so it may be killed at any moment, and started again after days.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import structlog

from alerts.channels.answers import ChannelAnswer
from alerts.channels.email import Mailer
from alerts.channels.webhook import WebhookSender
from alerts.ids import new_worker_name
from alerts.sending.gathering import gather
from alerts.sending.lanes import Lanes
from alerts.sending.liveness import take_back_from_the_dead
from alerts.sending.metrics import LOOKED_AT
from alerts.sending.one_message import Compose, MessageSender, Value
from corpus.alerts import AttemptOutcome, Channel, Message
from corpus.errors import StoreBusy, StoreUnavailable
from corpus.store import DueMessage, Pulse, Store, WorkerLife, WorkerLives

POLL_SECONDS = 0.2
"""How often it looks whether there is something new."""
LOOK_SECONDS = 5.0
"""How long it relies on that: a jump of the clock is noticed within this time."""
LIVES_SECONDS = 1.0
"""How often it looks whether another worker died, and whether the database still knows this one."""
FINISH_SECONDS = 8.0
"""How long messages that are under way may take when it is stopped; Docker kills after ten."""
_RECORD_THREADS = 8
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class WorkReport:
    """What a worker did."""

    gathered: int = 0
    """Messages that were made of matches."""
    sent: int = 0
    failed: int = 0
    """Tries that were not accepted."""
    taken_back: int = 0
    """Messages that workers had claimed which had died."""


class Worker:
    """Follows, gathers and sends. It is used by one event loop, once."""

    def __init__(
        self,
        store: Store,
        lives: WorkerLives,
        *,
        compose: Compose,
        mailer: Mailer | None,
        webhooks: WebhookSender,
        follow: Callable[[], object] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        at_once: int = 16,
        to_relay: int = 4,
        to_host: int = 2,
    ) -> None:
        """Begin nothing yet.

        Args:
            store: the records.
            lives: of the workers of the same records.
            compose: writes a message; called in threads, several at once.
            mailer: None: e-mail is off; e-mails and matches of their subscribers wait.
            webhooks: posts to endpoints.
            follow: matches new documents; called in a thread, one at a time. None: someone else does.
            now: the clock, UTC; it may jump.
            chance: 0 to 1, for waits.
            at_once: messages that are sent at the same time.
            to_relay: of them, e-mails.
            to_host: of them, webhooks to one host.
        """
        self._store, self._lives = store, lives
        self._follow, self._now = follow, now
        self._mailer = mailer
        self._threads = ThreadPoolExecutor(_RECORD_THREADS, thread_name_prefix="alert-records")
        self._sender = MessageSender(
            store,
            compose=compose,
            mailer=mailer,
            webhooks=webhooks,
            threads=self._threads,
            now=now,
            chance=chance,
        )
        self._lanes = Lanes(in_all=at_once, to_relay=to_relay, to_host=to_host)
        self._channels = frozenset(Channel) if mailer else frozenset({Channel.WEBHOOK})
        self._under_way: set[asyncio.Task[None]] = set()
        self._held: set[int] = set()
        """Ids of the messages that are under way."""
        self._freed = asyncio.Event()
        self._life: WorkerLife | None = None
        self._gathering: _Gathering | None = None
        self._lives_seen = 0.0
        self.report = WorkReport()
        """What it did so far."""

    async def run_once(self) -> WorkReport:
        """Do all that is due now, and end; what has to be tried later is left for the next time."""
        try:
            if self._follow:
                await self._in_thread(self._follow)
            # Finished messages freed places for more.
            while await self._step() or self._under_way:
                if self._under_way:
                    await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._finish()
        return self.report

    async def run(self, stopped: asyncio.Event) -> WorkReport:
        """Work until `stopped` is set; then let what is under way come to an end, for FINISH_SECONDS."""
        if self._mailer is None:
            _log.warning("email_alerts_are_off", why="PUSHCART_SMTP_HOST is empty")
        following = asyncio.ensure_future(self._keep_following(stopped)) if self._follow else None
        try:
            while not stopped.is_set():
                await self._look(stopped)
        finally:
            stopped.set()
            if following:
                await asyncio.wait([following], timeout=FINISH_SECONDS)
                following.cancel()
            await self._finish()
        return self.report

    async def run_until_signal(self) -> WorkReport:
        """Work until SIGTERM or SIGINT."""
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        return await self.run(stopped)

    # ------------------------------------------------------------------ loops

    async def _look(self, stopped: asyncio.Event) -> None:
        """Do what is due, and wait until there may be more."""
        try:
            pulse = await self._in_thread(self._store.messages.pulse)
            LOOKED_AT.set_to_current_time()  # containers/healthy.py asks for it
            began = self._now()
            self._freed.clear()
            await self._step(pulse)
            due = await self._in_thread(partial(self._store.messages.next_due, now=began, later=True))
            await self._wait(stopped, pulse=pulse, until=self._next_time(due))
        except (StoreBusy, StoreUnavailable) as error:
            _log.error("records_not_reached", error=str(error))
            await asyncio.sleep(1)

    def _next_time(self, due: datetime | None) -> datetime | None:
        gathering = self._gathering.next_due if self._gathering else None
        return min(filter(None, (due, gathering)), default=None)

    async def _wait(self, stopped: asyncio.Event, *, pulse: object, until: datetime | None) -> None:
        """Wait until the records change, a place becomes free, a time comes, or LOOK_SECONDS are over."""
        seconds = LOOK_SECONDS
        if until is not None:
            seconds = min(seconds, (until - self._now()).total_seconds())
        if (opens_in := self._lanes.opens_in()) is not None:
            seconds = min(seconds, opens_in)
        end = time.monotonic() + max(seconds, POLL_SECONDS / 4)
        while not stopped.is_set() and (left := end - time.monotonic()) > 0:
            if await _is_set(self._freed, seconds=min(left, POLL_SECONDS)):
                return
            if await self._in_thread(self._store.messages.pulse) != pulse:
                return

    async def _keep_following(self, stopped: asyncio.Event) -> None:
        """Match new documents as they come. What goes wrong is said, and holds up no message."""
        assert self._follow is not None
        seen, followed_at = None, 0.0
        while not stopped.is_set():
            try:
                pulse = await self._in_thread(self._store.messages.pulse)
                newest = (pulse.change, pulse.related, pulse.revision)
                if newest != seen or time.monotonic() - followed_at > 6 * LOOK_SECONDS:
                    await self._in_thread(self._follow)
                    seen, followed_at = newest, time.monotonic()
            except Exception:  # the next time it may work, and messages continue meanwhile
                _log.exception("documents_not_matched")
                await _is_set(stopped, seconds=LOOK_SECONDS)
            await _is_set(stopped, seconds=POLL_SECONDS)

    # ------------------------------------------------------------------ steps

    async def _step(self, pulse: Pulse | None = None) -> int:
        """Gather, claim and begin to send what is due; return how many messages were begun or made.

        Args:
            pulse: of the records a moment ago; None: whatever they were, there is a look at all of them.
        """
        now = self._now()
        if self._life is None or time.monotonic() - self._lives_seen >= LIVES_SECONDS:
            await self._in_thread(partial(self._look_at_lives, now))
            self._lives_seen = time.monotonic()
        # First what is there: to make a thousand digests takes a while, and the first of them need not wait for the last.
        begun = await self._begin_to_send(now)
        made = await self._gather(pulse, now=now)
        if made:
            begun += await self._begin_to_send(now)
        return made + begun

    async def _begin_to_send(self, now: datetime) -> int:
        """Claim as many messages as there is room for, and begin to send them; return how many."""
        if self._lanes.room <= 0 or self._life is None:
            return 0
        worker = self._life.worker
        claimed = await self._in_thread(partial(self._claim, worker, now=now))
        for message, lane in claimed:
            task = asyncio.ensure_future(self._send(message, lane=lane, worker=worker))
            self._under_way.add(task)
            self._held.add(message.id)
            task.add_done_callback(self._ended)
        return len(claimed)

    async def _gather(self, pulse: Pulse | None, *, now: datetime) -> int:
        """Make messages of what is due, unless it is certain that nothing is; return how many."""
        if pulse and self._gathering and self._gathering.still_holds(pulse, now=now):
            return 0
        began = time.monotonic()
        gathered = await self._in_thread(partial(gather, self._store, now=now, channels=self._channels))
        self._gathering = _Gathering(pulse, now, began, gathered.next_due)
        self.report.gathered += gathered.messages
        return gathered.messages

    def _look_at_lives(self, now: datetime) -> None:
        """Take back what the dead had claimed; when the database forgot this worker, let it live under another name."""
        if self._life is None or not self._life.is_held():
            # What the former one had claimed continues; what is not begun yet is refused when it begins.
            if self._life is not None:
                _log.warning("worker_was_taken_for_dead", worker=self._life.worker)
                self._life.end()
            self._life = self._lives.begin(new_worker_name())
        self.report.taken_back += take_back_from_the_dead(self._store, self._lives, now=now)
        held = frozenset(self._held)
        lost = self._store.messages.claimed_by(self._life.worker) - held
        if lost:
            # The database did not answer whether it noted a claim or an outcome, or a bug ended the work on a message.
            _log.error("own_claims_taken_back", messages=len(lost))
            self._store.messages.take_back(self._life.worker, at=now, only=lost)

    def _claim(self, worker: str, *, now: datetime) -> list[tuple[Message, str]]:
        entered: dict[int, str] = {}

        def has_room(message: DueMessage) -> bool:
            lane = self._sender.lane_of(message)
            if lane is None or not self._lanes.enter(lane):
                return False
            entered[message.id] = lane
            return True

        claimed: tuple[Message, ...] = ()
        try:
            claimed = self._store.messages.claim(worker, now=now, limit=self._lanes.room, wanted=has_room)
        finally:
            for number in entered.keys() - {each.id for each in claimed}:
                self._lanes.leave(entered[number])  # another worker was quicker
        return [(each, entered[each.id]) for each in claimed]

    async def _send(self, message: Message, *, lane: str, worker: str) -> None:
        try:
            answer = await self._sender.send(message, worker=worker)
            if answer is not None:
                self._learn(answer, lane=lane)
        except Exception:  # a bug of ours, which must not end the worker: others wait for their messages
            _log.exception("message_not_handled", message=message.public_id)
        finally:
            self._held.discard(message.id)
            self._lanes.leave(lane)

    def _learn(self, answer: ChannelAnswer, *, lane: str) -> None:
        if answer.outcome is AttemptOutcome.ACCEPTED:
            self.report.sent += 1
            self._lanes.note_success(lane)
            return
        self.report.failed += 1
        if answer.not_before is not None:
            self._lanes.rest(lane, answer.not_before)
        elif answer.concerns_all:
            self._lanes.note_failure(lane)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._freed.set()

    # ------------------------------------------------------------------ the end

    async def _finish(self) -> None:
        """Let what is under way end, or note that it is not known how it ended; then let others see that this worker is gone."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
        for task in tuple(self._under_way):
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
        if self._mailer:
            await self._mailer.close()
        if self._life is not None:
            self._life.end()
            self._life = None
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], Value]) -> Value:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@dataclass(frozen=True, slots=True)
class _Gathering:
    """The last look at matches that wait."""

    pulse: Pulse | None
    at: datetime
    monotonic: float
    """Seconds that never jump."""
    next_due: datetime | None

    def still_holds(self, pulse: Pulse, *, now: datetime) -> bool:
        """Say whether another look would find nothing due: there is no new match, and no time has come or jumped."""
        if self.pulse is None or (pulse.match, pulse.revision) != (self.pulse.match, self.pulse.revision):
            return False
        if now < self.at or time.monotonic() - self.monotonic > LOOK_SECONDS:
            return False
        return self.next_due is None or now < self.next_due


async def _is_set(event: asyncio.Event, *, seconds: float) -> bool:
    """Wait for an event, for a time; say whether it came."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
