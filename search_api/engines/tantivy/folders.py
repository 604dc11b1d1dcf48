"""The folder of an index: which generation counts, what it has applied, who may write.

    index/
      CURRENT            name of the generation that counts; replaced in one step when a rebuild is done
      lock               held by the one process that writes to the generation that counts
      rebuild.lock       held by the one process that fills another one
      g1/documents/      tantivy's files
      g1/pages/
      g1/state.json      format, fingerprint of the vocabulary, applied sequence; written after both commits

Documents and pages are two indexes with two commits: pages are committed first, then documents, then the state is
replaced. Whatever a crash leaves half done has a sequence number above the state's, and is applied again.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import EngineUnavailable

LOCK_SECONDS = 30.0
"""How long a writer waits for another one. Commits come every few seconds, but a long indexing holds the lock throughout."""


@dataclass(frozen=True, slots=True)
class State:
    """What a generation shows."""

    format: str
    hierarchy: str
    """Fingerprint of what was taken from the vocabulary."""
    applied_sequence: int


class IndexFolder:
    """Names, states and the lock; knows nothing of what is in an index."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """Return the folder of the generation that counts; None when there is no index yet."""
        try:
            name = (self.root / "CURRENT").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self.root / name

    def stamp(self) -> tuple[int, ...]:
        """Return numbers that change when another commit or another generation counts; cheap enough for every search."""
        found: list[int] = []
        current = self.current()
        for path in (self.root / "CURRENT", None if current is None else current / "state.json"):
            try:
                status = path.stat() if path is not None else None
            except FileNotFoundError:
                status = None
            found += [0, 0] if status is None else [status.st_mtime_ns, status.st_ino]
        return tuple(found)

    def read_state(self, generation: Path) -> State | None:
        """Return the state of a generation; None when nothing was committed, or it cannot be read."""
        try:
            found = json.loads((generation / "state.json").read_text(encoding="utf-8"))
            return State(
                format=str(found["format"]),
                hierarchy=str(found["hierarchy"]),
                applied_sequence=int(found["applied_sequence"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write_state(self, generation: Path, state: State) -> None:
        """Replace the state of a generation; it is on disk when this returns."""
        _replace(generation / "state.json", json.dumps(asdict(state), indent=1) + "\n")

    def new_generation(self) -> Path:
        """Return a folder for a new generation."""
        number = max((int(path.name[1:]) for path in self.root.glob("g[0-9]*")), default=0)
        while True:
            number += 1
            fresh = self.root / f"g{number}"
            try:
                fresh.mkdir(parents=True)
            except FileExistsError:
                continue  # another process was quicker
            return fresh

    def unfinished(self, *, format: str, hierarchy: str) -> Path | None:  # noqa: A002
        """Return what an interrupted rebuild left, if it can be gone on with; the rest is deleted. Needs the lock of rebuilds."""
        current, kept = self.current(), None
        for path in sorted(self.root.glob("g[0-9]*"), key=lambda path: int(path.name[1:]), reverse=True):
            if path == current:
                continue
            state = self.read_state(path)
            if kept is None and state is not None and (state.format, state.hierarchy) == (format, hierarchy):
                kept = path
            else:
                shutil.rmtree(path)
        return kept

    def put_in_place(self, generation: Path) -> None:
        """Let a generation count."""
        _replace(self.root / "CURRENT", generation.name + "\n")

    def drop(self, generation: Path | None) -> None:
        """Delete a generation; processes that still search in it keep their open files."""
        if generation is not None:
            shutil.rmtree(generation, ignore_errors=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one process that writes to the generation that counts; the lock goes with the process.

        Raises EngineUnavailable: another process holds it for longer than we wait, or the folder cannot be written.
        """
        with self._held("lock", seconds=LOCK_SECONDS, refusal="Another process is writing the search index."):
            yield

    @contextmanager
    def rebuild_lock(self) -> Iterator[None]:
        """Be the one process that rebuilds.

        Raises EngineUnavailable: another process does, or the folder cannot be written.
        """
        with self._held("rebuild.lock", seconds=0.0, refusal="Another process is building the search index anew."):
            yield

    @contextmanager
    def _held(self, name: str, *, seconds: float, refusal: str) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = (self.root / name).open("a")
        except OSError as error:
            raise EngineUnavailable(
                f"The search index in {self.root} cannot be written: {error.strerror}.",
                try_next="Check that the disk is not full and that you may write there.",
            ) from error
        with handle:
            waited_until = time.monotonic() + seconds
            while not _try_lock(handle.fileno()):
                if time.monotonic() > waited_until:
                    raise EngineUnavailable(
                        refusal,
                        try_next="Wait for it to end, then run `pushcart index`; nothing is lost.",
                    )
                time.sleep(0.1)
            yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
