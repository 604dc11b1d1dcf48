"""Making a backup while everything runs.

Order: page caches, then records, then the files that these records name, then the manifest. A file is kept before a record
names it, so every file of the copy is there; a page cache that is older than the records only asks for some pages again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from corpus.backup.manifest import (
    FILE_LIST,
    FILES,
    MANIFEST,
    UNFINISHED,
    Manifest,
    part_of,
    pool_path,
    read_file_list,
    whole_backups,
    write_file_list,
    write_manifest,
)
from corpus.backup.records import CopiedRecords, copy_records, copy_sqlite
from corpus.durable import copy_whole, link_or_copy, remove_folder, sha256_of_file, sync_folder
from corpus.errors import BadBackup, FileMissing, StoreUnavailable
from corpus.files import FileStore, open_files
from corpus.messages import sentence
from corpus.private import make_private
from corpus.secret_key import NAME as SECRET_KEY
from corpus.settings import PREFIX, Settings
from corpus.store.opening import database_url

HARVEST = "harvest"
"""Folder of the page caches, in the data folder and in a backup."""
SOURCES = "sources"
"""Folder of a person's own source files, likewise."""
SMALL_FILES = (SECRET_KEY, "verified-sources.json", "alerts-audit.json")
"""Files of the data folder that cannot be made again. The key is among them: links in messages are signed with it."""
OnProgress = Callable[[int, int], None]
"""Told how many files are done, and how many there are."""
_USER = re.compile(r"://[^/@\s]*@")


@dataclass(slots=True)
class BackupReport:
    """What a backup did."""

    folder: Path
    """Of this backup."""
    manifest: Manifest
    new_files: int = 0
    """Files that no earlier backup in the same folder had."""
    linked: int = 0
    """Of these, files that share their bytes on disk with the data folder."""
    removed: tuple[str, ...] = ()
    """Names of older backups that were removed."""
    left_out: tuple[str, ...] = ()
    """Damaged page caches: they only save requests to publishers."""


@dataclass(slots=True)
class _Files:
    """What became of the files of a backup."""

    kept: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    new: int = 0
    linked: int = 0


def back_up(settings: Settings, folder: Path, *, keep: int = 0, on_progress: OnProgress | None = None) -> BackupReport:
    """Make a backup in a folder, beside earlier ones. The caller holds the lock of both folders.

    Args:
        settings: say what is backed up.
        folder: made when it is not there; outside the data folder.
        keep: older backups are removed until there are so many; 0: all are kept.
        on_progress: told how far it is.

    Raises BadBackup, StoreUnavailable: it was not made; earlier backups are unchanged.
    """
    check_place(settings, folder)
    try:
        make_private(folder)
        for left in folder.glob(f"*{UNFINISHED}"):
            remove_folder(left)
        moment = datetime.now(UTC)
        final = _free_name(folder, moment)
        draft = final.with_name(final.name + UNFINISHED)
        make_private(draft)
        left_out = _copy_caches(settings, draft)
        records = draft / ("records.sqlite3" if _is_sqlite(settings) else "records.dump")
        copied = copy_records(database_url(settings), records)
        files = _copy_files(copied.files, folder, files=open_files(settings), on_progress=on_progress)
        _copy_small_files(settings, draft)
        write_file_list(draft / FILE_LIST, files.kept)
        manifest = _manifest(settings, draft, copied=copied, files=files, records=records, moment=moment)
        _sync_all(draft)
        write_manifest(draft, manifest)
        draft.rename(final)
        sync_folder(folder)
        removed = _remove_old(folder, keep=keep) if keep else ()
    except OSError as error:
        raise BadBackup(
            sentence(
                "{file} cannot be written: {reason}.", file=error.filename or folder, reason=error.strerror or error
            ),
            try_next=sentence("Name a folder on a disk with free space. Earlier backups are unchanged."),
        ) from error
    return BackupReport(final, manifest, files.new, files.linked, removed, left_out)


def check_place(settings: Settings, folder: Path) -> None:
    """Raises BadBackup: a folder is in the data folder."""
    data, place = settings.data_dir.resolve(), folder.resolve()
    if place == data or data in place.parents:
        raise BadBackup(
            sentence("{folder} is in the data folder, and a backup there is lost together with it.", folder=folder),
            try_next=sentence("Name a folder elsewhere, best on another disk."),
        )


def _free_name(folder: Path, moment: datetime) -> Path:
    name = moment.strftime("%Y-%m-%dT%H%M%SZ")
    newest = max((each.name for each in whole_backups(folder)), default="")
    if name <= newest:  # the clock was set back: the newest backup has the last name in any case
        name = f"{newest}.1"
    return folder / name


