"""How fast and how well Pushcart reads PDFs, beside pdfminer.six's own `extract_text` and PDFium in the same run.

    python -m benchmarks.reading PDF_FOLDER [--texts FOLDER] [--workers 2] [--without-baselines]

Prints a table of outcomes, pages per second of each reader (same number of processes), peak memory of parent and reading
processes together, the slowest files, and, with `--texts`, the agreement with the publisher's own text of each `name.pdf` that
has a `name.txt`, as `pushcart evaluate reading` measures it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psutil

from corpus.decoding import decoded
from corpus.settings import Settings
from corpus.types import Reading
from evaluation.reading import PDFIUM, PDFMINER, word_agreement
from nlp.reading import ReadRequest, read_files
from nlp.reading.baselines import pdfium_pages, pdfminer_pages


class MemoryWatch:
    """Notes the most memory that this process and all below it hold together (proportional set size, MiB)."""

    def __enter__(self) -> MemoryWatch:
        self.peak = 0.0
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stops.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stops.wait(0.1):
            this = psutil.Process(os.getpid())
            held = 0
            for process in (this, *this.children(recursive=True)):
                try:
                    held += process.memory_full_info().pss
                except (psutil.Error, AttributeError):
                    continue
            self.peak = max(self.peak, held / 2**20)


def read_with_pushcart(paths: Sequence[Path], *, settings: Settings) -> dict[Path, Reading]:
    """Read files as `pushcart` does."""
    by_sha256 = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in paths}
    requests = [ReadRequest(sha256, path, "application/pdf") for sha256, path in by_sha256.items()]
    return {by_sha256[reading.sha256]: reading for reading in read_files(requests, settings=settings)}


def run_baseline(
    reader: Callable[[Path], list[str]], paths: Sequence[Path], *, workers: int
) -> tuple[float, dict[Path, list[str]]]:
    """Return seconds and what a baseline read, in as many processes as Pushcart has."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(reader, paths[:workers]))  # libraries are loaded
        started = time.perf_counter()
        read = dict(zip(paths, pool.map(reader, paths), strict=True))
        return time.perf_counter() - started, read


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the reading of PDFs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=Path, help="folder with the publisher's own text of some files")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--without-baselines", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    settings = Settings(workers=arguments.workers)
    with MemoryWatch() as watch:
        started = time.perf_counter()
        readings = read_with_pushcart(paths, settings=settings)
        seconds = time.perf_counter() - started
    pages = sum(len(reading.pages) for reading in readings.values())
    print(f"{len(paths)} files, {pages:,} pages, {arguments.workers} processes; peak memory {watch.peak:,.0f} MiB")
    print("outcomes:", dict(Counter(reading.outcome.value for reading in readings.values()).most_common()))
    for path, reading in sorted(readings.items(), key=lambda item: -item[1].seconds)[:3]:
        print(f"  slowest: {reading.seconds:6.2f} s  {len(reading.pages):5} pages  {path.name}")
    print(f"{'pushcart':12} {pages / seconds:8.0f} pages/s  {seconds:7.2f} s  (its processes started in this time)")
    texts = {path: "\n".join(page.text for page in reading.pages) for path, reading in readings.items()}
    everyone: dict[str, dict[Path, str]] = {"pushcart": texts}
    if not arguments.without_baselines:
        for name, reader in ((PDFIUM, pdfium_pages), (PDFMINER, pdfminer_pages)):
            took, read = run_baseline(reader, paths, workers=arguments.workers)
            count = sum(map(len, read.values()))
            print(f"{name:12} {count / took:8.0f} pages/s  {took:7.2f} s  ({took / seconds:.1f} times as long)")
            everyone[name] = {path: "\n".join(pages) for path, pages in read.items()}
    if arguments.texts:
        print_agreement(everyone, arguments.texts)


def print_agreement(everyone: dict[str, dict[Path, str]], folder: Path) -> None:
    """Print how far each reader agrees with the publisher's own text."""
    print("agreement with the publisher's text (F1 of bags of words):", *everyone)
    for path in sorted(next(iter(everyone.values()))):
        truth = folder / f"{path.stem}.txt"
        if truth.is_file():
            told = decoded(truth.read_bytes())
            print("  ", *(f"{word_agreement(texts[path], told):.3f}" for texts in everyone.values()), path.name[:60])


if __name__ == "__main__":
    main()
