"""Set a sample publication as a PDF with reportlab; the same publication always gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    TableStyle,
)
from reportlab.platypus import PageBreak as PageBreakFlowable
from reportlab.platypus import Paragraph as ParagraphFlowable
from reportlab.platypus import Table as TableFlowable

from demo.blocks import Block, Bullets, Heading, PageBreak, Paragraph, Role, Table, inline_markup
from demo.publication import PUBLISHER, FileInfo, Making, Publication
from demo.scan import make_scan
from demo.texts import SiteWording, wording_of

_MARGIN = 22 * mm
_GUTTER = 7 * mm
_HEAD_HEIGHT = 82 * mm
"""Height of title and abstract above the columns of a two-column first page."""
_INK = HexColor("#1d2529")
_ACCENT = HexColor("#0b5d57")
_RULE = HexColor("#b9c7c5")
_TINT = HexColor("#eef4f3")

_PASSWORD = "market-day-1996"  # noqa: S105  it guards a sample whose only use is that it cannot be opened
_OWNER = "pushcart-samples"


def _style(name: str, *, size: float, font: str = "Times-Roman", **others: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.38, textColor=_INK, **others)


_STYLES = {
    "mark": _style("mark", size=8.5, font="Helvetica-Bold", spaceAfter=10, borderPadding=(4, 6, 4, 6), backColor=_TINT),
    "series": _style("series", size=9, font="Helvetica", spaceBefore=8, spaceAfter=4),
    "title": _style("title", size=20, font="Helvetica-Bold", spaceAfter=4),
    "subtitle": _style("subtitle", size=13, font="Helvetica", spaceAfter=6),
    "byline": _style("byline", size=9.5, font="Helvetica-Oblique", spaceAfter=10),
    "abstract": _style("abstract", size=10, leftIndent=8, rightIndent=8, spaceAfter=6),
    "keywords": _style("keywords", size=9, font="Times-Italic", leftIndent=8, rightIndent=8, spaceAfter=12),
    "h2": _style("h2", size=13, font="Helvetica-Bold", spaceBefore=10, spaceAfter=5, keepWithNext=1),
    "h3": _style("h3", size=11, font="Helvetica-Bold", spaceBefore=7, spaceAfter=3, keepWithNext=1),
    "body": _style("body", size=11.5, spaceAfter=8),
    "quote": _style(
        "quote", size=10.5, font="Times-Italic", leftIndent=14, rightIndent=14, spaceBefore=3, spaceAfter=9
    ),
    "caption": _style("caption", size=9.5, font="Helvetica-Bold", spaceBefore=6, spaceAfter=4, keepWithNext=1),
    "note": _style("note", size=8.5, font="Helvetica", spaceBefore=3, spaceAfter=9),
    "item": _style("item", size=11.5, leftIndent=12, bulletIndent=2, spaceAfter=4),
    "cell": _style("cell", size=9, font="Helvetica"),
    "head": _style("head", size=9, font="Helvetica-Bold"),
    "imprint": _style("imprint", size=8.5, font="Helvetica", spaceAfter=4),
}


def make_pdf(publication: Publication, *, corrected: bool = False) -> bytes:
    """Return the publication as a PDF; equal arguments give equal bytes.

    Args:
        corrected: True gives a second edition, with a sentence on page 1 that the first does not have.
    """
    if publication.making is Making.SCAN:
        return make_scan(publication)
    target = io.BytesIO()
    _template(publication, target).build(list(_story(publication, corrected=corrected)))
    return target.getvalue()


def _template(publication: Publication, target: io.BytesIO) -> BaseDocTemplate:
    title, author = _file_info(publication)
    template = BaseDocTemplate(
        target,
        pagesize=A4,
        title=title,
        author=author,
        subject=publication.mark if publication.file_info is FileInfo.TRUE else None,
        keywords=list(publication.keywords) if publication.file_info is FileInfo.TRUE else [],
        creator=None if publication.file_info is FileInfo.NONE else PUBLISHER,
        lang=publication.lang,
        invariant=1,
        encrypt=_encryption(publication.making),
    )
    furnish = partial(_furnish_page, publication=publication)
    for name, frames in _frames(two_columns=publication.making is Making.TWO_COLUMNS):
        template.addPageTemplates(PageTemplate(id=name, frames=frames, onPage=furnish))
    return template


def _file_info(publication: Publication) -> tuple[str | None, str | None]:
    if publication.file_info is FileInfo.TRUE:
        return publication.full_title, "; ".join(publication.authors)
    if publication.file_info is FileInfo.JUNK:
        return "Microsoft Word - draft_final2.docx", "user01"
    return None, None


def _encryption(making: Making) -> StandardEncryption | None:
    if making is Making.OPEN_PASSWORD:
        return StandardEncryption("", ownerPassword=_OWNER, canModify=0, strength=128)
    if making is Making.PASSWORD:
        return StandardEncryption(_PASSWORD, ownerPassword=_OWNER, strength=128)
    return None


def _frames(*, two_columns: bool) -> Iterator[tuple[str, list[Frame]]]:
    width, height = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN
    if not two_columns:
        yield "first", [_frame(_MARGIN, _MARGIN, width, height)]
        return
    column = (width - _GUTTER) / 2
    low = height - _HEAD_HEIGHT
    right = _MARGIN + column + _GUTTER
    head = _frame(_MARGIN, _MARGIN + low, width, _HEAD_HEIGHT)
    yield "first", [head, _frame(_MARGIN, _MARGIN, column, low), _frame(right, _MARGIN, column, low)]
    yield "later", [_frame(_MARGIN, _MARGIN, column, height), _frame(right, _MARGIN, column, height)]


def _frame(x: float, y: float, width: float, height: float) -> Frame:
    return Frame(x, y, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _furnish_page(canvas: Canvas, template: BaseDocTemplate, *, publication: Publication) -> None:
    """Draw the running head and foot; set the file's date, which reportlab keeps per canvas."""
    day = publication.published
    canvas.setDateFormatter(lambda *_now: f"D:{day:%Y%m%d}090000Z")
    if publication.file_info is FileInfo.NONE:  # else reportlab writes "anonymous"
        canvas.setTitle("")
        canvas.setAuthor("")
        canvas.setSubject("")
    wording = wording_of(publication.lang)
    canvas.saveState()
    canvas.setStrokeColor(_RULE)
    canvas.line(_MARGIN, 15 * mm, A4[0] - _MARGIN, 15 * mm)
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(_INK)
    canvas.drawString(_MARGIN, 11 * mm, f"{publication.series_line or PUBLISHER} · {wording.sample}")
    canvas.drawRightString(A4[0] - _MARGIN, 11 * mm, f"{wording.page} {template.page}")
    if template.page > 1:
        canvas.drawString(_MARGIN, A4[1] - 14 * mm, publication.title[:100])
    canvas.restoreState()