def _is_sqlite(settings: Settings) -> bool:
    return database_url(settings).get_backend_name() == "sqlite"


def _copy_caches(settings: Settings, draft: Path) -> tuple[str, ...]:
    left_out = []
    for path in sorted((settings.data_dir / HARVEST).glob("*.sqlite")):
        (draft / HARVEST).mkdir(mode=0o700, exist_ok=True)
        try:
            copy_sqlite(path, draft / HARVEST / path.name)
        except StoreUnavailable:
            (draft / HARVEST / path.name).unlink(missing_ok=True)
            left_out.append(path.name)
    return tuple(left_out)


def _copy_files(wanted: Mapping[str, int], folder: Path, *, files: FileStore, on_progress: OnProgress | None) -> _Files:
    """Bring the files of the records into the folder that all backups share; those that are there are left alone."""
    done, touched = _Files(), set()
    for number, (sha256, size) in enumerate(sorted(wanted.items()), start=1):
        target = pool_path(folder, sha256)
        if not (target.exists() and target.stat().st_size == size):
            target.unlink(missing_ok=True)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy_file(sha256, target, files=files, done=done)
            touched.add(target.parent)
        if target.exists():
            done.kept[sha256] = target.stat().st_size
        if on_progress is not None:
            on_progress(number, len(wanted))
    for each in touched:
        sync_folder(each)
    if touched:
        sync_folder(folder / FILES)
    return done


def _copy_file(sha256: str, target: Path, *, files: FileStore, done: _Files) -> None:
    """Link or copy one file, if its bytes are what its name says."""
    local = files.local_file(sha256)
    try:
        if local is not None:
            found, _ = sha256_of_file(local)
        else:
            with files.opened(sha256) as file:
                found = copy_whole(file, target)
    except FileMissing:
        found = ""
    except OSError:  # no right to read it, or the disk has lost it; a copy that cannot be written is another matter
        if local is None:
            raise
        found = ""
    if found != sha256:
        target.unlink(missing_ok=True)
        done.missing.append(sha256)
        return
    done.new += 1
    if local is not None:
        done.linked += link_or_copy(local, target)


def _copy_small_files(settings: Settings, draft: Path) -> None:
    own = settings.sources_dir or settings.data_dir / SOURCES
    wanted = [(settings.data_dir / name, draft / name) for name in SMALL_FILES]
    wanted += [(path, draft / SOURCES / path.name) for path in sorted(own.glob("*.toml"))]
    for path, target in wanted:
        if path.is_file():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with path.open("rb") as file:
                copy_whole(file, target)


def _manifest(
    settings: Settings, draft: Path, *, copied: CopiedRecords, files: _Files, records: Path, moment: datetime
) -> Manifest:
    others = sorted(path for path in draft.rglob("*") if path.is_file() and path not in (records, draft / MANIFEST))
    return Manifest(
        pushcart=version("pushcart"),
        schema=copied.schema,
        database="sqlite" if _is_sqlite(settings) else "postgresql",
        made_at=moment.isoformat(timespec="seconds"),
        records=part_of(draft, records),
        rows=copied.rows,
        files=len(files.kept),
        bytes=sum(files.kept.values()),
        parts=tuple(part_of(draft, path) for path in others),
        missing=tuple(files.missing),
        settings=settings_without_secrets(settings),
    )


def settings_without_secrets(settings: Settings) -> dict[str, str]:
    """Return the settings that are not the default, by the name of their variable; passwords in addresses are left out."""
    plain = asdict(Settings())
    return {
        f"{PREFIX}{each.name.upper()}": _USER.sub("://", str(value))
        for each in fields(Settings)
        if each.repr and (value := getattr(settings, each.name)) != plain[each.name] and value is not None
    }


def _sync_all(draft: Path) -> None:
    for folder in (*(path for path in draft.rglob("*") if path.is_dir()), draft):
        sync_folder(folder)


def _remove_old(folder: Path, *, keep: int) -> tuple[str, ...]:
    """Remove the oldest backups, then the files that no other one needs; one that is killed leaves files too many, at most."""
    backups = whole_backups(folder)
    removed = backups[: max(0, len(backups) - keep)]
    for each in removed:
        gone = each.with_name(each.name + UNFINISHED)  # from here on nobody takes it for a whole one
        each.rename(gone)
        sync_folder(folder)
        remove_folder(gone)
    if removed:
        needed = set().union(*(read_file_list(each) for each in whole_backups(folder)))
        for path in (folder / FILES).glob("??/*"):
            if path.name not in needed:
                path.unlink()
    return tuple(each.name for each in removed)
