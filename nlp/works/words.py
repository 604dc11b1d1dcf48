"""The words by which texts are compared: of the body, in one spelling whatever file they were read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.types import Page
from corpus.vocabulary.spelling import HYPHENS, SOFT_HYPHEN, without_accents
from corpus.zones import APART, only, without

SEGMENTS = 16
"""Parts of equal length into which the body is cut, to see where two texts differ."""
SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 12
"""Of texts in writings without spaces between words: about five words of Chinese, three of Thai."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_HYPHENATED = re.compile(rf"[{re.escape(HYPHENS)}{SOFT_HYPHEN}]\s*")
"""A compound with its hyphen, or a word that a line end broke: one file has it so, its copy otherwise."""
_DIGITS = re.compile(r"(?<!\w)(?:\d[\d.,]*\d|\d)")
"""Not those behind a letter: marks of footnotes, `COVID19`."""
_LINK = re.compile(r"(?<=\])\([^()\s]*\)")
"""Where a link in Markdown leads, which a page of the web hides."""
_NO_DIGIT = re.compile(r"\D")


def body_of(page: Page) -> str:
    """Return the text of a page without running heads, contents, references, imprint, boilerplate, and targets of links."""
    return without_links(without(page.text, page.zones, APART) if page.zones else page.text)


def apart_of(page: Page) -> str:
    """Return what `body_of` leaves out. A text without a layout has it in its body."""
    return without_links(only(page.text, page.zones, APART)) if page.zones else ""


def without_links(text: str) -> str:
    """Return a text in Markdown without the targets of links."""
    return _LINK.sub(" ", text) if "](" in text else text


def words_to_compare(texts: Iterable[str]) -> list[str]:
    """Return the words of texts in small letters without accents and hyphens; of unspaced writings each character."""
    words = _WORD.findall(_HYPHENATED.sub("", "\n".join(texts)).lower())
    # A text has many words and few different ones; folding each once is ten times as quick.
    plain = {word: without_accents(word) for word in set(words) if not word.isascii()}
    return [plain.get(word, word) for word in words] if plain else words


def digits_of(texts: Iterable[str]) -> list[str]:
    """Return the numbers of texts as their digits: `12.5` and `12,5` are `125`."""
    return [_NO_DIGIT.sub("", found) for found in _DIGITS.findall("\n".join(texts))]


def shingles_of(words: Sequence[str]) -> list[str]:
    """Return all runs of five words, or of twelve characters where most are of a writing without spaces, in their order.

    Of a text of fewer words the one run of all of them; of none the empty list.
    """
    is_unspaced = sum(len(word) == 1 and word >= "\u0e00" for word in words) * 2 > len(words)
    length = SHINGLE_CHARACTERS if is_unspaced else SHINGLE_WORDS
    if len(words) <= length:
        return [" ".join(words)] if words else []
    columns = [words[start : len(words) - length + 1 + start] for start in range(length)]
    return list(map(" ".join, zip(*columns, strict=True)))
