"""Bytes -> text when the encoding is missing or wrong: for files, HTML and landing pages alike.

Windows-1252 without a word about it is the commonest case by far in texts of Europe, Latin America and Africa. Detectors that
go by statistics alone take a short Spanish or French text for Czech or Polish; here the shape of the words decides.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP_BYTES = 4096
"""Where HTML declares its encoding."""
_DECLARED = re.compile(rb"charset\s*+=\s*+(?:[\"']\s*+)?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_WESTERN = "cp1252"
_READ_AS_WESTERN = ("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii")
"""As browsers read them (Encoding Standard, 4.2)."""
_CENTRAL_EUROPEAN = "ąćęłńóśźżáčďéěíňřšťúůýžăâîşţőűöüäôľĺŕđ"
_SOUTHERN = "áéíóúñçãõàèêâäöü"
_OTHERS = {
    "cp1250": _CENTRAL_EUROPEAN,
    "iso8859_2": _CENTRAL_EUROPEAN,
    "cp1254": "çğıöşüâîû",
    "cp1257": "ąčęėįšųūžāēģīķļņõäöü",
    "mac_roman": _SOUTHERN,
    "cp850": _SOUTHERN,
}
"""Encodings of Latin letters that are asked when Windows-1252 makes no words, with the letters of their languages."""
_SAMPLE_BYTES = 100_000
_VALID_TIMES = 2
"""Broken UTF-8 has more than so many times more valid characters than wrong bytes; another encoding has next to none."""
_LONG_RUN = re.compile(b"[\x80-\xff]{3,}")
_HIGH = re.compile(b"[\x80-\xff]")
_LONG_RUNS_SHARE = 0.5
"""In texts of Latin letters most bytes beyond ASCII stand alone between others; in Greek or Arabic they make whole words."""
_LETTER = r"[^\W\d_]"
_NO_WORD = re.compile(
    rf"(?<={_LETTER})[¡¢£¤¥¦§¨©ª¬®¯°±²³µ¶¸¹º¼½¾¿×÷‚„†‡ˆ‰‹›˜™•](?={_LETTER})"
    rf"|(?<={_LETTER})[¿¡](?!{_LETTER})|(?<!\w)[£¥³¹](?=[a-z])|(?<={_LETTER})[–—](?=[a-z])|[þðÞÐšžŠŽ\x7f-\x9f\ufffd]"
)
"""What is in words only when an encoding is wrong: `Wa³êsa`, `Espa–a`. Letters of Czech are the same in two encodings, and
those of Icelandic are seldom right."""
_NO_WORD_ELSEWHERE = re.compile(_NO_WORD.pattern.replace("þðÞÐšžŠŽ", ""))
_NO_WORDS_SHARE = 0.1


def decoded(content: bytes, *, declared: Iterable[str] = ()) -> str:
    """Return the text of bytes; never raises, what makes no sense becomes U+FFFD.

    Args:
        declared: names of encodings in which others say that it is, the most trusted first.
    """
    return content.decode(encoding_of(content, declared=declared), errors="replace")


def encoding_of(content: bytes, *, declared: Iterable[str] = ()) -> str:
    """Return a name, known to Python, of the encoding of bytes: by their mark, as declared if they bear it out, or by their look.

    Args:
        declared: as for `decoded`.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    for name in declared:
        known = name.strip().lower()
        known = _WESTERN if known in _READ_AS_WESTERN else known
        try:
            content.decode(known)
        except (LookupError, ValueError):  # unknown; not in that encoding
            continue
        return known
    return _guessed(content)


def declared_in_markup(content: bytes, *, content_type: str = "") -> list[str]:
    """Return the encodings that a server and an HTML page declare, the server's first.

    Args:
        content_type: the header; empty when there is none.
    """
    found = (_DECLARED.search(content_type.encode("ascii", "ignore")), _DECLARED.search(content[:_MARKUP_BYTES]))
    return [each[1].decode("ascii") for each in found if each]


def _guessed(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        sample = content[:_SAMPLE_BYTES]
    else:
        return "utf-8"
    if _is_broken_utf8(sample):
        return "utf-8"
    high = len(_HIGH.findall(sample))
    if sum(len(run) for run in _LONG_RUN.findall(sample)) > _LONG_RUNS_SHARE * high:
        best = from_bytes(sample).best()
        return best.encoding if best else _WESTERN
    text = sample.decode(_WESTERN, errors="replace")
    if len(_NO_WORD.findall(text)) > _NO_WORDS_SHARE * high:
        return _other(sample)
    return _WESTERN


def _other(sample: bytes) -> str:
    """Return the encoding of Latin letters other than Windows-1252 that makes most words."""
    texts = {name: sample.decode(name, errors="replace") for name in _OTHERS}
    wrong = {name: len(_NO_WORD_ELSEWHERE.findall(text)) for name, text in texts.items()}
    fewest = [name for name in _OTHERS if wrong[name] == min(wrong.values())]
    return max(fewest, key=lambda name: sum(map(texts[name].lower().count, _OTHERS[name])))


def _is_broken_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return beyond > _VALID_TIMES * wrong
