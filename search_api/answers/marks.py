"""Where the words of a search stand in a text. Each different word of the texts is looked at once, not each place of it.

Whether a word is one that was searched for is decided as in the index: by its form in the text's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.spelling import without_accents
from search_api.analysis import (
    HYPHENS,
    Token,
    exact,
    form_of,
    instruments_in,
    instruments_named,
    query_words,
    scan_from,
    token_at,
)
from search_api.answers.written import as_text, as_written, places, written
from search_api.query.concepts import ConceptFinder
from search_api.query.tree import Concepts, Fuzzy, Node, Phrase, Prefix, Words, leaves

_BEGINNING = 3
"""Letters that the inflections of a word have in common: women and woman, travaux and travail."""
_INSTRUMENT = re.compile(r"[cr]\d{3}")
_SHORT = 4
_THOUSAND = 3
_ABBREVIATION = 5
_NUMBER_MAX = 24
_GAP_MAX = 4
"""Signs between two words of a name."""
_ENDS_WORD = frozenset(("", *" \n\t,;:)]!?\"'’”»…"))
_ACCENTED = {"a": "aàáâãä", "e": "eéèêë", "i": "iíîï", "o": "oóôõöœ", "u": "uúùûü", "c": "cç", "n": "nñ"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text to be marked."""

    start: int
    """0-based character, inclusive."""
    end: int
    """Exclusive."""
    leaf: int
    """Which leaf of the tree it answers, 0-based."""


@dataclass(frozen=True, slots=True)
class _Name:
    """Words side by side, by their forms or as they are written."""

    words: tuple[str, ...]
    leaf: int
    is_exact: bool = False
    open_end: bool = False
    """True: the last word may go on."""


@dataclass(frozen=True, slots=True)
class _First:
    """What begins with one written word."""

    leaf: int | None
    """Which leaf the word answers by itself; None: none."""
    seconds: frozenset[str] | None
    """With which words names go on that begin with it; None: that cannot be said beforehand."""

    def may_go_on(self, whole: bytes, after: int, lang: str) -> bool:
        """Tell whether a longer name may stand here.

        Args:
            whole: from `written`.
            after: where the first word ends in it.
            lang: of the text.
        """
        if self.seconds is None or not self.seconds:
            return self.seconds is None
        start = after
        while start < after + _GAP_MAX and whole[start : start + 1] == b" ":
            start += 1
        following = whole[start : whole.find(b" ", start)]
        word = as_text(following)
        if len(word) == 1 or not word.isalpha():  # I.L.O., 1,250, home-based
            return True
        return not self.seconds.isdisjoint(_keys_of(word, lang))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for in texts of one language."""

    names: dict[str, list[_Name]]
    """By the first word's form, or the first word as written."""
    beginnings: frozenset[bytes]
    """In small letters, with and without accents: only words that begin so are looked up."""
    initials: frozenset[bytes]
    """First letters of words so short that their forms may share no more: men and man."""
    apart: tuple[bytes, ...]
    """Words whose letters or digits stand apart in a text: I.L.O., C. 177, 1,250."""
    instruments: dict[str, int]
    """Leaves by c177, which a text may name as Convention No. 177."""
    seen: set[bytes] = field(default_factory=set)
    """Words of texts that were looked at."""
    first: dict[bytes, _First] = field(default_factory=dict)
    """Those of them with which a mark may begin."""


@dataclass(frozen=True)
class Marker:
    """What to look for in texts; made once for each search by `marker_of`."""

    leaves: tuple[Node, ...]
    finder: ConceptFinder | None
    _by_lang: dict[str, _Wanted] = field(default_factory=dict)

    def spans(self, text: str, lang: str) -> tuple[Span, ...]:
        """Return what is to be marked in a text of that language, in order, without overlaps."""
        wanted = self._by_lang.get(lang)
        if wanted is None:
            wanted = self._by_lang[lang] = _wanted(self.leaves, lang, finder=self.finder)
        found = list(self._found(text, lang, wanted))
        if wanted.instruments:
            found += [
                Span(start, end, wanted.instruments[name])
                for start, end, name in instruments_named(text)
                if name in wanted.instruments
            ]
        return _without_overlaps(found)

    def _found(self, text: str, lang: str, wanted: _Wanted) -> Iterator[Span]:
        whole = written(text)
        words = set(whole.split())
        fresh = words - wanted.seen
        wanted.seen.update(fresh)
        if not self._loose:
            fresh = {
                word
                for word in fresh
                if word[:_BEGINNING] in wanted.beginnings or word[:1] in wanted.initials or b"-" in word
            }
        for word in fresh:
            if any(self._is_first(each, lang, wanted) for each in _in_compound(as_text(word))):
                wanted.first[word] = self._beginning_with(as_text(word), lang, wanted)
        slowly = [place for word in wanted.apart for place in places(whole, word)]
        for word in wanted.first.keys() & words:
            first = wanted.first[word]
            for place in places(whole, word):
                end = place + len(word)
                if _is_plain(text, place, end) and not first.may_go_on(whole, end + 1, lang):
                    if first.leaf is not None:
                        yield Span(place, end, first.leaf)
                else:
                    slowly.append(place)
        yield from self._found_at(sorted(set(slowly)), text, lang, wanted)

    def _found_at(self, starts: Sequence[int], text: str, lang: str, wanted: _Wanted) -> Iterator[Span]:
        """Give what is to be marked from places on at which words begin, each word read as the index reads it."""
        for token in _tokens_at(text, starts):
            keys = (form_of(token, lang), without_accents(token.text))
            for name in (each for key in dict.fromkeys(keys) for each in wanted.names.get(key, ())):
                if (end := _end_of(name, token, text, lang)) is not None:
                    yield Span(token.start, end, name.leaf)
                    break
            else:
                if (leaf := self._loose_match(keys[1])) is not None:
                    yield Span(token.start, token.end, leaf)

    def _beginning_with(self, word: str, lang: str, wanted: _Wanted) -> _First:
        """Return what a mark may be that begins with a written word."""
        if not word.isalpha():
            return _First(leaf=None, seconds=None)
        keys = _keys_of(word, lang)
        names = [name for key in dict.fromkeys(keys) for name in wanted.names.get(key, ())]
        single = [
            name.leaf for name in names if len(name.words) == 1 and (not name.is_exact or name.words[0] == keys[1])
        ]
        several = [name for name in names if len(name.words) > 1]
        return _First(
            leaf=single[0] if single else self._loose_match(keys[1]),
            seconds=None if any(name.open_end for name in names) else frozenset(name.words[1] for name in several),
        )

    def _is_first(self, word: str, lang: str, wanted: _Wanted) -> bool:
        """Tell whether a mark may begin with a written word."""
        keys = _keys_of(word, lang)
        return keys[0] in wanted.names or keys[1] in wanted.names or self._loose_match(keys[1]) is not None

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
        beginnings=frozenset(as_written(beginning) for word in names for beginning in _beginnings(word)),
        initials=frozenset(
            as_written(letter) for word in names if len(word) <= _SHORT for letter in _ACCENTED.get(word[:1], word[:1])
        ),
        instruments={word: several[0].leaf for word, several in names.items() if _INSTRUMENT.fullmatch(word)},
        apart=tuple(each for word in names for each in _written_apart(word)),
    )


