"""From the bytes of an answer to the text of a sitemap, piece by piece: unpacked, decoded, and never too long."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator

from corpus.reasons import Failure, FailureKind

MAP_MEBIBYTES_MAX = 64
"""Most of one sitemap that is read. sitemaps.org allows 50 MB unpacked; a longer one is a mistake, or a bomb."""
_PIECE_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class MapBreaksOff(Exception):
    """A sitemap cannot be read to its end; what came before it counts. `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure


def text_pieces(body: bytes) -> Iterator[str]:
    """Return the text of a sitemap in pieces, of which none is long. What cannot be decoded becomes U+FFFD.

    Raises MapBreaksOff: after the last good piece, when the packing is damaged or the text is longer than
    MAP_MEBIBYTES_MAX.
    """
    decoder: codecs.IncrementalDecoder | None = None
    length = 0
    for piece in _unpacked(body):
        if decoder is None:
            decoder = codecs.getincrementaldecoder(_encoding_of(piece))(errors="replace")
        length += len(piece)
        if length > MAP_MEBIBYTES_MAX * 1024 * 1024:
            raise MapBreaksOff(Failure.of(FailureKind.SITEMAP_TOO_LONG, mebibytes=MAP_MEBIBYTES_MAX))
        yield decoder.decode(piece)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _unpacked(body: bytes) -> Iterator[bytes]:
    """Return the bytes of a body in pieces; gzip is known by its own first bytes, whatever the server calls it."""
    if not body.startswith(_GZIP):
        for start in range(0, len(body), _PIECE_BYTES):
            yield body[start : start + _PIECE_BYTES]
        return
    packed = body
    while packed.startswith(_GZIP):  # a gzip file may be several, one after the other
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        while not unpacker.eof:
            try:
                piece = unpacker.decompress(packed, _PIECE_BYTES)
            except zlib.error as error:
                raise MapBreaksOff(Failure.of(FailureKind.SITEMAP_PACKING_DAMAGED, error=str(error))) from error
            packed = unpacker.unconsumed_tail
            if piece:
                yield piece
            elif not packed and not unpacker.eof:
                raise MapBreaksOff(Failure(FailureKind.SITEMAP_PACKING_BREAKS_OFF))
        packed = unpacker.unused_data


def _encoding_of(start: bytes) -> str:
    """Return the encoding that the first bytes of a text name; UTF-8 when they name none that is known."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    declared = re.match(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", start)
    try:
        named = codecs.lookup(declared[1].decode("ascii")) if declared else None
    except LookupError:
        named = None
    # Some Python codecs are no character sets (`hex`, `zip`), and a text that begins with `<` in bytes is not UTF-16.
    is_usable = named is not None and named.name in _CHARACTER_SETS
    return named.name if named is not None and is_usable else "utf-8"


_CHARACTER_SETS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-2", "iso8859-9", "iso8859-15", "cp1250", "cp1251", "cp1252", "cp1256"}
) | {"gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "koi8-r"}
