"""Where the words of a search are in a text. Each different word of the texts is looked at once, not each place of it.

Whether a word is one that was searched for is decided as in the index: by its form in the text's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from rapidfuzz.distance import OSA

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.spelling import without_accents
from search_api.analysis import (
    HYPHENS,
    Token,
    exact,
    form_of,
    instruments_wanted,
    instruments_written,
    query_words,
    scan_from,
    token_at,
)
from search_api.answers.known_words import is_number, keys_of_written, known_words
from search_api.answers.starts import ABBREVIATION, GAP_MAX, Span, Start, keys_of
from search_api.answers.written import as_text, places, written
from search_api.query.concepts import ConceptFinder
from search_api.query.translations import forms_elsewhere
from search_api.query.tree import Concepts, Fuzzy, Node, Phrase, Prefix, Words, leaves

_INSTRUMENT = re.compile(r"[cr]\d{3}")
_THOUSAND = 3
_NUMBER_MAX = 24


class _Name(NamedTuple):
    """Words side by side, by their forms or as they are written."""

    words: tuple[str, ...]
    leaf: int
    is_exact: bool = False
    open_end: bool = False
    """True: the last word may continue."""


@dataclass(slots=True)
class _Wanted:
    """What is looked for in texts of one language."""

    names: dict[str, list[_Name]]
    """By the first word's form, or the first word as written."""
    apart: tuple[tuple[bytes, bytes], ...]
    """Words whose letters or digits stand apart in a text, I.L.O., C. 177, 1,250, each after its first part."""
    instruments: dict[str, int]
    """Leaves by c177, which a text may name as Convention No. 177."""
    has_numbers: bool
    """True: a name begins with a number."""
    size: int = -1
    """Of what was known when `written` was made."""
    written: set[bytes] = field(default_factory=set)
    """Known words with which a mark may begin."""
    checked: set[bytes] = field(default_factory=set)
    """Other words of texts that were looked at."""
    first: dict[bytes, Start] = field(default_factory=dict)
    """Words of texts with which a mark may begin."""


