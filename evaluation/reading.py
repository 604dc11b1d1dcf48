"""How well and how fast PDFs are read: agreement with the publishers' own text, beside other readers in the same run."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any

from corpus.decoding import decoded
from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.settings import Settings
from nlp.reading import ReadRequest, read_files
from nlp.reading.baselines import pdfium_pages, pdfminer_pages

PUSHCART, PDFIUM, PDFMINER = "pushcart", "pypdfium2", "pdfminer.six"

_WORD = re.compile(r"[^\W_]+")
_LAM_ALEF = re.compile("\u0644([\u0627\u0623\u0625\u0622])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class ReaderRun:
    """What one reader made of all files."""

    name: str
    pages: Mapping[str, tuple[str, ...]]
    """Texts of the pages by the name of the file, without its ending; none for a file that it cannot read."""
    seconds: float
    """Of all files, with as many processes as every other reader has."""

    @property
    def pages_per_second(self) -> float:
        """Return how fast it was; 0 when it read nothing."""
        return sum(map(len, self.pages.values())) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """Readers on the same files."""

    runs: tuple[ReaderRun, ...]
    """Pushcart first."""
    agreements: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """File -> F1 of each reader, 0 to 1, in the order of `runs`; only files with a text to compare with."""

    def mean(self, place: int) -> float:
        """Return the mean over files of the reader at this place; 0 when there are none."""
        return fmean(each[place] for each in self.agreements.values()) if self.agreements else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return Pushcart's figures."""
        return {
            "files": [{"name": name, "f1": round(each[0], 4)} for name, each in self.agreements.items()],
            "mean_f1": round(self.mean(0), 4),
            "pages_per_second": round(self.runs[0].pages_per_second, 1),
        }


def evaluate_reading(pdfs: Path, texts: Path, *, settings: Settings, others: bool) -> ReadingReport:
    """Read all PDFs of a folder and compare them with the texts of the same names.

    Args:
        others: whether pypdfium2 and pdfminer.six read them too; the latter takes several times as long as Pushcart.

    Raises BadInput: there are no PDFs, or none of them has a text.
    """
    paths = {path.stem: path for path in sorted(pdfs.rglob("*.pdf"))}
    truths = {name: texts / f"{name}.txt" for name in paths if (texts / f"{name}.txt").is_file()}
    if not truths:
        raise BadInput(
            sentence("No PDF in {folder} has a text of the same name in {texts}.", folder=pdfs, texts=texts),
            try_next=sentence("For report.pdf there has to be a report.txt."),
        )
    runs = [_read_with_pushcart(paths, settings=settings)]
    if others:
        runs += [
            _read_with(reader, paths, name=name, workers=settings.worker_count) for name, reader in _READERS.items()
        ]
    agreements = {}
    for name, path in truths.items():
        truth = decoded(path.read_bytes())
        agreements[name] = tuple(word_agreement("\n".join(run.pages.get(name, ())), truth) for run in runs)
    return ReadingReport(tuple(runs), agreements)


def word_agreement(text: str, truth: str) -> float:
    """Return the F1 of the words of two texts as bags, 0 to 1.

    Words are letters and digits, in small letters and NFKC. Two faults of publishers' texts count for nobody: a word that the
    text breaks at a line end and the reader has whole, and lam and alef in the wrong order, which a ligature leaves behind.
    """
    read, told = _bag(text), _bag(truth)
    both = (read & told).total()
    more, less = read - told, told - read
    for word, count in more.items():
        for place in range(1, len(word)):
            first, second = word[:place], word[place:]
            found = min(count, less[first], less[second]) if first != second else min(count, less[first] // 2)
            if found > 0:
                less[first] -= found
                less[second] -= found
                told[first] -= found
                told[second] -= found
                told[word] += found
                both += found
                count -= found
    return 2 * both / max(read.total() + told.total(), 1)


def lacking_numbers(run: ReaderRun, *, beside: ReaderRun) -> Iterator[tuple[str, int, Counter[str], Counter[str]]]:
    """Yield file, page (1-based), numbers that only the other reader has on it, and those that only this one has."""
    for name, pages in beside.pages.items():
        own = run.pages.get(name, ())
        for place, page in enumerate(pages):
            here, there = _numbers(own[place] if place < len(own) else ""), _numbers(page)
            if lacking := there - here:
                yield name, place + 1, lacking, here - there


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def _bag(text: str) -> Counter[str]:
    return Counter(map(_folded, _WORD.findall(unicodedata.normalize("NFKC", text).lower())))


def _folded(word: str) -> str:
    while (folded := _LAM_ALEF.sub("\\1\u0644", word)) != word:
        word = folded
    return word


def _read_with_pushcart(paths: Mapping[str, Path], *, settings: Settings) -> ReaderRun:
    names = {hashlib.sha256(path.read_bytes()).hexdigest(): name for name, path in paths.items()}
    requests = [ReadRequest(sha256, paths[name], "application/pdf") for sha256, name in names.items()]
    started = time.perf_counter()
    read = {names[each.sha256]: each for each in read_files(requests, settings=settings)}
    seconds = time.perf_counter() - started
    return ReaderRun(PUSHCART, {name: tuple(page.text for page in each.pages) for name, each in read.items()}, seconds)


def _read_with(reader: Callable[[Path], list[str]], paths: Mapping[str, Path], *, name: str, workers: int) -> ReaderRun:
    """Return what another reader makes of all files; the time in which its processes start is not counted."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(reader, list(paths.values())[:workers]))
        started = time.perf_counter()
        read = dict(zip(paths, map(tuple, pool.map(reader, paths.values())), strict=True))
        return ReaderRun(name, read, time.perf_counter() - started)


_READERS: Mapping[str, Callable[[Path], list[str]]] = {PDFIUM: pdfium_pages, PDFMINER: pdfminer_pages}
