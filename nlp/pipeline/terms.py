"""Find the terms of the vocabulary in a passage: longest match, decoys first, weak terms only where they are sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from corpus.types import Facet
from corpus.vocabulary import ANY_LANGUAGE, Strength, Term, Vocabulary
from corpus.vocabulary.spelling import without_accents
from nlp.pipeline.passages import Passage
from nlp.pipeline.tokenizer import DocumentTokenizer
from nlp.pipeline.words import as_tokenized

FACETS = (Facet.SECTOR, Facet.GROUP, Facet.TOPIC)
"""The facets that are tagged by terms; countries and regions have rules of their own."""

_PRECEDENCE = (Strength.DECOY, Strength.STRONG, Strength.TEXT, Strength.WEAK)
"""What counts in documents; names for searching do not."""
_FRAGMENT = 90
"""A sentence shorter than this many characters is a row of a table or an item of a list: its neighbours are its context."""
_NEIGHBOURS = 250
"""Characters."""


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term at its place, before context is asked."""

    facet: Facet
    term: Term
    number: int
    """Of the term, as `all_terms` counts them."""
    first: int
    """0-based token of the Doc."""
    last: int
    """Exclusive."""

    @property
    def length(self) -> int:
        """Tokens."""
        return self.last - self.first


def all_terms(vocabulary: Vocabulary) -> tuple[tuple[Facet, Term], ...]:
    """Return the terms of all facets that are tagged by terms; a term's number is its place here, 0-based."""
    return tuple((facet, term) for facet in FACETS for term in vocabulary.terms(facet))


class TermMatcher:
    """All terms that count in texts of one language."""

    def __init__(self, terms: Sequence[tuple[Facet, Term]], tokenizer: DocumentTokenizer, *, lang: str) -> None:
        """Compile those of `all_terms` that count; takes about half a second for a language."""
        self._tokenizer = tokenizer
        self._matcher = PhraseMatcher(tokenizer.vocab, attr="NORM")
        self._terms: dict[int, tuple[Facet, Term, int]] = {}
        for number, (facet, term) in enumerate(terms):
            if counts_in(term, lang):
                key = f"term {number}"
                self._terms[tokenizer.key(key)] = (facet, term, number)
                self._matcher.add(key, tokenizer.patterns(self._variants(term), lang=lang))

    def _variants(self, term: Term) -> list[list[str]]:
        """Return the term's forms as words: as written, and with hyphens left out, put in or closed up."""
        found: dict[tuple[str, ...], list[str]] = {}
        for form in term.forms:
            for spelling in dict.fromkeys((form, without_accents(form))):
                words = self._tokenizer.words(spelling)
                for variant in _hyphen_variants(words):
                    found.setdefault(tuple(variant), variant)
        return list(found.values())

    def find(self, run: Span) -> list[TermMatch]:
        """Return every term and decoy in a run of passages, also those that overlap."""
        found = [TermMatch(*self._terms[key], first, last) for key, first, last in self._matcher(run)]
        return [one for one in found if not _is_another_word(one, run.doc)]


def counts_in(term: Term, lang: str) -> bool:
    """Tell whether a term counts in documents of a language."""
    if term.strength not in _PRECEDENCE:
        return False
    if term.lang in (lang, ANY_LANGUAGE):
        return True
    # The name that a trade has in one country is used in texts of every language: cartonero, zabbaleen, boda boda.
    return bool(term.where) and term.strength is Strength.STRONG


def _is_another_word(one: TermMatch, doc: Doc) -> bool:
    """Tell whether an acronym was found in a word: SIMPLES is a tax scheme, `simples` is simple."""
    return one.length == 1 and one.term.forms[0].isupper() and not doc[one.first].text[:2].isupper()


def _hyphen_variants(words: Sequence[str]) -> Iterator[list[str]]:
    yield list(words)
    if "-" in words:
        yield [word for word in words if word != "-"]
        position = words.index("-")
        if 0 < position < len(words) - 1:
            yield [*words[: position - 1], words[position - 1] + words[position + 1], *words[position + 2 :]]
    elif len(words) == 2 and all(word.isalpha() for word in words):
        yield [words[0], "-", words[1]]


def without_overlaps(found: Iterable[TermMatch]) -> list[TermMatch]:
    """Keep the longest of each concept; leave out what overlaps a decoy that is at least as long.

    Of two terms with the same words, the first of the data file is kept; weak ones stay together, as either may have what it
    needs: `vendeur` and `vendeuse` are one word to the matcher.
    """
    kept: dict[tuple[Facet, str], list[TermMatch]] = {}
    taken: set[tuple[Facet, str, int]] = set()
    weak: set[tuple[Facet, str, int, int]] = set()
    by_length = sorted(
        found, key=lambda one: (-one.length, _PRECEDENCE.index(one.term.strength), one.first, one.number)
    )
    for one in by_length:
        tokens = {(one.facet, one.term.concept, token) for token in range(one.first, one.last)}
        place = (one.facet, one.term.concept, one.first, one.last)
        if taken.isdisjoint(tokens) or (one.term.strength is Strength.WEAK and place in weak):
            taken |= tokens
            if one.term.strength is Strength.WEAK:
                weak.add(place)
            kept.setdefault((one.facet, one.term.concept), []).append(one)
    survivors = [one for several in kept.values() for one in several if one.term.strength is not Strength.DECOY]
    return sorted(survivors, key=lambda one: (one.first, one.last, one.facet.value, one.term.concept))


def holds(term: Term, passage: Passage, *, start: int, end: int, established: bool) -> bool:
    """Tell whether a term says something where it stands (characters of the passage).

    `established` tells that title, abstract or keywords name the concept.
    """
    if term.strength is not Strength.WEAK and not term.blocks:
        return True
    if blocked(term.blocks, passage, start=start, end=end):
        return False
    if term.strength is not Strength.WEAK or established:
        return True
    return has_needed(term.needs, passage, start=start, end=end)


def has_needed(needs: tuple[str, ...], passage: Passage, *, start: int, end: int) -> bool:
    """Tell whether one of the words is in the sentence around characters of a passage, outside of them."""
    if not needs:
        return False
    first, last = passage.sentence_bounds(start, end)
    if last - first < _FRAGMENT:
        first, last = max(0, first - _NEIGHBOURS), min(len(passage.text), last + _NEIGHBOURS)
    around = f"{without_accents(passage.text[first:start])} ... {without_accents(passage.text[end:last])}"
    return bool(_needed(needs).search(around))


def blocked(blocks: Sequence[str], passage: Passage, *, start: int, end: int) -> bool:
    """Tell whether one of the regular expressions is found in the sentence around characters of a passage."""
    if not blocks:
        return False
    first, last = passage.sentence_bounds(start, end)
    place = (first, last, tuple(blocks))
    if place not in passage.blocked:  # asked once for a sentence, however often its words are in it
        sentence = as_tokenized(passage.text[first:last])
        passage.blocked[place] = any(_compiled(block).search(sentence) for block in blocks)
    return passage.blocked[place]


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=2048)
def _needed(words: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(without_accents(word)) for word in words)
    return re.compile(rf"\b(?:{choices})", re.IGNORECASE)
