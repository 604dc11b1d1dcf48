"""Where a mark may begin: what follows a written word of a text decides, and mostly needs no reading as the index reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from corpus.vocabulary.spelling import without_accents
from search_api.analysis import Token, form_of
from search_api.answers.written import as_text

GAP_MAX = 4
"""Signs between two words of a name."""
ABBREVIATION = 5
"""Letters of the longest abbreviation."""
_MAY_GO_ON = frozenset("·•‧∙⋅.(/@")
"""Signs after which the ending of inclusive writing may stand, or the next letter of an abbreviation."""
_SHORT = 3
"""Letters; shorter words may be the letter of an instrument or of an abbreviation."""
_SPACE = ord(" ")
_NONE = -1


class Span(NamedTuple):
    """A stretch of text to be marked."""

    start: int
    """0-based character, inclusive."""
    end: int
    """Exclusive."""
    leaf: int
    """Which leaf of the tree it answers, 0-based."""


class _Second(NamedTuple):
    """What a second word makes of a first one."""

    leaf: int | None
    """Which leaf both answer together; -1: none; None: the place has to be read as the index reads it."""
    in_capitals: bool = False
    """True: the word is another one in capitals."""


@dataclass(frozen=True, slots=True)
class Start:
    """What begins with one written word."""

    leaf: int | None
    """Which leaf the word answers on its own; None: none."""
    seconds: Mapping[str, int | None]
    """Leaves by the second word of names; None: the name is longer, or is looked for as it is written."""
    in_capitals: bool = False
    """True: the word is another one in capitals."""
    is_plain: bool = True
    """False: each place has to be read as the index reads it."""
    _met: dict[bytes, _Second] = field(default_factory=dict)
    """Second words of the texts of one search."""

    def at(self, text: str, whole: bytes, start: int, end: int, lang: str) -> Span | None:
        """Return what is to be marked where the word is in a text; an empty span: nothing.

        None: the place has to be read as the index reads it.
        """
        if not self.is_plain or not _is_plain(text, start, end, in_capitals=self.in_capitals):
            return None
        if self.seconds:
            place, limit = end, min(end + GAP_MAX, len(text))
            while place < limit and whole[place + 1] == _SPACE:
                place += 1
            if place < limit:
                end_of_second = whole.find(b" ", place + 1) - 1
                word = whole[place + 1 : end_of_second + 1]
                second = self._met.get(word)
                if second is None:
                    second = self._met[word] = self._second(as_text(word), lang)
                leaf = second.leaf
                if leaf is None or (end_of_second - place == 1 and _is_of_abbreviation(text, place)):
                    return None
                if leaf != _NONE:
                    if not _is_plain(text, place, end_of_second, in_capitals=second.in_capitals):
                        return None
                    return Span(start, end_of_second, leaf)
        return Span(start, start, 0) if self.leaf is None else Span(start, end, self.leaf)

    def _second(self, word: str, lang: str) -> _Second:
        if word.isalpha():
            form, folded = keys_of(word, lang)
            key = form if form in self.seconds else folded
            return _Second(self.seconds.get(key, _NONE), in_capitals=form != folded)
        if "-" in word:
            keys = {key for part in parts_of_compound(word) for key in keys_of(part, lang)}
            is_one = not keys.isdisjoint(self.seconds)
        else:  # 1,250 and C177
            is_one = any(not key.isalpha() for key in self.seconds)
        return _Second(None if is_one else _NONE)


def _is_of_abbreviation(text: str, place: int) -> bool:
    """Tell whether one letter may begin I.L.O. or C 177."""
    return text[place + 1 : place + 2] == "." or text[place] in "cCrR"


def _is_plain(text: str, start: int, end: int, *, in_capitals: bool) -> bool:
    """Tell whether a written word is a word of the text just as it stands: no abbreviation, nothing put after it.

    Args:
        text: in which it stands.
        start: where it begins.
        end: where it ends.
        in_capitals: True: it is another word in capitals.
    """
    if start and text[start - 1].isalnum():
        return False
    following = text[end : end + 1]
    if following.isalnum():
        return False
    if following in _MAY_GO_ON:
        after = text[end + 1 : end + 2]
        # After a full stop, the number of a footnote is no part of a word.
        if following != "." or (after.isalnum() and (end - start < _SHORT or not after.isdecimal())):
            return False
    return not (in_capitals and end - start <= ABBREVIATION and text[start:end].isupper())


@lru_cache(maxsize=20_000)
def keys_of(word: str, lang: str) -> tuple[str, str]:
    """Return a word's form in a language and the word without accents."""
    return form_of(Token(word, 0, 0), lang), without_accents(word)


def parts_of_compound(word: str) -> list[str]:
    """Return each part of what hyphens join, and all of it together."""
    parts = [part for part in word.split("-") if part]
    return [*parts, "".join(parts)] if parts else []