@dataclass(frozen=True)
class Marker:
    """What to look for in texts; made once for each search by `marker_of`."""

    leaves: tuple[Node, ...]
    finder: ConceptFinder | None
    _by_lang: dict[str, _Wanted] = field(default_factory=dict)

    @cached_property
    def digest(self) -> bytes:
        """Return what stands for the leaves: equal leaves have the same."""
        return blake2b(repr(self.leaves).encode(errors="surrogatepass"), digest_size=16).digest()

    @property
    def remembered(self) -> int:
        """Return how many words of texts are kept, of about 120 bytes each: they make the next text cheaper."""
        return sum(len(wanted.checked) + len(wanted.first) for wanted in self._by_lang.values())

    def spans(self, text: str, lang: str) -> tuple[Span, ...]:
        """Return what is to be marked in a text of that language, in order, without overlaps."""
        wanted = self._by_lang.get(lang)
        if wanted is None:
            wanted = self._by_lang[lang] = _wanted(self.leaves, lang, finder=self.finder)
        whole = written(text)
        found = self._found(text, whole, lang, wanted)
        if wanted.instruments:
            found += _instruments(text, whole, wanted.instruments)
        return _without_overlaps(found)

    def _found(self, text: str, whole: bytes, lang: str, wanted: _Wanted) -> list[Span]:
        words = set(whole.split())
        for fresh_word in self._fresh(words, lang, wanted):
            wanted.first[fresh_word] = self._beginning_with(as_text(fresh_word), lang, wanted)
        # Most texts do not even have the first part of I L O: one look into the set is cheaper than a look through the text.
        apart = [word for first, word in wanted.apart if first in words]
        slowly = [place for word in apart for place in places(whole, word)]
        found: list[Span] = []
        for word in wanted.first.keys() & words:
            first = wanted.first[word]
            for place in places(whole, word):
                span = first.at(text, whole, place, place + len(word), lang)
                if span is None:
                    slowly.append(place)
                elif span.end > span.start:
                    found.append(span)
        if slowly:
            found += self._found_at(sorted(set(slowly)), text, lang, wanted)
        return found

    def _fresh(self, words: set[bytes], lang: str, wanted: _Wanted) -> set[bytes]:
        """Return the words of a text with which a mark may begin, without those that a text of this search had before."""
        known = known_words(lang)
        left = known.learn(words)
        if wanted.size != known.size:
            wanted.size = known.size
            wanted.written = known.written_as(wanted.names)
        fresh = (words & wanted.written) - wanted.first.keys()
        unchecked = words if self._loose else {*left, *(filter(is_number, words) if wanted.has_numbers else ())}
        for word in unchecked - wanted.checked:
            keys = keys_of_written(word, lang)
            if not wanted.names.keys().isdisjoint(keys) or any(self._loose_match(key) is not None for key in keys):
                fresh.add(word)
        wanted.checked.update(unchecked)
        return fresh

    def _found_at(self, starts: Sequence[int], text: str, lang: str, wanted: _Wanted) -> Iterator[Span]:
        """Give what is to be marked from places on at which words begin, each word read as the index reads it."""
        for token in _tokens_at(text, starts):
            keys = (form_of(token, lang), without_accents(token.text))
            names = [each for key in dict.fromkeys(keys) for each in wanted.names.get(key, ())]
            following: frozenset[str] | None = None
            for name in names:
                if len(name.words) > 1 and not name.open_end:
                    # A word has a dozen names that begin with it: what follows is read once.
                    following = _keys_after(text, token, lang) if following is None else following
                    if name.words[1] not in following:
                        continue
                if (end := _end_of(name, token, text, lang)) is not None:
                    yield Span(token.start, end, name.leaf)
                    break
            else:
                if (leaf := self._loose_match(without_accents(token.text))) is not None:
                    yield Span(token.start, token.end, leaf)

    def _beginning_with(self, word: str, lang: str, wanted: _Wanted) -> Start:
        """Return what a mark may be that begins with a written word."""
        if not word.isalpha():
            return Start(leaf=None, seconds={}, is_plain=False)
        keys = keys_of(word, lang)
        names = [name for key in dict.fromkeys(keys) for name in wanted.names.get(key, ())]
        single = [
            name.leaf for name in names if len(name.words) == 1 and (not name.is_exact or name.words[0] == keys[1])
        ]
        seconds: dict[str, int | None] = {}
        for name in names:
            if len(name.words) > 1:
                is_simple = len(name.words) == 2 and not name.is_exact
                leaf = seconds.setdefault(name.words[1], name.leaf)
                seconds[name.words[1]] = leaf if is_simple else None
        return Start(
            leaf=single[0] if single else self._loose_match(keys[1]),
            seconds=seconds,
            in_capitals=keys[0] != keys[1],
            is_plain=not any(name.open_end for name in names),
        )

    def _loose_match(self, word: str) -> int | None:
        for number, leaf in self._loose:
            match leaf:
                case Prefix() if word.startswith(leaf.text):
                    return number
                case Fuzzy(distance=distance) if OSA.distance(word, leaf.text, score_cutoff=distance) <= distance:
                    return number
                case _:
                    pass
        return None

    @cached_property
    def _loose(self) -> tuple[tuple[int, Prefix | Fuzzy], ...]:
        """What matches words that are not written alike, with its text as `exact` has it."""
        return tuple(
            (number, replace(leaf, text=words[0]))
            for number, leaf in enumerate(self.leaves)
            if isinstance(leaf, (Prefix, Fuzzy)) and (words := exact(leaf.text))
        )


def marker_of(tree: Node, *, finder: ConceptFinder | None = None) -> Marker:
    """Return what is to be marked for a search: every word that counts for a document, and the names of its concepts.

    Args:
        tree: what the search means.
        finder: gives the names of concepts; None: only what was typed is marked.
    """
    return Marker(leaves=tuple(leaves(tree)), finder=finder)


def _wanted(parts: Sequence[Node], lang: str, *, finder: ConceptFinder | None) -> _Wanted:
    names: dict[str, list[_Name]] = {}
    for number, part in enumerate(parts):
        for name in _names_of(part, number, lang, finder=finder):
            names.setdefault(name.words[0], []).append(name)
    for several in names.values():
        several.sort(key=lambda name: -len(name.words))
    return _Wanted(
        names,
        has_numbers=any(word[:1].isdigit() for word in names),
        instruments={word: several[0].leaf for word, several in names.items() if _INSTRUMENT.fullmatch(word)},
        apart=tuple(
            (each.split()[0], each)
            for word, several in names.items()
            if len(several[-1].words) == 1 or any(name.is_exact for name in several)
            for each in _written_apart(word)
        ),
    )


