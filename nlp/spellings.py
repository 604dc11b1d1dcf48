"""How a document writes its words: which are names, which abbreviations, which common words. Told from its own sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from corpus.metadata.agreement import words_of

_CHARACTERS_MAX = 150_000
"""Of a document, looked at: enough to have met its names; more would slow reading down."""
_WORDS_OF_TELLING_TEXT = 250
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"(?<![^\W\d_])(?=[^\W\d_a-zà-öø-ÿ])[^\W\d_]+")
_INSIDE = re.compile(r"(?<=[\w,;’'”)] )[^\W\d_]+|(?<=[’'-])[^\W\d_]+")
"""Words that do not begin a sentence."""
_LINE_LETTERS_MIN = 25
"""Shorter lines are headings, which have capitals of their own."""


@dataclass
class Spellings:
    """Forms of words in running text, by the word in small letters."""

    forms: dict[str, dict[str, int]] = field(default_factory=dict)
    """How often each form was met, by the word in small letters."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spellings:
        """Return the forms in some texts. What begins a sentence, and lines in capitals or of a few words, do not count."""
        counts: Counter[str] = Counter()
        left = _CHARACTERS_MAX
        for text in texts:
            for line in text[:left].split("\n"):
                if len(line) < _LINE_LETTERS_MIN or line.isupper():
                    continue
                # A heading or a list of names has a capital in nearly every word: it tells nothing.
                if len(_CAPITAL.findall(line)) <= 0.6 * (line.count(" ") + 1):
                    counts.update(_INSIDE.findall(line))
            left -= len(text)
            if left <= 0:
                break
        found = cls()
        for word, count in counts.items():
            found.forms.setdefault(word.casefold(), {})[word] = count
        return found

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
        return max(forms, key=lambda form: forms[form]) if forms else ""

    def is_common(self, word: str) -> bool:
        """Say whether a word is met in small letters, as names are not."""
        forms = self.forms.get(word.casefold(), {})
        small = forms.get(word.casefold(), 0)
        return small > 0 and small >= 0.3 * sum(forms.values())
