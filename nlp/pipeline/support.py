"""Topics and sectors that stand on too little: one word in passing does not make a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.tag_rules import Zone
from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from nlp.pipeline.hits import ConceptMatch
from nlp.pipeline.weigh_concepts import sentences

_STRESSED = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS, Zone.HEADING})
_LEAST_WORDS = 2
"""That name a topic, in all its places together: `training` once is too little, `vocational training` is not."""
_WORDS_A_SENTENCE = 400
"""A topic needs one more sentence for each so many words of the text,"""
_MOST_SENTENCES = 2
"""up to so many: a theme of a long text need not be on every page. On 127 labelled documents up to four instead of two found 134
of 229 labelled topics instead of 164, at precision .70 instead of .63."""
_SHORT = 1_000
"""Words up to which a text names a sector in one sentence: a brief has no room to say it twice."""
_CLEARLY_OF_ANOTHER = 4
"""Sentences on one sector that make a text a text on that sector: another one in a single sentence is said in passing. Of 37 such
tags of 127 labelled documents, on which this was chosen, 10 were right."""
_WORD = re.compile(r"\w+")


def supported(hits: Sequence[ConceptMatch], vocabulary: Vocabulary, *, words: int) -> list[ConceptMatch]:
    """Return the hits without those of topics and sectors that nothing else supports; groups stand by one word.

    A topic or sector stands in title, abstract, keywords or a heading. Elsewhere a topic needs sentences by the length of
    the text, and two words in them; a sector one sentence, in a long text or in one on another sector two, or one and a group that
    works in it.

    Args:
        words: of running text, as of `Extent`.
    """
    by_concept: dict[tuple[Facet, str], list[ConceptMatch]] = {}
    for hit in hits:
        by_concept.setdefault((hit.facet, hit.concept), []).append(hit)
    groups = {concept for facet, concept in by_concept if facet is Facet.GROUP}
    most = max((sentences(found) for (facet, _), found in by_concept.items() if facet is Facet.SECTOR), default=0)

    def stands(facet: Facet, concept: str) -> bool:
        found = by_concept[facet, concept]
        if facet is Facet.GROUP or any(hit.passage.zone in _STRESSED for hit in found):
            return True
        if facet is Facet.TOPIC:
            return _words_in(found) >= _LEAST_WORDS and sentences(found) >= _sentences_of_topic(words)
        related = vocabulary.concept(facet, concept).related.get(Facet.GROUP, ())
        room = words <= _SHORT and most < _CLEARLY_OF_ANOTHER
        return room or sentences(found) >= 2 or not groups.isdisjoint(related)

    standing = {key for key in by_concept if stands(*key)}
    return [hit for hit in hits if (hit.facet, hit.concept) in standing]


def _sentences_of_topic(words: int) -> int:
    return min(_MOST_SENTENCES, 1 + words // _WORDS_A_SENTENCE)


def _words_in(hits: Sequence[ConceptMatch]) -> int:
    return sum(len(_WORD.findall(hit.passage.words(hit.start, hit.end))) for hit in hits)
