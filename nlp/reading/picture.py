"""The picture of one page of a PDF, and where its letters are: by PDFium in a process that can be killed.

This module is the child's side; `nlp.reading.pictures` starts it. A page of any size becomes a picture of bounded size.
"""

from __future__ import annotations

import io
import json
import math

import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

from corpus.process_child import ParentPipe, guard_cpu
from nlp.reading.letter_places import letter_places

WIDTH = 900
"""Of a picture, pixels: enough to read small print on a phone that is zoomed in."""
HEIGHT_MAX = 2400
PIXELS_MAX = 2_000_000
_QUALITY = 40
"""Of WebP, 0 to 100: print stays sharp, and a page of text weighs 60 to 120 kB."""
_CPU_GRACE_SECONDS = 5.0


def answer(payload: bytes, _channel: ParentPipe) -> bytes:
    """Return the WebP of a page after `W`, or its letters and their places after `L`; or the reason for neither after `E`.

    Letters are JSON: the text, and four numbers for each letter of it.
    """
    wanted, path, number, seconds = json.loads(payload)
    guard_cpu(seconds + _CPU_GRACE_SECONDS)
    try:
        return b"W" + _webp(path, number) if wanted == "picture" else b"L" + _letters(path, number)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        return b"Elocked" if is_locked else b"Ebroken"
    except (ValueError, IndexError, OSError):
        return b"Ebroken"


def warm() -> None:
    """Load what the first picture would wait for."""
    Image.init()


def scale_of(width: float, height: float) -> float:
    """Return pixels for each point of a page, so that the picture is within all limits. Raises ValueError: it has no size."""
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise ValueError("the page has no size")
    return min(WIDTH / width, HEIGHT_MAX / height, math.sqrt(PIXELS_MAX / width / height))


def _webp(path: str, number: int) -> bytes:
    document = pypdfium2.PdfDocument(path)
    page = document[number - 1]
    bitmap = page.render(scale=scale_of(*page.get_size()), may_draw_forms=False)
    written = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(written, "WEBP", quality=_QUALITY, method=4)
    bitmap.close()
    page.close()
    document.close()
    return written.getvalue()


def _letters(path: str, number: int) -> bytes:
    document = pypdfium2.PdfDocument(path)
    page = document[number - 1]
    text, places = letter_places(page)
    page.close()
    document.close()
    return json.dumps([text, places.tolist()], separators=(",", ":")).encode()
