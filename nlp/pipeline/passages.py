"""A document as the pipeline reads it: one Doc of many passages, each with its zone, its page, its language and its weight."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from corpus.tag_rules import Zone
from corpus.types import LANGUAGES, Page
from nlp.pipeline.sentence_ends import sentence_starts
from nlp.pipeline.zone_weights import WEIGHTS, zoned

LONGEST_SENTENCE = 400
"""Characters of a sentence that is kept as evidence."""


@dataclass(frozen=True, slots=True)
class TaggedText:
    """What of a document is tagged."""

    title: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    """As publisher or catalogue gave them."""
    pages: tuple[Page, ...] = ()
    lang: str = "und"
    """ISO 639-1 of most of the text; pages in another language are noticed."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-3, as a catalogue's country field gives them. Never the publisher's own country."""


class Passage:
    """A stretch of text in one language that is in one place of a document."""

    __slots__ = ("__dict__", "before", "first", "lang", "last", "page", "start", "text", "zone")

    def __init__(self, text: str, *, zone: Zone, page: int, lang: str) -> None:
        """Hold a passage; `page` is 1-based, and 0 for title, abstract and keywords."""
        self.text = text
        self.zone = zone
        self.page = page
        self.lang = lang
        self.start = 0
        """Character of the Doc at which the text begins, 0-based."""
        self.first = 0
        """First token of the Doc, 0-based."""
        self.last = 0
        """Token after the last; as `first` of a passage that is not in a Doc."""
        self.before = 0
        """Characters of counted text on pages before this one; 0 for title, abstract and keywords."""

    @property
    def weight(self) -> float:
        """What a word counts here: 6 in a title, 1 in the body, 0 in a list of references."""
        return WEIGHTS[self.zone]

    @cached_property
    def blocked(self) -> dict[tuple[int, int, tuple[str, ...]], bool]:
        """Keep by bounds and expressions which sentences one of the expressions is found in; nlp.pipeline.terms fills it."""
        return {}

    @cached_property
    def sentence_starts(self) -> list[int]:
        """The characters at which sentences begin, ascending, 0 first."""
        return sentence_starts(self.text)

    def sentence_bounds(self, start: int, end: int) -> tuple[int, int]:
        """Return where the sentence around characters `start` to `end` begins and ends (0-based, end exclusive)."""
        starts = self.sentence_starts
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, max(start, end - 1))
        return starts[first], starts[last] if last < len(starts) else len(self.text)

    def sentence(self, start: int, end: int) -> str:
        """Return the sentence around characters `start` to `end`, white space folded, at most 400 characters.

        A longer one is cut on both sides of the words, between words.
        """
        first, last = self.sentence_bounds(start, end)
        if last - first > LONGEST_SENTENCE:
            first, last = self._window(start, end, within=(first, last))
        return " ".join(self.text[first:last].split())

    def _window(self, start: int, end: int, *, within: tuple[int, int]) -> tuple[int, int]:
        room = max(0, LONGEST_SENTENCE - (end - start)) // 2
        first, last = max(within[0], start - room), min(within[1], end + room)
        if first > within[0]:
            space = re.search(r"\s", self.text[first:start])
            first = first + space.end() if space else start
        if last < within[1]:
            cut = max(self.text.rfind(" ", end, last), self.text.rfind("\n", end, last))
            last = cut if cut > 0 else end
        return first, last

    def words(self, start: int, end: int) -> str:
        """Return characters `start` to `end` with white space folded, as they are in the sentence."""
        return " ".join(self.text[start:end].split())


def passages_of(text: TaggedText) -> tuple[Passage, ...]:
    """Cut a document into passages: title, abstract, keywords, then each page by zones, in reading order."""
    fields = [(Zone.TITLE, text.title), (Zone.ABSTRACT, text.abstract), (Zone.KEYWORDS, "; ".join(text.keywords))]
    found = [
        Passage(words, zone=zone, page=0, lang=language_of(words, expected=text.lang))
        for zone, words in fields
        if words.strip()
    ]
    for number, stretches in zoned(text.pages):
        lang = language_of(" ".join(words for _, words in stretches), expected=text.lang)
        found += [Passage(words, zone=zone, page=number, lang=lang) for zone, words in stretches]
    return tuple(found)


_COMMON_WORDS = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the of and in to for with that are is on by from as their which this were have was has been",
        "es": "el la los las y en que del por con para una un se su sus al más como es son lo han",
        "fr": "le la les des et en du que par pour une un dans qui sur au aux est sont ces cette plus",
        "pt": "o a os as e em que do da dos das por com para uma um no na nos nas ao mais não são",
    }.items()
}
_WORDS_LOOKED_AT = 150
_CLEARLY = 1.8
"""A page is in another language than its document when that language has so many times its common words."""


def language_of(text: str, *, expected: str) -> str:
    """Return the language of a passage: `expected` unless the common words of another of the four clearly prevail."""
    words = [word.strip(".,;:()").lower() for word in text[: _WORDS_LOOKED_AT * 8].split()[:_WORDS_LOOKED_AT]]
    shares = {lang: sum(word in common for word in words) for lang, common in _COMMON_WORDS.items()}
    best = max(LANGUAGES, key=lambda lang: shares[lang])
    # Short words of other languages look the same: Croatian has `o`, `a`, `na`, `su`, `do`.
    enough = shares[best] >= (8 if expected in LANGUAGES else 2 if expected == "und" else 25)
    if best != expected and enough and shares[best] > _CLEARLY * shares.get(expected, 0):
        return best
    return expected
