"""How right the zones of pages are, by labels that someone gave to their lines.

Labels hold no text: of each line its length and a checksum of its letters and digits, by which it is found again in what was
read of the page. So they can be kept where the documents themselves may not be."""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from corpus.settings import Settings
from corpus.tag_rules import Zone
from corpus.types import Page
from nlp.reading import ReadingLimits, ReadRequest
from nlp.reading.reader import read_file
from nlp.zones import with_zones

LOST = "lost"
"""Kind of a line that is not in what was read."""
_AS_LABELLED = {Zone.BOILERPLATE: "imprint", Zone.ABSTRACT: "body", Zone.KEYWORDS: "body"}
"""Zones of ours that labels have no word of their own for."""


class LabelledLine(NamedTuple):
    """A line of a page, as someone sees it."""

    length: int
    """Letters and digits, folded."""
    checksum: int
    """CRC 32 of them."""
    kind: str
    """A value of Zone."""
    also: tuple[str, ...] = ()
    """Kinds that are right too."""


@dataclass(frozen=True)
class LabelledPage:
    """A page whose lines someone labelled."""

    sha1: str
    """Of the file."""
    number: int
    """1-based."""
    lines: tuple[LabelledLine, ...]


@dataclass
class ZoneReport:
    """How right zones are."""

    right: Counter[str] = field(default_factory=Counter)
    """Lines by the kind found for them, where it is one that is right."""
    wrong: Counter[str] = field(default_factory=Counter)
    """Lines by the kind found for them, where it is none that is right."""
    missed: Counter[str] = field(default_factory=Counter)
    """The same lines by the kind that they are labelled with."""
    mistakes: list[tuple[str, int, int, str, str]] = field(default_factory=list)
    """SHA-1, page, number of the line (0-based), kind found, kind labelled."""

    @property
    def lines(self) -> int:
        """Return how many lines were looked at."""
        return self.right.total() + self.wrong.total()

    @property
    def accuracy(self) -> float:
        """Return the share of lines whose zone is right, 0 to 1."""
        return self.right.total() / max(self.lines, 1)

    def precision(self, kind: str) -> float:
        """Return the share of lines found as a kind that are of it, 0 to 1; 1 when none was found."""
        found = self.right[kind] + self.wrong[kind]
        return self.right[kind] / found if found else 1.0

    def recall(self, kind: str) -> float:
        """Return the share of lines of a kind that were found as it, 0 to 1; 1 when there is none."""
        there = self.right[kind] + self.missed[kind]
        return self.right[kind] / there if there else 1.0


def folded(text: str) -> str:
    """Return the letters and digits of a text in small letters, by which a line is found again."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


def labels_of(rows: Iterable[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """Yield labels without their texts, as they are kept, from `{sha1, page, lines: [[text, kind]], also: {number: [kind]}}`."""
    for row in rows:
        lines, also = row["lines"], row.get("also") or {}
        assert isinstance(lines, list)
        assert isinstance(also, dict)
        kept: list[list[object]] = []
        for number, (text, kind) in enumerate(lines):
            letters = folded(text)
            further = also.get(str(number), [])
            kept.append([len(letters), zlib.crc32(letters.encode()), kind, *([further] if further else [])])
        yield {"sha1": row["sha1"], "page": row["page"], "lines": kept}


def read_labels(path: Path) -> tuple[LabelledPage, ...]:
    """Return the labelled pages of a file of JSON lines, as `labels_of` gives them."""
    pages: list[LabelledPage] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        lines = tuple(
            LabelledLine(length, checksum, kind, tuple(also[0]) if also else ())
            for length, checksum, kind, *also in row["lines"]
        )
        pages.append(LabelledPage(row["sha1"], row["page"], lines))
    return tuple(pages)


def files_by_sha1(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the PDFs of folders by the SHA-1 of their bytes."""
    paths = (path for folder in folders for path in sorted(folder.rglob("*.pdf")))
    return {hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest(): path for path in paths}


def measure(labelled: Sequence[LabelledPage], files: Mapping[str, Path], *, by_text: bool = False) -> ZoneReport:
    """Read the files that are there, and compare the zones of their pages with labels; other labels are left out.

    Args:
        by_text: find the zones again by words alone.
    """
    report = ZoneReport()
    by_file: dict[str, list[LabelledPage]] = defaultdict(list)
    for each in labelled:
        if each.sha1 in files:
            by_file[each.sha1].append(each)
    limits = ReadingLimits.of(Settings())
    for sha1, several in by_file.items():
        pages = read_file(ReadRequest("0" * 64, files[sha1], "application/pdf"), limits=limits).pages
        if by_text:
            pages = with_zones([replace(page, zones=None) for page in pages])
        for one in several:
            compare(one, pages[one.number - 1], report=report)
    return report


def compare(labelled: LabelledPage, page: Page, *, report: ZoneReport) -> None:
    """Add to a report how right the zones of one page are."""
    found = kinds_found(labelled.lines, page)
    for number, (line, kind) in enumerate(zip(labelled.lines, found, strict=True)):
        if not line.length:  # signs only: nothing to find it by
            continue
        if kind == line.kind or kind in line.also:
            report.right[kind] += 1
        else:
            report.wrong[kind] += 1
            report.missed[line.kind] += 1
            report.mistakes.append((labelled.sha1, labelled.number, number, kind, line.kind))


def kinds_found(lines: Sequence[LabelledLine], page: Page) -> list[str]:
    """Return the kind in which each line is on a page as it was read; LOST when it is not there.

    Long lines are looked for first, and no letter is taken twice: so a short one is not found inside another.
    """
    letters, kinds, starts = _letters(page)
    found = [LOST] * len(lines)
    taken = bytearray(len(letters))
    for number in sorted(range(len(lines)), key=lambda each: -lines[each].length):
        line = lines[number]
        if line.length and (at := _place(line, letters, taken, starts)) >= 0:
            taken[at : at + line.length] = b"\1" * line.length
            found[number] = Counter(kinds[at : at + line.length]).most_common(1)[0][0]
    return found


def _letters(page: Page) -> tuple[str, list[str], frozenset[int]]:
    """Return the folded letters of a page, the kind of each, and where words begin among them."""
    letters: list[str] = []
    kinds: list[str] = []
    starts: set[int] = set()
    for zone, start, end in page.zones or ():
        kind = _AS_LABELLED.get(zone, zone.value)
        for word in page.text[start:end].split():
            starts.add(len(kinds))
            letters.append(folded(word))
            kinds += [kind] * len(letters[-1])
    starts.add(len(kinds))
    return "".join(letters), kinds, frozenset(starts)


def _place(line: LabelledLine, letters: str, taken: bytearray, starts: frozenset[int]) -> int:
    """Return where a line is among the letters of a page: best between ends of words; -1: nowhere."""
    best = -1
    for at in range(len(letters) - line.length + 1):
        is_whole = at in starts and at + line.length in starts
        if not is_whole and best >= 0:
            continue
        if zlib.crc32(letters[at : at + line.length].encode()) != line.checksum or any(taken[at : at + line.length]):
            continue
        if is_whole:
            return at
        best = at
    return best
