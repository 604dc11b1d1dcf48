"""Harvest sources, each in a process of its own: a source that crashes or hangs takes no other with it."""

from __future__ import annotations

import json
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
from types import FrameType
from typing import Any

from corpus import errors
from corpus.errors import BadSource, PushcartError
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.declaration import SourceFile
from crawler.tally import HarvestProgress

AT_ONCE = 2
"""Sources harvested at the same time; each is mostly waiting for its publisher."""

OnProgress = Callable[[HarvestProgress], None]


def harvest(
    sources: Sequence[SourceFile], *, settings: Settings, on_progress: OnProgress, at_once: int = AT_ONCE
) -> tuple[HarvestRun, ...]:
    """Harvest sources and return their run reports in the same order; the store keeps them too.

    Ctrl-C and SIGTERM end the running harvests in order: what came is kept, their reports say `interrupted`, sources that
    had not begun are left out of the answer, and the next harvest goes on.

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


@dataclass(slots=True)
class _Stop:
    """Whether to stop, and whom to tell."""

    is_set: bool = False
    children: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def ask(self) -> None:
        self.is_set = True
        for child in tuple(self.children):
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)


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
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C comes through us, once, and not from the terminal as well
    )
    assert child.stdin is not None
    assert child.stdout is not None
    stop.children.add(child)
    last: HarvestProgress | None = None
    try:
        task = pickle.dumps((source, settings))
        with suppress(BrokenPipeError):
            child.stdin.write(len(task).to_bytes(8, "big") + task)
            child.stdin.flush()
        if stop.is_set:
            child.send_signal(signal.SIGTERM)
        for line in child.stdout:
            record: dict[str, Any] = json.loads(line)
            if "progress" in record:
                last = HarvestProgress(**record["progress"])
                with calls:
                    on_progress(last)
            elif "refused" in record:
                return _refusal(record["refused"])
            elif "ended" in record:
                return _saved_run(source, datetime.fromisoformat(record["ended"]["started"]), settings=settings)
    finally:
        stop.children.discard(child)
        child.stdin.close()
        child.stdout.close()
        code = child.wait()
    return _crashed(source, code, started=started, last=last, settings=settings)


def _saved_run(source: SourceFile, started: datetime, *, settings: Settings) -> HarvestRun:
    with open_store(settings) as store:
        return next(run for run in store.runs(source.slug) if run.started == started)


def _refusal(refusal: dict[str, str]) -> PushcartError:
    """Return the error that ended a child, as the same kind of error here."""
    kind = getattr(errors, refusal["kind"], PushcartError)
    error: PushcartError = kind(refusal["message"], try_next=refusal["try_next"])
    return error


def _crashed(
    source: SourceFile, code: int, *, started: datetime, last: HarvestProgress | None, settings: Settings
) -> HarvestRun:
    """Save and return the report of a run whose process died without one."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    run = HarvestRun(
        source=source.slug,
        started=started,
        ended=datetime.now(UTC),
        state=RunState.CRASHED,
        words=f"The harvesting process {how}. What it had fetched is kept; the next run goes on.",
        **({} if last is None else _counts(last)),
    )
    with open_store(settings) as store:
        store.save_source(source.as_source())
        store.save_run(run)
    return run


def _counts(last: HarvestProgress) -> dict[str, Any]:
    names = ("offered", "new", "changed", "unchanged", "gone", "refused", "failed", "skipped", "listings")
    return {name: getattr(last, name) for name in (*names, "landing_pages", "requests", "bytes")}
