"""Small PDFs for the tests of reading, made with reportlab or written by hand where no library would make such a thing."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595, 842


def press(*pages: Callable[[Canvas], None], password: str | None = None, **facts: str) -> bytes:
    """Return a PDF with these pages. `password`: None is not encrypted, "" is encrypted and opens without one."""
    target = io.BytesIO()
    encrypt = None if password is None else StandardEncryption(password, ownerPassword="owner", strength=128)
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT), encrypt=encrypt, invariant=1)
    for name, value in facts.items():
        getattr(canvas, f"set{name.capitalize()}")(value)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def written(
    *lines: str, x: float = 72, top: float = 760, size: float = 11, leading: float = 14, font: str = "Helvetica"
) -> Callable[[Canvas], None]:
    """Return what writes lines below one another."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, line in enumerate(lines):
            canvas.drawString(x, top - number * leading, line)

    return draw


def together(*parts: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    """Return what draws several things on one page."""

    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


def picture(canvas: Canvas) -> None:
    """Draw a grey picture over the whole page, as a scanner does."""
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, WIDTH, HEIGHT)


def by_hand(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of these numbered objects, the first of which is the catalogue; with a true table of references."""
    content, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(content)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def with_content(content: bytes, *, extra: bytes = b"", forms: Sequence[bytes] = (), count: int = 1) -> bytes:
    """Return a PDF whose one page has this content; `forms` are objects 6, 7 ... called /F6, /F7 ..."""
    names = b"".join(b"/F%d %d 0 R" % (number, number) for number in range(6, 6 + len(forms)))
    return by_hand(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</T 5 0 R>>/XObject<<%s>>>>>>"
            % names,
            stream(content, extra),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *forms,
        ]
    )


def form(content: bytes, shows: Sequence[int] = ()) -> bytes:
    """Return a form XObject that may show other forms, by their object numbers."""
    names = b"".join(b"/F%d %d 0 R" % (number, number) for number in shows)
    return stream(
        content, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</T 5 0 R>>/XObject<<%s>>>>" % names
    )


def bomb(mebibytes: int) -> bytes:
    """Return a PDF whose content expands to so many MiB of blanks, compressed twice."""
    squeezer = zlib.compressobj(9)
    once = b"".join(squeezer.compress(b" " * 2**20) for _each in range(mebibytes)) + squeezer.flush()
    return with_content(zlib.compress(once, 9), extra=b"/Filter[/FlateDecode/FlateDecode]")
