"""The component `context`: which candidates hold where they stand, as `doc.spans["groups"]`, `["sectors"]` and `["topics"]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span

from corpus.tag_rules import RuleKind, Zone
from corpus.types import Facet
from corpus.vocabulary import Strength
from nlp.pipeline.docs import passage_at, passages_in
from nlp.pipeline.hits import SPANS, concept_span, write_spans
from nlp.pipeline.passages import Passage
from nlp.pipeline.terms import FACETS, TermMatch, blocked, has_needed, holds, without_overlaps
from nlp.pipeline.vocabulary import CANDIDATES, VocabularyTerms, terms_in, vocabulary_of

_ESTABLISHING = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS})

FacetSpan = tuple[Facet, Span]


@Language.factory("pushcart_context", requires=["doc.spans"], assigns=["doc.spans"])
def make_context(nlp: Language, name: str) -> Context:
    """Return the component."""
    return Context(nlp)


class Context:
    """Judges the candidates: the longest of a concept, none in a decoy, weak terms only where they are sure."""

    def __init__(self, nlp: Language) -> None:
        """Work with the vocabulary of the pipeline's component `vocabulary`."""
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """Write what holds; what does not stays in `doc.spans["candidates"]` alone."""
        held, passages = vocabulary_of(self._nlp), passages_in(doc)
        terms = without_overlaps(terms_in(doc, held))
        established = {
            (one.facet, one.term.concept)
            for one in terms
            if one.term.strength is Strength.STRONG and passage_at(passages, one.first).zone in _ESTABLISHING
        }
        found = _once([*_terms(doc, terms, passages, established=established), *_activities(doc, passages, held)])
        for facet in FACETS:
            write_spans(doc, SPANS[facet], (span for of, span in found if of is facet))
        return doc


def _terms(
    doc: Doc, terms: Iterable[TermMatch], passages: Sequence[Passage], *, established: set[tuple[Facet, str]]
) -> Iterator[FacetSpan]:
    for one in terms:
        term = one.term
        kind = RuleKind.WEAK_TERM if term.strength is Strength.WEAK else RuleKind.TERM
        span = concept_span(doc, one.first, one.last, concept=term.concept, kind=kind, text=term.forms[0])
        passage = passage_at(passages, one.first)
        start, end = span.start_char - passage.start, span.end_char - passage.start
        if holds(term, passage, start=start, end=end, established=(one.facet, term.concept) in established):
            yield one.facet, span


def _activities(doc: Doc, passages: Sequence[Passage], held: VocabularyTerms) -> Iterator[FacetSpan]:
    for candidate in doc.spans[CANDIDATES]:
        kind, _, number = candidate.kb_id_.partition(" ")
        if kind != "activity":
            continue
        activity = held.activities[int(number)]
        passage = passage_at(passages, candidate.start)
        start, end = candidate.start_char - passage.start, candidate.end_char - passage.start
        if activity.needs and not has_needed(activity.needs, passage, start=start, end=start):
            continue
        if not blocked(activity.blocks, passage, start=start, end=end):
            text = activity.text.replace("!", "")
            yield (
                activity.facet,
                concept_span(
                    doc, candidate.start, candidate.end, concept=activity.concept, kind=RuleKind.ACTIVITY, text=text
                ),
            )


def _once(found: Iterable[FacetSpan]) -> list[FacetSpan]:
    """Return spans in reading order, without those that overlap an earlier one of the same concept."""
    kept: list[FacetSpan] = []
    ends: dict[tuple[Facet, str], int] = {}
    for facet, span in sorted(found, key=_place):
        if span.start >= ends.get((facet, span.id_), 0):
            ends[facet, span.id_] = span.end
            kept.append((facet, span))
    return kept


def _place(one: FacetSpan) -> tuple[int, bool, int]:
    span = one[1]
    return span.start, span.kb_id_.startswith(f"{RuleKind.ACTIVITY}:"), -span.end
