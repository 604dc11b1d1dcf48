"""Mend the text of an answer that is not well formed: wrong charsets, bare ampersands, characters that XML forbids, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import pairwise

_PREFIX = r"(?:[\w.-]+:)?"
_ROOT = re.compile(rf"<{_PREFIX}OAI-PMH(?:\s[^<>]*)?>")
_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_BEGINNING = re.compile(rf"<{_PREFIX}(?:record(?:\s[^<>]*)?>\s*(?=<{_PREFIX}header[\s/>])|resumptionToken[\s/>])")
"""Where a record of the list, or its token, begins; MARCXML's `record` has no header."""
_COMPLETE = re.compile(rf"</{_PREFIX}record\s*>|<{_PREFIX}resumptionToken(?:\s[^<>]*)?(?:/>|>[^<]*</)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z]\w{1,30});)?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBERED = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_INLINE = re.compile(r"</?(?:b|i|u|a|em|strong|sub|sup|span|font|small)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|br|div|ul|ol|li|hr|table|tr|td|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)


def has_end(answer: bytes) -> bool:
    """Say whether an answer came to its end."""
    return bool(_END.search(answer))


def text_in(answer: bytes, *, charset: str) -> str:
    """Return the text of an answer. Declarations are often wrong: what can be read as UTF-8 is UTF-8.

    Args:
        charset: that of the Content-Type header; empty when it has none.
    """
    if answer.startswith((b"\xff\xfe", b"\xfe\xff")):
        return answer.decode("utf-16", "replace")
    declared = _DECLARED.match(answer[:400])
    names: tuple[str, ...] = ("utf-8-sig", declared[1].decode("ascii") if declared else "", charset, "cp1252")
    if b"\0" in answer[:4]:
        names = ("utf-16-le" if answer[1:2] == b"\0" else "utf-16-be", *names)
    for name in filter(None, names):
        try:
            text = answer.decode(name)
        except (UnicodeError, LookupError):
            continue
        return text
    # Most of it is UTF-8, and records of older origin stand in between.
    return answer.decode("utf-8", "replace")


def mended_pieces(text: str) -> Iterator[bytes]:
    """Yield an answer in pieces, each under the root's own start tag, as UTF-8: what stands first, each record, the token.

    So a fault in one record does no harm to the next one. A record that breaks off is left out: its last address would be
    cut in two.
    """
    begun = _ROOT.search(text)
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
    text = _FORBIDDEN.sub(" ", text)
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
