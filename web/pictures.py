"""Pictures of pages that were drawn before, in a folder of bounded size; what is not there is drawn."""

from __future__ import annotations

import os
import threading
import uuid
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from corpus.errors import NotFound
from corpus.files import FileStore
from corpus.messages import sentence
from corpus.private import make_private
from corpus.types import Document
from nlp.reading.pictures import NoPicture, PageLetters, PictureDrawer

FOLDER = "pictures"
"""In the data folder. It may be deleted at any time: pictures are drawn again when they are looked at."""
BYTES_MAX = 256_000_000
"""Of all pictures together: some 3,000 pages. The ones that were looked at longest ago go first."""
VERSION = "1"
"""Another one when pictures are drawn in another way; part of their names."""
_KEPT_SHARE = 0.8
_COUNT_EVERY = 50
"""Pictures between two countings of what the folder holds; other processes write there too."""
_FAILURES_KEPT = 1_000
_LETTERS_KEPT = 16
"""Pages whose letters are kept in memory, 1 MB each at most: the same page is looked at with other words."""
_WORDS = {
    NoPicture.LOCKED: sentence("The file has a password, so this page cannot be drawn."),
    NoPicture.BROKEN: sentence("The file is damaged, so this page cannot be drawn."),
    NoPicture.TOO_COSTLY: sentence("Drawing this page takes too much time or memory."),
}


class PagePictures:
    """Hands out pictures of pages. Threads and processes may share the folder."""

    def __init__(
        self, data_dir: Path, files: FileStore, *, drawer: PictureDrawer | None = None, bytes_max: int = BYTES_MAX
    ) -> None:
        self._folder = data_dir / FOLDER
        self._files = files
        self._drawer = drawer or PictureDrawer()
        self._bytes_max = bytes_max
        self._lock = threading.Lock()
        self._since_counted = _COUNT_EVERY
        self._failed: OrderedDict[tuple[str, int], NoPicture] = OrderedDict()
        self._letters: OrderedDict[tuple[str, int], PageLetters | NoPicture] = OrderedDict()

    def etag(self, document: Document, number: int) -> str:
        """Return what names the picture of a page: the same bytes of a file are always drawn the same."""
        return f'"{document.sha256[:24]}-{number}-{VERSION}"'

    def get(self, document: Document, number: int) -> bytes:
        """Return the WebP of a page (1-based) of a PDF.

        Raises NotFound: it cannot be drawn, in words. FileMissing: the bytes are not kept here. Busy: too many are waited for.
        """
        path = self._folder / document.sha256[:2] / f"{document.sha256}-{number}-{VERSION}.webp"
        with suppress(OSError):
            drawn = path.read_bytes()
            os.utime(path)  # the ones that were looked at longest ago go first
            return drawn
        picture = self._failed.get((document.sha256, number)) or self._draw(document.sha256, number)
        if isinstance(picture, NoPicture):
            raise NotFound(_WORDS[picture], try_next=sentence("Read the text of the page, or open the original file."))
        self._keep(path, picture)
        return picture

    def letters(self, document: Document, number: int) -> PageLetters | None:
        """Return the letters of a page (1-based) of a PDF with their places on its picture; None: there are none to be had.

        Raises FileMissing: the bytes are not kept here. Busy: too many are waited for.
        """
        key = (document.sha256, number)
        found = self._letters.get(key)
        if found is None:
            with self._files.local_path(document.sha256) as file:
                found = self._drawer.letters(file, number)
            with self._lock:
                self._letters[key] = found
                while len(self._letters) > _LETTERS_KEPT:
                    self._letters.popitem(last=False)
        return found if isinstance(found, PageLetters) else None

    def close(self) -> None:
        """End the process that draws."""
        self._drawer.close()

    def _draw(self, sha256: str, number: int) -> bytes | NoPicture:
        with self._files.local_path(sha256) as file:
            picture = self._drawer.draw(file, number)
        if isinstance(picture, NoPicture):
            with self._lock:
                self._failed[sha256, number] = picture
                while len(self._failed) > _FAILURES_KEPT:
                    self._failed.popitem(last=False)
        return picture

    def _keep(self, path: Path, picture: bytes) -> None:
        """Write a picture under another name and move it; a full disk keeps no one from looking at it."""
        with suppress(OSError):
            make_private(self._folder)
            path.parent.mkdir(exist_ok=True)
            partial = path.with_name(f"{uuid.uuid4().hex}.part")
            partial.write_bytes(picture)
            partial.replace(path)
            self._prune()

    def _prune(self) -> None:
        with self._lock:
            self._since_counted += 1
            if self._since_counted < _COUNT_EVERY:
                return
            self._since_counted = 0
            held = sorted(
                (status.st_mtime, status.st_size, file)
                for file in self._folder.glob("*/*")
                if (status := _status(file)) is not None
            )
            total = sum(size for _, size, _ in held)
            if total <= self._bytes_max:
                return
            for _, size, file in held:
                if total <= self._bytes_max * _KEPT_SHARE:
                    return
                file.unlink(missing_ok=True)
                total -= size


def _status(file: Path) -> os.stat_result | None:
    with suppress(OSError):
        return file.stat()
    return None