def _names_of(part: Node, number: int, lang: str, *, finder: ConceptFinder | None) -> Iterator[_Name]:
    match part:
        case Words(text) | Concepts(text):
            # Texts of a language in which it is a stop word do not hold a word: "est" of a question is no match in French.
            words = [word for word in query_words(text) if lang not in word.stop_in]
            telling = [word for word in words if not word.is_stop] or words
            yield from (_Name(tuple(part.exact for part in word.parts), number) for word in telling if word.parts)
            for word in (each for whole in telling for each in (whole, *whole.parts) if not each.is_stop):
                for form in (*word.forms, *(forms_elsewhere(word) if part.translated else ())):
                    yield _Name((form,), number)
            yield from (_Name((instrument,), number) for instrument in sorted(instruments_wanted(text)))
            if isinstance(part, Concepts) and finder is not None:
                for facet, concept in part.concepts:
                    yield from (_Name(key, number) for key in _keys(facet, concept, lang, finder=finder))
        case Phrase(text, slop, open_end):
            words_of_phrase = tuple(exact(text))
            if slop:
                yield from (_Name((word,), number, is_exact=True) for word in words_of_phrase)
            elif words_of_phrase:
                yield _Name(words_of_phrase, number, is_exact=True, open_end=open_end)
        case _:
            pass


def _keys(facet: Facet, concept: str, lang: str, *, finder: ConceptFinder) -> Iterator[tuple[str, ...]]:
    yield from finder.names_of(facet, concept, lang=lang if lang in LANGUAGES else "en")


def _written_apart(word: str) -> Iterator[bytes]:
    """Give what `written` has for a word whose parts are held together by signs: I.L.O., 1,250, C. 177."""
    if word.isdigit():
        if len(word) > _THOUSAND:
            first = len(word) % _THOUSAND or _THOUSAND
            groups = [word[:first], *(word[at : at + _THOUSAND] for at in range(first, len(word), _THOUSAND))]
            yield " ".join(groups).encode()
    elif word.isalpha() and 2 <= len(word) <= ABBREVIATION:
        yield " ".join(word).encode("latin-1", "replace")
    elif _INSTRUMENT.fullmatch(word):
        yield from (f"{word[0]}{between}{word[1:]}".encode() for between in ("-", " ", "  "))


def _tokens_at(text: str, starts: Sequence[int]) -> Iterator[Token]:
    """Give the words of a text that begin in the written words at these places."""
    reached = 0
    for start in starts:
        if start < reached or (start and text[start - 1].isalnum()):
            continue
        # A number may have begun before: 250 is not a word of 1,250.
        before = max(0, start - _NUMBER_MAX) if text[start].isdigit() else start
        last = start
        while last < len(text) and (text[last].isalnum() or text[last] in HYPHENS):
            last += 1
        for token in scan_from(text, before):
            if token.start >= max(last, start + 1):
                break
            if token.start >= start:
                reached = token.end
                yield token


def _end_of(name: _Name, first: Token, text: str, lang: str) -> int | None:
    """Return where a name ends that begins with a token; None when other words follow."""
    token: Token | None = first
    for number, word in enumerate(name.words):
        if number:
            token = token_after(text, token)
        if token is None:
            return None
        is_open = name.open_end and number == len(name.words) - 1
        if not _is_same(token, word, lang, name=name, is_open=is_open):
            compound = _compound_at(token, text) if number else None
            if compound is None or name.is_exact or not _is_same(compound, word, lang, name=name, is_open=False):
                return None
            token = compound
    return token.end if token is not None else None


def _is_same(token: Token, word: str, lang: str, *, name: _Name, is_open: bool) -> bool:
    written = without_accents(token.text)
    if name.is_exact:
        return written.startswith(word) if is_open else written == word
    return word in (form_of(token, lang), written)


def token_after(text: str, token: Token | None) -> Token | None:
    """Return the next word of a text, if it is near."""
    if token is None:
        return None
    place, limit = token.end, min(len(text), token.end + GAP_MAX)
    while place < limit and not text[place].isalnum():
        place += 1
    return token_at(text, place) if place < limit else None


def _compound_at(first: Token, text: str) -> Token | None:
    """Return the words that hyphens join to a word, as one: wellbeing for well-being; None when there is no hyphen."""
    written, end = first.text, first.end
    while text[end : end + 1] in tuple(HYPHENS) and (following := token_at(text, end + 1)) is not None:
        written, end = written + following.text, following.end
    return Token(written, first.start, end) if end > first.end else None


def _keys_after(text: str, token: Token, lang: str) -> frozenset[str]:
    """Return what the next word of a text is, on its own and together with what hyphens join to it; empty: none is near."""
    following = token_after(text, token)
    if following is None:
        return frozenset()
    read = [following]
    if (compound := _compound_at(following, text)) is not None:
        read.append(compound)
    return frozenset(key for each in read for key in (form_of(each, lang), without_accents(each.text)))


def _instruments(text: str, whole: bytes, wanted: Mapping[str, int]) -> Iterator[Span]:
    """Give the conventions and recommendations of the ILO that are wanted, by numbers that the text has."""
    if any(name[1:].lstrip("0").encode() in whole for name in wanted):
        for start, end, name in instruments_written(text):
            if name in wanted:
                yield Span(start, end, wanted[name])


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)
