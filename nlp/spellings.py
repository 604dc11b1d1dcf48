"""How a document writes its words: which are names, which abbreviations, which common words. Told from its own sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from corpus.metadata.agreement import words_of

_CHARACTERS_MAX = 400_000
"""Of a document, looked at: enough to have met its names."""
_WORDS_OF_TELLING_TEXT = 250
_WORD = re.compile(r"[^\W\d_]+")
_LINE_LETTERS_MIN = 25
"""Shorter lines are headings, which have capitals of their own."""
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:•–—“\"(\n]\s*)$")


@dataclass
class Spellings:
    """Forms of words in running text, by the word in small letters."""

    forms: dict[str, Counter[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spellings:
        """Return the forms in some texts. What begins a sentence, and lines in capitals or of a few words, do not count."""
        found = cls()
        left = _CHARACTERS_MAX
        for text in texts:
            for line in text[:left].split("\n"):
                if len(line) >= _LINE_LETTERS_MIN and not line.isupper():
                    found._take(line)
            left -= len(text)
            if left <= 0:
                break
        return found

    def _take(self, line: str) -> None:
        words = list(_WORD.finditer(line))
        # A heading or a list of names has a capital in nearly every word: it tells nothing.
        if sum(word[0][0].isupper() for word in words) > 0.6 * len(words):
            return
        for word in words:
            if not _SENTENCE_BEGINS.search(line[max(0, word.start() - 3) : word.start()]):
                self.forms.setdefault(word[0].casefold(), Counter())[word[0]] += 1

    @property
    def is_telling(self) -> bool:
        """Say whether there was enough text to tell names from common words."""
        return len(self.forms) >= _WORDS_OF_TELLING_TEXT

    def has(self, word: str) -> bool:
        """Say whether a word was met, with or without accents."""
        return word.casefold() in self._bare or word.casefold() in self.forms

    @cached_property
    def _bare(self) -> frozenset[str]:
        return frozenset(bare for word in self.forms for bare in words_of(word))

    def usual(self, word: str) -> str:
        """Return the form in which a word is written most often; empty when it was not met."""
        forms = self.forms.get(word.casefold())
        return forms.most_common(1)[0][0] if forms else ""

    def is_common(self, word: str) -> bool:
        """Say whether a word is met in small letters, as names are not."""
        forms = self.forms.get(word.casefold())
        return forms is not None and forms[word.casefold()] > 0 and forms[word.casefold()] >= 0.3 * forms.total()
