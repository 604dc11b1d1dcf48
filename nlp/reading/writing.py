"""Characters as a person writes them: normal forms, ligatures, spaces, and right-to-left text in reading order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_TYPOGRAPHIC = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc\uff01-\uff5e]")
"""Latin, Armenian, Hebrew and Arabic ligatures and presentation forms, and full-width Latin: shapes, not letters.
Others that NFKC would change, such as ½, ² or ™, mean something and stay."""
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_AM = "\u0e33\u0eb3"
"""A Thai and a Lao vowel that stand half on the letter before them; Unicode calls them letters."""
_THAI = re.compile("[\u0e32\u0e40\u0e48-\u0e4e]")
_THAI_SPELLINGS = (
    (re.compile("([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e37\u0e47])"), r"\2\1"),  # a tone mark is on the vowel below it
    (
        re.compile("\u0e4d?([\u0e48-\u0e4b]?)\u0e4d?(?:(?<=\u0e4d)|(?<=\u0e4d[\u0e48-\u0e4b]))\u0e32"),
        "\\1\u0e33",
    ),  # am in two parts
    (re.compile("\u0e33\u0e32"), "\u0e33"),
    (re.compile("\u0e40\u0e40"), "\u0e41"),
)
"""What fonts and typists make of Thai, and how it is written."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
"""Control characters, directional marks, lone surrogates. Zero-width (non-)joiners stay: Persian and Hindi write with them."""
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")


def is_right_to_left(text: str) -> bool:
    """Say whether a text has Hebrew, Arabic or another script of that direction in it."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text))


def is_mark(text: str) -> bool:
    """Say whether a text begins with a mark (an accent, a vowel or tone sign) that is on the letter before it."""
    return text[:1] > "\u02ff" and (text[0] in _AM or unicodedata.category(text[0])[0] == "M")


def is_mostly_right_to_left(text: str) -> bool:
    """Say whether more letters of a text are written from right to left than from left to right."""
    backward = len(_RIGHT_TO_LEFT.findall(text))
    return backward > 0 and backward >= sum(map(str.isalpha, text)) - backward


def reading_order(glyphs: Sequence[str]) -> str:
    """Return the text of glyphs given as they are on the page, from left to right, in the order in which it is read.

    Which direction has more letters is that of the line; what is written in the other keeps its own, and so do numbers.
    Glyphs, not letters, are reversed: a ligature such as lam-alef is one glyph of two letters in reading order.
    Presentation forms become plain letters (NFKC).
    """
    units = [unit for glyph in glyphs for unit in _of_one_direction(glyph)]
    if is_mostly_right_to_left("".join(units)):
        return unicodedata.normalize("NFKC", "".join(_reversed_but_forward_runs(units)))
    ordered: list[str] = []
    waiting: list[str] = []
    """Right-to-left units, and what is between them."""
    for unit in units:
        if is_right_to_left(unit) or (waiting and not _runs_forward(unit)):
            waiting.append(unit)
        else:
            ordered += _backward(waiting)
            waiting = []
            ordered.append(unit)
    return unicodedata.normalize("NFKC", "".join(ordered + _backward(waiting)))


def _of_one_direction(glyph: str) -> list[str]:
    """Return a glyph of several letters in parts, where its font gives it letters of both directions."""
    if len(glyph) > 1 and is_right_to_left(glyph) and re.search("[A-Za-z]", glyph):
        return re.findall(r"[A-Za-z]+|[^A-Za-z\s]+|\s+", glyph)
    return [glyph]


def _backward(units: list[str]) -> list[str]:
    """Return units of a right-to-left passage in reading order; what follows its last letter stays behind it."""
    end = len(units)
    while end and not is_right_to_left(units[end - 1]):
        end -= 1
    return _reversed_but_forward_runs(units[:end]) + units[end:]


def _reversed_but_forward_runs(units: Sequence[str]) -> list[str]:
    ordered, at = list(reversed(units)), 0
    while at < len(ordered):
        end = at
        if ordered[at] == "%" and at + 1 < len(ordered) and ordered[at + 1].isdecimal():
            end += 1
        while end < len(ordered) and (_runs_forward(ordered[end]) or (end > at and _is_inside_run(ordered, end))):
            end += 1
        ordered[at:end] = reversed(ordered[at:end])
        at = max(end, at + 1)
    return ordered


def _runs_forward(glyph: str) -> bool:
    return glyph[:1].isalnum() and not (_RIGHT_TO_LEFT.match(glyph) and glyph[:1].isalpha())


def _is_inside_run(ordered: Sequence[str], at: int) -> bool:
    return bool(ordered[at]) and ordered[at] in ".,:/%-" and at + 1 < len(ordered) and _runs_forward(ordered[at + 1])


def plain_characters(text: str) -> str:
    """Return text in NFC, ligatures taken apart, spaces plain, without characters that cannot be seen.

    Line breaks become `\\n`. Soft hyphens stay: they say where a word was broken.
    """
    text = _LINE_ENDS.sub("\n", text)
    if text.isascii():
        return _UNSEEN.sub("", text.replace("\t", " "))
    text = _TYPOGRAPHIC.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", _SPACES.sub(" ", text)))
    if _THAI.search(text):
        for written, spelled in _THAI_SPELLINGS:
            text = written.sub(spelled, text)
    return text
