"""Tag a document or a query with one call: the pipeline of nlp.pipeline.build as the rest of the code uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from corpus.tag_rules import Zone
from corpus.types import LANGUAGES, Facet, Tag
from corpus.vocabulary import Concept, Vocabulary
from nlp.pipeline.build import build_pipeline, compile_language
from nlp.pipeline.docs import doc_of, doc_of_passages, forget_passages
from nlp.pipeline.hits import ConceptMatch
from nlp.pipeline.passages import Passage, TaggedText
from nlp.pipeline.places import PlaceMatcher
from nlp.pipeline.vocabulary import vocabulary_of
from nlp.pipeline.weigh import Weigh, concept_matches

_OF_QUERIES = frozenset({"languages", "vocabulary", "coordination", "context"})
"""Components that read a query: it has no sentences for activities, and its places are found by search_api."""


@dataclass(frozen=True, slots=True)
class QueryConcept:
    """A concept that the words of a query name."""

    concept: Concept
    start: int
    """0-based character in the query."""
    end: int
    """Exclusive."""


class Tagger:
    """Tags documents and queries with the concepts of one vocabulary."""

    def __init__(self, nlp: Language) -> None:
        """Work with a pipeline of `nlp.pipeline.build.build_pipeline`, or a saved one that was loaded."""
        self.nlp = nlp
        weigh, places = nlp.get_pipe("weigh"), nlp.get_pipe("places")
        assert isinstance(weigh, Weigh)
        assert isinstance(places, PlaceMatcher)
        self._weigh = weigh
        self._places = places

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that are compiled, ISO 639-1."""
        return self._places.languages

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        compile_language(self.nlp, lang)

    def tag(self, text: TaggedText) -> tuple[Tag, ...]:
        """Return the tags of a document, most weight first within a facet; the same text always has the same tags."""
        return self._weighed(doc_of(self.nlp, text))

    def tag_passages(self, passages: Sequence[Passage], *, countries: Sequence[str] = ()) -> tuple[Tag, ...]:
        """Return the tags of passages that were cut before; `countries` as a catalogue's country field gives them."""
        doc = doc_of_passages(self.nlp, passages)
        doc._.countries = list(countries)
        doc._.page_count = len({passage.page for passage in passages if passage.page})
        return self._weighed(doc)

    def hits(self, passages: Sequence[Passage]) -> list[ConceptMatch]:
        """Return every place that indicates a sector, worker group or topic, in reading order."""
        found = concept_matches(self._read(doc_of_passages(self.nlp, passages)))
        forget_passages()
        return found

    def concepts_in_query(self, query: str) -> tuple[QueryConcept, ...]:
        """Return the sectors, worker groups and topics that a query names in any of the four languages, in its order."""
        seen: dict[tuple[Facet, str], QueryConcept] = {}
        vocabulary = vocabulary_of(self.nlp).vocabulary
        for lang in LANGUAGES:
            doc = doc_of_passages(self.nlp, [Passage(query, zone=Zone.BODY, page=1, lang=lang)])
            for hit in concept_matches(self._read(doc, only=_OF_QUERIES)):
                concept = vocabulary.concept(hit.facet, hit.concept)
                start = hit.passage.start
                seen.setdefault((hit.facet, hit.concept), QueryConcept(concept, start + hit.start, start + hit.end))
        forget_passages()
        return tuple(sorted(seen.values(), key=lambda one: (one.start, -one.end)))

    def _weighed(self, doc: Doc) -> tuple[Tag, ...]:
        tags = self._weigh.tags_of(self._read(doc))
        forget_passages()
        return tags

    def _read(self, doc: Doc, *, only: frozenset[str] | None = None) -> Doc:
        """Return a Doc after all components but the last one: its tags are needed as values, not as what is saved with a Doc."""
        for name, component in self.nlp.pipeline:
            if name != "weigh" and (only is None or name in only):
                doc = component(doc)
        return doc


def open_tagger(vocabulary: Vocabulary | None = None) -> Tagger:
    """Return a tagger; with the vocabulary that comes with Pushcart unless another is given, and then the same for each caller."""
    return _shipped_tagger() if vocabulary is None else Tagger(build_pipeline(vocabulary))


@cache
def _shipped_tagger() -> Tagger:
    return Tagger(build_pipeline())
