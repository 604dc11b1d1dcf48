"""A folder of hostile files with good ones between them, and what `pushcart add` makes of it.

Run: .venv/bin/python -m tests.attack.folder FOLDER [KIND...]     writes it, for a look; kinds: pdf text metadata name
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from tests.attack.hostile_metadata import ALONE, CANNOT_BE_MEANT, TABLES
from tests.attack.hostile_pdfs import hostile_pdfs
from tests.attack.hostile_texts import hostile_texts
from tests.attack.served import python_of
from tests.nlp.pdf_press import press, written

KINDS = ("pdf", "text", "metadata", "name")
GOOD_WORD = "goodquince"
"""Stands in every good file and in no other."""
SECRET_WORD = "secretmedlar"
"""Stands in a file outside the folder, to which links in the folder lead."""
_TAG = re.compile(r"hostile-[a-z]+\d\d")


@dataclass(frozen=True, slots=True)
class Laid:
    """A folder that was written."""

    folder: Path
    good: int
    """Good files in it."""
    hostile: tuple[str, ...]
    """The tag of each hostile thing: its path has it, and so has whatever is said of it."""
    to_be_named: frozenset[str]
    """Those of which the command itself must say something: that the text beside it was read is not enough."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of it."""

    exit_code: int | None
    """None: it did not end within the time, and was killed."""
    seconds: float
    mebibytes: float
    """Most memory of the command and all its processes together."""
    good_found: int
    without_outcome: tuple[str, ...]
    """Tags of hostile things of which neither the command nor `pushcart files` says anything."""
    links_followed: bool
    waiting: int
    """Documents that still wait to be made afterwards, and would be tried again for ever."""
    said: str
    """The end of what the command wrote to standard error."""


