"""Find terms whose words are shared by several: "street and market vendors", "trabajadoras domésticas y agrícolas"."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from corpus.types import Facet
from corpus.vocabulary import Strength, Term
from nlp.pipeline.words import as_tokenized, language_for

_JOINED_BY = {
    "en": ("and", "or", ",", "/", "&"),
    "es": ("y", "e", "o", "u", ",", "/"),
    "fr": ("et", "ou", ",", "/"),
    "pt": ("e", "ou", ",", "/"),
}
_BETWEEN = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the a an of in for to from by on at with that who which are is was were be has have not as than",
        "es": "que con para por en como se es son está están un una",
        "fr": "qui que avec pour par dans en comme se est sont un une",
        "pt": "que com para por em como se é são está estão um uma",
    }.items()
}
"""Words that never stand between the two parts of a coordination."""
_REACH = 6
"""Tokens between the lone word and the word it shares."""
_STOPS = frozenset(".;:!?()•")


@dataclass(frozen=True, slots=True)
class _Shared:
    """A term of which the head stands elsewhere."""

    facet: Facet
    term: Term
    head: str
    """NORM of the shared word: `vendor`, `trabajador`."""


class Coordinations:
    """Terms of two or more words that begin (es, fr, pt) or end (en) with a word which others begin or end with."""

    def __init__(self, terms: Iterable[tuple[Facet, Term]], *, lang: str) -> None:
        """Compile the strong terms of a language; nothing is found in languages other than the four."""
        self._head_last = lang == "en"
        self._between = _BETWEEN.get(lang, frozenset())
        language = language_for(lang)
        self._matcher = PhraseMatcher(language.vocab, attr="NORM")
        self._shared: dict[int, list[_Shared]] = {}
        patterns: dict[tuple[str, ...], list[_Shared]] = {}
        for facet, term in terms:
            if term.strength is not Strength.STRONG or term.lang != lang or lang not in _JOINED_BY:
                continue
            for form in term.forms:
                tokens = [token for token in language.tokenizer(as_tokenized(form)) if not token.is_space]
                if len(tokens) < 2 or not all(token.is_alpha or token.text == "-" for token in tokens):
                    continue
                head, rest = (tokens[-1], tokens[:-1]) if self._head_last else (tokens[0], tokens[1:])
                if len(head.norm_) < 4:
                    continue
                one = _Shared(facet, term, head.norm_)
                for joint in _JOINED_BY[lang]:
                    words = [token.text for token in rest]
                    phrase = (*words, joint) if self._head_last else (joint, *words)
                    patterns.setdefault(phrase, []).append(one)
        for number, (phrase, several) in enumerate(patterns.items()):
            key = f"shared {number}"
            self._shared[language.vocab.strings.add(key)] = several
            self._matcher.add(key, [Doc(language.vocab, list(phrase))])

    def find(self, doc: Doc, *, taken: Container[tuple[Facet, int]]) -> Iterator[tuple[Facet, Term, int, int]]:
        """Yield facet, term and the tokens from the lone word to the shared one (end exclusive).

        `taken` holds facet and token of words that are terms by themselves: "trabalhadoras domésticas e diaristas".
        """
        for key, first, last in self._matcher(doc):
            lone = first if self._head_last else last - 1
            for one in self._shared[key]:
                at = None if (one.facet, lone) in taken else self._head(doc, one.head, first=first, last=last)
                if at is not None:
                    yield one.facet, one.term, min(first, at), max(last, at + 1)

    def _head(self, doc: Doc, head: str, *, first: int, last: int) -> int | None:
        """Return the token at which the shared word stands; None when a sentence ends before it."""
        steps = (
            range(last, min(len(doc), last + _REACH))
            if self._head_last
            else range(first - 1, max(-1, first - 1 - _REACH), -1)
        )
        for position in steps:
            token = doc[position]
            if token.norm_ == head:
                return position
            if token.text in _STOPS or token.is_space or token.lower_ in self._between:
                return None
        return None
