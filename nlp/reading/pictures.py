"""Pictures of pages of PDFs, and where their letters are: made in a process that can be killed, within limits."""

from __future__ import annotations

import json
import threading
from array import array
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from corpus.errors import Busy
from corpus.messages import sentence
from corpus.processes import CAN_FORK, ChildWork, ProcessPool, TaskEnding, TaskLimits

WORK = ChildWork("nlp.reading.picture:answer", warm="nlp.reading.picture:warm")
LIMITS = TaskLimits(seconds=10.0, memory_mebibytes=512)
"""Of one picture; a page of text takes a tenth of a second, a scan in colours half a second."""
WAIT_SECONDS_MAX = 8.0
"""Longest wait for the pictures before it."""
WHOLE = 10_000
"""Parts into which width and height of a picture are divided; places count them from its left and its top."""
_RETRY_SECONDS = 10


class NoPicture(Enum):
    """Why a page has no picture."""

    LOCKED = "locked"
    BROKEN = "broken"
    TOO_COSTLY = "too_costly"
    """It took too much time or memory."""


@dataclass(frozen=True, slots=True)
class PageLetters:
    """The letters of a page as PDFium reads them, and where each is on its picture."""

    text: str
    """Each line ends in a line break, also where a hyphen breaks a word."""
    places: array[int]
    """Left, top, right and bottom of each letter, in parts of WHOLE; four zeros: it is not seen."""


class PictureDrawer:
    """Draws one picture after the other. Threads may share it; nothing is started before the first picture."""

    def __init__(self, *, limits: TaskLimits = LIMITS, forks: bool = CAN_FORK) -> None:
        self._pool = ProcessPool[int](WORK, limits=limits, size=1, forks=forks)
        self._seconds = limits.seconds
        self._turn = threading.Lock()

    def draw(self, path: Path, number: int) -> bytes | NoPicture:
        """Return the WebP of a page (1-based), or why there is none.

        Raises Busy: too many others wait. RuntimeError: processes cannot be started at all.
        """
        return self._ask("picture", path, number)

    def letters(self, path: Path, number: int) -> PageLetters | NoPicture:
        """Return the letters of a page (1-based) with their places, or why there are none. Raises as `draw`."""
        answer = self._ask("letters", path, number)
        if isinstance(answer, NoPicture):
            return answer
        text, places = json.loads(answer)
        return PageLetters(text, array("H", places))

    def close(self) -> None:
        """End its process. May be repeated."""
        self._pool.close()

    def _ask(self, wanted: str, path: Path, number: int) -> bytes | NoPicture:
        if not self._turn.acquire(timeout=WAIT_SECONDS_MAX):
            raise Busy(
                sentence("Too many pictures of pages are requested at the moment."),
                try_next=sentence("Try again in a few seconds."),
                retry_seconds=_RETRY_SECONDS,
            )
        try:
            self._pool.submit(number, json.dumps([wanted, str(path), number, self._seconds]).encode())
            result = self._pool.take()
        finally:
            self._turn.release()
        if result.ending in (TaskEnding.TIMED_OUT, TaskEnding.OUT_OF_MEMORY):
            return NoPicture.TOO_COSTLY
        if result.ending is not TaskEnding.DONE:
            return NoPicture.BROKEN
        if result.answer[:1] in (b"W", b"L"):
            return result.answer[1:]
        return NoPicture.LOCKED if result.answer == b"Elocked" else NoPicture.BROKEN
