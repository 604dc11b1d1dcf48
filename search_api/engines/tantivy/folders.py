"""The folder of an index: which generation counts, what it has applied, who may write.

    index/
      CURRENT            name of the generation that counts; replaced in one step when a rebuild is done
      lock               held by the one process that writes to the generation that counts
      rebuild.lock       held by the one process that fills another one
      g1/documents/      tantivy's files
      g1/pages/
      g1/state.json      format, fingerprint of the vocabulary, applied sequence and its mark; written after both commits
      g1/begun.json      mark of the newest change that a commit was begun with: a crash may leave rows up to it

Documents and pages are two indexes with two commits: pages are committed first, then documents, then the state is
replaced. Whatever a crash leaves half done has a sequence number above the state's, and is applied again.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from corpus.private import make_private
from search_api.engines.tantivy.errors import IndexDamaged, cannot_be_read, unavailable

_NAME = re.compile(r"g[0-9]{1,9}")
"""Of the folder of a generation."""
_NAME_BYTES_MAX = 100
LOCK_SECONDS = 30.0
"""How long a writer waits for another one. Commits come every few seconds, but a long indexing holds the lock throughout."""


@dataclass(frozen=True, slots=True)
class GenerationState:
    """What a generation shows."""

    format: str
    hierarchy: str
    """Fingerprint of what was taken from the vocabulary."""
    applied_sequence: int
    applied_mark: str = ""
    """Of the change with that number; see Change.mark."""


class IndexFolder:
    """Names, states and the lock; knows nothing of what is in an index."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """Return the folder of the generation that counts; None when there is no index yet.

        Raises IndexDamaged: the file that names it holds something else than a name of ours.
        """
        try:
            name = (self.root / "CURRENT").read_bytes()[:_NAME_BYTES_MAX].decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise cannot_be_read(self.root, error) from error
        if not _NAME.fullmatch(name):  # what leads out of the folder, or to nothing
            raise IndexDamaged(self.root, f"the file CURRENT in it names no part of the index ({name[:20]!a})")
        return self.root / name

    def current_if_named(self) -> Path | None:
        """As `current`; None also when the file that names it is damaged."""
        try:
            return self.current()
        except IndexDamaged:
            return None

    def stamp(self) -> tuple[int, ...]:
        """Return numbers that change when another commit or another generation counts; cheap enough for every search."""
        found: list[int] = []
        current = self.current()
        for path in (self.root / "CURRENT", None if current is None else current / "state.json"):
            try:
                status = path.stat() if path is not None else None
            except OSError:
                status = None
            found += [0, 0] if status is None else [status.st_mtime_ns, status.st_ino]
        return tuple(found)

    def read_state(self, generation: Path) -> GenerationState | None:
        """Return the state of a generation; None when nothing was committed, or it cannot be read."""
        try:
            found = json.loads((generation / "state.json").read_text(encoding="utf-8"))
            return GenerationState(
                format=str(found["format"]),
                hierarchy=str(found["hierarchy"]),
                applied_sequence=int(found["applied_sequence"]),
                applied_mark=str(found.get("applied_mark", "")),
            )
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write_state(self, generation: Path, state: GenerationState) -> None:
        """Replace the state of a generation; it is on disk when this returns."""
        _replace(generation / "state.json", json.dumps(asdict(state), indent=1) + "\n")

    def note_begun(self, generation: Path, sequence: int, mark: str) -> None:
        """Keep the mark of the change up to which a commit goes that begins now; on disk when this returns."""
        if sequence >= self._begun(generation)[0]:
            _replace(generation / "begun.json", json.dumps({"sequence": sequence, "mark": mark}) + "\n")

    def marks(self, generation: Path) -> tuple[str, ...]:
        """Return the marks of the newest change that is in a generation, and of the newest that may be in it."""
        state = self.read_state(generation)
        applied = (state.applied_mark,) if state is not None and state.applied_sequence else ()
        sequence, mark = self._begun(generation)
        is_ahead = sequence > (state.applied_sequence if state is not None else 0)
        return (*applied, mark) if is_ahead else applied

    def _begun(self, generation: Path) -> tuple[int, str]:
        try:
            found = json.loads((generation / "begun.json").read_text(encoding="utf-8"))
            return int(found["sequence"]), str(found["mark"])
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
            return 0, ""

    def new_generation(self) -> Path:
        """Return a folder for a new generation."""
        number = max((int(path.name[1:]) for path in self._generations()), default=0)
        while True:
            number += 1
            fresh = self.root / f"g{number}"
            try:
                fresh.mkdir(parents=True)
            except FileExistsError:
                continue  # another process was quicker
            return fresh

    def unfinished(self, is_of_use: Callable[[Path, GenerationState], bool]) -> Path | None:
        """Return what an interrupted rebuild left, if it can be continued with; the rest is deleted. Needs the lock of rebuilds."""
        kept = None
        for path in self._beside():
            state = self.read_state(path)
            if kept is None and state is not None and is_of_use(path, state):
                kept = path
            else:
                shutil.rmtree(path)
        return kept

    def built_beside(self) -> GenerationState | None:
        """Return how far a rebuild has come, also one that was interrupted; None when there is none."""
        return next((state for path in self._beside() if (state := self.read_state(path)) is not None), None)

    def _beside(self) -> list[Path]:
        """Return the generations that do not count, newest first."""
        current = self.current_if_named()
        return sorted((each for each in self._generations() if each != current), key=_number, reverse=True)

    def _generations(self) -> list[Path]:
        return [each for each in self.root.glob("g[0-9]*") if _NAME.fullmatch(each.name)]

    def is_being_rebuilt(self) -> bool:
        """Say whether a process holds the lock of rebuilds now."""
        try:
            with (self.root / "rebuild.lock").open("rb") as handle:
                return not _try_lock(handle.fileno())
        except OSError:
            return False

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
        with self._held("lock", seconds=LOCK_SECONDS, refusal=sentence("Another process is writing the search index.")):
            yield

    @contextmanager
    def rebuild_lock(self) -> Iterator[None]:
        """Be the one process that rebuilds.

        Raises EngineUnavailable: another process does, or the folder cannot be written.
        """
        with self._held(
            "rebuild.lock", seconds=0.0, refusal=sentence("Another process is rebuilding the search index.")
        ):
            yield

    @contextmanager
    def _held(self, name: str, *, seconds: float, refusal: str) -> Iterator[None]:
        try:
            make_private(self.root)
            handle = (self.root / name).open("a")
        except OSError as error:
            raise unavailable(
                sentence(
                    "The search index in {folder} cannot be written: {reason}.",
                    folder=str(self.root),
                    reason=error.strerror,
                ),
                sentence("Check that the disk is not full and that you have permission to write there."),
            ) from error
        with handle:
            waited_until = time.monotonic() + seconds
            while not _try_lock(handle.fileno()):
                if time.monotonic() > waited_until:
                    raise EngineUnavailable(
                        refusal,
                        try_next=sentence("Wait for it to finish, then run `pushcart index`; nothing is lost."),
                    )
                time.sleep(0.1)
            yield


def _number(generation: Path) -> int:
    return int(generation.name[1:])


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
