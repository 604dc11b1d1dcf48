"""Run harvests, each in a process of its own: a source that crashes or hangs takes no other with it.

What the processes do is in crawler.harvest, which loads Scrapy; this module does not.
"""

from __future__ import annotations

import json
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Any, TypeVar

from corpus import errors
from corpus.errors import BadSource, PushcartError
from corpus.messages import sentence
from corpus.processes import Child, ChildWork, Result, TaskEnding
from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.sources.model import SourceFile

AT_ONCE = 2
"""Sources harvested at the same time; each is mostly waiting for its publisher."""
_START_SECONDS_MAX = 120.0
_HARVEST = "crawler.harvest:harvest_for_parent"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class HarvestProgress:
    """Where a running harvest stands; all counts as in HarvestRun."""

    source: str
    """Slug."""
    listings: int = 0
    landing_pages: int = 0
    offered: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    skipped: int = 0
    requests: int = 0
    bytes: int = 0
    at: str = ""
    """The address that was looked at last."""

    @property
    def done(self) -> int:
        """Return how many files have come to an end, one way or another."""
        return self.new + self.changed + self.unchanged + self.gone + self.refused + self.failed


OnProgress = Callable[[HarvestProgress], None]


def choose_sources(sources: Sequence[SourceFile], slugs: Sequence[str]) -> tuple[SourceFile, ...]:
    """Return the sources of these slugs, in the order of the slugs; all of them when no slug is given.

    Raises BadSource: there is no source of that slug.
    """
    if not slugs:
        return tuple(sources)
    known = {source.slug: source for source in sources}
    for slug in slugs:
        if slug not in known:
            raise BadSource(
                sentence("No source is called {slug}.", slug=repr(slug)),
                try_next=sentence("`pushcart sources` lists them all."),
            )
    return tuple(known[slug] for slug in dict.fromkeys(slugs))


def minutes_max_of(source: SourceFile, settings: Settings) -> int:
    """Return the longest time that a harvest of a source may take, minutes: its own, or that of the settings."""
    return source.polite.minutes_max or settings.harvest_minutes_max


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
    _child(_HARVEST, seconds=0.0, settings=settings)  # loads Scrapy once for all: only the main thread can have that
    stop = _Stop()
    calls = threading.Lock()

    def tell(progress: HarvestProgress) -> None:
        with calls:
            on_progress(progress)

    def one(source: SourceFile) -> HarvestRun | PushcartError | None:
        return None if stop.is_set else _harvest_apart(source, settings=settings, tell=tell, stop=stop)

    with _stopping_by_signal(stop), ThreadPoolExecutor(max_workers=max(1, at_once)) as threads:
        ended = list(threads.map(one, sources))
    for each in ended:
        if isinstance(each, PushcartError):
            raise each
    return tuple(each for each in ended if isinstance(each, HarvestRun))


def _harvest_apart(
    source: SourceFile, *, settings: Settings, tell: OnProgress, stop: _Stop
) -> HarvestRun | PushcartError:
    """Harvest one source in a child process; a process that ends without a report gets one here."""
    started, last = datetime.now(UTC), HarvestProgress(source.slug)

    def on_sent(line: bytes) -> None:
        nonlocal last
        last = HarvestProgress(**json.loads(line))
        tell(last)

    seconds = minutes_max_of(source, settings) * 60 + settings.harvest_grace_seconds
    child = _child(_HARVEST, seconds=seconds, settings=settings)
    with stop.watching(child):
        result = child.run(pickle.dumps((source, settings)), on_sent=on_sent)
    with open_store(settings) as store:
        if result.ending is TaskEnding.DONE:
            answer = json.loads(result.answer)
            if "error" in answer:
                return _as_error(answer)
            begun = datetime.fromisoformat(answer["started"])
            return next(run for run in store.runs.newest(source.slug) if run.started == begun)
        state, verdict = _end_without_report(result, at=last.at, limit=minutes_max_of(source, settings))
        counts = {name: value for name, value in asdict(last).items() if name not in ("source", "at")}
        run = HarvestRun(source.slug, started, datetime.now(UTC), state, verdict, **counts)
        store.sources.save(source.as_source())
        store.runs.save(run)
        return run


def _end_without_report(result: Result[None], *, at: str, limit: float) -> tuple[RunState, Verdict]:
    """Return state and verdict of a run whose process ended without a report of its own."""
    if result.ending is TaskEnding.STOPPED:
        return RunState.INTERRUPTED, Verdict.of(VerdictKind.KILLED_AFTER_STOP, at=at)
    if result.ending is TaskEnding.TIMED_OUT:
        return RunState.CRASHED, Verdict.of(VerdictKind.KILLED_OUT_OF_TIME, limit=limit, at=at)
    code = int(result.detail) if result.ending is TaskEnding.CRASHED else 1
    if code < 0:
        return RunState.CRASHED, Verdict.of(VerdictKind.KILLED_BY_SIGNAL, signal=-code, at=at)
    return RunState.CRASHED, Verdict.of(VerdictKind.ENDED_WITH_CODE, code=code, at=at)


def run_apart(task: Callable[[Settings], Answer], *, settings: Settings) -> Answer:
    """Call a function in a child process, where Twisted's reactor can run once, and return its answer.

    The function crawls once and keeps nothing: a trial, a look at a site. It and its answer must be picklable.

    Raises PushcartError: what the task raised, or that its process died.
    """
    child = _child("crawler.harvest:do_for_parent", seconds=settings.harvest_minutes_max * 60, settings=settings)
    result = child.run(pickle.dumps((task, settings)), on_sent=lambda _line: None)
    if result.ending is not TaskEnding.DONE:
        raise PushcartError(
            sentence(
                "The process that was to do it ended without an answer ({ending} {detail}).",
                ending=result.ending.value,
                detail=result.detail,
            ),
            try_next=sentence("PUSHCART_LOG_LEVEL=debug shows what it did until then."),
        )
    answer = pickle.loads(result.answer)  # noqa: S301  our own child wrote it
    if isinstance(answer, dict) and "error" in answer:
        raise _as_error(answer)
    return answer  # type: ignore[no-any-return]


def _child(function: str, *, seconds: float, settings: Settings) -> Child:
    grace = settings.harvest_grace_seconds
    # At its longest time it ends by itself, in order; the operating system ends it when this process is gone.
    work = ChildWork(function, seconds_max=seconds + 3 * grace + _START_SECONDS_MAX)
    return Child(work, seconds=seconds, grace_seconds=grace)


def _as_error(answer: dict[str, Any]) -> PushcartError:
    """Return the error that ended a child, as the same kind of error here."""
    kind = getattr(errors, answer["error"], PushcartError)
    error: PushcartError = kind(answer["message"], try_next=answer["try_next"])
    return error


@dataclass(slots=True)
class _Stop:
    """Whether to stop, and whom to tell."""

    is_set: bool = False
    children: dict[int, Child] = field(default_factory=dict)

    def ask(self) -> None:
        """Stop in order; when it is asked a second time, at once."""
        is_second, self.is_set = self.is_set, True
        for child in tuple(self.children.values()):
            if is_second:
                child.kill()
            else:
                child.stop()

    @contextmanager
    def watching(self, child: Child) -> Iterator[None]:
        """Stop this child too, while the context lasts."""
        self.children[id(child)] = child
        if self.is_set:
            child.stop()
        try:
            yield
        finally:
            del self.children[id(child)]


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
