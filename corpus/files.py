"""The file store: bytes as they came, kept once each under their SHA-256, behind fsspec."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import fsspec

from corpus.durable import CHUNK, link_or_copy, sha256_of, sync_folder
from corpus.errors import BadSettings, FileMissing
from corpus.messages import sentence
from corpus.private import make_private
from corpus.settings import Settings

_EXAMPLE = sentence("Give an address such as s3://BUCKET/FOLDER, or leave it empty for `files` in the data folder.")


class FileStore:
    """Bytes by SHA-256. Putting the same bytes twice keeps them once; nothing is ever overwritten."""

    def __init__(self, filesystem: fsspec.AbstractFileSystem, root: str) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._is_local = "file" in (
            filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,)
        )

    def _path(self, sha256: str) -> str:
        # Two letters a folder: 256 folders keep a million files at some four thousand each.
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def has(self, sha256: str) -> bool:
        """Say whether the bytes are kept."""
        return bool(self._filesystem.exists(self._path(sha256)))

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256. May be repeated."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.has(sha256):
            self._keep(io.BytesIO(content))
        return sha256

    def put_file(self, path: Path) -> tuple[str, int]:
        """Keep the bytes of a file of this machine, without holding them in memory; returns SHA-256 and size in bytes.

        Raises OSError: the file cannot be read.
        """
        with path.open("rb") as file:
            return self.put_open_file(file)

    def put_open_file(self, file: BinaryIO) -> tuple[str, int]:
        """Keep the bytes of an open file that can be sought in, as `put_file` does."""
        sha256, size = _copy(file, None)
        if self.has(sha256):
            return sha256, size
        file.seek(0)
        return self._keep(file)  # the file may have grown meanwhile: what is kept is named by what was copied

    def _keep(self, content: BinaryIO) -> tuple[str, int]:
        """Copy bytes to where they belong, and return their SHA-256 and size.

        They are written under another name and then moved, so that a name never stands for half a file.
        """
        if not self._is_local:
            whole = content.read()  # object stores show an object only when it is whole
            sha256 = hashlib.sha256(whole).hexdigest()
            self._filesystem.pipe_file(self._path(sha256), whole)
            return sha256, len(whole)
        partial, file = self._open_partial()
        with file:
            sha256, size = _copy(content, file)
            file.flush()
            os.fsync(file.fileno())  # the database will promise these bytes
            final = Path(self._path(sha256))
            is_first = not final.parent.exists()
            final.parent.mkdir(exist_ok=True)
            partial.replace(final)
            sync_folder(final.parent)  # and the name of the file is in its folder
            if is_first:
                sync_folder(Path(self._root))
        return sha256, size

    def _open_partial(self) -> tuple[Path, BinaryIO]:
        """Return a new file that is locked while it is open: `sweep` leaves it alone as long as its writer lives."""
        while True:
            partial = Path(self._root) / f"{uuid.uuid4().hex}.part"
            file = partial.open("wb")
            fcntl.flock(file, fcntl.LOCK_EX)
            if partial.exists():
                return partial, file
            file.close()  # swept in the instant before it was locked

    def read(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises FileMissing: they are not kept here.
        """
        try:
            return bytes(self._filesystem.cat_file(self._path(sha256)))
        except FileNotFoundError as error:
            raise _missing(sha256) from error

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """Lend a path of this machine under which the bytes can be read; a copy when the store is elsewhere.

        Raises FileMissing: they are not kept here.
        """
        if self._is_local:
            path = Path(self._path(sha256))
            if not path.exists():
                raise _missing(sha256)
            yield path
            return
        with tempfile.NamedTemporaryFile(prefix="pushcart-") as file:
            file.write(self.read(sha256))
            file.flush()
            yield Path(file.name)

    def opened(self, sha256: str) -> BinaryIO:
        """Return the bytes as an open file.

        Raises FileMissing: they are not kept here. Raises OSError: they cannot be read.
        """
        try:
            return cast(BinaryIO, self._filesystem.open(self._path(sha256), "rb"))
        except FileNotFoundError as error:
            raise _missing(sha256) from error

    def local_file(self, sha256: str) -> Path | None:
        """Return the path of bytes on this machine, whether they are there or not; None: the store is elsewhere."""
        return Path(self._path(sha256)) if self._is_local else None

    def adopt(self, path: Path, *, sha256: str) -> None:
        """Keep a file of this machine that has these bytes and that nobody will change, linked where that is possible.

        Its name is on disk after `sync`.
        """
        if self.has(sha256):
            return
        final = self.local_file(sha256)
        if final is None:
            self.put_file(path)
            return
        final.parent.mkdir(exist_ok=True)
        link_or_copy(path, final)

    def sync(self) -> None:
        """Wait until the names of all files are on disk."""
        if self._is_local:
            for folder in (*(each for each in Path(self._root).iterdir() if each.is_dir()), Path(self._root)):
                sync_folder(folder)

    def entries(self) -> Iterator[tuple[str, str]]:
        """Yield the name of everything in the store, and its place below the root; half-written files are left out."""
        for path in sorted(self._filesystem.find(self._root)):
            place = str(path)[len(self._root) :].lstrip("/") if self._is_local else str(path)
            if not place.endswith(".part"):
                yield place.rsplit("/", 1)[-1], place

    def remove(self, sha256: str) -> int:
        """Delete bytes that no record names any more, and return how many they were; 0: they were not here."""
        path = self._path(sha256)
        try:
            size = int(self._filesystem.size(path) or 0)
            self._filesystem.rm_file(path)
        except FileNotFoundError:
            return 0
        return size

    def sweep(self) -> int:
        """Delete what killed processes left half written, and return how many such files there were.

        Safe at any time: a file that a living process writes is locked, and the system unlocks it when the process dies.
        """
        swept = 0
        for path in Path(self._root).glob("*.part") if self._is_local else ():
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                swept += 1
        return swept


