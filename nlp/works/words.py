"""The words by which texts are compared: of the body, in one spelling whatever file they were read from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.types import Page
from corpus.vocabulary.spelling import HYPHENS, SOFT_HYPHEN, without_accents
from corpus.zones import APART, without

SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 12
"""Of texts in writings without spaces between words: about five words of Chinese, three of Thai."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_HYPHENATED = re.compile(rf"(?<=\w)[{re.escape(HYPHENS)}{SOFT_HYPHEN}]\s*(?=\w)|{SOFT_HYPHEN}")
"""A compound with its hyphen, or a word that a line end broke: one file has it so, its copy otherwise."""


def body_of(page: Page) -> str:
    """Return the text of a page without running heads, contents, references, imprint and boilerplate."""
    return without(page.text, page.zones, APART) if page.zones else page.text


def words_to_compare(pages: Sequence[Page]) -> list[str]:
    """Return the words of the body in small letters without accents and hyphens; of unspaced writings each character."""
    words = _WORD.findall(_HYPHENATED.sub("", "\n".join(map(body_of, pages))).lower())
    # A text has many words and few different ones; folding each once is ten times as quick.
    plain = {word: without_accents(word) for word in set(words) if not word.isascii()}
    return [plain.get(word, word) for word in words] if plain else words


def shingles_of(words: Sequence[str]) -> set[str]:
    """Return all runs of five words, or of twelve characters where most are of a writing without spaces.

    Of a text of fewer words the one run of all of them; of none the empty set.
    """
    is_unspaced = sum(len(word) == 1 and word >= "\u0e00" for word in words) * 2 > len(words)
    length = SHINGLE_CHARACTERS if is_unspaced else SHINGLE_WORDS
    if len(words) <= length:
        return {" ".join(words)} if words else set()
    columns = [words[start : len(words) - length + 1 + start] for start in range(length)]
    return set(map(" ".join, zip(*columns, strict=True)))
