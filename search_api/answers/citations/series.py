"""The line of a series or journal in parts: its name, volume and number."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VOLUME = r"(?:v(?:ol(?:ume|umen)?)?\.?|tomo|tome|t\.|año|ano|année)"
_NUMBER = r"(?:n(?:o|r|um|úm|º|°|\.º|\.°)s?\.?|n[uú]mero|numéro|number|issue|#|№)"
_FIGURE = r"\d{1,6}[A-Za-z]?(?:[-/–]\d{1,6})?"
_ROMAN = r"[IVXLC]{1,7}"
_PAGES = re.compile(r"[,;:]?\s*\b(?:pp?\.|pages?|páginas?|págs?\.)\s*(\d+(?:\s*[-–]\s*\d+)?)\.?$", re.IGNORECASE)
_YEAR_BEHIND = re.compile(r"[\s,;]*\((?:19|20)\d\d\)$")
_TAILS = tuple(
    re.compile(rf"^(?P<name>.*?[^\s,;:.(]|)[\s,;:.(]+{tail}\)?$", re.IGNORECASE)
    for tail in (
        rf"{_VOLUME}\s*(?P<volume>{_FIGURE}|{_ROMAN})[\s,;:(]+(?:{_NUMBER}\s*)?(?P<number>{_FIGURE})",
        rf"(?P<volume>\d{{1,4}})\s*\((?:{_NUMBER}\s*)?(?P<number>{_FIGURE})",
        rf"(?P<volume>\d{{1,4}})[,;:]?\s+{_NUMBER}\s*(?P<number>{_FIGURE})",
        rf"{_VOLUME}\s*(?P<volume>{_FIGURE}|{_ROMAN})",
        rf"{_NUMBER}\s*(?P<number>{_FIGURE})",
        rf"(?P<number>{_FIGURE})",
    )
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Series:
    """A series or journal and the place in it; each part is empty when nobody gives it."""

    name: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    """`12` or `12-34`."""


def series_of(line: str) -> Series:
    """Return the parts of `World Development, vol. 34, no. 11, pp. 2121-2131` or `WIEGO Working Paper 45`.

    A year alone at the end belongs to the name (`Yearbook 2019`), unless it is called a number.
    """
    found = _PAGES.search(line)
    pages = re.sub(r"\s*[-–]\s*", "-", found[1]) if found else ""
    rest = (line[: found.start()] if found else line).strip(" ,;:")
    if dated := _YEAR_BEHIND.search(rest):
        rest = rest[: dated.start()]
    if re.fullmatch(_FIGURE, rest) and not _YEAR.fullmatch(rest):
        return Series(number=rest, pages=pages)
    for tail in _TAILS:
        match = tail.match(rest)
        if match is None or (tail is _TAILS[-1] and _YEAR.fullmatch(match["number"])):
            continue
        parts = match.groupdict(default="")
        return Series(parts["name"].strip(), parts.get("volume", ""), parts.get("number", ""), pages)
    return Series(rest, pages=pages)
