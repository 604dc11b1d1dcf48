"""Make documents from originals, as repositories, scanners and publishers change them: by name of the step, by seed, and
never by the code that is measured. Each step takes and gives bytes and a suffix; the same seed makes the same text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO
from time import gmtime, strftime
from typing import Any

import pypdfium2
from reportlab.lib.pagesizes import A4, A5, letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.judged.works import noise

_SIZES = {"A4": A4, "A5": A5, "letter": letter}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_MARKDOWN = re.compile(r"^(?:#+|>)\s+")
_SCAN_SCALE = 1.2
"""Of 72 dots an inch: enough for a person."""
_MADE = gmtime(1_763_136_000)
"""When made files say they were made, after all their originals: the clock would give other bytes each time."""
_STAMP = strftime("%Y%m%d%H%M%S", _MADE).encode()


@dataclass(frozen=True, slots=True)
class Material:
    """A document on its way."""

    content: bytes
    suffix: str
    title: str = ""
    """As it will be catalogued; covers and HTML pages print it."""

    def pages(self) -> list[str]:
        """Return the text of each page, by PDFium; a text file is parted at its form feeds."""
        if self.suffix != "pdf":
            return self.content.decode("utf-8", "replace").split("\f")
        document = pypdfium2.PdfDocument(self.content)
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]

    def of_pages(self, pages: Sequence[str]) -> Material:
        """Return it as a text file of other pages."""
        return replace(self, content="\f".join(pages).encode(), suffix="txt")


Step = Callable[..., Material]


def make(material: Material, steps: Sequence[Mapping[str, Any]]) -> Material:
    """Return what a row of steps makes of a document: each is `{"step": name, ...arguments}`."""
    for step in steps:
        arguments = {name: value for name, value in step.items() if name != "step"}
        material = STEPS[step["step"]](material, **arguments)
    return material


def plain(given: Material) -> Material:
    """Leave out control characters, for which Pushcart takes a text file as binary; nothing else changes."""
    return given.of_pages([_CONTROL.sub("", page) for page in given.pages()])


def resave(given: Material) -> Material:
    """Save a PDF by another program: other bytes, no properties, the same pages."""
    return _saved(given, [pypdfium2.PdfDocument(given.content)])


def pages(given: Material, *, first: int, last: int) -> Material:
    """Keep some pages (1-based, both ends included): a chapter or a summary as a file of its own."""
    if given.suffix != "pdf":
        return given.of_pages(given.pages()[first - 1 : last])
    kept = pypdfium2.PdfDocument.new()
    document = pypdfium2.PdfDocument(given.content)
    kept.import_pages(document, list(range(first - 1, min(last, len(document)))))
    return _saved(given, [kept])


def cut(given: Material, *, share: float) -> Material:
    """Keep the beginning: a download that stopped. `share`: of the pages of a PDF, or of the characters of a text."""
    if given.suffix == "pdf":
        total = len(pypdfium2.PdfDocument(given.content))
        return pages(given, first=1, last=max(1, round(total * share)))
    return replace(given, content=given.content[: round(len(given.content) * share)])


def part(given: Material, *, start: float, end: float) -> Material:
    """Keep the text from one share of its characters to another, whole words: a chapter of a text without pages."""
    whole = "\f".join(given.pages())
    first, last = (whole.find(" ", round(len(whole) * share)) if 0 < share < 1 else None for share in (start, end))
    return given.of_pages([whole[first:last].strip()])


def cover(given: Material, *, seed: int, style: str) -> Material:
    """Put the cover page of a repository before it. `style`: `repository`, `aggregator` or `press`."""
    lines = noise.cover_lines(style, title=given.title, random=random.Random(seed))
    if given.suffix != "pdf":
        return given.of_pages(["\n".join(lines), *given.pages()])
    first = pypdfium2.PdfDocument(_pdf(["\n".join(lines)], size="A4", points=11, columns=1))
    return _saved(given, [first, pypdfium2.PdfDocument(given.content)])


def front(given: Material, *, seed: int, leave_out: int) -> Material:
    """Put other front matter in the place of the first pages: title page, imprint and foreword of another publisher."""
    lines = noise.front_matter(title=given.title, random=random.Random(seed))
    return given.of_pages([*lines, *given.pages()[leave_out:]])


def reflow(given: Material, *, size: str, points: int, columns: int = 1) -> Material:
    """Set the text anew as a PDF: another size of page, other lines and pages."""
    texts = [paragraph for page in given.pages() for paragraph in paragraphs(page)]
    return replace(given, content=_pdf(["\n\n".join(texts)], size=size, points=points, columns=columns), suffix="pdf")


def html(given: Material, *, site: str) -> Material:
    """Set the text as a web page of a site, with its menu and foot."""
    body = "\n".join(f"<p>{escape(text)}</p>" for page in given.pages() for text in paragraphs(page))
    page = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(given.title)} | {escape(site)}</title></head>"
        f"<body><nav><ul><li>Home</li><li>Publications</li><li>About us</li><li>Contact</li></ul></nav>"
        f"<main><article><h1>{escape(given.title)}</h1>{body}</article></main>"
        f"<footer><p>© {escape(site)}. Terms of use. Privacy. Subscribe to our newsletter.</p></footer></body></html>"
    )
    return replace(given, content=page.encode(), suffix="html")


def text(given: Material, *, width: int = 0) -> Material:
    """Make it a text file. `width`: characters of a line; 0 keeps the lines and pages."""
    if not width:
        return given.of_pages(given.pages())
    wrapped = (noise.wrapped(each, width) for page in given.pages() for each in paragraphs(page))
    return given.of_pages(["\n\n".join(wrapped)])


def scan(given: Material, *, count: int) -> Material:
    """Make the first pages pictures: a scan without text."""
    document = pypdfium2.PdfDocument(given.content)
    pictures = [document[at].render(scale=_SCAN_SCALE).to_pil().convert("L") for at in range(min(count, len(document)))]
    written = BytesIO()
    pictures[0].save(
        written, "PDF", save_all=True, append_images=pictures[1:], resolution=86, creationDate=_MADE, modDate=_MADE
    )
    return replace(given, content=written.getvalue(), suffix="pdf")


def drawn(given: Material, *, lines: Sequence[str]) -> Material:
    """Make a front page with a few lines, as a picture without text."""
    return scan(
        replace(given, content=_pdf(["\n\n".join(lines)], size="A4", points=20, columns=1), suffix="pdf"), count=1
    )


def ocr(given: Material, *, seed: int, rate: float) -> Material:
    """Misread letters, spaces and line ends as text recognition does. `rate`: of the letters."""
    chance = random.Random(seed)
    return given.of_pages([noise.misread(page, rate=rate, random=chance) for page in given.pages()])


def numbers(given: Material, *, seed: int, rate: float, years: int = 0) -> Material:
    """Change that share of the numbers of two and more digits; move all years by so many: the next issue of a bulletin."""
    chance = random.Random(seed)
    return given.of_pages([noise.renumbered(page, rate=rate, years=years, random=chance) for page in given.pages()])


def revise(given: Material, *, seed: int, rate: float, note: str) -> Material:
    """Leave out, join and reword that share of the sentences, with a note in front: a second edition."""
    chance = random.Random(seed)
    revised = [noise.revised(page, rate=rate, random=chance) for page in given.pages()]
    return given.of_pages([f"{given.title}\n\n{note}\n", *revised])


def swap(given: Material, *, words: Mapping[str, str], seed: int, rate: float) -> Material:
    """Put other names in the place of names, and other numbers: the same template filled in for another country."""
    swapped = [noise.with_words(page, words) for page in given.pages()]
    return numbers(given.of_pages(swapped), seed=seed, rate=rate)


def press(given: Material, *, seed: int, sentences: int) -> Material:
    """Make a press release of it: its title, some of its sentences quoted, and what such releases say."""
    return given.of_pages(
        [noise.press_release(given.pages(), title=given.title, sentences=sentences, random=random.Random(seed))]
    )


def paragraphs(page: str) -> Iterator[str]:
    """Yield the paragraphs of a page: lines joined until a blank one, or one much shorter than its page's lines."""
    lines = [_MARKDOWN.sub("", line.strip()) for line in page.split("\n")]
    usual = sorted(map(len, lines))[len(lines) * 9 // 10] if lines else 0
    open_lines: list[str] = []
    for line in [*lines, ""]:
        if line:
            open_lines.append(line)
        if open_lines and (not line or len(line) < usual * 0.6):
            yield " ".join(open_lines)
            open_lines = []


def _saved(given: Material, documents: Sequence[pypdfium2.PdfDocument]) -> Material:
    together = pypdfium2.PdfDocument.new()
    for document in documents:
        together.import_pages(document)
    written = BytesIO()
    together.save(written)
    # PDFium writes the time into properties and identifier of the file: fixed ones keep the bytes the same.
    content = re.sub(rb"/ID ?\[<[0-9A-Fa-f]+> ?<[0-9A-Fa-f]+>\]", _fixed_id, written.getvalue())
    content = re.sub(rb"CreationDate\(D:\d{14}", b"CreationDate(D:" + _STAMP, content)
    return replace(given, content=content, suffix="pdf")


def _fixed_id(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)", b"0", found[0])


def _pdf(texts: Sequence[str], *, size: str, points: int, columns: int) -> bytes:
    written = BytesIO()
    canvas = Canvas(written, pagesize=_SIZES[size], invariant=1)
    width, height = _SIZES[size]
    margin = 50
    measure = (width - 2 * margin - 20 * (columns - 1)) / columns
    for each in texts:
        column, down = 0, height - margin
        canvas.setFont("Times-Roman", points)
        for line in _set_lines(each, measure=measure, points=points):
            if down < margin:
                column, down = column + 1, height - margin
            if column == columns:
                canvas.showPage()
                canvas.setFont("Times-Roman", points)
                column = 0
            canvas.drawString(margin + column * (measure + 20), down, line)
            down -= points * 1.3
        canvas.showPage()
    canvas.save()
    return written.getvalue().replace(b"D:20000101000000", b"D:" + _STAMP)


def _set_lines(text: str, *, measure: float, points: int) -> Iterator[str]:
    """Yield lines that fit, an empty one after each paragraph. Letters that the font lacks are left out."""
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.encode("cp1252", "ignore").decode("cp1252").split():
            longer = f"{line} {word}" if line else word
            if line and stringWidth(longer, "Times-Roman", points) > measure:
                yield line
                longer = word
            line = longer
        yield line


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        *(
            plain,
            resave,
            pages,
            cut,
            part,
            cover,
            front,
            reflow,
            html,
            text,
            scan,
            drawn,
            ocr,
            numbers,
            revise,
            swap,
            press,
        ),
    )
}
"""By the name that the rows of documents use."""
