"""The line of a series or journal in parts: its name, volume and number."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VOLUMES = frozenset(("v", "vol", "vols", "volume", "volumes", "volumen", "tomo", "tome", "t", "año", "ano", "année"))
_NUMBERS = frozenset(
    ("n", "no", "nos", "nr", "num", "núm", "nº", "n°", "número", "numero", "numéro", "number", "issue", "#", "№")
)
_PAGES = frozenset(("p", "pp", "page", "pages", "página", "páginas", "pág", "págs"))
_PIECE = re.compile(r"[^\s,;:()]++")
_GLUED = re.compile(r"(?P<label>[^\d\s]{1,8})(?P<figure>\d.{0,20})")
"""A label and its figure in one: `n°194`, `vol.34`."""
_FIGURE = re.compile(r"\d{1,7}[A-Za-z]?(?:[-/–]\d{1,7})?")
_ROMAN = re.compile(r"[IVXLC]{1,7}")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Series:
    """A series or journal and the place in it; each part is empty when it is missing."""

    name: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    """`12` or `12-34`."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure at the end of a line."""

    label: str
    """In small letters, without its full stop; empty when there is none."""
    figure: str
    begins: int
    """Where it begins in the line, with its label."""
    in_brackets: bool


def series_of(line: str) -> Series:
    """Return the parts of `World Development, vol. 34, no. 11, pp. 2121-2131` or `WIEGO Working Paper 45`.

    A year alone at the end belongs to the name (`Yearbook 2019`), unless it is called a number.
    """
    parts, rest = {"volume": "", "number": "", "pages": ""}, line.strip(" ,;:.")
    if rest.endswith(")") and _YEAR.fullmatch(rest[-5:-1]) and rest[-6:-5] == "(":
        rest = rest[:-6].rstrip(" ,;:")
    while place := _last_place(rest):
        part = _part_of(place, parts)
        if not part:
            break
        parts[part] = place.figure.replace("–", "-")
        rest = rest[: place.begins].rstrip(" ,;:(")
    return Series(rest, **parts)


def _part_of(place: _Place, known: dict[str, str]) -> str:
    """Return which part a figure is, when those behind it are known; empty when it belongs to the name."""
    for part, labels in (("pages", _PAGES), ("number", _NUMBERS), ("volume", _VOLUMES)):
        if place.label in labels:
            return "" if known[part] or (part != "volume" and known["volume"]) else part
    if known["volume"]:
        return ""
    if known["number"]:
        # 34(11); 27, no. 1
        return "volume" if place.figure.isdigit() and not _YEAR.fullmatch(place.figure) else ""
    return "" if _YEAR.fullmatch(place.figure) and not place.in_brackets else "number"


def _last_place(line: str) -> _Place | None:
    """Return the figure with which a line ends, and its label; None when it ends with a word."""
    pieces = [(found.start(), found.group()) for found in _PIECE.finditer(line)]
    if not pieces:
        return None
    (begins, last), before = pieces[-1], pieces[:-1]
    in_brackets = line.endswith(")")
    if (glued := _GLUED.fullmatch(last)) and _is_label(glued["label"]) and _FIGURE.fullmatch(glued["figure"]):
        return _Place(_label(glued["label"]), glued["figure"], begins, in_brackets)
    figure, begins = _joined(last, begins, before)
    label = _label(before[-1][1]) if before else ""
    if _is_label(label):
        if _FIGURE.fullmatch(figure) or (label in _VOLUMES and _ROMAN.fullmatch(figure)):
            return _Place(label, figure, before[-1][0], in_brackets)
        return None
    return _Place("", figure, begins, in_brackets) if _FIGURE.fullmatch(figure) else None


def _joined(last: str, begins: int, before: list[tuple[int, str]]) -> tuple[str, int]:
    """Return a range written with gaps (`2121 – 2131`) in one; takes its pieces from those before."""
    if len(before) > 1 and before[-1][1] in ("-", "–") and last.isdigit() and before[-2][1].isdigit():
        before.pop()
        begins, first = before.pop()
        return f"{first}-{last}", begins
    return last, begins


def _label(word: str) -> str:
    return word.casefold().replace(".", "")


def _is_label(word: str) -> bool:
    return _label(word) in _VOLUMES | _NUMBERS | _PAGES
