"""Read a PDF page by page: pdfminer.six first, PDFium for the pages that it cannot read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import dict_value

from corpus.reasons import FailureKind
from corpus.types import FieldEvidence, Outcome, PageRanges, page_ranges
from nlp.reading import outcomes
from nlp.reading.declared import declared_evidence
from nlp.reading.first_pages import guessed_evidence
from nlp.reading.glyphs import unreadable_letters
from nlp.reading.interpreter import SpanDevice, TextInterpreter, page_spans
from nlp.reading.lines import Line, join_spans
from nlp.reading.meaning import is_meaningless
from nlp.reading.outcomes import CannotRead, ReadingEnding
from nlp.reading.page_box import seen_box
from nlp.reading.paragraphs import SeenWords, page_text
from nlp.reading.pdfium import Pdfium
from nlp.reading.printed_twice import without_repeated_lines
from nlp.zones.layout import PageLayout, layout_of

ENGINE = "pdfminer.six"

_MEANINGLESS_SHARE = 0.5
"""A page with more of them unreadable in both is as good as a picture: its text is not kept."""
_GAINED_SHARE = 0.3
"""PDFium's text counts where it has this share of the letters that pdfminer lost: it gives others and leaves some out."""
_LETTERS_OF_A_TEXT_PAGE = 16
"""A page that shows a picture and fewer letters than this (a stamp, a page number) counts as a scan."""
_CHARACTERS_COUNTED = 400
"""Of a page, to see whether it has so many letters."""
_FIRST_PAGES = 3
"""Title, abstract and identifiers are looked for on these."""
_TEXTLESS_SHARE = 0.2
"""The reason is given when more of the pages than this are pictures without text."""

OnPage = Callable[[str, int], None]
"""Called with the text of each page when it has been read, and how many pages the file says it has (0: unknown)."""


@dataclass(slots=True)
class ReadPdf:
    """What was read of a PDF; grows page by page."""

    texts: list[str] = field(default_factory=list)
    page_total: int = 0
    engines: dict[str, list[int]] = field(default_factory=dict)
    """Numbers of the pages by the engine that read them, 1-based."""
    textless: int = 0
    """Pages that show pictures and no text."""
    unreadable: int = 0
    """Pages whose fonts do not say what their letters are; their text is not kept."""
    in_doubt: list[int] = field(default_factory=list)
    """Numbers of the pages with letters that could not be read, those of `unreadable` included."""
    first_lines: list[list[Line]] = field(default_factory=list)
    layouts: list[PageLayout | None] = field(default_factory=list)
    """Where the lines of each page stand; None where they are unknown."""
    evidence: FieldEvidence = field(default_factory=dict)
    ending: ReadingEnding = field(default_factory=lambda: ReadingEnding(Outcome.READ))

    @property
    def engine(self) -> str:
        """Return what read it, most pages first: `pdfminer.six`, `pypdfium2`, or both with a plus sign between."""
        return "+".join(sorted(self.engines, key=lambda name: -len(self.engines[name]))) or ENGINE

    @property
    def page_engines(self) -> dict[str, PageRanges]:
        """Return the pages by what read them; empty when one engine read all."""
        return {name: page_ranges(pages) for name, pages in self.engines.items()} if len(self.engines) > 1 else {}


def read_pdf(path: Path, *, pages_max: int, on_page: OnPage) -> ReadPdf:
    """Return the pages of a PDF and what it says of itself.

    Raises CannotRead: it is locked, broken, or has no pages.
    """
    with ExitStack() as opened:
        read = ReadPdf()
        reader = _PageReader(path, opened.enter_context(path.open("rb")))
        opened.callback(reader.close)
        reader.open()
        read.page_total = reader.said_total
        for page in reader.pages():
            if len(read.texts) >= pages_max:
                read.page_total = max(reader.said_total, len(read.texts) + 1)
                read.ending = outcomes.too_many_pages(read.page_total, limit=pages_max)
                break
            _keep(page, read=read)
            on_page(page.text, max(read.page_total, len(read.texts)))
        else:
            read.page_total = len(read.texts)
        if not read.texts:
            raise CannotRead(outcomes.is_empty(FailureKind.NO_PAGES))
        read.evidence = _evidence(read, reader.document)
        if read.ending.outcome is Outcome.READ:
            read.ending = _ending(read)
        return read


@dataclass(slots=True)
class _ReadPage:
    text: str
    engine: str
    lines: list[Line] = field(default_factory=list)
    images: int = 0
    lost: int = 0
    """Characters that could not be read."""
    unreadable: bool = False
    """Whether it had no others worth keeping."""
    layout: PageLayout | None = None


def _keep(page: _ReadPage, *, read: ReadPdf) -> None:
    read.texts.append(page.text)
    read.layouts.append(page.layout if page.text else None)
    read.engines.setdefault(page.engine, []).append(len(read.texts))
    read.unreadable += page.unreadable
    if page.unreadable or page.lost:
        read.in_doubt.append(len(read.texts))
    read.textless += bool(page.images) and _letters(page.text[:_CHARACTERS_COUNTED]) < _LETTERS_OF_A_TEXT_PAGE
    if len(read.first_lines) < _FIRST_PAGES:
        read.first_lines.append(page.lines)


def _evidence(read: ReadPdf, document: PDFDocument | None) -> FieldEvidence:
    said = declared_evidence(document) if document is not None else {}
    guessed = guessed_evidence(read.first_lines, read.texts)
    return {name: (*said.get(name, ()), *guessed.get(name, ())) for name in {**said, **guessed}}


