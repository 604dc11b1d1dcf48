"""The component `weigh`: the tags of a document, of all facets, from what the other components found in it."""

from __future__ import annotations

from collections.abc import Iterator

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
from nlp.pipeline.support import supported
from nlp.pipeline.terms import FACETS
from nlp.pipeline.vocabulary import vocabulary_of
from nlp.pipeline.weigh_concepts import Extent, concept_tags
from nlp.pipeline.weigh_places import place_tags

_STORED = "pushcart_tags"
"""Key of `doc.user_data`: the tags as JSON, because a Doc is saved with what stands there."""

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
        tags = concept_tags(supported(concept_matches(doc), vocabulary, words=extent.words), extent=extent)
        return places + with_sectors(tags, vocabulary)


def concept_matches(doc: Doc) -> list[ConceptMatch]:
    """Return what speaks for sectors, groups and topics, in reading order."""
    found = [match for facet in FACETS for match in matches_in(doc, facet)]
    return sorted(found, key=lambda match: match.passage.start + match.start)


def _places(doc: Doc, vocabulary: Vocabulary) -> Iterator[ConceptMatch]:
    """Yield what speaks for countries and regions, in reading order."""
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
