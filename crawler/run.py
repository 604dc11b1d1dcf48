"""Harvest sources, each in a process of its own: a source that crashes or hangs takes no other with it."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import FrameType
from typing import Any

from corpus import errors
from corpus.errors import BadSource, PushcartError
from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.job import minutes_max_of
from crawler.sources.model import SourceFile
from crawler.stats import HarvestProgress

AT_ONCE = 2
"""Sources harvested at the same time; each is mostly waiting for its publisher."""

START_SECONDS_MAX = 120.0
"""How long a process may take until it begins to harvest; a second or two on a machine that is not busy."""

OnProgress = Callable[[HarvestProgress], None]


def harvest(
    sources: Sequence[SourceFile], *, settings: Settings, on_progress: OnProgress, at_once: int = AT_ONCE
) -> tuple[HarvestRun, ...]:
    """Harvest sources and return their run reports in the same order; the store keeps them too.

    Ctrl-C and SIGTERM end the running harvests in order: what came is kept, their reports say `interrupted`, sources that
    had not begun are left out of the answer, and the next harvest goes on. A process that does not end within
    `harvest_grace_seconds` is killed; a second signal kills at once. So is one that goes on beyond its longest time.

    Args:
        on_progress: called from several threads, one call at a time.

    Raises BadSettings, StoreUnavailable, StoreBusy: a harvest could not begin. The others are brought to their end first.
    """
    with open_store(settings):
        pass  # makes or migrates the database once, before several processes want to
    stop = _Stop()
    calls = threading.Lock()

    def one(source: SourceFile) -> HarvestRun | PushcartError | None:
        if stop.is_set:
            return None
        return _harvest_in_child(source, settings=settings, on_progress=on_progress, stop=stop, calls=calls)

    with _stopping_by_signal(stop), ThreadPoolExecutor(max_workers=max(1, at_once)) as threads:
        ended = list(threads.map(one, sources))
    for each in ended:
        if isinstance(each, PushcartError):
            raise each
    return tuple(each for each in ended if isinstance(each, HarvestRun))


def choose_sources(sources: Sequence[SourceFile], slugs: Sequence[str]) -> tuple[SourceFile, ...]:
    """Return the sources of these slugs, in the order of the slugs; all of them when no slug is given.

    Raises BadSource: there is no source of that slug.
    """
    if not slugs:
        return tuple(sources)
    known = {source.slug: source for source in sources}
    for slug in slugs:
        if slug not in known:
            raise BadSource(f"No source is called {slug!r}.", try_next="`pushcart sources` lists them all.")
    return tuple(known[slug] for slug in dict.fromkeys(slugs))


class _Killed(StrEnum):
    """Why a process was killed."""

    STOPPED = "stopped"
    """A person or the system stopped the harvest, and it did not end in time."""
    OUT_OF_TIME = "out of time"
    """The harvest went on beyond its longest time."""


class _Child:
    """The process that harvests one source, and how it is brought to its end. A context manager."""

    def __init__(self, *, minutes_max: int, grace_seconds: float) -> None:
        self.killed: _Killed | None = None
        """Why it was killed; None while it was not."""
        self._grace_seconds = grace_seconds
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crawler.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C comes through us, once, and not from the terminal as well
        )
        # At its longest time it ends by itself, in order; a process that hangs does not look at the clock.
        self._seconds_max = minutes_max * 60 + grace_seconds
        self._timers = [self._kill_after(self._seconds_max + START_SECONDS_MAX, _Killed.OUT_OF_TIME)]

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_error: object) -> None:
        """Wait for its end, which a timer brings about if need be."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        self.process.wait()
        for timer in self._timers:
            timer.cancel()

    def begin(self) -> None:
        """Let its time count from now: it has started."""
        self._timers.append(self._kill_after(self._seconds_max, _Killed.OUT_OF_TIME))

    def stop(self) -> None:
        """Ask it to end in order, and kill it when it takes too long."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        self._timers.append(self._kill_after(self._grace_seconds, _Killed.STOPPED))

    def kill(self, why: _Killed) -> None:
        """End it at once, with all that it may have started."""
        if self.process.poll() is None:
            self.killed = self.killed or why
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _kill_after(self, seconds: float, why: _Killed) -> threading.Timer:
        timer = threading.Timer(seconds, self.kill, args=(why,))
        timer.daemon = True
        timer.start()
        return timer


@dataclass(slots=True)
class _Stop:
    """Whether to stop, and whom to tell."""

    is_set: bool = False
    children: set[_Child] = field(default_factory=set)

    def ask(self) -> None:
        """Stop in order; when it is asked a second time, at once."""
        is_second, self.is_set = self.is_set, True
        for child in tuple(self.children):
            if is_second:
                child.kill(_Killed.STOPPED)
            else:
                child.stop()


@contextmanager
def _stopping_by_signal(stop: _Stop) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into an orderly stop while the context lasts; only a main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.ask()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _harvest_in_child(
    source: SourceFile, *, settings: Settings, on_progress: OnProgress, stop: _Stop, calls: threading.Lock
) -> HarvestRun | PushcartError:
    started = datetime.now(UTC)
    last: HarvestProgress | None = None
    with _Child(minutes_max=minutes_max_of(source, settings), grace_seconds=settings.harvest_grace_seconds) as child:
        stop.children.add(child)
        try:
            if stop.is_set:
                child.stop()
            for record in _records(child.process, task=pickle.dumps((source, settings))):
                if "progress" in record:
                    if last is None:
                        child.begin()
                    last = HarvestProgress(**record["progress"])
                    with calls:
                        on_progress(last)
                elif "refused" in record:
                    return _refusal(record["refused"])
                elif "ended" in record:
                    return _saved_run(source, datetime.fromisoformat(record["ended"]["started"]), settings=settings)
        finally:
            stop.children.discard(child)
    state, verdict = _end_without_report(child, source, last=last, settings=settings)
    run = HarvestRun(
        source=source.slug,
        started=started,
        ended=datetime.now(UTC),
        state=state,
        verdict=verdict,
        **({} if last is None else _counts(last)),
    )
    with open_store(settings) as store:
        store.sources.save(source.as_source())
        store.runs.save(run)
    return run


def _records(process: subprocess.Popen[bytes], *, task: bytes) -> Iterator[dict[str, Any]]:
    """Give a child its task, and yield what it says until its end. A line that a kill cut off is the last one."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(len(task).to_bytes(8, "big") + task)
        process.stdin.flush()
    for line in process.stdout:
        if line.endswith(b"\n"):
            yield json.loads(line)