def _ending(read: ReadPdf) -> ReadingEnding:
    """Say how reading all pages ended: read, in part pictures, all pictures, or nothing at all."""
    total, blank = len(read.texts), read.textless + read.unreadable
    if not any(text.strip() for text in read.texts):
        if blank:
            return outcomes.is_scanned(total, unreadable=read.unreadable > read.textless)
        return outcomes.is_empty(FailureKind.NOTHING_ON_PAGES)
    if blank == total:
        return outcomes.is_scanned(total, unreadable=read.unreadable > read.textless)
    if blank > _TEXTLESS_SHARE * total:
        return outcomes.is_partly_scanned(blank, total=total)
    return ReadingEnding(Outcome.READ)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


class _PageReader:
    """Both engines on one file; PDFium is opened when the first page asks for it."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._words = SeenWords()
        self._pdfium: Pdfium | None = None
        self._pdfium_fails = False
        self.document: PDFDocument | None = None
        """None when pdfminer cannot open the file."""
        self.said_total = 0
        """Pages that the file says it has; it may lie."""
        resources = PDFResourceManager()
        self._device = SpanDevice(resources)
        self._interpreter = TextInterpreter(resources, self._device)

    def open(self) -> None:
        """Open the file. Raises CannotRead: neither engine can."""
        try:
            self.document = PDFDocument(PDFParser(self._file))
            self.said_total = _said_total(self.document)
        except MemoryError:
            raise
        except Exception:  # whatever a broken file makes pdfminer raise; PDFium says what is the matter
            self.document = None
            self._open_pdfium()

    def close(self) -> None:
        """Give the memory of PDFium back."""
        if self._pdfium is not None:
            self._pdfium.close()

    def pages(self) -> Iterator[_ReadPage]:
        """Yield all pages that can be reached."""
        number = 0
        for number, page in enumerate(self._pdfminer_pages(), start=1):
            yield self._read(page, number)
        # Where pdfminer finds no (further) pages, PDFium may.
        if self.document is None or (number < max(self.said_total, 1) and self._can_use_pdfium()):
            assert self._pdfium is not None
            for further in range(number + 1, self._pdfium.page_total + 1):
                yield _without_riddles(self._read_with_pdfium(further))

    def _pdfminer_pages(self) -> Iterator[PDFPage]:
        if self.document is None:
            return
        try:
            yield from PDFPage.create_pages(self.document)
        except MemoryError:
            raise
        except Exception:  # a broken page tree: PDFium continues from here
            return

    def _read(self, page: PDFPage, number: int) -> _ReadPage:
        read = self._read_by_either(page, number)
        if (box := seen_box(page)) is not None:
            read.layout = layout_of(read.text, read.lines, width=box.x1, height=box.y1)
        return read

    def _read_by_either(self, page: PDFPage, number: int) -> _ReadPage:
        try:
            lines = without_repeated_lines(join_spans(page_spans(page, interpreter=self._interpreter)))
            text = page_text(lines, words=self._words)
            raised = False
        except MemoryError:
            raise
        except Exception:  # whatever a broken page makes pdfminer raise
            lines, text, raised = [], "", True
        read = _ReadPage(text, ENGINE, lines, self._device.images)
        read.lost = unreadable_letters(text)
        if not (raised or read.lost or not text.strip() or is_meaningless(text)):
            return read
        if self._can_use_pdfium():
            other = self._read_with_pdfium(number)
            if _is_better(other, than=read):
                other.images = read.images
                read = other
        return _without_riddles(read)

    def _read_with_pdfium(self, number: int) -> _ReadPage:
        assert self._pdfium is not None
        lines = self._pdfium.lines(number)
        text = page_text(lines, words=self._words)
        images = 0 if text.strip() else self._pdfium.images(number)
        return _ReadPage(text, Pdfium.engine, lines, images, unreadable_letters(text))

    def _open_pdfium(self) -> None:
        if self._pdfium is None:
            self._pdfium = Pdfium(self._path)

    def _can_use_pdfium(self) -> bool:
        if not self._pdfium_fails:
            try:
                self._open_pdfium()
            except CannotRead:
                self._pdfium_fails = True
        return not self._pdfium_fails


def _said_total(document: PDFDocument) -> int:
    """Return how many pages the file says it has; 0 when it says nothing of the sort."""
    count = dict_value(document.catalog.get("Pages", {})).get("Count", 0)
    return count if isinstance(count, int) and 0 <= count < 10_000_000 else 0


def _is_better(other: _ReadPage, *, than: _ReadPage) -> bool:
    """Say whether what PDFium read of a page has letters that pdfminer lost, and not only others in their place."""
    if not than.text.strip():
        return bool(other.text.strip())
    if not _letters(other.text) or is_meaningless(other.text):
        return False
    if is_meaningless(than.text):
        return True
    fewer = than.lost - other.lost
    return fewer > 0 and _letters(other.text) - _letters(than.text) >= _GAINED_SHARE * fewer


def _without_riddles(page: _ReadPage) -> _ReadPage:
    """Return a page without its text when most of that is no language."""
    if page.lost > _MEANINGLESS_SHARE * len("".join(page.text.split())) or is_meaningless(page.text):
        page.text, page.lines, page.unreadable = "", [], True
    return page
