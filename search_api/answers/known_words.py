"""Written words of the texts that were shown, by the forms that the index has for them.

A search marks its words in sixty pages, of which each has some hundred different words. What a written word is in a language
does not change from one search to the next, so each is looked up once in a process: afterwards the words of a page that a
search may mark are an intersection of two sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from functools import cache
from threading import Lock

from search_api.answers.starts import keys_of, parts_of_compound
from search_api.answers.written import as_text

WORDS_MAX = 25_000
"""Words of one language, about 250 bytes each. Frequent words are met first; of a page, few are left over."""
_NINE = ord("9")
_DIGITS_AND_HYPHEN = b"0123456789-"


class KnownWords:
    """Written words of one language. Threads may share it."""

    def __init__(self, lang: str, *, words_max: int) -> None:
        """Know nothing yet."""
        self._lang = lang
        self._words_max = words_max
        self._words: set[bytes] = set()
        self._by_key: defaultdict[str, list[bytes]] = defaultdict(list)
        self._lock = Lock()
        self.size = 0
        """Words that are known; what was asked of it before is outdated when it has grown."""

    def learn(self, words: Set[bytes]) -> list[bytes]:
        """Take in words of `written`, numbers left out; return those for which the limit is reached."""
        left: list[bytes] = []
        for word in words - self._words:
            if is_number(word):
                continue
            if self.size >= self._words_max:
                left.append(word)
            else:
                self._learn(word)
        return left

    def _learn(self, word: bytes) -> None:
        keys = keys_of_written(word, self._lang)
        with self._lock:
            if word in self._words:
                return
            for key in keys:
                self._by_key[key].append(word)
            # In this order: who finds a word known and the size as it was has seen what the word is.
            self.size += 1
            self._words.add(word)

    def written_as(self, keys: Iterable[str]) -> set[bytes]:
        """Return the known words that have one of these forms, themselves or by a part between hyphens."""
        found: set[bytes] = set()
        for key in keys:
            found.update(self._by_key.get(key, ()))
        return found


def is_number(word: bytes) -> bool:
    """Tell whether a word of `written` has no letter. Reports have numbers without end: none is kept."""
    return word[0] <= _NINE and not word.translate(None, _DIGITS_AND_HYPHEN)


def keys_of_written(word: bytes, lang: str) -> Collection[str]:
    """Return the forms of a word of `written`, as search_api.answers.starts.keys_of has them; of a compound, of each part too."""
    text = as_text(word)
    parts = parts_of_compound(text) if "-" in text else [text]
    return {key for part in parts for key in keys_of(part, lang)}


@cache
def known_words(lang: str) -> KnownWords:
    """Return the words of a language that this process knows."""
    return KnownWords(lang, words_max=WORDS_MAX)
