"""Which metadata indicates a file: a table that was named, a JSON file of its own, or the table of its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from corpus.fuzzy import nearest_name
from pushcart.add_remarks import AddRemark, Oddity, RemarkDetail
from pushcart.folders import FolderEntry, Folders
from pushcart.plain_files import PathKind, kind_of_path, shown
from pushcart.sidecar import TABLE_NAMES, MetadataTable, SidecarRow, composed, read_single, read_table
from pushcart.sidecar_files import UnusableFile

_HINTS_MAX = 20
"""To so many rows of a table without a file, a name like theirs is looked for, among so many names:"""
_NAMES_MAX = 1_000


class MetadataBeside:
    """The metadata of files, as they are found; what is wrong with it is kept as remarks."""

    def __init__(self, folders: Folders, *, given: MetadataTable | None) -> None:
        self._folders = folders
        self._given = given
        self._tables: dict[Path, MetadataTable | None] = {}
        self._remarks: list[AddRemark] = []

    def evidence_for(self, path: Path) -> SidecarRow:
        """Return what is said of a file; the nearest metadata counts alone. Nothing is said: empty."""
        if self._given and (row := self._given.row_for(path.name)):
            return row.evidence
        entries = self._entries(path.parent)
        for name in (f"{path.name}.json", f"{path.stem}.json"):
            entry = entries.get(composed(name))
            if entry is None or entry.path == path or name in TABLE_NAMES:
                continue
            try:
                evidence, remarks = read_single(entry.path)
            except UnusableFile as error:
                self._remarks.append(_unusable(entry.path, error))
                return {}
            self._remarks += remarks
            return evidence
        table = self._table_of(path.parent, entries)
        row = table.row_for(path.name) if table else None
        return row.evidence if row else {}

    def remarks(self, names: Iterable[str]) -> Iterator[AddRemark]:
        """Yield what is wrong with the metadata that was looked at.

        Args:
            names: of all files that were found; rows of the table that was named must mention one of these.
        """
        yield from self._remarks
        if self._given:
            yield from _unmatched(self._given, {composed(name) for name in names})
        for folder, table in self._tables.items():
            if table:
                yield from _unmatched(table, set(self._entries(folder)) - set(TABLE_NAMES))

    def _entries(self, folder: Path) -> Mapping[str, FolderEntry]:
        try:
            return self._folders.entries(folder)
        except OSError:
            return {}  # a folder that may be entered and not listed: its metadata cannot be looked for

    def _table_of(self, folder: Path, entries: Mapping[str, FolderEntry]) -> MetadataTable | None:
        if folder in self._tables:
            return self._tables[folder]
        self._tables[folder] = None
        tables = [entries[name] for name in TABLE_NAMES if name in entries]
        tables = [each for each in tables if kind_of_path(each.mode) is not PathKind.FOLDER]
        for second in tables[1:]:
            self._remarks.append(AddRemark.of(Oddity.SECOND_TABLE, shown(second.path), used=tables[0].path.name))
        if tables:
            try:
                self._tables[folder] = table = read_table(tables[0].path)
                self._remarks += table.remarks
            except UnusableFile as error:
                self._remarks.append(_unusable(tables[0].path, error))
        return self._tables[folder]


def _unusable(path: Path, error: UnusableFile) -> AddRemark:
    return AddRemark.of(Oddity.BAD_TABLE, shown(path), fault=error.fault, way_out=error.try_next)


def _unmatched(table: MetadataTable, names: set[str]) -> Iterator[AddRemark]:
    """Yield a remark for each row of a file that is not there, with the name that was perhaps meant."""
    hints = 0
    likely = sorted(names)[:_NAMES_MAX]
    for name, row in table.rows.items():
        if name in names:
            continue
        hint = _like(name, names, likely) if hints < _HINTS_MAX else ""
        hints += 1
        text: dict[str, RemarkDetail] = {"place": row.place, "name": shown(name)[:255]}
        if "/" in name or "\\" in name:
            yield AddRemark(Oddity.UNMATCHED_FOLDER, shown(table.path), text)
        elif hint:
            yield AddRemark(Oddity.UNMATCHED_LIKE, shown(table.path), {**text, "like": shown(hint)})
        else:
            yield AddRemark(Oddity.UNMATCHED, shown(table.path), text)


def _like(name: str, names: set[str], likely: list[str]) -> str:
    """Return the name of a file that is probably meant; empty when none is like it."""
    plain = name.casefold()
    for each in likely:
        if each.casefold() == plain or Path(each).stem.casefold() in (plain, Path(plain).stem):
            return each
    return nearest_name(name, likely, alike=0.75)
