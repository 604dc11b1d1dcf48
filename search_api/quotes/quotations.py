"""Quotations in a text: what stands in the quotation marks of four languages, and what is set off as a paragraph of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from search_api.quotes.words import words_of

WORDS_MIN = 4
"""Of a quotation that is looked up; shorter ones are terms, and stand on many pages."""
CHARACTERS_MAX = 3_000
"""Of one quotation; what is longer is no quotation, or its closing mark is missing."""
WHOLE_CHARACTERS_MAX = 1_500
"""A text without quotation marks of at most this length is taken for quotations itself, paragraph by paragraph."""
_BLOCK_WORDS_MIN = 12

_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "‘": "’", '"': '"', "‟": "”"}
_LEFT_OUT = re.compile(r"\[ ?(?:…|\. ?\. ?\.) ?\]|\( ?(?:…|\. ?\. ?\.) ?\)|…|\. ?\. ?\.")
_CITED_AT_END = re.compile(r"\([^()\n]{0,120}(?:19|20)\d\d[^()\n]{0,60}\)[.\s]{0,3}$")
_INDENT = re.compile(r"(?:[ ]{3,12}|\t{1,3}|[ ]{0,3}>[ ]?)(?=\S)")


class QuotationForm(StrEnum):
    """How a quotation is set off."""

    MARKS = "marks"
    BLOCK = "block"
    WHOLE = "whole"
    """The text itself, which has no quotation marks."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in a text."""

    text: str
    """Without its marks."""
    start: int
    """0-based character of the text, inclusive; marks are outside."""
    end: int
    """Exclusive."""
    form: QuotationForm = QuotationForm.MARKS


@dataclass(frozen=True, slots=True)
class QuotePart:
    """A part of a quotation between words that were left out."""

    text: str
    start: int
    """0-based character of the quotation."""


def parts_of(text: str) -> tuple[QuotePart, ...]:
    """Return a quotation in the parts that `[...]`, `(...)` and `…` leave of it."""
    parts: list[QuotePart] = []
    reached = 0
    for match in _LEFT_OUT.finditer(text):
        parts.append(QuotePart(text[reached : match.start()], reached))
        reached = match.end()
    parts.append(QuotePart(text[reached:], reached))
    return tuple(part for part in parts if part.text.strip())


def quotations_in(text: str) -> tuple[Quotation, ...]:
    """Return the quotations of a text that have at least WORDS_MIN words, in order, without overlaps.

    A short text without any is taken as quotations itself.
    """
    found = [*_in_marks(text)]
    taken = bytearray(len(text))
    for each in found:
        taken[each.start : each.end] = b"\1" * (each.end - each.start)
    found += [each for each in _blocks(text) if 1 not in taken[each.start : each.end]]
    long = [each for each in found if _has_words(each.text, WORDS_MIN)]
    if not found and len(text) <= WHOLE_CHARACTERS_MAX:
        long = [
            Quotation(paragraph, start, start + len(paragraph), QuotationForm.WHOLE)
            for start, paragraph in _paragraphs(text)
            if _has_words(paragraph, WORDS_MIN)
        ]
    return tuple(sorted(long, key=lambda each: each.start))


def _in_marks(text: str) -> Iterator[Quotation]:
    place = paragraph = 0
    while place < len(text):
        if place >= paragraph:
            end = text.find("\n\n", place + 1)
            paragraph = end if end >= 0 else len(text)
        mark = text[place]
        if mark in _CLOSING and _can_open(text, place):
            end = _closing(text, place, last=min(paragraph, place + CHARACTERS_MAX))
            if end > place:
                inner = text[place + 1 : end]
                start = place + 1 + len(inner) - len(inner.lstrip())
                yield Quotation(inner.strip(), start, start + len(inner.strip()))
                place = end
        place += 1


def _can_open(text: str, place: int) -> bool:
    """Say whether a mark opens a quotation: nothing but space, brackets and dashes stands directly before it."""
    before = text[place - 1] if place else " "
    return not (before.isalnum() or before in ".,;:!?)]%") or text[place] in "“«„"


def _closing(text: str, place: int, *, last: int) -> int:
    """Return where a quotation that opens at a place closes before another one; -1: it does not."""
    mark = text[place]
    for at in range(place + 1, last):
        each = text[at]
        if each in _CLOSING[mark]:
            after = text[at + 1 : at + 2]
            if each == "’" and after.isalnum():  # an apostrophe
                continue
            return -1 if each == '"' and after.isalnum() else at
        # The one before was never closed. So each character is gone through once for each kind of mark, whatever the text.
        if each == mark:
            return -1
    return -1


def _blocks(text: str) -> Iterator[Quotation]:
    """Yield paragraphs that are indented or marked as quotations, and those that follow a colon and end with a citation."""
    before = ""
    for start, paragraph in _paragraphs(text):
        lines = paragraph.split("\n")
        is_indented = all(_INDENT.match(line) for line in lines)
        follows_colon = before.rstrip().endswith(":") and bool(_CITED_AT_END.search(paragraph[-220:]))
        if (is_indented or follows_colon) and _has_words(paragraph, _BLOCK_WORDS_MIN):
            cited = _CITED_AT_END.search(paragraph, max(0, len(paragraph) - 220))
            end = cited.start() if cited else len(paragraph)
            inner = paragraph[:end].rstrip()
            plain = re.sub(r"(?m)^([ \t]{0,12}>[ ]?)", lambda match: " " * len(match[1]), inner)
            lead = len(plain) - len(plain.lstrip())
            yield Quotation(plain.strip(), start + lead, start + len(inner), QuotationForm.BLOCK)
        before = paragraph


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a text with the characters at which they begin; a blank line parts them."""
    start = 0
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            lead = len(paragraph) - len(paragraph.lstrip("\n"))
            yield start + lead, paragraph.strip("\n")
        start += len(paragraph) + 2


def _has_words(text: str, least: int) -> bool:
    return len(text) > 2 * least and len(words_of(text[:CHARACTERS_MAX])) >= least