def _copy(source: BinaryIO, target: BinaryIO | None) -> tuple[str, int]:
    """Read to the end, writing to `target` if there is one; returns SHA-256 and size in bytes."""
    if target is None:
        return sha256_of(source)
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _missing(sha256: str) -> FileMissing:
    return FileMissing(
        sentence("The file {hash}… is in the records, but not in the file store.", hash=sha256[:12]),
        try_next=sentence("Copy it from the folder `files` of a backup, or harvest its source again."),
    )


def open_files(settings: Settings) -> FileStore:
    """Return the file store that the settings name; its folder is made when it is missing.

    Raises BadSettings: `files_url` is of an unknown kind, its package is missing, or what it names cannot be opened.
    """
    if settings.files_url:
        return _open_elsewhere(settings.files_url)
    make_private(settings.data_dir)
    filesystem, root = fsspec.core.url_to_fs((settings.data_dir.absolute() / "files").as_posix())
    make_private(Path(root))
    return FileStore(filesystem, root)


def _open_elsewhere(address: str) -> FileStore:
    kind = fsspec.utils.get_protocol(address)
    if kind == "file" and "://" not in address and not Path(address).is_absolute():
        raise _unusable(
            sentence("PUSHCART_FILES_URL is neither an address nor a whole path: {address}.", address=address),
            _EXAMPLE,
        )
    try:
        # What others add meanwhile would be missing in a listing that was kept.
        filesystem, root = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        raise _unusable(
            sentence("PUSHCART_FILES_URL needs a Python package that is not installed: {reason}", reason=error),
            sentence("For s3 addresses install the extra: pip install 'pushcart[s3]'."),
        ) from error
    except ValueError as error:
        raise _unusable(
            sentence("PUSHCART_FILES_URL begins with {kind}://, which is no known kind of file store.", kind=kind),
            _EXAMPLE,
        ) from error
    try:
        filesystem.makedirs(root, exist_ok=True)
    except Exception as error:  # each package has errors of its own: no network, no such bucket, wrong key
        raise _unusable(
            sentence("The file store of PUSHCART_FILES_URL cannot be opened: {reason}", reason=_said_by(error)),
            sentence("Check the address, the network and the credentials that its package reads."),
        ) from error
    return FileStore(filesystem, root)


def _unusable(message: str, advice: str) -> BadSettings:
    return BadSettings(message, try_next=advice)


def _said_by(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