def _saved_run(source: SourceFile, started: datetime, *, settings: Settings) -> HarvestRun:
    with open_store(settings) as store:
        return next(run for run in store.runs.newest(source.slug) if run.started == started)


def _refusal(refusal: dict[str, str]) -> PushcartError:
    """Return the error that ended a child, as the same kind of error here."""
    kind = getattr(errors, refusal["kind"], PushcartError)
    error: PushcartError = kind(refusal["message"], try_next=refusal["try_next"])
    return error


def _end_without_report(
    child: _Child, source: SourceFile, *, last: HarvestProgress | None, settings: Settings
) -> tuple[RunState, Verdict]:
    """Return state and verdict of a run whose process ended without a report of its own."""
    code = child.process.returncode
    at = last.at if last is not None else ""
    if child.killed is _Killed.STOPPED:
        return RunState.INTERRUPTED, Verdict.of(VerdictKind.KILLED_AFTER_STOP, at=at)
    if child.killed is _Killed.OUT_OF_TIME:
        limit = minutes_max_of(source, settings)
        return RunState.CRASHED, Verdict.of(VerdictKind.KILLED_OUT_OF_TIME, limit=limit, at=at)
    if code < 0:
        return RunState.CRASHED, Verdict.of(VerdictKind.KILLED_BY_SIGNAL, signal=-code, at=at)
    return RunState.CRASHED, Verdict.of(VerdictKind.ENDED_WITH_CODE, code=code, at=at)


def _counts(last: HarvestProgress) -> dict[str, Any]:
    names = ("offered", "new", "changed", "unchanged", "gone", "refused", "failed", "skipped", "listings")
    return {name: getattr(last, name) for name in (*names, "landing_pages", "requests", "bytes")}
