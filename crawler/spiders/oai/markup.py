"""The XML of an answer, part by part, also where it is broken. No entity is followed, nothing is loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from io import BytesIO
from itertools import islice, pairwise

from lxml import etree

from corpus.decoding import decoded
from corpus.reasons import Failure, FailureKind
from crawler.spiders.xml import PARSER, Element, PackingBroken, declared_encoding, local, unpacked, without_forbidden

_PREFIX = r"(?:[\w.-]+:)?"
_ROOT_TAG = re.compile(rf"<{_PREFIX}OAI-PMH(?:\s[^<>]*)?>")
_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")
_BEGINNING = re.compile(rf"<{_PREFIX}(?:record(?:\s[^<>]*)?>\s*(?=<{_PREFIX}header[\s/>])|resumptionToken[\s/>])")
"""Where a record of the list, or its token, begins; MARCXML's `record` has no header."""
_COMPLETE = re.compile(rf"</{_PREFIX}record\s*>|<{_PREFIX}resumptionToken(?:\s[^<>]*)?(?:/>|>[^<]*</)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z]\w{1,30});)?")
_NUMBERED = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_INLINE = re.compile(r"</?(?:b|i|u|a|em|strong|sub|sup|span|font|small)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|br|div|ul|ol|li|hr|table|tr|td|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)


def text_in(answer: bytes, *, charset: str) -> str:
    """Return the text of an answer. Declarations are often wrong: what can be read as UTF-8 is UTF-8.

    Args:
        charset: that of the Content-Type header; empty when it has none.
    """
    return decoded(answer, declared=("utf-8-sig", declared_encoding(answer[:400]), charset))


def mended_pieces(text: str) -> Iterator[bytes]:
    """Yield an answer in pieces, each under the root's own start tag, as UTF-8: what stands first, each record, the token.

    So a fault in one record does no harm to the next one. A record that breaks off is left out: its last address would be
    cut in two.
    """
    begun = _ROOT_TAG.search(text)
    if begun is None:
        return
    root, body = begun[0], text[begun.end() :]
    if end := re.search(rf"</{_PREFIX}OAI-PMH\s*>", body):
        body = body[: end.start()]
    begins = [found.start() for found in _BEGINNING.finditer(body)]
    bounds = [0, *begins, len(body)]
    for number, (start, stop) in enumerate(pairwise(bounds)):
        piece = body[start:stop]
        is_last = number == len(bounds) - 2
        if number == 0 or not is_last or _COMPLETE.search(piece):
            yield f"{root}{_mended(piece)}".encode("utf-8", "replace")


def _mended(text: str) -> str:
    """Return XML without the faults that repositories are known for; other faults stay."""
    text = without_forbidden(text)
    if "&" in text:
        text = _NUMBERED.sub(_numbered, text)
        text = _BARE_AMPERSAND.sub(_named, text)
    return _BLOCK.sub(" ", _INLINE.sub("", text))


def _named(found: re.Match[str]) -> str:
    """Return the character of an HTML entity that XML does not know, or an ampersand that is only that."""
    name = found[1]
    return "&amp;" if name is None else html5.get(f"{name};", f"&amp;{name};")


def _numbered(found: re.Match[str]) -> str:
    """Return a character reference, or a blank where it means a character that XML forbids."""
    number = int(found[1], 16) if found[1] else int(found[2])
    is_lawful = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
    return found[0] if is_lawful or 0x10000 <= number <= 0x10FFFF else " "


ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""A longer answer is not read: repositories send some hundred records at once, which are a few MiB."""

_PARTS = ("record", "header", "resumptionToken", "error", "Identify", "metadataFormat", "responseDate")
_HOLDERS = frozenset({"OAI-PMH", "ListRecords", "GetRecord", "ListIdentifiers", "ListMetadataFormats"})
"""Elements whose children are parts: MARCXML has a `record` too, inside of `metadata`."""
_ROOT = re.compile(rb"<(?:[\w.-]+:)?OAI-PMH[\s>]")


class Markup:
    """One answer. Its parts are read one after the other, and dropped when the next one is asked for."""

    def __init__(self, body: bytes, *, charset: str = "") -> None:
        """Begin.

        Args:
            body: as it came, perhaps still gzipped.
            charset: that of the Content-Type header; empty when it has none.
        """
        self.trouble: Failure | None = None
        """Why this is no answer of a repository; None when it is one."""
        self.fault = ""
        """After `parts` came to its end: why it was not well formed; empty when it was."""
        self._charset = charset
        self._body = self._opened(body)
        self.is_cut = not self.trouble and not _END.search(self._body)
        """Whether it breaks off before its end."""

    def _opened(self, body: bytes) -> bytes:
        opened = bytearray()
        try:
            for piece in unpacked(body):
                opened += piece
                if len(opened) > ANSWER_BYTES_MAX:
                    self.trouble = Failure.of(FailureKind.OAI_TOO_LONG, mebibytes=ANSWER_BYTES_MAX // 1024**2)
                    return b""
        except PackingBroken as broken:
            if not broken.is_cut:
                self.trouble = Failure.of(FailureKind.OAI_PACKING_DAMAGED, error=str(broken))
                return b""
        if b"\0" in opened[:4] or declared_encoding(bytes(opened[:2])) == "utf-16":
            opened[:] = text_in(bytes(opened), charset=self._charset).encode("utf-8", "replace")
        if _ROOT.search(opened) is None:
            self.trouble = _no_answer(bytes(opened))
        return bytes(opened)

    def parts(self) -> Iterator[Element]:
        """Yield the parts that an answer has directly: records, errors, tokens, formats. Each is complete.

        What is well formed is read as it is. From the first fault on, a mended copy is read in its place.
        """
        if self.trouble:
            return
        came = 0
        try:
            for part in _parts(
                self._body.lstrip(b"\xef\xbb\xbf \t\r\n"), tags=tuple(f"{{*}}{name}" for name in _PARTS)
            ):
                came += 1
                yield part
        except etree.XMLSyntaxError as error:
            self.fault = " ".join(str(error.msg).split())[:200]
        if self.fault:
            pieces = mended_pieces(text_in(self._body, charset=self._charset))
            mended = (part for piece in pieces for part in _parts(piece, recover=True))
            yield from islice(mended, came, None)


def text_of(element: Element) -> str:
    """Return all text of an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def _parts(body: bytes, *, tags: tuple[str, ...] | None = None, recover: bool = False) -> Iterator[Element]:
    """Yield each part and drop it afterwards, so that a long answer takes no more memory than a short one."""
    events = etree.iterparse(BytesIO(body), tag=tags, recover=recover, **PARSER)
    for _, element in events:
        parent = element.getparent()
        if parent is None or local(parent) not in _HOLDERS or local(element) not in _PARTS:
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del parent[0]


def _no_answer(body: bytes) -> Failure:
    """Return what came in place of an answer."""
    start = body[:20_000]
    if not start.strip():
        return Failure(FailureKind.OAI_NOTHING_SENT)
    if re.search(rb"<(!doctype html|html|head|body)[\s>]", start, re.IGNORECASE):
        title = re.search(rb"<title[^<>]*+>(.{0,500}?)</title", start, re.IGNORECASE | re.DOTALL)
        words = " ".join(unescape(title[1].decode("utf-8", "replace")).split())[:120] if title else ""
        return (
            Failure.of(FailureKind.OAI_PAGE_SENT_TITLED, title=words) if words else Failure(FailureKind.OAI_PAGE_SENT)
        )
    return Failure(FailureKind.OAI_SOMETHING_ELSE)
