"""Topics and sectors that stand on too little: one word in passing does not make a topic."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.tag_rules import Rule, Zone
from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from nlp.pipeline.hits import ConceptMatch

_SHORT = 1_500
"""Words up to which a text names a sector by one word: a brief has no room to say it twice."""
_STRESSED = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS, Zone.HEADING})


def supported(hits: Sequence[ConceptMatch], vocabulary: Vocabulary, *, words: int) -> list[ConceptMatch]:
    """Return the hits without those of topics and sectors that nothing else supports.

    A topic or sector needs two different terms, or one in title, abstract, keywords or a heading, or one and a group of
    workers: for a sector a group that works in it, for a topic any. `words` is the length of the running text; in a short
    one a sector needs no more than one term.
    """
    groups = {hit.concept for hit in hits if hit.facet is Facet.GROUP}
    rules: dict[tuple[Facet, str], set[Rule]] = {}
    stressed: set[tuple[Facet, str]] = set()
    for hit in hits:
        rules.setdefault((hit.facet, hit.concept), set()).add(hit.rule)
        if hit.passage.zone in _STRESSED:
            stressed.add((hit.facet, hit.concept))

    def stands(facet: Facet, concept: str) -> bool:
        if facet is Facet.GROUP or (facet, concept) in stressed or len(rules[facet, concept]) >= 2:
            return True
        if facet is Facet.TOPIC:
            return bool(groups)
        return words <= _SHORT or not groups.isdisjoint(vocabulary.concept(facet, concept).related.get(Facet.GROUP, ()))

    standing = {key for key in rules if stands(*key)}
    return [hit for hit in hits if (hit.facet, hit.concept) in standing]
