"""What the components write into `doc.spans`, and the same as values.

doc.spans["candidates"]   words that may indicate a concept: `label_` strength of the term, or `activity`; `kb_id_` its number
doc.spans["groups"], ["sectors"], ["topics"], ["places"]
                          words that indicate a concept, after all rules that hold words back: `id_` and `label_` are its id,
                          `kb_id_` is the rule that fits (`term:street vendor`), and `span._.rule` the same as a typed value
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, SpanGroup

from corpus.tag_rules import Rule, RuleKind, Zone, rule_of
from corpus.types import Facet
from nlp.pipeline.docs import passage_at, passages_in
from nlp.pipeline.passages import Passage

SPANS: Mapping[Facet, str] = {
    Facet.GROUP: "groups",
    Facet.SECTOR: "sectors",
    Facet.TOPIC: "topics",
    Facet.COUNTRY: "places",
    Facet.REGION: "places",
}
"""Key of `doc.spans` for each facet."""


@dataclass(frozen=True, slots=True, eq=False)
class ConceptMatch:
    """Words in a passage that indicate a concept, after all rules that hold words back."""

    facet: Facet
    concept: str
    passage: Passage
    start: int
    """0-based character in the passage's text."""
    end: int
    """Exclusive."""
    rule: Rule
    """Without a zone, which the passage has."""

    def of(self, facet: Facet) -> ConceptMatch:
        """Return the same as a match of another facet."""
        return replace(self, facet=facet)

    @property
    def zone(self) -> Zone:
        """The part of the document."""
        return self.passage.zone

    @property
    def page(self) -> int:
        """1-based; 0 for title, abstract, keywords."""
        return self.passage.page

    @property
    def kind(self) -> RuleKind:
        """The kind of rule by which the words speak."""
        return self.rule.kind

    @property
    def position(self) -> int:
        """Characters of counted text before it, 0-based; 0 in title, abstract and keywords."""
        return self.passage.before + self.start if self.passage.page else 0

    @property
    def sentence(self) -> str:
        """The sentence around the words, as evidence quotes it; for a catalogue's field the words."""
        return self.passage.sentence(self.start, self.end)

    @property
    def words(self) -> str:
        """The words as they are in the sentence."""
        return self.passage.words(self.start, self.end)

    @property
    def evidence_rule(self) -> Rule:
        """The rule, with its zone where the words are on no page."""
        if self.page or self.kind is RuleKind.RECORD:
            return self.rule
        return rule_of(self.rule.kind.value, self.rule.text, self.zone.value)


def concept_span(doc: Doc, first: int, last: int, *, concept: str, kind: RuleKind, text: str) -> Span:
    """Return tokens `first` to `last` (exclusive) as a span that indicates a concept by a rule."""
    return Span(doc, first, last, label=concept, kb_id=f"{kind.value}:{text}", span_id=concept)


def _rule(span: Span) -> Rule | None:
    """Return why a span of `groups`, `sectors`, `topics` or `places` indicates its concept; None for any other span."""
    kind, _, text = span.kb_id_.partition(":")
    if not text:
        return None
    return rule_of(kind, text, "")


Span.set_extension("rule", getter=_rule, force=True)


def write_spans(doc: Doc, key: str, spans: Iterable[Span]) -> None:
    """Write spans under a key of `doc.spans`."""
    doc.spans[key] = SpanGroup(doc, name=key, spans=list(spans))


def matches_in(doc: Doc, facet: Facet) -> list[ConceptMatch]:
    """Return what `doc.spans` holds under the key of a facet, in order; regions are among the countries."""
    passages = passages_in(doc)
    return [_match(span, facet, passages) for span in doc.spans.get(SPANS[facet], ())]


def _match(span: Span, facet: Facet, passages: Sequence[Passage]) -> ConceptMatch:
    passage = passage_at(passages, span.start)
    kind, _, text = span.kb_id_.partition(":")
    start = passage.start
    return ConceptMatch(
        facet, span.id_, passage, span.start_char - start, span.end_char - start, rule_of(kind, text, "")
    )
