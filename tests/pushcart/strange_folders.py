"""Folders as people have them: each of these makes one folder with a good document, `good.txt`, and something strange."""

from __future__ import annotations

import json
import os
import socket
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LONG_NAME = "n" * 247 + ".txt"
"""Of 251 bytes: with `.json` behind it, it is too long for a name."""
GOOD = "good.txt"


@dataclass(frozen=True, slots=True)
class Strange:
    """A folder to make, and what is to be said of it."""

    name: str
    make: Callable[[Path], None]
    remarks: tuple[str, ...] = ()
    """Kind of each remark, in any order."""
    more: tuple[str, ...] = ()
    """Names of files that are found beside the good one."""


def _link(name: str, target: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).symlink_to(target)


def _links_up_and_down(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a" / "to-b").symlink_to("../b")
    (folder / "b" / "to-a").symlink_to("../a")


def _many_links(folder: Path) -> None:
    for number in range(50):
        (folder / f"link-{number}").symlink_to(".")


def _linked_metadata(folder: Path) -> None:
    (folder / "metadata.csv").symlink_to("/etc/passwd")


def _socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("socket.txt")
    finally:
        os.chdir(here)


def _pipe(name: str) -> Callable[[Path], None]:
    return lambda folder: os.mkfifo(folder / name)


def _file(name: str | bytes, content: bytes = b"text") -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / os.fsdecode(name)).write_bytes(content)

    return make


def _two_tables(folder: Path) -> None:
    (folder / "metadata.csv").write_text("file,title\n")
    (folder / "metadata.json").write_text("[]")


def _deep(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    name = "deeper-still"
    for _ in range(400):  # longer than a path may be
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


LINKS = (
    Strange("a link to the folder itself", _link("self", "."), ("link",)),
    Strange("a link to the folder above", _link("up", ".."), ("link",)),
    Strange("a link to itself", _link("loop", "loop"), ("link",)),
    Strange("a link that leads nowhere", _link("nowhere.txt", "missing.txt"), ("link",)),
    Strange("a link to a file of the system", _link("passwd.txt", "/etc/passwd"), ("link",)),
    Strange("a link to a folder of the system", _link("etc", "/etc"), ("link",)),
    Strange("a link to a device", _link("zero.txt", "/dev/zero"), ("link",)),
    Strange("a link to the good file", _link("same.txt", GOOD), ("link",)),
    Strange("two folders with links to each other", _links_up_and_down, ("link", "link")),
    Strange("fifty links to the folder itself", _many_links, ("link",) * 50),
    Strange("a table of metadata that is a link", _linked_metadata, ("bad_table",)),
    Strange("metadata of the good file that is a link", _link("good.txt.json", "/etc/passwd"), ("bad_table",)),
    Strange("a hidden link", _link(".hidden", "/etc/passwd")),
)

OTHERS = (
    Strange("a pipe", _pipe("pipe.txt"), ("no_file",)),
    Strange("a table of metadata that is a pipe", _pipe("metadata.csv"), ("bad_table",)),
    Strange("metadata of the good file that is a pipe", _pipe("good.txt.json"), ("bad_table",)),
    Strange("a socket", _socket, ("no_file",)),
    Strange("an empty file", _file("empty.txt", b""), ("empty",), more=("empty.txt",)),
    Strange("an empty table", _file("metadata.csv", b""), ("bad_table",)),
    Strange("a name of 251 bytes", _file(LONG_NAME), more=(LONG_NAME,)),
    Strange("a name of 255 bytes", _file("é" * 125 + "n.txt"), more=("é" * 125 + "n.txt",)),
    Strange("a name that is no text", _file(b"odd-\xff.txt"), more=("odd-\udcff.txt",)),
    Strange("a name with a line end and colours", _file("a\n\x1b[31m.txt"), more=("a\n\x1b[31m.txt",)),
    Strange("folders in folders without end", _deep, ("unreadable",)),
    Strange("a folder that is called like a table", lambda folder: (folder / "metadata.csv").mkdir()),
    Strange("two tables", _two_tables, ("second_table",)),
    Strange("a table of lists in lists", _file("metadata.json", b"[" * 100_000), ("bad_table",)),
    Strange(
        "a table in another encoding",
        _file("metadata.csv", "file,title\ngood.txt,é\n".encode("latin-1")),
        ("bad_table",),
    ),
)

A_TITLE = "The title of the row"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, and the name of the file that is there."""

    row: str
    file: str
    is_matched: bool
    meant: str = ""
    """The file that the report asks about; empty: none."""


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


ROWS = (
    Row("économie São.txt", _decomposed("économie São.txt"), is_matched=True),
    Row(_decomposed("économie São.txt"), "économie São.txt", is_matched=True),
    Row(_decomposed("über.txt"), _decomposed("über.txt"), is_matched=True),
    Row("각.txt", _decomposed("각.txt"), is_matched=True),
    Row("./report.txt", "report.txt", is_matched=True),
    Row(" report.txt ", "report.txt", is_matched=True),
    Row("b.pdf", "a.txt", is_matched=False),
    Row("A.TXT", "a.txt", is_matched=False, meant="a.txt"),
    Row("Report.txt", "report.txt", is_matched=False, meant="report.txt"),
    Row("report", "report.txt", is_matched=False, meant="report.txt"),
    Row("reprot.txt", "report.txt", is_matched=False, meant="report.txt"),
    Row("report.pdf", "report.txt", is_matched=False, meant="report.txt"),
    Row("papers/report.txt", "report.txt", is_matched=False),
    Row("C:\\papers\\report.txt", "report.txt", is_matched=False),
    Row("*.txt", "report.txt", is_matched=False),
    Row("r" * 300, "report.txt", is_matched=False),
)


def make_table(folder: Path, row: Row, *, as_json: bool) -> None:
    """Make the file, and a table that speaks of what the row says."""
    (folder / row.file).write_text("text")
    if as_json:
        (folder / "metadata.json").write_text(json.dumps([{"file": row.row, "title": A_TITLE}]))
    else:
        (folder / "metadata.csv").write_text(f'file,title\n"{row.row}",{A_TITLE}\n')
