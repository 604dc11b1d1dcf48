"""A document as the tagger reads it: stretches of text, each with its place, its weight and its spaCy doc."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from corpus.tag_rules import Zone
from corpus.types import LANGUAGES, Page
from nlp.pipeline.words import as_tokenized, language_for
from nlp.pipeline.zones import WEIGHTS, zoned

LONGEST_SENTENCE = 400
"""Characters of a sentence that is kept as evidence."""

LONGEST_READ_SENTENCE = 5_000
"""Characters of a sentence that rules look at: a longer one (a table, a text without full stops) is cut between words. Each
place in a sentence is judged by the whole of it, so its length must have a bound."""
LONGEST_WORD = 600
"""Characters without white space that are tokenised as they stand. spaCy takes off a sign at a time and copies the rest: of
longer ones (encoded pictures, lines of signs) every 600th character is read as a space."""

_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?:\s*+\(?\d[\d,;\-– ]{0,40}\)?)?\s+(?=[\"'“‘«¿¡(\[]?[A-ZÀ-Þ0-9•\-–])"
    r"|\n\n+"
    r"|\n(?=[•▪■●◦‣\-–] )"
    r"|(?<=\))\n(?=[A-ZÀ-Þ])"  # rows of a table that end with (3,5)
)
_OVERLONG = re.compile(rf"(?<!\S)\S{{{LONGEST_WORD}}}\S*+")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        "Mr Mrs Ms Dr No Sr Sra St cf al vs ed eds pp op vol Vol cap Fig fig e.g i.e Jr Mt av Av Art art núm Inc Ltd Prof "
        "Rep Rép Dem Eq",
    )
)
"""After these a full stop does not end the sentence; nor after an initial (J. Chen) or U.S."""


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
    """A stretch of text in one language that stands in one place of a document."""

    __slots__ = ("__dict__", "lang", "page", "text", "zone")

    def __init__(self, text: str, *, zone: Zone, page: int, lang: str) -> None:
        """Hold a passage; `page` is 1-based, and 0 for title, abstract and keywords."""
        self.text = text
        self.zone = zone
        self.page = page
        self.lang = lang

    @property
    def weight(self) -> float:
        """What a word counts here: 6 in a title, 1 in the body, 0 in a list of references."""
        return WEIGHTS[self.zone]

    @cached_property
    def doc(self) -> Doc:
        """The tokens; their NORM is folded by `nlp.pipeline.words`. Only a paragraph's end is a token of white space."""
        text = as_tokenized(self.text)
        return language_for(self.lang).tokenizer(_OVERLONG.sub(_parted, text) if len(text) > LONGEST_WORD else text)

    @cached_property
    def blocked(self) -> dict[tuple[int, int, tuple[str, ...]], bool]:
        """Keep by bounds and expressions which sentences one of the expressions is found in; nlp.pipeline.terms fills it."""
        return {}

    @cached_property
    def _sentence_starts(self) -> list[int]:
        ends = (found for found in _SENTENCE_END.finditer(self.text) if not _abbreviates(self.text, found.start()))
        return list(_bounded([0, *(found.end() for found in ends)], self.text))

    def sentence_bounds(self, start: int, end: int) -> tuple[int, int]:
        """Return where the sentence around characters `start` to `end` begins and ends (0-based, end exclusive)."""
        starts = self._sentence_starts
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
        """Return characters `start` to `end` with white space folded, as they stand in the sentence."""
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


def _parted(overlong: re.Match[str]) -> str:
    word = overlong[0]
    pieces = (word[start : start + LONGEST_WORD - 1] for start in range(0, len(word), LONGEST_WORD))
    return "".join(f"{piece} " for piece in pieces)[: len(word)]


def _bounded(starts: Sequence[int], text: str) -> Iterator[int]:
    """Yield where sentences start, and more starts in those that are too long: behind the last space that fits."""
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield start
        while end - start > LONGEST_READ_SENTENCE:
            space = text.rfind(" ", start + LONGEST_READ_SENTENCE // 2, start + LONGEST_READ_SENTENCE)
            start = space + 1 if space > 0 else start + LONGEST_READ_SENTENCE
            yield start


def _abbreviates(text: str, stop: int) -> bool:
    """Tell whether the full stop at a character belongs to an abbreviation."""
    if text[stop] != ".":
        return False
    before = text[max(0, stop - 8) : stop].split()
    word = before[-1].lstrip("(") if before else ""
    return (
        word in _ABBREVIATIONS or (len(word) == 1 and word.isupper()) or bool(re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word))
    )


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
