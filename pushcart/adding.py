"""A person's own documents: from files and folders into the file store and the records."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import BadInput, StoreUnavailable
from corpus.files import FileStore
from corpus.messages import sentence
from corpus.store import FetchedState, Store
from corpus.types import LOCAL_SOURCE, FetchedFile, Source
from corpus.urls import sent_url
from pushcart.add_remarks import AddRemark, Oddity, RemarkKind
from pushcart.folders import DOCUMENT_TYPES, FolderEntry, Folders, walk
from pushcart.metadata_beside import MetadataBeside
from pushcart.plain_files import NoPlainFile, PathKind, kind_of_path, open_plain, shown
from pushcart.remark_messages import remark_in_words
from pushcart.sidecar import SidecarRow, read_table

OWN = Source(slug=LOCAL_SOURCE, name="My own documents", protocol="addresses")


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that a person wants to add."""

    path: Path
    evidence: SidecarRow = field(default_factory=dict)
    is_named: bool = True
    """True: the person named it, and it may be a symbolic link. False: it was found below a folder."""


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What the paths that a person named stand for."""

    files: tuple[OwnFile, ...]
    remarks: tuple[AddRemark, ...] = ()
    """What was left out, and what is odd about tables of metadata."""


class NotAdded(Exception):
    """A file could not be added; `remark` says why."""

    def __init__(self, remark: AddRemark) -> None:
        super().__init__(remark.oddity.value)
        self.remark = remark


def find_files(paths: Iterable[Path], *, table: Path | None = None) -> FoundFiles:
    """Return the files that the paths name: a folder stands for everything in and below it, hidden files aside.

    Symbolic links below a folder are not followed; a path that is named here may be one. What cannot be read, and what
    is wrong in a table that is beside the files, is a remark and stops nothing else.

    Args:
        table: a CSV or JSON table that indicates all of them, by file name; None: only what is beside them.

    Raises BadInput: a path does not exist, or `table` cannot be used. Nothing has been added then.
    """
    given = read_table(table, follow_links=True) if table else None
    for remark in given.remarks if given else ():
        if remark.kind in (RemarkKind.UNKNOWN_FIELD, RemarkKind.BAD_ROW):
            words = remark_in_words(remark)
            raise BadInput(
                sentence("{path}, {problem}", path=str(remark.path), problem=words.message),
                try_next=sentence("{advice} Nothing was added.", advice=words.try_next)
                if words.try_next
                else sentence("Nothing was added."),
            )
    remarks = list(given.remarks) if given else []
    folders = Folders()
    beside = MetadataBeside(folders, given=given)
    own_table = os.path.realpath(table) if table else ""
    found: dict[str, OwnFile] = {}
    for path, told in [(path, _told_of(path)) for path in paths]:
        entries = _entries(path, told, folders=folders, remarks=remarks)
        for each in entries:
            place = os.path.realpath(each.path)
            if place != own_table and place not in found:
                if each.size == 0:
                    remarks.append(AddRemark(Oddity.EMPTY, shown(each.path)))
                found[place] = OwnFile(each.path, beside.evidence_for(each.path), is_named=each.path == path)
    remarks += beside.remarks(own.path.name for own in found.values())
    return FoundFiles(tuple(found.values()), tuple(remarks))


def _told_of(path: Path) -> os.stat_result:
    """Return what the system says of a path that a person typed, links followed. Raises BadInput: to nothing."""
    try:
        return path.stat()
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            message = sentence("You do not have permission to read {path}.", path=shown(path))
        else:
            message = sentence("There is no file or folder {path}.", path=shown(str(path).replace(chr(0), "")))
        raise BadInput(message, try_next=sentence("Check the spelling; nothing was added.")) from error


def _entries(path: Path, told: os.stat_result, *, folders: Folders, remarks: list[AddRemark]) -> Iterable[FolderEntry]:
    kind = kind_of_path(told.st_mode)
    if kind is PathKind.FOLDER:
        return walk(path, folders=folders, remarks=remarks)
    if kind is not PathKind.FILE:
        remarks.append(AddRemark.of(Oddity.NOT_OPENED, shown(path), what=kind))
        return ()
    return (FolderEntry(path, told.st_mode, told.st_size),)


def add_file(own: OwnFile, *, store: Store, files: FileStore) -> FetchedState:
    """Keep one file and its record. May be repeated.

    Raises NotAdded: it cannot be read, or is no longer there.
    Raises StoreUnavailable: the file store has no room, or cannot be written.
    """
    try:
        with open_plain(own.path, follow_links=own.is_named) as file:
            sha256, size = files.put_open_file(file)
        url = own.path.resolve().as_uri()
    except (OSError, RuntimeError, NoPlainFile) as error:
        raise NotAdded(_why_not(own.path, error)) from error
    evidence = {name: offered for name, offered in own.evidence.items() if name != "url"}
    address = own.evidence.get("url", ())
    fetched = FetchedFile(
        source=LOCAL_SOURCE,
        url=url,
        sha256=sha256,
        size=size,
        content_type=DOCUMENT_TYPES.get(own.path.suffix.lower(), "application/octet-stream"),
        fetched_at=datetime.now(UTC),
        landing_url=sent_url(address[0].value) if address else "",
        evidence=evidence,
    )
    return store.files.save(fetched)


def _why_not(path: Path, error: Exception) -> AddRemark:
    """Return the remark on a file that could not be read. Raises StoreUnavailable: the trouble is with the file store."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        raise StoreUnavailable(
            sentence("Files cannot be written: {strerror}.", strerror=error.strerror),
            try_next=sentence("Free some disk space and run the command again to continue."),
        ) from error
    if isinstance(error, FileNotFoundError):
        return AddRemark(Oddity.VANISHED, shown(path))
    if isinstance(error, NoPlainFile):
        return AddRemark.of(Oddity.NO_LONGER_FILE, shown(path), what=error.kind)
    text = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return AddRemark.of(Oddity.FILE_UNREADABLE, shown(path), error=text)
