"""An export of a very long result in each format, beside the plain walk over the same hits: time, memory, what is read back.

Usage: python -m benchmarks.export FOLDER [--documents 100000] [--pages 3] [--langs es fr] [--as-it-is]

Each format is written by a process of its own, so that its memory is its own. Memory that grows with the list would show
between a tenth of it and its end. Afterwards every record is read back by a library of others (rispy, bibtexparser, csv, json), and
its documents are compared with those of the walk, in their order. Every tenth title is hostile: formulas, braces, line breaks, the
end of a RIS record, signs that turn text. --as-it-is measures what the folder has, without adding to its store or index.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import bibtexparser
import rispy

from benchmarks.bulk import SEARCH, fill_in_bulk
from benchmarks.synthetic import invent_words
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.vocabulary import load_vocabulary
from search_api.answers.export.formats import FILES, ExportFormat
from search_api.answers.export.records import Exporter
from search_api.answers.export.writing import writer_of, written
from search_api.answers.walk import walk
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

_FORMULA = re.compile(r"[\s\"]*[=+\-@]|[\t\r]")
_WALK = "walk"


def main() -> None:
    asked = _arguments()
    if asked.one:
        _measure(asked.one, asked.folder, langs=asked.langs)
        return
    if not asked.as_it_is:
        _make(asked.folder, documents=asked.documents, pages=asked.pages)
    print(f"search {SEARCH}; load {os.getloadavg()[0]:.1f}")
    print("format      records  seconds      CPU  ms/record      MB   MiB at 1/10   at 1/2  at end   peak")
    for name in (_WALK, *asked.formats):
        command = [sys.executable, "-m", "benchmarks.export", str(asked.folder), "--one", name, "--langs", *asked.langs]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)
    print(f"load {os.getloadavg()[0]:.1f}; read back:")
    expected = _file(asked.folder, _WALK).read_text(encoding="utf-8").split()
    for kind in map(ExportFormat, asked.formats):
        _read_back(kind, _file(asked.folder, kind.value), expected)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of the store; made when it is not there")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=3, help="of each document, 300 words each (%(default)s)")
    parser.add_argument("--formats", nargs="+", default=[kind.value for kind in ExportFormat])
    parser.add_argument("--langs", nargs="*", default=[], help="a part of the documents: es fr is a quarter of them")
    parser.add_argument("--as-it-is", action="store_true")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _make(folder: Path, *, documents: int, pages: int) -> None:
    with _opened(folder) as (store, engine):
        file, vocabulary = folder / "pushcart.sqlite3", load_vocabulary()
        fill_in_bulk(store, documents, file=file, words=invent_words(), vocabulary=vocabulary, pages_each=pages)
        began = time.perf_counter()
        if done := bring_up_to_date(engine, store).documents:
            print(f"indexed {done} documents in {time.perf_counter() - began:.0f} s", flush=True)


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Store, SearchEngine]]:
    settings = Settings(data_dir=folder)
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:
        yield store, engine
    engine.close()


def _file(folder: Path, name: str) -> Path:
    return folder / f"export-{name}"


def _measure(name: str, folder: Path, *, langs: list[str]) -> None:
    """Write one list, and print what it cost."""
    with _opened(folder) as (store, engine), _file(folder, name).open("w", encoding="utf-8", newline="") as out:
        query, vocabulary = SearchQuery(text=SEARCH, langs=tuple(langs)), load_vocabulary()
        tree = parse(SEARCH, vocabulary=vocabulary).tree  # and warm: the words of four languages are read once
        total = engine.search(query, tree=tree, counted=False).total
        began, cpu, memory, count = time.perf_counter(), time.process_time(), [], 0

        def note(more: int) -> None:
            nonlocal count
            count += more
            if count * 10 // total > len(memory):
                memory.append(_mebibytes("VmRSS"))

        if name == _WALK:
            for hit in walk(query, engine=engine, store=store, vocabulary=vocabulary):
                out.write(f"{hit.id}\n")
                note(1)
        else:
            exporter = Exporter(engine, store, vocabulary, "https://pushcart.example", datetime.now(UTC).date())
            batches = (batch for batch in exporter.search(query) if note(len(batch)) is None)  # type: ignore[func-returns-value]
            for piece in written(batches, writer_of(ExportFormat(name))):
                out.write(piece)
        out.flush()
        seconds, busy = time.perf_counter() - began, time.process_time() - cpu
    size = _file(folder, name).stat().st_size / 1e6
    print(
        f"{name:<10} {count:>8} {seconds:>8.1f} {busy:>8.1f} {1000 * busy / max(1, count):>10.3f} {size:>7.1f}"
        f" {memory[0]:>13.0f} {memory[len(memory) // 2]:>8.0f} {memory[-1]:>7.0f} {_mebibytes('VmHWM'):>6.0f}"
    )


def _mebibytes(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


def _read_back(kind: ExportFormat, file: Path, expected: list[str]) -> None:
    began = time.perf_counter()
    found = _READERS[kind](file)
    lost, doubled = len(set(expected) - set(found)), len(found) - len(set(found))
    order = "the same order" if found == expected else "ANOTHER ORDER"
    seconds = time.perf_counter() - began
    print(
        f"  {kind.value:<9} .{FILES[kind].ending:<9} {len(found)} records read in {seconds:.0f} s,"
        f" lost {lost}, doubled {doubled}, {order}",
        flush=True,
    )


def _ids(keys: Iterator[str]) -> list[str]:
    return [key.rpartition("-")[2] for key in keys]


def _ris(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as opened:
        return _ids(record["id"] for record in rispy.load(opened))


def _bibtex(file: Path) -> list[str]:
    read = bibtexparser.parse_string(file.read_text(encoding="utf-8"))
    if read.failed_blocks:
        print(f"  bibtex: {len(read.failed_blocks)} blocks failed")
    return _ids(entry.key for entry in read.entries)


def _csl(file: Path) -> list[str]:
    return _ids(item["id"] for item in json.loads(file.read_text(encoding="utf-8")))


def _csv(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows, formulas, found = csv.DictReader(opened), 0, []
        for row in rows:
            formulas += sum(_FORMULA.match(value) is not None for value in row.values())
            found.append(row["id"])
    print(f"  csv: {formulas} cells that a spreadsheet would take for a formula")
    return found


def _lines(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as opened:
        return [json.loads(line)["id"] for line in opened]


_READERS: Mapping[ExportFormat, Callable[[Path], list[str]]] = {
    ExportFormat.RIS: _ris,
    ExportFormat.BIBTEX: _bibtex,
    ExportFormat.CSL_JSON: _csl,
    ExportFormat.CSV: _csv,
    ExportFormat.CSV_BOM: _csv,
    ExportFormat.JSON_LINES: _lines,
}


if __name__ == "__main__":
    main()
