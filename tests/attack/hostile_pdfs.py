"""Thirty PDFs that are meant to hurt whoever reads them: bombs, loops, depth, false numbers, broken fonts, bait for expressions.

Equal arguments give equal bytes. None is a weapon against a viewer: nothing here runs.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping

from tests.nlp.pdf_press import by_hand, form, press, stream, with_content, written

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</T 5 0 R>>>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /T 11 Tf 72 700 Td (Street vendors sell food in the market.) Tj ET"


def hostile_pdfs() -> Mapping[str, bytes]:
    """Return PDFs by what is wrong with them."""
    made = {**_bombs(), **_loops_and_depth(), **_false_numbers(), **_broken_fonts(), **_bait(), **_no_pdfs()}
    assert len(made) == 30, len(made)
    return made


def _objects(*, catalog: bytes = b"", page: bytes = PAGE, content: bytes = TEXT, extra: bytes = b"", font: bytes = FONT,
             more: tuple[bytes, ...] = (), pages: bytes = b"<</Type/Pages/Kids[3 0 R]/Count 1>>") -> bytes:  # fmt: skip
    """Return a one-page PDF; further objects are numbered from 6."""
    return by_hand([b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, pages, page, stream(content, extra), font, *more])


def _bombs() -> dict[str, bytes]:
    laughs = [form(b"/F%d Do " % (number + 1) * 12, [number + 1]) for number in range(6, 14)]
    squeezed = zlib.compress(b"\x00" * 2**24, 9)
    for _ in range(3):
        squeezed = zlib.compress(squeezed, 9)
    return {
        "bomb-of-400-mb": _objects(content=_blanks(400), extra=b"/Filter[/FlateDecode/FlateDecode]"),
        "bomb-behind-many-filters": _objects(content=squeezed, extra=b"/Filter[%s]" % (b"/FlateDecode" * 4)),
        "bomb-of-run-lengths": _objects(content=(b"\x81 " * 400_000) + b"\x80", extra=b"/Filter/RunLengthDecode"),
        "forms-that-show-twelve-forms": with_content(b"/F6 Do", forms=[*laughs, form(TEXT)]),
        "200,000-pieces-of-text": _objects(content=b"BT /T 1 Tf " + b"1 0 Td (a) Tj " * 200_000 + b"ET"),
        "picture-of-10-gigapixels": with_content(
            b"/F6 Do",
            forms=[
                stream(
                    zlib.compress(b"\xff" * 10**6),
                    b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceGray"
                    b"/Filter/FlateDecode",
                )
            ],
        ),
    }


def _blanks(mebibytes: int) -> bytes:
    """Return so many MiB of blanks, compressed twice; one block is compressed and repeated, which takes no time."""
    block, squeezer = b" " * 2**20, zlib.compressobj(9)
    head = squeezer.compress(block) + squeezer.flush(zlib.Z_FULL_FLUSH)
    again = squeezer.compress(block) + squeezer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(mebibytes):
        checksum = zlib.adler32(block, checksum)
    once = head + again * (mebibytes - 1) + squeezer.flush()[:-4] + checksum.to_bytes(4, "big")
    return zlib.compress(once, 9)


def _loops_and_depth() -> dict[str, bytes]:
    plain = _objects()
    nested = [
        b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (number + 1, number - 1) for number in range(6, 3006)
    ]
    return {
        "pages-that-are-their-own-children": _objects(pages=b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>"),
        "form-that-shows-itself": with_content(b"/F6 Do", forms=[form(b"/F6 Do /F6 Do", [6])]),
        "page-tree-3,000-deep": _objects(pages=b"<</Type/Pages/Kids[6 0 R]/Count 1>>", more=(*nested, PAGE)),
        "brackets-100,000-deep": _objects(content=b"[" * 100_000 + TEXT),
        "dictionaries-20,000-deep": _objects(catalog=b"/Deep " + b"<</A" * 20_000 + b" 1" + b">>" * 20_000),
        "length-that-names-itself": _objects(
            more=(b"<</Length 6 0 R>>\nstream\nabc\nendstream",), catalog=b"/Extra 6 0 R"
        ),
        "tables-of-references-in-a-circle": plain.replace(
            b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %d>>" % plain.rindex(b"xref\n0 6")
        ),
    }


def _false_numbers() -> dict[str, bytes]:
    plain = _objects()
    return {
        "table-of-a-billion-references": plain.replace(b"xref\n0 6", b"xref\n0 999999999"),
        "count-of-a-billion-pages": _objects(pages=b"<</Type/Pages/Kids[3 0 R]/Count 999999999>>"),
        "length-of-a-terabyte": plain.replace(b"/Length %d" % len(TEXT), b"/Length 1099511627776"),
        "stream-of-a-billion-objects": _objects(
            more=(stream(zlib.compress(b"7 0 " * 1000), b"/Type/ObjStm/N 999999999/First 9/Filter/FlateDecode"),)
        ),
        "predictor-of-a-billion-columns": _objects(
            content=zlib.compress(b"\x02" + b"\x00" * 1000),
            extra=b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 999999999/Colors 99/BitsPerComponent 32>>",
        ),
        "number-of-10,000-digits": _objects(content=b"BT /T 11 Tf " + b"9" * 10_000 + b" 700 Td (a) Tj ET"),
        "page-as-large-as-infinity": _objects(
            page=PAGE.replace(b"[0 0 595 842]", b"[-1e400 1e999 .. 9e99]/Rotate 1e9")
        ),
        "start-beyond-the-end": plain[: plain.rindex(b"startxref")] + b"startxref\n99999999999999999999\n%%EOF\n",
    }


def _broken_fonts() -> dict[str, bytes]:
    wide = b"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 0/LastChar 999999/Widths[%s]/FontDescriptor 6 0 R>>" % (
        b"9 " * 10**6
    )
    noise = random.Random(4).randbytes(50_000)
    cmap = b"begincmap 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange "
    cmap += b"1 begincidrange <0000> <FFFFFFFF> 0 endcidrange endcmap"
    to_nul = b"begincmap 1 beginbfrange <00> <FF> <0000> endbfrange 1 beginbfchar <53> <D800> endbfchar endcmap"
    composed = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 6 0 R>>"
    return {
        "font-file-of-noise": _objects(
            font=b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 6 0 R>>",
            more=(b"<</Type/FontDescriptor/FontName/A/FontFile2 7 0 R/FontFile 7 0 R>>", stream(noise)),
        ),
        "font-of-a-million-widths": _objects(font=wide, more=(b"<</Type/FontDescriptor/FontName/A>>",)),
        "font-that-is-its-own-descendant": _objects(font=composed, more=(stream(cmap),)),
        "letters-that-mean-nul-and-half-a-pair": _objects(
            font=FONT[:-2] + b"/ToUnicode 6 0 R>>", more=(stream(to_nul),)
        ),
    }


def _bait() -> dict[str, bytes]:
    def long(text: str, *, times: int) -> bytes:
        return press(written(*[text * times] * 4, size=0.5), title="Bait")

    return {
        "bait-of-8,000-brackets": long("(", times=2000),
        "bait-of-2,000-vendors-": long("vendors-", times=500),
        "title-of-half-pairs-and-controls": _objects().replace(
            b"/Root 1 0 R>>",
            b"/Root 1 0 R/Info<</Title<FEFFD800DC00D8000041D80000001B005B>/Author(%s)>>>>" % (b"a@" * 30_000),
        ),
    }


def _no_pdfs() -> dict[str, bytes]:
    whole = press(written("Street vendors."), written("Markets."))
    return {
        "cut-in-the-middle": whole[: len(whole) // 2],
        "noise-with-the-head-of-a-pdf": b"%PDF-1.7\n" + random.Random(5).randbytes(300_000),
    }
