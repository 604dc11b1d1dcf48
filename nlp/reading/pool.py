"""Read files in processes that can be killed: each file has a limit of time and of memory, and always an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus import processes
from corpus.processes import CAN_FORK, ChildWork, Result, TaskEnding, run_tasks
from corpus.settings import Settings
from corpus.types import Reading
from nlp.reading import outcomes
from nlp.reading.messages import pack_request, pages_of, progress_of, reading_of
from nlp.reading.requests import ReadingLimits, ReadRequest

WORK = ChildWork("nlp.reading.worker:read", warm="nlp.reading.worker:warm", learn="nlp.reading.worker:learn")


def read_files(requests: Iterable[ReadRequest], *, settings: Settings, forks: bool = CAN_FORK) -> Iterator[Reading]:
    """Yield the reading of every request, as they are finished: not in the order of the requests.

    Takes requests only some files ahead of what was yielded, so memory does not grow with their number. Whatever a file
    does (hang, crash, fill the memory), it has an outcome, and the others are read. When the caller stops early, is
    interrupted or is killed, the processes end too.

    Args:
        forks: whether reading processes are forked from one that has loaded the libraries, or started afresh.

    Raises RuntimeError: reading processes cannot be started at all.
    """
    limits = ReadingLimits.of(settings)
    tasks = ((request, pack_request(request, limits)) for request in requests)
    own = processes.TaskLimits(limits.seconds, limits.memory_mebibytes)
    for result in run_tasks(tasks, work=WORK, limits=own, size=settings.worker_count, forks=forks):
        yield _reading(result, limits)


def _reading(result: Result[ReadRequest], limits: ReadingLimits) -> Reading:
    """Return what a file's process gave; where it gave nothing whole, what it had read until then, and why."""
    texts: list[str] = []
    total = 0
    try:
        for part in result.sent:
            more, total = progress_of(part)
            texts += more
        if result.ending is TaskEnding.DONE:
            return reading_of(result.answer, earlier=texts)
        ending = _outcome(result, limits, pages_read=len(texts))
    except (ValueError, KeyError, TypeError, IndexError):
        ending = outcomes.crashed("it gave no valid answer")
    return Reading(
        sha256=result.key.sha256,
        outcome=ending.outcome,
        reason=ending.reason,
        pages=pages_of(texts),
        page_total=max(total, len(texts)),
        seconds=result.seconds,
    )


def _outcome(result: Result[ReadRequest], limits: ReadingLimits, *, pages_read: int) -> outcomes.ReadingEnding:
    match result.ending:
        case TaskEnding.TIMED_OUT:
            return outcomes.timed_out(limits.seconds, pages_read=pages_read)
        case TaskEnding.OUT_OF_MEMORY:
            return outcomes.out_of_memory(limits.memory_mebibytes, pages_read=pages_read)
    return outcomes.crashed(result.detail or "it ended without an answer")
