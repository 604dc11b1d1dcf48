"""A PDF that is only pictures of its pages, as a photocopier makes it."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from demo.blocks import Bullets, Heading, Paragraph, plain
from demo.publication import Publication

_SIZE = (827, 1169)
"""A4 at 100 pixels to the inch."""
_MARGIN = 80
_LINE = 25
_LINES_PER_PAGE = 38
_CHARACTERS_PER_LINE = 62


def make_scan(publication: Publication) -> bytes:
    """Return a PDF without any text, one grey picture a page; equal publications give equal bytes."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    day = publication.published
    canvas.setDateFormatter(lambda *_now: f"D:{day:%Y%m%d}090000Z")
    canvas.setTitle("Scan0042")
    lines = list(_lines(publication))
    for start in range(0, len(lines), _LINES_PER_PAGE):
        canvas.drawImage(ImageReader(_picture(lines[start : start + _LINES_PER_PAGE])), 0, 0, width=A4[0], height=A4[1])
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _lines(publication: Publication) -> Iterator[str]:
    texts = [publication.mark, "", publication.full_title, "", publication.abstract]
    for block in publication.body:
        if isinstance(block, (Heading, Paragraph)):
            texts += ["", plain(block.text)]
        elif isinstance(block, Bullets):
            texts += ["", *(f"- {plain(item)}" for item in block.items)]
    for text in texts:
        yield from textwrap.wrap(text, _CHARACTERS_PER_LINE) or [""]


def _picture(lines: list[str]) -> Image.Image:
    picture = Image.new("L", _SIZE, color=244)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), size=17)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, _MARGIN + number * _LINE), line, font=font, fill=40)
    return picture.rotate(0.6, fillcolor=244)  # a little askew, as from a photocopier
