"""Tag a document: countries and regions, sectors, worker groups and topics, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.tag_rules import Rule, RuleKind, Zone
from corpus.types import LANGUAGES, Facet, Tag
from corpus.vocabulary import Concept, Strength, Vocabulary, load_vocabulary
from nlp.pipeline.activities import ActivityMatcher
from nlp.pipeline.hits import ConceptMatch
from nlp.pipeline.passages import Passage, TaggedText, passages_of
from nlp.pipeline.places import PlaceTagger
from nlp.pipeline.places_finding import place_finder
from nlp.pipeline.sectors import with_sectors
from nlp.pipeline.support import supported
from nlp.pipeline.terms import TermMatch, TermMatcher, blocked, holds
from nlp.pipeline.weighing import Extent, tags_of
from nlp.pipeline.words import OTHER

_ESTABLISHING = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS})


@dataclass(frozen=True, slots=True)
class QueryConcept:
    """A concept that the words of a query name."""

    concept: Concept
    start: int
    """0-based character in the query."""
    end: int
    """Exclusive."""


class Tagger:
    """Tags documents and queries with the concepts of one vocabulary. Compiles a language when it first meets it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Work with `vocabulary`; takes no time until the first text comes."""
        self._vocabulary = vocabulary
        self._terms: dict[str, TermMatcher] = {}
        self._activities: dict[str, ActivityMatcher] = {}
        self._places = PlaceTagger(vocabulary)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that are compiled, ISO 639-1."""
        return tuple(self._activities)

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        self._matcher(lang)
        self._activity_matcher(lang)
        place_finder(lang)

    def tag(self, text: TaggedText) -> tuple[Tag, ...]:
        """Return the tags of a document, most weight first within a facet; the same text always has the same tags."""
        passages = [passage for passage in passages_of(text) if passage.weight > 0]
        extent = Extent(pages=len(text.pages), words=sum(len(passage.doc) for passage in passages if passage.page))
        hits = supported(self.hits(passages), self._vocabulary, words=extent.words)
        tags = tags_of(hits, extent=extent)
        places = self._places.tag(passages, countries=text.countries)
        return places + with_sectors(tags, self._vocabulary)

    def hits(self, passages: Sequence[Passage]) -> list[ConceptMatch]:
        """Return every place that speaks for a sector, worker group or topic, in reading order."""
        looked_at = [(passage, self._matcher(passage.lang).find(passage)) for passage in passages]
        established = {
            (one.facet, one.term.concept)
            for passage, found in looked_at
            if passage.zone in _ESTABLISHING
            for one in found
            if one.term.strength is Strength.STRONG
        }
        hits: list[ConceptMatch] = []
        for passage, found in looked_at:
            here = [*self._term_hits(passage, found, established=established), *self._activity_hits(passage)]
            hits += _once(here)
        return hits

    def concepts_in_query(self, query: str) -> tuple[QueryConcept, ...]:
        """Return the sectors, worker groups and topics that a query names in any of the four languages, in its order."""
        seen: dict[tuple[Facet, str], QueryConcept] = {}
        for lang in LANGUAGES:
            passage = Passage(query, zone=Zone.TITLE, page=0, lang=lang)
            for hit in self._term_hits(passage, self._matcher(lang).find(passage), established=set()):
                concept = self._vocabulary.concept(hit.facet, hit.concept)
                seen.setdefault((hit.facet, hit.concept), QueryConcept(concept, hit.start, hit.end))
        return tuple(sorted(seen.values(), key=lambda one: (one.start, -one.end)))

    def _term_hits(
        self, passage: Passage, found: Iterable[TermMatch], *, established: set[tuple[Facet, str]]
    ) -> Iterator[ConceptMatch]:
        for one in found:
            span = passage.doc[one.first : one.last]
            start, end = span.start_char, span.end_char
            known = (one.facet, one.term.concept) in established
            if holds(one.term, passage, start=start, end=end, established=known):
                kind = RuleKind.WEAK_TERM if one.term.strength is Strength.WEAK else RuleKind.TERM
                rule = Rule(kind, one.term.forms[0])
                yield ConceptMatch(one.facet, one.term.concept, passage, start, end, rule, one.term.where)

    def _activity_hits(self, passage: Passage) -> Iterator[ConceptMatch]:
        for activity, first, last in self._activity_matcher(passage.lang).find(passage.doc):
            span = passage.doc[first:last]
            if not blocked(activity.blocks, passage, start=span.start_char, end=span.end_char):
                yield ConceptMatch(
                    activity.facet,
                    activity.concept,
                    passage,
                    span.start_char,
                    span.end_char,
                    Rule(RuleKind.ACTIVITY, activity.text.replace("!", "")),
                )

    def _activity_matcher(self, lang: str) -> ActivityMatcher:
        if lang not in self._activities:
            self._activities[lang] = ActivityMatcher(self._vocabulary, lang=lang)
        return self._activities[lang]

    def _matcher(self, lang: str) -> TermMatcher:
        lang = lang if lang in LANGUAGES else OTHER
        if lang not in self._terms:
            self._terms[lang] = TermMatcher(self._vocabulary, lang=lang)
        return self._terms[lang]


def _once(hits: Iterable[ConceptMatch]) -> list[ConceptMatch]:
    """Return the hits of one passage in reading order, without those that overlap an earlier one of the same concept."""
    kept: list[ConceptMatch] = []
    ends: dict[tuple[Facet, str], int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.rule.kind is RuleKind.ACTIVITY, -hit.end)):
        if hit.start >= ends.get((hit.facet, hit.concept), 0):
            ends[hit.facet, hit.concept] = hit.end
            kept.append(hit)
    return kept


def open_tagger(vocabulary: Vocabulary | None = None) -> Tagger:
    """Return a tagger; with the vocabulary that comes with Pushcart unless another is given."""
    return Tagger(vocabulary or load_vocabulary())
