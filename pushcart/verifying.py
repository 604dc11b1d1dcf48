"""Checking everything that is kept: databases, files, pages, index, searches; and a backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.backup.manifest import check_parts, newest_backup, pool_path, read_file_list, read_manifest
from corpus.checking.databases import check_database, check_other_databases
from corpus.checking.files import check_files
from corpus.checking.findings import CheckFinding, FindingKind, limited
from corpus.durable import sha256_of_file
from corpus.errors import BadBackup, PushcartError
from corpus.files import open_files
from corpus.messages import gettext, sentence
from corpus.settings import Settings
from pushcart.console import meter
from pushcart.data_folder import require_records

if TYPE_CHECKING:
    from corpus.store import Store


def verify(settings: Settings) -> Iterator[CheckFinding]:
    """Yield what is wrong with everything that the settings name. Nothing is changed, and nothing is migrated.

    Raises BadInput: there is no data folder.
    """
    require_records(settings)
    return limited(_findings(settings))


def _findings(settings: Settings) -> Iterator[CheckFinding]:
    from corpus.store import open_store  # with Alembic and the vocabulary it takes a second

    with meter(gettext("Checking the database")):
        of_database = tuple(check_database(settings))
    yield from of_database
    yield from check_other_databases(settings)
    kinds = {each.kind for each in of_database}
    if FindingKind.RESTORE_UNFINISHED in kinds:
        return
    if kinds - {FindingKind.RECORDS_CONTRADICT}:  # files can be checked without records
        with meter(gettext("Checking files")) as progress:
            yield from check_files(open_files(settings), None, on_file=progress.advance)
        return
    with open_store(settings) as store:
        with meter(gettext("Checking files")) as progress:
            yield from check_files(open_files(settings), store.checks.named_files, on_file=progress.advance)
        yield from _pages(store)
        yield from _index_and_searches(store, settings)


def _pages(store: Store) -> Iterator[CheckFinding]:
    for each in store.checks.page_faults():
        message = sentence(
            "{which} should have {stated} pages in the records, and has {found}.",
            which=each.which,
            stated=each.stated,
            found=each.found,
        )
        todo = sentence("Restore a backup, or run `pushcart process --again` and see whether it is repaired.")
        yield CheckFinding(FindingKind.PAGES_MISSING, each.which, message, todo)


def _index_and_searches(store: Store, settings: Settings) -> Iterator[CheckFinding]:
    from alerts.checking.readable import check_searches
    from corpus.vocabulary import load_vocabulary
    from search_api.engines.opening import open_engine
    from search_api.index_check import check_index

    vocabulary = load_vocabulary()
    try:
        with meter(gettext("Checking the index")), closing(open_engine(settings, vocabulary=vocabulary)) as engine:
            yield from check_index(engine, store)
    except PushcartError as error:
        yield CheckFinding(FindingKind.INDEX_UNAVAILABLE, "index", error.message, error.try_next)
    yield from check_searches(store, vocabulary=vocabulary)


def verify_backup(folder: Path) -> Iterator[CheckFinding]:
    """Yield what is wrong with a backup: its manifest, everything in its folder, and the bytes of every file that it needs."""
    return limited(_of_backup(folder))


def _of_backup(folder: Path) -> Iterator[CheckFinding]:
    try:
        backup = newest_backup(folder)
        manifest = read_manifest(backup)
        check_parts(backup, manifest)
        wanted = read_file_list(backup)
    except BadBackup as error:
        yield CheckFinding(FindingKind.BACKUP_DAMAGED, str(folder), error.message, error.try_next)
        return
    again = sentence("Delete it, and run `pushcart backup` again while the data folder still has the file.")
    with meter(gettext("Checking files"), total=len(wanted)) as progress:
        for sha256 in sorted(wanted):
            path = pool_path(backup.parent, sha256)
            try:
                found = sha256_of_file(path)[0]
            except OSError:
                found = ""
            if found != sha256:
                message = sentence("The file {file} of the backup is missing or damaged.", file=path)
                yield CheckFinding(FindingKind.BACKUP_DAMAGED, sha256, message, again)
            progress.advance()
    for sha256 in manifest.missing:
        message = sentence("The file {file} was missing or damaged when the backup was made.", file=sha256)
        yield CheckFinding(
            FindingKind.BACKUP_DAMAGED, sha256, message, sentence("Run `pushcart verify`, which says what to do.")
        )
