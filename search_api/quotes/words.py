"""The words of a quotation and of a page in the form in which they are compared, with the places they come from.

Compared are letters and figures. White space, hyphens, punctuation, quotation marks, ligatures, capitals and marks of footnotes do
not count; accents, figures, per cent and currency signs do.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_GROUPS = r"[.,'’\u00a0\u2009\u202f ]"
_WORD = re.compile(
    rf"(?P<grouped>(?<![\d.,])\d{{1,3}}(?:{_GROUPS}\d{{3}}){{1,5}}(?:[.,]\d{{1,6}})?(?!\d))"  # 1,250 and 1 250.5
    r"|(?P<figure>\d{1,12}(?:[.,]\d{1,12})?)"
    r"|(?P<word>[^\W\d_]{1,64})"
    r"|(?P<sign>[%‰$€£¥])"
)
_DECIMALS = re.compile(r"[.,](\d{1,2}|\d{4,6})$")
_NOTE_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}$")
_IN_BRACKETS = re.compile(r"\[[^\[\]]{1,80}\]")
_NOTE_FIGURES_MAX = 3
_MINUS = "-−–‐‑"
_BEFORE_NOTE = ".,;:)”’»!?\"'"


class QuoteWord(NamedTuple):
    """One word, figure or sign."""

    text: str
    """As it is compared: small letters, ligatures taken apart, figures without signs between thousands."""
    start: int
    """0-based character in the text, inclusive."""
    end: int
    """Exclusive."""
    is_figure: bool = False
    """True: a number, a per cent or a currency sign."""
    may_be_note: bool = False
    """True: a small figure that stands like the mark of a footnote: `economy.12`, `[12]`."""
    is_inserted: bool = False
    """True: it stands in square brackets, as writers mark what they add or change in a quotation."""


def words_of(text: str) -> tuple[QuoteWord, ...]:
    """Return the words of a text, in order."""
    added = [match.span() for match in _IN_BRACKETS.finditer(text)] if "[" in text else []
    found: list[QuoteWord] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match.lastgroup == "word":
            if not (plain := _plain(match.group())):
                continue
            word = QuoteWord(plain, start, end)
        elif match.lastgroup == "sign":
            word = QuoteWord(match.group(), start, end, is_figure=True)
        else:
            figure = _figure(match.group(), is_grouped=match.lastgroup == "grouped")
            word = QuoteWord(figure, start, end, is_figure=True, may_be_note=_may_be_note(text, match))
            if _is_negative(text, start):
                word = QuoteWord(f"-{figure}", start - 1, end, is_figure=True)
        if added and any(first < start and end < last for first, last in added):
            word = word._replace(is_inserted=True)
        found.append(word)
    return tuple(found)


@lru_cache(maxsize=100_000)
def _plain(written: str) -> str:
    """Return letters as they are compared; empty: they are the raised mark of a footnote alone."""
    return unicodedata.normalize("NFKC", _NOTE_MARK.sub("", written)).casefold()


def _figure(written: str, *, is_grouped: bool) -> str:
    """Return a figure in one spelling: 1250.5 for 1,250.5 and 1 250,5."""
    ascii_digits = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in written)
    if not is_grouped:
        whole, _, part = ascii_digits.replace(",", ".").partition(".")
        return f"{whole}.{part}" if part else whole
    decimals = _DECIMALS.search(ascii_digits)
    whole = ascii_digits[: decimals.start()] if decimals else ascii_digits
    if whole.startswith("0") and decimals is None:  # 0.125
        return re.sub(r"\D", ".", whole, count=1)
    return re.sub(r"\D", "", whole) + (f".{decimals[1]}" if decimals else "")


def _is_negative(text: str, start: int) -> bool:
    """Say whether a minus stands before a figure: `-3.2`, and neither `2010-15`, `COVID-19` nor `- 3`."""
    if not start or text[start - 1] not in _MINUS:
        return False
    return start == 1 or text[start - 2].isspace() or text[start - 2] in "(["


def _may_be_note(text: str, match: re.Match[str]) -> bool:
    """Say whether a figure stands directly behind a word or its punctuation, or alone in brackets."""
    start, end = match.span()
    if end - start > _NOTE_FIGURES_MAX or not match.group().isdigit() or not start:
        return False
    before, after = text[start - 1], text[end : end + 1]
    if before == "[" and after == "]":
        return True
    if before in ".," and text[max(0, start - 2)].isdigit():  # of a list of figures
        return False
    return (before.islower() or before in _BEFORE_NOTE) and not (after.isalnum() or after == "%")