def lay(folder: Path, *, kinds: Collection[str] = KINDS, good: int = 20, only: Collection[str] = ()) -> Laid:
    """Write the folder.

    Args:
        only: parts of names; other hostile files are left out. Empty: all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, good + 1):
        _write_good(folder, number)
    tags: list[str] = []
    to_be_named: set[str] = set()
    for kind, name, write in _hostile(kinds):
        if only and not any(part in name for part in only):
            continue
        tags.append(f"hostile-{kind}{len(tags) + 1:02}")
        if name.removesuffix(".txt") in CANNOT_BE_MEANT:
            to_be_named.add(tags[-1])
        write(folder / f"{tags[-1]}-{name}")
    if "name" in kinds:
        tags += _lay_strange_names(folder)
    return Laid(folder, good, tuple(tags), frozenset(to_be_named))


def _hostile(kinds: Collection[str]) -> Iterator[tuple[str, str, Callable[[Path], None]]]:
    """Yield kind, name and writer of each hostile thing."""
    if "pdf" in kinds:
        yield from (("pdf", f"{name}.pdf", partial(_write, content)) for name, content in hostile_pdfs().items())
    if "text" in kinds:
        yield from (("text", name, partial(_write, content)) for name, content in hostile_texts().items())
    if "metadata" in kinds:
        yield from (("meta", f"{name}.txt", partial(_write_alone, content)) for name, content in ALONE.items())
        yield from (("meta", name, partial(_write_table, table, content)) for name, (table, content) in TABLES.items())


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _write_alone(content: bytes, path: Path) -> None:
    path.write_text(f"Waste pickers of Bogotá, {path.stem}.")
    path.with_name(f"{path.name}.json").write_bytes(content)


def _write_table(table: str, content: bytes, path: Path) -> None:
    path.mkdir()
    (path / f"{path.name}.txt").write_text(f"Home-based workers of Delhi, {path.name}.")
    (path / table).write_bytes(content.replace(b"{name}", f"{path.name}.txt".encode()))


def _write_good(folder: Path, number: int) -> None:
    line = f"Street vendors of market {number} sell {GOOD_WORD} and pay for their place."
    if number % 3 == 0:
        (folder / f"good-{number:02}.pdf").write_bytes(press(written(f"Report {number}", line)))
    elif number % 3 == 1:
        (folder / f"good-{number:02}.txt").write_text(line)
    else:
        page = f"<!doctype html><title>Report {number}</title><main><h1>Report {number}</h1><p>{line}</p></main>"
        (folder / f"good-{number:02}.html").write_text(page)


def _lay_strange_names(folder: Path) -> list[str]:
    """Write files whose names or kinds are strange; return the tags of those of which something must be said."""
    outside = folder.with_name(f"{folder.name}-outside")
    outside.mkdir(exist_ok=True)
    (outside / "secret.txt").write_text(f"The password of the vendors is {SECRET_WORD}.")
    for link, target in (
        ("link.txt", outside / "secret.txt"),
        ("link-folder", outside),
        ("loop", Path()),
        ("dead.txt", Path("no")),
    ):
        (folder / link).symlink_to(target)
    os.mkfifo(folder / "hostile-name01-pipe.txt")
    text = b"Domestic workers of Accra."
    names = (
        "hostile-name02-" + "a" * 236 + ".txt",
        unicodedata.normalize("NFD", "hostile-name03-économie São.txt"),
        "hostile-name04-\n\x1b[2J\u202e.txt",
        "hostile-name05-%2e%2e#?.txt",
        "hostile-name06-" + "é" * 115 + ".txt",
    )
    for name in names:
        (folder / name).write_bytes(text + name.encode()[:14])
    with suppress(OSError):  # a file system that takes only UTF-8
        Path(os.fsdecode(os.fsencode(folder) + b"/hostile-name07-\xff\xfe.txt")).write_bytes(text + b"7")
    return [f"hostile-name{number:02}" for number in range(1, 8)]


def add(laid: Laid, *, checkout: Path, data_dir: Path, seconds: float, **settings: str) -> Added:
    """Add the folder with the command of a checkout and look at what there is then."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
    environment = kept | {"PUSHCART_DATA_DIR": str(data_dir)} | settings
    out, errors = data_dir.with_suffix(".out"), data_dir.with_suffix(".err")
    command = [python_of(checkout), "-m", "pushcart"]
    began = time.monotonic()
    with out.open("wb") as to_out, errors.open("wb") as to_errors:
        process = subprocess.Popen(
            [*command, "add", laid.folder, "--json"],
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_errors,
            start_new_session=True,
        )
        peak = _watch(process, end=began + seconds)
    took = time.monotonic() - began
    said = errors.read_text(errors="replace")

    def ask(*words: str) -> str:
        done = subprocess.run(
            [*command, *words, "--json"], cwd=checkout, env=environment, capture_output=True, timeout=120, check=False
        )
        return done.stdout.decode(errors="replace")

    files = ask("files")
    told = set(_TAG.findall(out.read_text(errors="replace") + said))
    for row in _loaded(files, default=[]):
        told |= set(_TAG.findall(row["url"])) - laid.to_be_named if row.get("outcome") else set()
    good = _loaded(ask("search", GOOD_WORD, "--limit", "100"), default={})
    secret = _loaded(ask("search", SECRET_WORD), default={})
    status = _loaded(ask("status"), default={})
    return Added(
        exit_code=process.returncode if took < seconds else None,
        seconds=took,
        mebibytes=peak,
        good_found=sum(
            "/good-" in hit["url"] or "good" in hit["title"] or "Report" in hit["title"] for hit in good.get("hits", ())
        ),
        without_outcome=tuple(tag for tag in laid.hostile if tag not in told),
        links_followed=bool(secret.get("total")) or "secret.txt" in files,
        waiting=int(status.get("waiting", 0)),
        said=said[-1500:],
    )


def _watch(process: subprocess.Popen[bytes], *, end: float) -> float:
    """Wait for the end of a command, and kill it when its time is over; return its most memory in MiB."""
    peak, first = 0.0, psutil.Process(process.pid)
    while process.poll() is None:
        tree = []
        with suppress(psutil.Error):
            tree = [first, *first.children(recursive=True)]
        total = 0
        for each in tree:
            with suppress(psutil.Error):
                total += each.memory_info().rss
        peak = max(peak, total / 2**20)
        if time.monotonic() > end:
            for each in tree:
                with suppress(psutil.Error):
                    each.kill()
        time.sleep(0.1)
    return peak


def _loaded(text: str, *, default: list[dict[str, str]] | dict[str, str]) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return default


if __name__ == "__main__":
    print(lay(Path(sys.argv[1]), kinds=sys.argv[2:] or KINDS))
