"""PDFs with the faults of real ones: glyphs without letters, text outside of the page, printed twice, across the gutter ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reportlab.pdfgen.canvas import Canvas

from tests.nlp.pdf_press import HEIGHT, by_hand, stream

FIRST_CODE = 33
"""Codes below are left for control characters and the blank."""


def to_unicode(letters: Mapping[int, str | bytes], *, wide: bool = False) -> bytes:
    """Return a ToUnicode CMap: code -> letters, or the raw digits of what it maps to."""
    digits = 4 if wide else 2
    pairs = "".join(
        f"<{code:0{digits}x}> <{said.decode() if isinstance(said, bytes) else said.encode('utf-16-be').hex()}>\n"
        for code, said in letters.items()
    )
    return (
        f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <{0:0{digits}x}> <{'f' * digits}> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{pairs}endbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def page_with(
    content: bytes, *, fonts: Sequence[bytes], page: bytes = b"/MediaBox[0 0 595 842]", resources: bytes = b""
) -> bytes:
    """Return a PDF of one page. `fonts`: objects 5, 6 ...; the first one is called /T."""
    return by_hand(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</T 5 0 R>>%s>>>>" % (page, resources),
            stream(content),
            *fonts,
        ]
    )


def helvetica(letters: Mapping[int, str | bytes] | None = None) -> list[bytes]:
    """Return a font with WinAnsiEncoding, and what its ToUnicode says where that is something else."""
    if letters is None:
        return [b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    said = {code: chr(code) for code in range(32, 127)} | dict(letters)
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>"
    return [font, stream(to_unicode(said))]


def numbered_font(letters: Mapping[int, str | bytes] | None) -> list[bytes]:
    """Return a font of glyph numbers without a font file (Identity-H); None: it does not say any letters."""
    said = b"" if letters is None else b"/ToUnicode 8 0 R"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Own/Encoding/Identity-H/DescendantFonts[6 0 R]%s>>" % said
    inner = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor 7 0 R/DW 500>>"
    )
    descriptor = (
        b"<</Type/FontDescriptor/FontName/AAAAAA+Own/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200"
        b"/CapHeight 700/StemV 80>>"
    )
    return [font, inner, descriptor, *([] if letters is None else [stream(to_unicode(letters, wide=True))])]


def numbered_text(*lines: Sequence[int], top: float = 760) -> bytes:
    """Return content that shows glyph numbers, line by line."""
    shown = b" 0 -15 Td ".join(b"<%s> Tj" % "".join(f"{number:04x}" for number in line).encode() for line in lines)
    return b"BT /T 12 Tf 72 %d Td %s ET" % (top, shown)


def as_glyphs(*lines: Sequence[str], marks: str = "") -> bytes:
    """Return a PDF whose glyphs stand for these letters in the order given, as a page shows them from left to right.

    Args:
        lines: each a sequence of glyphs; a glyph may stand for several letters.
        marks: letters that take no room.
    """
    glyphs = list(dict.fromkeys(glyph for line in lines for glyph in line if glyph != " "))
    codes = {glyph: code for code, glyph in enumerate(glyphs, start=FIRST_CODE)} | {" ": 32}
    widths = " ".join("0" if glyph in marks else "500" for glyph in glyphs)
    font = (
        f"<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+Own/FirstChar 32/LastChar {32 + len(glyphs)}/Widths[250 {widths}]"
        "/ToUnicode 6 0 R>>"
    )
    shown = b" 0 -18 Td ".join(b"<%s> Tj" % bytes(codes[glyph] for glyph in line).hex().encode() for line in lines)
    said = {code: glyph for glyph, code in codes.items()}
    return page_with(b"BT /T 12 Tf 72 760 Td %s ET" % shown, fonts=[font.encode(), stream(to_unicode(said))])


def printed(
    text: str,
    *,
    x: float,
    y: float,
    size: float = 11,
    times: int = 2,
    by: str = "line",
    shift: tuple[float, float] = (0.3, 0),
) -> Callable[[Canvas], None]:
    """Return what prints a text several times, a little apart: the whole line, word by word, or glyph by glyph."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        parts = {"line": [text], "word": text.split(" "), "glyph": list(text)}[by]
        at = x
        for part in parts:
            for time in range(times):
                canvas.drawString(at + time * shift[0], y + time * shift[1], part)
            at += canvas.stringWidth(part + (" " if by == "word" else ""), "Helvetica", size)

    return draw


def across_the_gutter(
    *columns: Sequence[str], places: Sequence[float], top: float = 700, size: float = 11, lower: float = 0
) -> Callable[[Canvas], None]:
    """Return what draws columns row by row. `lower`: points by which each further column hangs lower."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for row in range(max(map(len, columns))):
            for number, (x, column) in enumerate(zip(places, columns, strict=True)):
                if row < len(column):
                    canvas.drawString(x, top - row * 1.3 * size - number * lower, column[row])

    return draw


def spaced(text: str, *, gap: float, y: float = 700, size: float = 12, by: str = "gaps") -> Callable[[Canvas], None]:
    """Return what sets letters apart: by gaps in one string, or glyph by glyph. `gap`: ems."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        if by == "glyphs":
            at = 72.0
            for letter in text:
                if letter != " ":
                    canvas.drawString(at, y, letter)
                at += canvas.stringWidth(letter, "Helvetica", size) + gap * size
            return
        line = canvas.beginText(72, y)
        line.setFont("Helvetica", size)
        canvas.drawText(line)
        shown = f" {-1000 * gap:.0f} ".join(f"({letter})" for letter in text)
        canvas._code.append(f"BT /F1 {size} Tf 72 {y} Td [{shown}] TJ ET")

    return draw


def top_of(page_height: float = HEIGHT) -> float:
    """Return where a first line stands."""
    return page_height - 82
