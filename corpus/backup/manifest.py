"""The manifest of a backup: what it has. It is written last, so a backup with a manifest is a whole one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.durable import sha256_of_file, write_whole
from corpus.errors import BadBackup
from corpus.messages import sentence

FORMAT = 1
"""Of the manifest and of the folders around it."""
MANIFEST = "manifest.json"
FILES = "files"
"""Folder of the bytes that all backups of a folder share."""
FILE_LIST = "files.txt"
UNFINISHED = ".unfinished"
"""End of the name of the folder of a backup that is being made, or was interrupted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in the folder of a backup."""

    path: str
    """Relative to that folder."""
    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup has."""

    pushcart: str
    """Version of the Pushcart that made it."""
    schema: str
    """Newest migration of its records."""
    database: str
    """`sqlite` or `postgresql`."""
    made_at: str
    """UTC, ISO 8601: the moment that the records show."""
    records: Part
    rows: Mapping[str, int]
    """Rows of the records, by table."""
    files: int
    """How many different files its records name, the missing ones left out."""
    bytes: int
    """Of these files."""
    parts: tuple[Part, ...]
    """Everything else in its folder, the list of files among it."""
    missing: tuple[str, ...] = ()
    """SHA-256 of files that the records name and that were missing or damaged when it was made."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings that were not the default, without passwords and keys."""


def part_of(folder: Path, path: Path) -> Part:
    """Describe a file in the folder of a backup."""
    sha256, size = sha256_of_file(path)
    return Part(path.relative_to(folder).as_posix(), size, sha256)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest into the folder of its backup; it is on disk when this returns."""
    body = {"format": FORMAT} | asdict(manifest)
    write_whole(folder / MANIFEST, json.dumps(body | {"sha256": _digest(body)}, indent=1).encode() + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises BadBackup: it is missing, damaged, or of a later format.
    """
    path = folder / MANIFEST
    try:
        body: dict[str, Any] = json.loads(path.read_bytes())
        stated = body.pop("sha256")
        form = body.pop("format")
        if isinstance(form, int) and form > FORMAT:
            raise _too_new(folder)
        if stated != _digest({"format": form} | body):
            raise ValueError("it does not have the SHA-256 that it states")
        records, parts = Part(**body.pop("records")), tuple(Part(**each) for each in body.pop("parts"))
        return Manifest(**body | {"records": records, "parts": parts, "missing": tuple(body["missing"])})
    except FileNotFoundError as error:
        raise BadBackup(
            sentence("There is no whole backup in {folder}: it has no manifest.", folder=folder),
            try_next=sentence("Name the folder that was given to `pushcart backup`, or a dated folder in it."),
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup(
            sentence("The manifest {file} is damaged: {reason}.", file=path, reason=error),
            try_next=sentence("Use another backup: name its dated folder."),
        ) from error


def _too_new(folder: Path) -> BadBackup:
    return BadBackup(
        sentence(
            "The backup {folder} was made by a newer Pushcart, in a form that this one does not know.", folder=folder
        ),
        try_next=sentence("Install that Pushcart or a newer one, then restore again."),
    )


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def whole_backups(folder: Path) -> tuple[Path, ...]:
    """Return the folders of all whole backups in a folder, oldest first; whether they are damaged is not looked at."""
    found = (each.parent for each in folder.glob(f"*/{MANIFEST}"))
    return tuple(sorted(each for each in found if not each.name.endswith(UNFINISHED)))


def newest_backup(folder: Path) -> Path:
    """Return the newest whole backup in a folder, or the folder itself when it is one.

    Raises BadBackup: there is none.
    """
    if (folder / MANIFEST).exists() and not folder.name.endswith(UNFINISHED):
        return folder
    if whole := whole_backups(folder):
        return whole[-1]
    unfinished = folder.name.endswith(UNFINISHED) or any(folder.glob(f"*{UNFINISHED}"))
    raise BadBackup(
        sentence("The backup in {folder} was interrupted, and cannot be restored.", folder=folder)
        if unfinished
        else sentence("There is no backup in {folder}.", folder=folder),
        try_next=sentence(
            "`pushcart backup FOLDER` makes one; `pushcart restore` takes that folder, or a dated folder in it."
        ),
    )


def write_file_list(path: Path, files: Mapping[str, int]) -> None:
    """Write SHA-256 and size of files, one a line."""
    write_whole(path, "".join(f"{sha256} {size}\n" for sha256, size in sorted(files.items())).encode())


def read_file_list(folder: Path) -> dict[str, int]:
    """Return the files that a backup needs, sizes by SHA-256.

    Raises BadBackup: the list is missing or damaged.
    """
    path = folder / FILE_LIST
    try:
        lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
        return {sha256: int(size) for sha256, size in lines}
    except (OSError, ValueError) as error:
        raise damaged_part(path, error) from error


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Compare everything in the folder of a backup with its manifest.

    Raises BadBackup: something is missing or damaged.
    """
    for part in (manifest.records, *manifest.parts):
        path = folder / part.path
        try:
            found, _ = sha256_of_file(path)
        except OSError as error:
            raise damaged_part(path, error) from error
        if found != part.sha256:
            raise damaged_part(path, sentence("it is not what was backed up"))


def damaged_part(path: Path, reason: object) -> BadBackup:
    """Return the error that says that a file of a backup cannot be used."""
    return BadBackup(
        sentence("{file} in the backup is damaged: {reason}.", file=path, reason=reason),
        try_next=sentence("Use another backup: name its dated folder."),
    )


def pool_path(folder: Path, sha256: str) -> Path:
    """Return where the bytes of a file are, in the folder that holds all backups."""
    return folder / FILES / sha256[:2] / sha256
