"""XML as publishers send it: packed, in any encoding, broken. No entity is followed, nothing is loaded from anywhere."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

Element = Any
"""An lxml element; lxml has no types."""
PARSER: Final[dict[str, Any]] = {
    "events": ("end",),
    "encoding": "utf-8",  # whatever the XML declares: it is decoded before
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""Options of lxml's parsers."""
_PIECE_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class PackingBroken(Exception):
    """A gzip stream cannot be read to its end; `is_cut`: it breaks off."""

    def __init__(self, message: str, *, is_cut: bool = False) -> None:
        super().__init__(message)
        self.is_cut = is_cut


def unpacked(body: bytes) -> Iterator[bytes]:
    """Yield a body in pieces of at most 64 KiB, unpacked; gzip is known by its first bytes, whatever the server calls it.

    Raises PackingBroken: after the last good piece.
    """
    if not body.startswith(_GZIP):
        yield from (body[start : start + _PIECE_BYTES] for start in range(0, len(body), _PIECE_BYTES))
        return
    while body.startswith(_GZIP):  # a gzip file may be several, one after the other
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        while not unpacker.eof:
            try:
                piece = unpacker.decompress(body, _PIECE_BYTES)
            except zlib.error as error:
                raise PackingBroken(str(error)) from error
            body = unpacker.unconsumed_tail
            if piece:
                yield piece
            elif not body and not unpacker.eof:
                raise PackingBroken("it breaks off", is_cut=True)
        body = unpacker.unused_data


def declared_encoding(start: bytes) -> str:
    """Return the encoding that a text marks or declares at its start; empty when it names none that Python knows."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    declared = _DECLARED.match(start)
    name = declared[1].decode("ascii", "replace") if declared else ""
    try:
        # Some codecs of Python are no character sets; and what begins with `<` in one byte is not UTF-16.
        return name if b"<".decode(name or "utf-8") == "<" else ""
    except (LookupError, ValueError):
        return ""


def without_forbidden(text: str) -> str:
    """Return a text with blanks for the characters that XML 1.0 cannot hold."""
    return _FORBIDDEN.sub(" ", text)


def local(element: Element) -> str:
    """Return the name of an element without namespace or prefix; empty for comments and the like."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]


def text_of(element: Element) -> str:
    """Return all text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())
