"""The component `coordination`: terms whose words are shared by several, as "street and market vendors" and "trabajadoras
domésticas y agrícolas"."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from corpus.types import Facet
from corpus.vocabulary import Strength, Term
from nlp.pipeline.compiled import Compiled
from nlp.pipeline.docs import runs_in
from nlp.pipeline.tokenizer import DocumentTokenizer, tokenizer_of
from nlp.pipeline.vocabulary import CANDIDATES, VocabularyTerms, candidate_span, terms_in, vocabulary_of

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
"""Words that never are between the two parts of a coordination."""
_REACH = 6
"""Tokens between the lone word and the word it shares."""
_STOPS = frozenset(".;:!?()•")


@dataclass(frozen=True, slots=True)
class _Shared:
    """A term of which the head stands elsewhere."""

    facet: Facet
    number: int
    """Of the term, as nlp.pipeline.terms.all_terms counts them."""
    head: str
    """NORM of the shared word: `vendor`, `trabajador`."""


class Coordinations:
    """Terms of two or more words that begin (es, fr, pt) or end (en) with a word which others begin or end with."""

    def __init__(self, terms: Iterable[tuple[Facet, Term]], tokenizer: DocumentTokenizer, *, lang: str) -> None:
        """Compile the strong terms of a language; nothing is found in languages other than the four."""
        self._head_last = lang == "en"
        self._between = _BETWEEN.get(lang, frozenset())
        self._matcher = PhraseMatcher(tokenizer.vocab, attr="NORM")
        self._shared: dict[int, list[_Shared]] = {}
        patterns: dict[tuple[str, ...], list[_Shared]] = {}
        for number, (facet, term) in enumerate(terms):
            if term.strength is not Strength.STRONG or term.lang != lang or lang not in _JOINED_BY:
                continue
            for form in term.forms:
                tokens = tokenizer.pattern(tokenizer.words(form), lang=lang)
                if len(tokens) < 2 or not all(token.is_alpha or token.text == "-" for token in tokens):
                    continue
                head, rest = (tokens[len(tokens) - 1], tokens[:-1]) if self._head_last else (tokens[0], tokens[1:])
                if len(head.norm_) < 4:
                    continue
                one = _Shared(facet, number, head.norm_)
                for joint in _JOINED_BY[lang]:
                    words = [token.text for token in rest]
                    phrase = (*words, joint) if self._head_last else (joint, *words)
                    patterns.setdefault(phrase, []).append(one)
        for number, (phrase, several) in enumerate(patterns.items()):
            key = f"shared {number}"
            self._shared[tokenizer.key(key)] = several
            self._matcher.add(key, [tokenizer.pattern(phrase, lang=lang)])

    def find(self, run: Span, *, taken: Container[tuple[Facet, int]]) -> Iterator[tuple[int, int, int]]:
        """Yield number of the term and the tokens from the lone word to the shared one (end exclusive).

        `taken` holds facet and token of words that are terms on their own: "trabalhadoras domésticas e diaristas".
        """
        doc = run.doc
        for key, first, last in self._matcher(run):
            lone = first if self._head_last else last - 1
            for one in self._shared[key]:
                at = None if (one.facet, lone) in taken else self._head(doc, one.head, first=first, last=last)
                if at is not None:
                    yield one.number, min(first, at), max(last, at + 1)

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


@Language.factory("pushcart_coordination", requires=["doc.spans"], assigns=["doc.spans"])
def make_coordination(nlp: Language, name: str) -> Coordination:
    """Return the component."""
    return Coordination(nlp)


class Coordination:
    """Adds to `doc.spans["candidates"]` the terms whose words are shared by several."""

    def __init__(self, nlp: Language) -> None:
        """Work with the terms of the pipeline's component `vocabulary`."""
        self._nlp = nlp
        tokenizer = tokenizer_of(nlp)

        def make(held: VocabularyTerms, lang: str) -> Coordinations:
            return Coordinations(held.terms, tokenizer, lang=lang)

        self._by_language = Compiled(make)

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        self._by_language.get(vocabulary_of(self._nlp), lang)

    def __call__(self, doc: Doc) -> Doc:
        """Add the candidates."""
        held = vocabulary_of(self._nlp)
        taken = {(one.facet, token) for one in terms_in(doc, held) for token in range(one.first, one.last)}
        found = [
            candidate_span(doc, first, last, term=held.terms[number][1], number=number)
            for lang, run in runs_in(doc)
            for number, first, last in self._by_language.get(held, lang).find(run, taken=taken)
        ]
        doc.spans[CANDIDATES].extend(found)
        return doc
