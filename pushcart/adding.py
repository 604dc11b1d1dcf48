"""A person's own documents: from files and folders into the file store and the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import BadInput
from corpus.files import FileStore
from corpus.store import FetchedState, Store
from corpus.types import LOCAL_SOURCE, FetchedFile, Source
from corpus.urls import canonical_url
from pushcart.sidecar import TABLE_NAMES, SidecarRow, read_single, read_table, single_for

OWN = Source(slug=LOCAL_SOURCE, name="My own documents", protocol="addresses")

_TYPES = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".md": "text/plain",
}
"""What a name promises; the reader looks at the bytes."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that a person wants to add."""

    path: Path
    evidence: SidecarRow = field(default_factory=dict)


def find_files(paths: Iterable[Path], *, table: Path | None = None) -> list[OwnFile]:
    """Return the files that the paths name: a folder stands for everything in and below it, hidden files aside.

    Args:
        table: a CSV or JSON table that speaks for all of them, by file name; None: only what lies beside them.

    Raises BadInput: a path does not exist, cannot be read, or a sidecar is wrong. Nothing has been added then.
    """
    given = read_table(table) if table else {}
    found: dict[Path, OwnFile] = {}
    tables: dict[Path, Mapping[str, SidecarRow]] = {}
    for path in paths:
        if not path.exists():
            raise BadInput(f"There is no file or folder {path}.", try_next="Check the spelling; nothing was added.")
        for each in _walk(path):
            if each == table or each in found:
                continue
            found[each] = OwnFile(each, _evidence_for(each, given=given, tables=tables))
    return list(found.values())


def _walk(path: Path) -> Iterator[Path]:
    """Yield files in a fixed order, sidecars left out."""
    if path.is_file():
        yield path
        return
    try:
        entries = sorted(path.iterdir())
    except PermissionError as error:
        raise BadInput(f"You may not read the folder {path}.", try_next="Nothing was added.") from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.is_file() and not _is_sidecar(entry):
            yield entry


def _is_sidecar(path: Path) -> bool:
    if path.name in TABLE_NAMES:
        return True
    if path.suffix.lower() != ".json":
        return False
    # `report.json` and `report.pdf.json` speak for a document beside them; any other JSON file is a file of its own.
    beside = path.with_suffix("")
    return beside.is_file() or any(path.with_suffix(suffix).is_file() for suffix in _TYPES)


def _evidence_for(
    path: Path, *, given: Mapping[str, SidecarRow], tables: dict[Path, Mapping[str, SidecarRow]]
) -> SidecarRow:
    if path.name in given:
        return given[path.name]
    if alone := single_for(path):
        return read_single(alone)
    folder = path.parent
    if folder not in tables:
        beside = next((folder / name for name in TABLE_NAMES if (folder / name).is_file()), None)
        tables[folder] = read_table(beside) if beside else {}
    return tables[folder].get(path.name, {})


def add_file(own: OwnFile, *, store: Store, files: FileStore) -> FetchedState:
    """Keep one file and its record. May be repeated.

    Raises BadInput: the file cannot be read.
    """
    try:
        sha256, size = files.put_file(own.path)
    except OSError as error:
        raise BadInput(
            f"{own.path} cannot be read: {error.strerror}.", try_next="Check that you may read it."
        ) from error
    evidence = {name: offered for name, offered in own.evidence.items() if name != "url"}
    address = own.evidence.get("url", ())
    fetched = FetchedFile(
        source=LOCAL_SOURCE,
        url=own.path.resolve().as_uri(),
        sha256=sha256,
        size=size,
        content_type=_TYPES.get(own.path.suffix.lower(), "application/octet-stream"),
        fetched_at=datetime.now(UTC),
        landing_url=canonical_url(address[0].value) if address else "",
        evidence=evidence,
    )
    return store.save_fetched(fetched)
