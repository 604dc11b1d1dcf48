"""Where the words of a search stand in a text: found from their beginnings, so that a page is not analysed word by word.

Whether a word is one that was searched for is decided as in the index: by its form in the text's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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
    scan,
    token_at,
)
from search_api.query.concepts import ConceptFinder
from search_api.query.tree import Concepts, Fuzzy, Node, Phrase, Prefix, Words, leaves

_BEGINNING = 3
"""Letters that the inflections of a word have in common: women and woman, travaux and travail."""
_ACCENTED = {"a": "aàáâãä", "e": "eéèêë", "i": "iíîï", "o": "oóôõöœ", "u": "uúùûü", "c": "cç", "n": "nñ"}
_VARIANTS_MAX = 64


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
class _Wanted:
    """What is looked for in texts of one language."""

    names: dict[str, list[_Name]]
    """By the first word's form, or the first word as written."""
    beginnings: tuple[str, ...]
    """In small letters, with and without accents."""
    scan_all: bool
    """True: a near spelling can begin with any letter."""


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
        for number, leaf in enumerate(self.leaves):
            if isinstance(leaf, Words | Concepts) and (wanted_here := instruments_wanted(leaf.text)):
                found += [
                    Span(start, end, number) for start, end, name in instruments_written(text) if name in wanted_here
                ]
        return _without_overlaps(found)

    def _found(self, text: str, lang: str, wanted: _Wanted) -> Iterator[Span]:
        tokens = scan(text) if wanted.scan_all else _candidates(text, wanted.beginnings)
        for token in tokens:
            for read in (each for each in (_compound_at(token, text), token) if each is not None):
                keys = (form_of(read, lang), without_accents(read.text))
                for name in (each for key in dict.fromkeys(keys) for each in wanted.names.get(key, ())):
                    if (end := _end_of(name, read, text, lang)) is not None:
                        yield Span(token.start, end, name.leaf)
                        break
                else:
                    continue
                break
            else:
                if (leaf := self._loose_match(without_accents(token.text))) is not None:
                    yield Span(token.start, token.end, leaf)

    def _loose_match(self, word: str) -> int | None:
        for number, leaf in enumerate(self.leaves):
            match leaf:
                case Prefix(text) if word.startswith(exact(text)[0]):
                    return number
                case Fuzzy(text, distance) if OSA.distance(word, exact(text)[0], score_cutoff=distance) <= distance:
                    return number
                case _:
                    pass
        return None


def marker_of(tree: Node, *, finder: ConceptFinder | None = None) -> Marker:
    """Return what is to be marked for a search: every word that counts for a document, and the names of its concepts.

    Args:
        tree: what the search means.
        finder: gives the names of concepts; None: only what was typed is marked.
    """
    return Marker(leaves=tuple(leaves(tree)), finder=finder)


def _wanted(parts: Sequence[Node], lang: str, *, finder: ConceptFinder | None) -> _Wanted:
    names: dict[str, list[_Name]] = {}
    beginnings: dict[str, None] = {}
    for number, part in enumerate(parts):
        for name in _names_of(part, number, lang, finder=finder):
            names.setdefault(name.words[0], []).append(name)
            beginnings.update(dict.fromkeys(_beginnings(name.words[0])))
        if isinstance(part, Prefix) and (words := exact(part.text)):
            beginnings.update(dict.fromkeys(_beginnings(words[0])))
    for several in names.values():
        several.sort(key=lambda name: -len(name.words))
    return _Wanted(names, tuple(beginnings), scan_all=any(isinstance(part, Fuzzy) for part in parts))


def _names_of(part: Node, number: int, lang: str, *, finder: ConceptFinder | None) -> Iterator[_Name]:
    match part:
        case Words(text) | Concepts(text):
            words = query_words(text)
            telling = [word for word in words if not word.is_stop] or list(words)
            for word in (each for whole in telling for each in (whole, *whole.parts) if not each.is_stop):
                for form in word.forms:
                    yield _Name((form,), number)
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
    variants = [""]
    for letter in word[:_BEGINNING]:
        variants = [start + each for start in variants for each in _ACCENTED.get(letter, letter)]
        if len(variants) > _VARIANTS_MAX:
            break
    yield from variants


def _candidates(text: str, beginnings: Sequence[str]) -> Iterator[Token]:
    """Give the words of a text that begin with one of these, in order."""
    small = text.lower()
    if len(small) != len(text):  # İ becomes two letters
        small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    places: set[int] = set()
    for beginning in beginnings:
        place = small.find(beginning)
        while place >= 0:
            if place == 0 or not small[place - 1].isalnum():
                places.add(place)
            place = small.find(beginning, place + 1)
    for place in sorted(places):
        if (token := token_at(text, place)) is not None:
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
    """Return the next word of a text, if it stands near."""
    if token is None:
        return None
    place, limit = token.end, min(len(text), token.end + 4)
    while place < limit and not text[place].isalnum():
        place += 1
    return token_at(text, place) if place < limit else None


def _compound_at(first: Token, text: str) -> Token | None:
    """Return the words that hyphens join to a word, as one: wellbeing for well-being; None when there is no hyphen."""
    written, end = first.text, first.end
    while text[end : end + 1] in tuple(HYPHENS) and (following := token_at(text, end + 1)) is not None:
        written, end = written + following.text, following.end
    return Token(written, first.start, end) if end > first.end else None


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)
