"""Whether every stored file has the bytes that its name promises, and every file of the records is there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from corpus.checking.findings import CheckFinding, FindingKind
from corpus.durable import sha256_of
from corpus.errors import FileMissing
from corpus.files import FileStore
from corpus.messages import sentence

_AGAIN = sentence(
    "Copy it from a backup (its folder `files`), or run `pushcart harvest` or `add` again for its source."
)
OnFile = Callable[[], object]


def check_files(
    files: FileStore, wanted: Callable[[], Collection[str]] | None, *, on_file: OnFile = lambda: None
) -> Iterator[CheckFinding]:
    """Yield what is wrong with stored files.

    Args:
        files: every one is read.
        wanted: gives the SHA-256 of every file that the records name, now; None: the records cannot be read.
        on_file: told after each file.
    """
    seen: set[str] = set()
    orphans: list[str] = []
    named = set(wanted()) if wanted else set()
    for name, place in files.entries():
        if not _is_sha256(name):
            yield _strange(place)
            continue
        seen.add(name)
        yield from _check_file(files, name, place)
        on_file()
        if wanted and name not in named:
            orphans.append(name)
    if not wanted:
        return
    now = set(wanted())  # harvests go on: what came meanwhile is no fault
    for sha256 in sorted((named & now) - seen):
        if not files.has(sha256):
            yield CheckFinding(
                FindingKind.FILE_MISSING,
                sha256,
                sentence("The file {file} is in the records, and missing.", file=sha256),
                _AGAIN,
            )
    for sha256 in orphans:
        if sha256 not in now and files.has(sha256):
            yield CheckFinding(
                FindingKind.FILE_ORPHAN,
                sha256,
                sentence("No record names the file {file}.", file=sha256),
                sentence(
                    "It does no harm: a command that was interrupted left it, or a backup is older. It may be deleted."
                ),
            )


def _is_sha256(name: str) -> bool:
    return len(name) == 64 and not name.strip("0123456789abcdef")


def _check_file(files: FileStore, sha256: str, place: str) -> Iterator[CheckFinding]:
    try:
        with files.opened(sha256) as file:
            found, _ = sha256_of(file)
    except FileMissing:
        if files.local_file(sha256) is None or place != f"{sha256[:2]}/{sha256}":
            yield _strange(place)
        return  # else removed meanwhile
    except OSError as error:
        yield CheckFinding(
            FindingKind.FILE_UNREADABLE,
            sha256,
            sentence("The file {file} cannot be read: {reason}.", file=place, reason=error.strerror or error),
            sentence("Check the disk, and give the user that runs Pushcart the right to read it."),
        )
        return
    if found != sha256:
        yield CheckFinding(
            FindingKind.FILE_DAMAGED,
            sha256,
            sentence("The file {file} is damaged: its SHA-256 is {found}.", file=place, found=f"{found[:12]}…"),
            sentence("Delete it, then copy it from a backup (its folder `files`), or harvest or add it again."),
        )


def _strange(place: str) -> CheckFinding:
    return CheckFinding(
        FindingKind.FILE_STRANGE,
        place,
        sentence("{file} in the folder of stored files is not Pushcart's.", file=place),
        sentence("Move it elsewhere."),
    )
