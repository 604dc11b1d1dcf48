"""What is in a folder and below it: plain files in a fixed order; links, pipes and what cannot be read are remarks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pushcart.add_remarks import AddRemark, Oddity
from pushcart.plain_files import PathKind, kind_of_path, shown
from pushcart.sidecar import TABLE_NAMES, composed

DOCUMENT_TYPES = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".md": "text/plain",
}
"""Ending of a name -> what it promises; the reader looks at the bytes."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """One thing in a folder."""

    path: Path
    mode: int
    """As the system gives it; of a link, its own. 0: it did not say."""
    size: int | None = None
    """Bytes; None: the system did not say."""


@dataclass(slots=True)
class Folders:
    """What is in folders, each looked at once."""

    _listed: dict[Path, Mapping[str, FolderEntry]] = field(default_factory=dict)

    def entries(self, folder: Path) -> Mapping[str, FolderEntry]:
        """Return what is in a folder, by `composed` name, in the order of the names. Raises OSError: it cannot be read."""
        if folder not in self._listed:
            entries: dict[str, FolderEntry] = {}
            with os.scandir(folder) as found:
                for each in sorted(found, key=lambda entry: entry.name):
                    mode, size = 0, None
                    with suppress(OSError):  # it vanished, or may not be asked about; opening it will say so
                        told = each.stat(follow_symlinks=False)
                        mode, size = told.st_mode, told.st_size
                    # Two names of the same letters can be beside each other: each keeps a key of its own.
                    key = composed(each.name) if composed(each.name) not in entries else each.name
                    entries[key] = FolderEntry(folder / each.name, mode, size)
            self._listed[folder] = entries
        return self._listed[folder]


def walk(folder: Path, *, folders: Folders, remarks: list[AddRemark]) -> Iterator[FolderEntry]:
    """Yield the plain files in and below a folder in a fixed order, hidden files and metadata aside; the rest are remarks.

    Links are not followed, so that it ends and stays in the folder.
    """
    waiting = [FolderEntry(folder, 0)]
    while waiting:
        here = waiting.pop()
        kind = kind_of_path(here.mode) if here.mode else PathKind.FILE  # opening it will say what it is
        if here.path != folder and kind is not PathKind.FOLDER:
            if left_out := _left_out(here, kind):
                remarks.append(left_out)
            else:
                yield here
            continue
        try:
            entries = folders.entries(here.path)
        except OSError as error:
            text = error.strerror or type(error).__name__
            remarks.append(AddRemark.of(Oddity.FOLDER_UNREADABLE, shown(here.path), error=text))
            continue
        documents = _stems(entries)
        visible = [each for each in entries.values() if not each.path.name.startswith(".")]
        waiting += reversed([each for each in visible if not _is_metadata(each, documents)])


def _left_out(entry: FolderEntry, kind: PathKind) -> AddRemark | None:
    if kind is PathKind.LINK:
        return AddRemark(Oddity.LINK, shown(entry.path))
    if kind is not PathKind.FILE:
        return AddRemark.of(Oddity.NOT_OPENED, shown(entry.path), what=kind)
    return None


def _stems(entries: Mapping[str, FolderEntry]) -> frozenset[str]:
    """Return the names for which `NAME.json` would speak: of all files, and of documents without their ending."""
    whole = {key for key in entries if not key.lower().endswith(".json")}
    return frozenset(whole | {Path(key).stem for key in whole if Path(key).suffix.lower() in DOCUMENT_TYPES})


def _is_metadata(entry: FolderEntry, documents: frozenset[str]) -> bool:
    """Say whether a file indicates others: `report.json` and `report.pdf.json` do for a document beside them."""
    if kind_of_path(entry.mode) is PathKind.FOLDER:
        return False
    name = composed(entry.path.name)
    return name in TABLE_NAMES or (name.lower().endswith(".json") and name[: -len(".json")] in documents)
