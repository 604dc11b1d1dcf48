"""The component `vocabulary`: the terms of the vocabulary, with its decoys and weak terms, as candidates.

It holds the vocabulary of the pipeline: the other components ask it for theirs, and it is saved with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc, Span

from corpus.types import Facet
from corpus.vocabulary import Activity, Concept, Term, Vocabulary, load_vocabulary
from nlp.pipeline.compiled import Compiled
from nlp.pipeline.docs import runs_in
from nlp.pipeline.hits import write_spans
from nlp.pipeline.terms import FACETS, TermMatch, TermMatcher, all_terms
from nlp.pipeline.tokenizer import tokenizer_of

CANDIDATES = "candidates"
FACTORY = "pushcart_vocabulary"
_FILE = "vocabulary.json"


@dataclass(frozen=True, slots=True)
class _SavedVocabulary:
    """A vocabulary as it is saved with a pipeline."""

    version: str
    concepts: tuple[Concept, ...]
    terms: dict[Facet, tuple[Term, ...]]
    activities: tuple[Activity, ...]


class VocabularyTerms:
    """A vocabulary, its terms and its activities by number."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Hold a vocabulary; its words are read when they are requested."""
        self.vocabulary = vocabulary

    @cached_property
    def terms(self) -> tuple[tuple[Facet, Term], ...]:
        """All terms; a term's number is its place here."""
        return all_terms(self.vocabulary)

    @property
    def activities(self) -> tuple[Activity, ...]:
        """All activities; an activity's number is its place here."""
        return self.vocabulary.activities


@Language.factory(FACTORY, assigns=["doc.spans"])
def make_vocabulary(nlp: Language, name: str) -> VocabularyMatcher:
    """Return the component, with the vocabulary that comes with Pushcart."""
    return VocabularyMatcher(nlp)


class VocabularyMatcher:
    """Writes `doc.spans["candidates"]`: every term and decoy of the vocabulary that is in the text."""

    def __init__(self, nlp: Language, vocabulary: Vocabulary | None = None) -> None:
        """Work with `vocabulary`, or with the one that comes with Pushcart; a language is compiled when its first text comes."""
        tokenizer = tokenizer_of(nlp)
        self._given = vocabulary
        self._held: VocabularyTerms | None = None

        def make(held: VocabularyTerms, lang: str) -> TermMatcher:
            return TermMatcher(held.terms, tokenizer, lang=lang)

        self._by_language = Compiled(make)

    @property
    def held(self) -> VocabularyTerms:
        """The vocabulary with its terms by number."""
        if self._held is None:
            self._held = VocabularyTerms(self._given or load_vocabulary())
        return self._held

    def use(self, vocabulary: Vocabulary) -> None:
        """Work with another vocabulary from now on."""
        self._held = VocabularyTerms(vocabulary)

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        self._by_language.get(self.held, lang)

    def __call__(self, doc: Doc) -> Doc:
        """Write the candidates."""
        found = [one for lang, run in runs_in(doc) for one in self._by_language.get(self.held, lang).find(run)]
        spans = [candidate_span(doc, one.first, one.last, term=one.term, number=one.number) for one in found]
        write_spans(doc, CANDIDATES, spans)
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the vocabulary as JSON: concepts, terms and activities."""
        vocabulary = self.held.vocabulary
        concepts = tuple(concept for facet in Facet for concept in vocabulary.concepts(facet).values())
        terms = {facet: vocabulary.terms(facet) for facet in FACETS}
        saved = _SavedVocabulary(vocabulary.version, concepts, terms, vocabulary.activities)
        return _adapter().dump_json(saved, exclude_defaults=True)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> VocabularyMatcher:
        """Work with a saved vocabulary. Raises ValueError: it is none."""
        saved = _adapter().validate_json(data)
        words = (saved.terms, saved.activities)
        self.use(Vocabulary(saved.concepts, terms=lambda: words, version=saved.version))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the vocabulary into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> VocabularyMatcher:
        """Work with the vocabulary that is saved in a folder."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())


def _adapter() -> TypeAdapter[_SavedVocabulary]:
    return TypeAdapter(_SavedVocabulary)


def vocabulary_of(nlp: Language) -> VocabularyTerms:
    """Return the vocabulary of a pipeline. Raises ValueError: it has no component that holds one."""
    for _, component in nlp.components:  # also one that is disabled
        if isinstance(component, VocabularyMatcher):
            return component.held
    raise ValueError(
        f"The pipeline has no component of the factory {FACTORY!r}, which holds the vocabulary; disable it instead of excluding it."
    )


def candidate_span(doc: Doc, first: int, last: int, *, term: Term, number: int) -> Span:
    """Return a term at its place as a candidate."""
    return Span(doc, first, last, label=term.strength.value, kb_id=f"term {number}", span_id=term.concept)


def terms_in(doc: Doc, held: VocabularyTerms) -> list[TermMatch]:
    """Return the terms and decoys among the candidates of a Doc, in their order."""
    found = []
    for span in doc.spans.get(CANDIDATES, ()):
        kind, _, number = span.kb_id_.partition(" ")
        if kind == "term":
            found.append(TermMatch(*held.terms[int(number)], int(number), span.start, span.end))
    return found
