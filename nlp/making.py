"""Make documents in processes that can be killed: language, metadata, zones and tags, each with limits of time and memory.

A document whose tagging does not end well is made once more without tags and without guessing its language, so that it can
be found by its words; only when that fails too there is not a document. Either way the fault says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from corpus.processes import CAN_FORK, ChildWork, ProcessPool, Result, TaskEnding, TaskLimits
from corpus.reasons import Failure, FailureKind
from corpus.settings import Settings
from corpus.store import TaggingFault
from corpus.types import Document, Outcome
from nlp.making_messages import DocumentTask, document_of, pack_task

WORK = ChildWork("nlp.making_worker:make", warm="nlp.making_worker:warm", learn="nlp.making_worker:learn")


@dataclass(frozen=True, slots=True)
class Made:
    """The result of a task."""

    id: str
    document: Document | None
    """None: not even without tags could it be made."""
    fault: TaggingFault | None = None
    """Why it has no tags; None: it was tagged."""


@dataclass(frozen=True, slots=True)
class _Asked:
    task: DocumentTask
    fault: TaggingFault | None = None
    """Of the attempt with tags."""


class DocumentPool:
    """Makes documents while the caller does other things. For one thread of the caller."""

    def __init__(self, settings: Settings, *, forks: bool = CAN_FORK) -> None:
        self._limits = TaskLimits(settings.tag_seconds_max, settings.tag_memory_mebibytes_max)
        self._pool = ProcessPool[_Asked](WORK, limits=self._limits, size=settings.worker_count, forks=forks)
        self.ids: set[str] = set()
        """Of documents that were submitted and not taken."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    @property
    def has_room(self) -> bool:
        """Say whether another document would be started soon."""
        return self._pool.has_room

    def submit(self, task: DocumentTask) -> None:
        """Have a document made."""
        self.ids.add(task.id)
        self._pool.submit(_Asked(task), pack_task(task))

    def take(self) -> Made:
        """Return the next document that is finished; waits for it."""
        while True:
            if made := self._made(self._pool.take()):
                return made

    def ready(self) -> Iterator[Made]:
        """Yield the documents that are finished now; never waits."""
        for result in self._pool.ready():
            if made := self._made(result):
                yield made

    def _made(self, result: Result[_Asked]) -> Made | None:
        """Return the result of a task; None: it is tried once more, without tags."""
        asked = result.key
        document, fault = None, asked.fault
        if result.ending is TaskEnding.DONE:
            try:
                document = document_of(result.answer, asked.task)
            except ValueError as error:
                result = replace(
                    result, ending=TaskEnding.FAILED, detail=f"no document came back ({type(error).__name__})"
                )
        if result.ending is not TaskEnding.DONE:
            fault = fault or _fault(result, self._limits)
            if asked.fault is None:
                plain = replace(asked.task, is_tagged=False)
                self._pool.submit(_Asked(plain, fault), pack_task(plain))
                return None
        self.ids.discard(asked.task.id)
        return Made(asked.task.id, document, fault)


def _fault(result: Result[_Asked], limits: TaskLimits) -> TaggingFault:
    match result.ending:
        case TaskEnding.TIMED_OUT:
            failure = Failure.of(FailureKind.TAGGING_TIMED_OUT, seconds=limits.seconds)
            return TaggingFault(Outcome.TIMED_OUT, failure)
        case TaskEnding.OUT_OF_MEMORY:
            failure = Failure.of(FailureKind.TAGGING_OUT_OF_MEMORY, mebibytes=limits.memory_mebibytes)
            return TaggingFault(Outcome.OUT_OF_MEMORY, failure)
    detail = result.detail or "it ended without an answer"
    return TaggingFault(Outcome.BROKEN, Failure.of(FailureKind.TAGGER_FAILED, error=detail))
