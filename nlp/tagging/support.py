"""Topics that stand on too little: one word in passing does not make a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.tag_rules import Zone
from corpus.types import Facet
from nlp.tagging.hits import ConceptMatch
from nlp.tagging.weighing import sentences

_STRESSED = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS, Zone.HEADING})
_LEAST_WORDS = 2
"""That name a topic, in all its places together: `training` once is too little, `vocational training` is not."""
_WORDS_A_SENTENCE = 400
"""A topic needs one more sentence for each so many words of the text,"""
_MOST_SENTENCES = 4
"""up to so many: a theme of a book need not be on every page."""
_WORD = re.compile(r"\w+")


def supported(hits: Sequence[ConceptMatch], *, words: int) -> list[ConceptMatch]:
    """Return the hits without those of topics that nothing else supports; groups and sectors stand by one word.

    A topic stands in title, abstract, keywords or a heading, or in enough sentences for the length of the text.

    Args:
        words: of running text, as of `Extent`.
    """
    topics: dict[str, list[ConceptMatch]] = {}
    for hit in hits:
        if hit.facet is Facet.TOPIC:
            topics.setdefault(hit.concept, []).append(hit)
    enough = min(_MOST_SENTENCES, 1 + words // _WORDS_A_SENTENCE)
    standing = {concept for concept, found in topics.items() if _stands(found, enough=enough)}
    return [hit for hit in hits if hit.facet is not Facet.TOPIC or hit.concept in standing]


def _stands(hits: Sequence[ConceptMatch], *, enough: int) -> bool:
    if any(hit.passage.zone in _STRESSED for hit in hits):
        return True
    named = sum(len(_WORD.findall(hit.passage.words(hit.start, hit.end))) for hit in hits)
    return named >= _LEAST_WORDS and sentences(hits) >= enough