def _names_of(part: Node, number: int, lang: str, *, finder: ConceptFinder | None) -> Iterator[_Name]:
    match part:
        case Words(text) | Concepts(text):
            words = query_words(text)
            telling = [word for word in words if not word.is_stop] or list(words)
            yield from (_Name(tuple(part.exact for part in word.parts), number) for word in telling if word.parts)
            for word in (each for whole in telling for each in (whole, *whole.parts) if not each.is_stop):
                for form in word.forms:
                    yield _Name((form,), number)
            yield from (_Name((instrument,), number) for instrument in instruments_in(text))
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


def _beginnings(word: str) -> Iterator[str]:
    """Give the beginnings of a word as they may be written, with accents and without."""
    for spelling in dict.fromkeys((word, word.replace("oe", "œ"), word.replace("ae", "æ"))):
        variants = [""]
        for letter in spelling[:_BEGINNING]:
            variants = [start + each for start in variants for each in _ACCENTED.get(letter, letter)]
        yield from variants


def _written_apart(word: str) -> Iterator[bytes]:
    """Give what `written` has for a word whose parts are held together by signs: I.L.O., 1,250, C. 177."""
    if word.isdigit():
        if len(word) > _THOUSAND:
            first = len(word) % _THOUSAND or _THOUSAND
            groups = [word[:first], *(word[at : at + _THOUSAND] for at in range(first, len(word), _THOUSAND))]
            yield " ".join(groups).encode()
    elif word.isalpha() and 2 <= len(word) <= _ABBREVIATION:
        yield as_written(" ".join(word))
    elif _INSTRUMENT.fullmatch(word):
        yield from (f"{word[0]}{between}{word[1:]}".encode() for between in ("-", " ", "  "))


def _in_compound(word: str) -> Iterator[str]:
    """Give a word; of what hyphens join, each part and all of it together."""
    if "-" not in word:
        yield word
        return
    parts = [part for part in word.split("-") if part]
    yield from parts
    if len(parts) > 1:
        yield "".join(parts)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Tell whether a written word is a word of the text just as it stands: no abbreviation, nothing put after it."""
    if start and text[start - 1].isalnum():
        return False
    following = text[end : end + 1]
    if following not in _ENDS_WORD and (following != "." or text[end + 1 : end + 2].isalnum()):
        return False
    return not (end - start <= _ABBREVIATION and text[start:end].isupper())


@lru_cache(maxsize=20_000)
def _keys_of(word: str, lang: str) -> tuple[str, str]:
    """Return a word's form in a language and the word without accents."""
    return form_of(Token(word, 0, 0), lang), without_accents(word)


def _tokens_at(text: str, starts: Sequence[int]) -> Iterator[Token]:
    """Give the words of a text that begin in the written words at these places."""
    reached = 0
    for start in starts:
        if start < reached or (start and text[start - 1].isalnum()):
            continue
        # A number may have begun before: 250 is no word of 1,250.
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
        if number and (token := token_after(text, token)) is None:
            return None
        assert token is not None
        written = without_accents(token.text)
        is_last = number == len(name.words) - 1
        if name.is_exact:
            same = written.startswith(word) if is_last and name.open_end else written == word
        else:
            same = word in (form_of(token, lang), written) or (is_last and _is_compound(token, text, word, lang))
        if not same:
            return None
    assert token is not None
    return token.end


def token_after(text: str, token: Token | None) -> Token | None:
    """Return the next word of a text, if it stands near."""
    if token is None:
        return None
    place, limit = token.end, min(len(text), token.end + _GAP_MAX)
    while place < limit and not text[place].isalnum():
        place += 1
    return token_at(text, place) if place < limit else None


def _is_compound(token: Token, text: str, word: str, lang: str) -> bool:
    if text[token.end : token.end + 1] not in tuple(HYPHENS):
        return False
    following = token_at(text, token.end + 1)
    return following is not None and form_of(Token(token.text + following.text, 0, 0), lang) == word


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)
