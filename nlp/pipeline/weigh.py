"""The component `weigh`: the tags of a document, of all facets, from what the other components found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc

from corpus.tag_rules import Rule, RuleKind, Zone
from corpus.types import Facet, Tag
from corpus.vocabulary import Vocabulary
from nlp.pipeline.docs import counted_passages, forget_passages
from nlp.pipeline.hits import ConceptMatch, matches_in
from nlp.pipeline.passages import Passage
from nlp.pipeline.sectors import with_sectors
from nlp.pipeline.terms import FACETS
from nlp.pipeline.vocabulary import vocabulary_of
from nlp.pipeline.weigh_concepts import Extent, concept_tags, sentences
from nlp.pipeline.weigh_places import place_tags

_STORED = "pushcart_tags"
"""Key of `doc.user_data`: the tags as JSON, because a Doc is saved with what is there."""

_STRESSED = frozenset({Zone.TITLE, Zone.ABSTRACT, Zone.KEYWORDS, Zone.HEADING})
_LEAST_WORDS = 2
"""That name a topic, in all its places together: `training` once is too little, `vocational training` is not."""
_WORDS_A_SENTENCE = 400
"""A topic needs one more sentence for each of this many words of the text,"""
_MOST_SENTENCES = 2
"""up to so many: a theme of a long text need not be on every page. On 127 labelled documents up to four instead of two found 134
of 229 labelled topics instead of 164, at precision .70 instead of .63."""
_SHORT = 1_000
"""Words up to which a text names a sector in one sentence: a brief is too short to say it twice."""
_CLEARLY_OF_ANOTHER = 4
"""Sentences on one sector that make a text a text on that sector: another one in a single sentence is said in passing. Of 37 such
tags of 127 labelled documents, on which this was chosen, 10 were right."""
_WORD = re.compile(r"\w+")

_adapter = TypeAdapter(tuple[Tag, ...])


def _stored_tags(doc: Doc) -> tuple[Tag, ...]:
    """Return the tags of a Doc, most weight first within a facet; none before the component `weigh` has seen it."""
    stored = doc.user_data.get(_STORED)
    return _adapter.validate_json(stored) if stored else ()


Doc.set_extension("tags", getter=_stored_tags, force=True)


@Language.factory("pushcart_weigh", requires=["doc.spans"], assigns=["doc._.tags"])
def make_weigh(nlp: Language, name: str) -> Weigh:
    """Return the component."""
    return Weigh(nlp)


class Weigh:
    """Writes `doc._.tags`."""

    def __init__(self, nlp: Language) -> None:
        """Work with the vocabulary of the pipeline's component `vocabulary`."""
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """Weigh the spans of a Doc."""
        doc.user_data[_STORED] = _adapter.dump_json(self.tags_of(doc)).decode()
        forget_passages()
        return doc

    def tags_of(self, doc: Doc) -> tuple[Tag, ...]:
        """Return the tags of a Doc, most weight first within a facet; touches nothing."""
        vocabulary = vocabulary_of(self._nlp).vocabulary
        read = [passage for passage in counted_passages(doc) if passage.page]
        extent = Extent(pages=doc._.page_count, words=sum(passage.last - passage.first for passage in read))
        spots = [*_recorded(doc, vocabulary), *_places(doc, vocabulary)]
        places = place_tags(spots, length=sum(len(passage.text) for passage in read))
        tags = concept_tags(_supported(concept_matches(doc), vocabulary, words=extent.words), extent=extent)
        return places + with_sectors(tags, vocabulary)


def concept_matches(doc: Doc) -> list[ConceptMatch]:
    """Return what indicates sectors, groups and topics, in reading order."""
    found = [match for facet in FACETS for match in matches_in(doc, facet)]
    return sorted(found, key=lambda match: match.passage.start + match.start)


def _places(doc: Doc, vocabulary: Vocabulary) -> Iterator[ConceptMatch]:
    """Yield what indicates countries and regions, in reading order."""
    countries = vocabulary.concepts(Facet.COUNTRY)
    for match in matches_in(doc, Facet.COUNTRY):
        yield match if match.concept in countries else match.of(Facet.REGION)


def _recorded(doc: Doc, vocabulary: Vocabulary) -> Iterator[ConceptMatch]:
    """Yield the countries of the catalogue's own field; they count like keywords."""
    for code in doc._.countries:
        if country := vocabulary.country(code):
            label = country.label("en")
            field = Passage(label, zone=Zone.KEYWORDS, page=0, lang="en")
            yield ConceptMatch(Facet.COUNTRY, country.id, field, 0, len(label), Rule(RuleKind.RECORD, label))


def _supported(hits: Sequence[ConceptMatch], vocabulary: Vocabulary, *, words: int) -> list[ConceptMatch]:
    """Return the hits without those of topics and sectors that nothing else supports; groups stand by one word.

    A topic or sector is in title, abstract, keywords or a heading. Elsewhere a topic needs sentences by the length of
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