def _story(publication: Publication, *, corrected: bool) -> Iterator[Flowable]:
    wording = wording_of(publication.lang)
    yield from _head(publication, wording=wording, corrected=corrected)
    if publication.making is Making.TWO_COLUMNS:
        yield NextPageTemplate("later")
        yield FrameBreak()
    width = A4[0] - 2 * _MARGIN
    if publication.making is Making.TWO_COLUMNS:
        width = (width - _GUTTER) / 2
    yield from _set_blocks(publication.body, width=width)
    yield CondPageBreak(28 * mm)
    yield from (
        ParagraphFlowable(escape(line, quote=False), _STYLES["imprint"]) for line in wording.imprint(publication)
    )


def _head(publication: Publication, *, wording: SiteWording, corrected: bool) -> Iterator[Flowable]:
    def line(text: str, style: str) -> Flowable:
        return ParagraphFlowable(escape(text, quote=False), _STYLES[style])

    yield line(publication.mark, "mark")
    if publication.series_line:
        yield line(publication.series_line, "series")
    yield line(publication.title, "title")
    if publication.subtitle:
        yield line(publication.subtitle, "subtitle")
    yield line(f"{'; '.join(publication.authors)} · {wording.date(publication.published)}", "byline")
    if corrected:
        yield line(wording.corrected, "body")
    yield ParagraphFlowable(
        f"<b>{wording.abstract}.</b> {escape(publication.abstract, quote=False)}", _STYLES["abstract"]
    )
    if publication.keywords:
        yield line(f"{wording.keywords}: {', '.join(publication.keywords)}", "keywords")


def _set_blocks(blocks: tuple[Block, ...], *, width: float) -> Iterator[Flowable]:
    """Set blocks in a column of this width (points); a caption stays with its table."""
    waiting: list[Flowable] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.role is Role.CAPTION:
            waiting = [_paragraph(block.text, "caption")]
        elif isinstance(block, Table):
            yield KeepTogether([*waiting, _table(block, width=width)])
            waiting = []
        else:
            yield from _set_block(block)


def _set_block(block: Block) -> Iterator[Flowable]:
    if isinstance(block, Heading):
        yield _paragraph(block.text, f"h{block.level}")
    elif isinstance(block, Bullets):
        for item in block.items:
            yield ParagraphFlowable(_markup(item), _STYLES["item"], bulletText="•")
    elif isinstance(block, PageBreak):
        yield PageBreakFlowable()
    elif isinstance(block, Paragraph):
        yield _paragraph(block.text, block.role.value)


def _paragraph(text: str, style: str) -> Flowable:
    return ParagraphFlowable(_markup(text), _STYLES[style])


def _markup(text: str) -> str:
    return inline_markup(text, bold="b", italic="i")


def _table(table: Table, *, width: float) -> Flowable:
    cells = [
        [_paragraph(cell, "head" if number == 0 else "cell") for cell in row] for number, row in enumerate(table.rows)
    ]
    columns = len(table.rows[0])
    first = width * (0.46 if columns <= 3 else 0.34)
    widths = [width] if columns == 1 else [first] + [(width - first) / (columns - 1)] * (columns - 1)
    lines: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, 0), _TINT),
        ("LINEBELOW", (0, 0), (-1, 0), 1, _ACCENT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, _RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return TableFlowable(cells, colWidths=widths, style=TableStyle(lines), repeatRows=1)
