"""Restoring a backup into an empty data folder, or an empty database.

A note in the data folder says that a restore is under way; while it is there, no other command opens the records. The records
are put in place last, whole, so that a restore that was interrupted is continued by running it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from corpus.backup.making import HARVEST, SMALL_FILES, SOURCES, OnProgress
from corpus.backup.manifest import Manifest, check_parts, newest_backup, pool_path, read_file_list, read_manifest
from corpus.backup.records import count_rows, end_earlier_loads, load_dump, read_sqlite, schema_of
from corpus.durable import copy_whole, sha256_of_file, sync_file, sync_folder, write_whole
from corpus.errors import BadBackup
from corpus.files import FileStore, open_files
from corpus.messages import sentence
from corpus.private import make_private
from corpus.settings import Settings
from corpus.store.opening import NEWEST_MIGRATION, RESTORING, database_url, open_engine

_DRAFT = "pushcart.sqlite3.restoring"


@dataclass(slots=True)
class RestoreReport:
    """What a restore did."""

    folder: Path
    """Of the backup."""
    manifest: Manifest
    continued: bool = False
    """True: an interrupted restore of the same backup was continued."""
    migrated_from: str = ""
    """Migration of the records in the backup, when it was older than this Pushcart; empty: it was not."""
    kept: tuple[str, ...] = ()
    """Files that were there and are not those of the backup: they were left as they are."""


def restore(settings: Settings, folder: Path, *, on_progress: OnProgress | None = None) -> RestoreReport:
    """Restore a backup. The caller holds the lock of the data folder, and brings the index up to date afterwards.

    Args:
        settings: say where to.
        folder: of one backup, or of several: then the newest whole one is restored.
        on_progress: told how far it is.

    Raises BadBackup: the backup is damaged, or of a newer Pushcart, or something exists where it would go; nothing was changed,
    or `restore` continues when it is run again.
    """
    backup = newest_backup(folder)
    manifest = read_manifest(backup)
    report = RestoreReport(backup, manifest)
    url = database_url(settings)
    _check_version(manifest, backup, url=url)
    check_parts(backup, manifest)
    wanted = read_file_list(backup)
    _check_pool(backup, wanted)
    try:
        make_private(settings.data_dir)
        report.continued = _under_way(settings) == backup.name
        if not report.continued:
            _check_empty(settings, url)
            write_whole(settings.data_dir / RESTORING, json.dumps({"backup": backup.name}).encode())
        _restore_files(backup, wanted, files=open_files(settings), on_progress=on_progress)
        _restore_caches(settings, backup, manifest)
        report.kept = _restore_small_files(settings, backup, manifest)
        if manifest.schema != NEWEST_MIGRATION:
            report.migrated_from = manifest.schema
        if url.get_backend_name() == "sqlite":
            _restore_sqlite(settings, url, backup, manifest)
        else:
            _restore_postgresql(settings, url, backup, manifest)
        (settings.data_dir / RESTORING).unlink()
        sync_folder(settings.data_dir)
    except OSError as error:
        raise BadBackup(
            sentence(
                "{file} cannot be written: {reason}.", file=error.filename or folder, reason=error.strerror or error
            ),
            try_next=sentence(
                "Make room or give permission to write there, then run the same command again: it continues."
            ),
        ) from error
    return report


# ---------------------------------------------------------------------- before anything is written


def _check_version(manifest: Manifest, backup: Path, *, url: URL) -> None:
    if manifest.schema > NEWEST_MIGRATION:
        raise BadBackup(
            sentence(
                "The backup {folder} was made by Pushcart {version} with records of version {found}; this one knows {known}.",
                folder=backup,
                version=manifest.pushcart,
                found=manifest.schema,
                known=NEWEST_MIGRATION,
            ),
            try_next=sentence("Install that Pushcart or a newer one, then restore again."),
        )
    here = url.get_backend_name()
    if manifest.database != here:
        raise BadBackup(
            sentence(
                "The backup {folder} is of {kind}, and the settings name {here}.",
                folder=backup,
                kind=manifest.database,
                here=here,
            ),
            try_next=sentence(
                "Set PUSHCART_DATABASE_URL to an empty database of the kind that was backed up (for sqlite: unset it)."
            ),
        )


def _check_pool(backup: Path, wanted: Mapping[str, int]) -> None:
    """Raises BadBackup: a file is missing, or of another size. Their bytes are compared when they are restored."""
    for sha256, size in wanted.items():
        path = pool_path(backup.parent, sha256)
        if not path.is_file() or path.stat().st_size != size:
            raise _bad_file(path)


def _bad_file(path: Path) -> BadBackup:
    return BadBackup(
        sentence("The file {file} of the backup is missing or damaged.", file=path),
        try_next=sentence(
            "Put it there from another copy of the backup. If there is none, run `pushcart backup` again while the records are"
            " still there, or use an older backup."
        ),
    )


def _under_way(settings: Settings) -> str:
    """Return the name of the backup of an interrupted restore; empty: there is none."""
    try:
        return str(json.loads((settings.data_dir / RESTORING).read_text(encoding="utf-8"))["backup"])
    except FileNotFoundError:
        return ""
    except (ValueError, KeyError, TypeError):
        return "?"


def _check_empty(settings: Settings, url: URL) -> None:
    """Raises BadBackup: there are records, or another restore was interrupted.

    Files are no obstacle, because they are named by their bytes, nor is an index: it is rebuilt where it does not fit.
    """
    if under_way := _under_way(settings):
        raise BadBackup(
            sentence(
                "A restore of another backup, {name}, into {folder} was interrupted.",
                name=under_way,
                folder=settings.data_dir,
            ),
            try_next=sentence("Run it again with that backup, or restore into an empty folder."),
        )
    if url.get_backend_name() == "sqlite":
        there = [path for end in ("", "-wal", "-journal") if (path := Path(f"{url.database}{end}")).exists()]
        thing = str(there[0]) if there else ""
    else:
        thing = url.render_as_string(hide_password=True) if _has_tables(url) else ""
    if thing:
        raise BadBackup(
            sentence("{thing} exists, and a restore does not replace anything.", thing=thing),
            try_next=sentence(
                "Stop every Pushcart, then set PUSHCART_DATA_DIR to an empty folder (and PUSHCART_DATABASE_URL to an empty"
                " database, if it is set), or move what is there elsewhere."
            ),
        )


def _has_tables(url: URL) -> bool:
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return bool(sa.inspect(connection).get_table_names())
    except sa.exc.SQLAlchemyError as error:
        raise BadBackup(
            sentence(
                "The database {name} cannot be opened: {reason}.",
                name=url.render_as_string(hide_password=True),
                reason=error,
            ),
            try_next=sentence("Create it (`createdb`), and check PUSHCART_DATABASE_URL."),
        ) from error
    finally:
        engine.dispose()


# ---------------------------------------------------------------------- files


def _restore_files(
    backup: Path, wanted: Mapping[str, int], *, files: FileStore, on_progress: OnProgress | None
) -> None:
    for number, sha256 in enumerate(sorted(wanted), start=1):
        here = files.local_file(sha256)
        if here is not None and here.exists() and sha256_of_file(here)[0] != sha256:
            here.rename(here.with_name(f"{sha256}.damaged"))  # it was in the folder before; nothing is deleted
        if not files.has(sha256):
            path = pool_path(backup.parent, sha256)
            if sha256_of_file(path)[0] != sha256:
                raise _bad_file(path)
            files.adopt(path, sha256=sha256)
        if on_progress is not None:
            on_progress(number, len(wanted))
    files.sync()


def _restore_caches(settings: Settings, backup: Path, manifest: Manifest) -> None:
    """Put the page caches of the backup in place of all that are there: a newer one knows files that the records do not."""
    folder = settings.data_dir / HARVEST
    for path in folder.glob("*.sqlite*"):
        path.unlink()
    _put_parts(backup, manifest, HARVEST, folder)


def _restore_small_files(settings: Settings, backup: Path, manifest: Manifest) -> tuple[str, ...]:
    """Put files where none of that name is; return the names of those that are there already and differ."""
    return (
        *_put_parts(backup, manifest, "", settings.data_dir),
        *_put_parts(backup, manifest, SOURCES, settings.sources_dir or settings.data_dir / SOURCES),
    )


def _put_parts(backup: Path, manifest: Manifest, place: str, target: Path) -> tuple[str, ...]:
    kept = []
    for part in manifest.parts:
        folder, _, name = part.path.rpartition("/")
        if folder != place or (not folder and name not in SMALL_FILES):
            continue
        make_private(target)
        if not (target / name).exists():
            with (backup / part.path).open("rb") as file:
                copy_whole(file, target / name)
        elif sha256_of_file(target / name)[0] != part.sha256:
            kept.append(str(target / name))
    if target.exists():
        sync_folder(target)
    return tuple(kept)


# ---------------------------------------------------------------------- records


def _restore_sqlite(settings: Settings, url: URL, backup: Path, manifest: Manifest) -> None:
    final = Path(url.database or "")
    if final.exists():  # the last step of the interrupted restore; nobody else opened it since
        return
    draft = final.with_name(_DRAFT)
    for left in final.parent.glob(f"{_DRAFT}*"):
        left.unlink()
    final.parent.mkdir(parents=True, exist_ok=True)
    with (backup / manifest.records.path).open("rb") as file:
        copy_whole(file, draft)
    _compare(read_sqlite(draft).rows, manifest)
    engine = open_engine(replace(settings, database_url=f"sqlite:///{draft}"))  # migrates it
    try:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = DELETE")
    finally:
        engine.dispose()
    sync_file(draft)
    try:
        os.link(draft, final)  # unlike a rename, it never replaces what another process made meanwhile
    except FileExistsError as error:
        raise BadBackup(
            sentence("{thing} was made while the backup was restored.", thing=final),
            try_next=sentence("Stop every Pushcart, move it elsewhere, then run the same command again."),
        ) from error
    except OSError:  # a file system without links
        draft.rename(final)
    draft.unlink(missing_ok=True)
    sync_folder(final.parent)


def _restore_postgresql(settings: Settings, url: URL, backup: Path, manifest: Manifest) -> None:
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            end_earlier_loads(connection)
        with engine.connect() as connection:
            is_there = bool(sa.inspect(connection).get_table_names())
        if not is_there:
            load_dump(url, backup / manifest.records.path)
        with engine.connect() as connection:
            if schema_of(connection) == manifest.schema:  # else it is migrated already
                _compare(count_rows(connection), manifest)
    finally:
        engine.dispose()
    open_engine(settings).dispose()  # migrates it


def _compare(rows: Mapping[str, int], manifest: Manifest) -> None:
    """Raises BadBackup: the records are not those that were backed up."""
    for table, count in manifest.rows.items():
        if rows.get(table) != count:
            raise BadBackup(
                sentence(
                    "The restored records have {found} rows in {table}, and the backup has {count}.",
                    found=rows.get(table, 0),
                    table=table,
                    count=count,
                ),
                try_next=sentence("Empty the database, then run the same command again."),
            )
