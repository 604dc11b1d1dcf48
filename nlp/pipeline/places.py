"""Tag countries and regions: find names, judge each in its sentence and its document, weigh what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.tag_rules import Rule, RuleKind, Zone
from corpus.types import Facet, Tag
from corpus.vocabulary.places import PlaceKind, Places, load_places
from corpus.vocabulary.vocabulary import Vocabulary
from nlp.pipeline.passages import Passage
from nlp.pipeline.places_finding import PlaceMatch, place_finder
from nlp.pipeline.places_judging import (
    Judgement,
    Mention,
    PlaceJudge,
    countries_around,
    countries_named,
    country_beside,
    line_of,
    longer_names,
)
from nlp.pipeline.places_weighing import Spot, tags_of
from nlp.pipeline.words import as_tokenized


class PlaceTagger:
    """Tags countries and regions in English, Spanish, French and Portuguese; in other languages by name only."""

    def __init__(self, vocabulary: Vocabulary, *, places: Places | None = None) -> None:
        """Work with `vocabulary`; `places` are the ones that come with it unless given."""
        self._vocabulary = vocabulary
        self._places = places or load_places()
        self._judge = PlaceJudge(self._places)

    def tag(self, passages: Sequence[Passage], *, countries: Sequence[str] = ()) -> tuple[Tag, ...]:
        """Return the country and region tags of one document, most weight first within a facet.

        `countries` are those that a catalogue's country field gives (ISO alpha-3); they count like keywords.
        Passages of weight 0 (references, imprint, boilerplate) are not looked at.
        """
        read = [passage for passage in passages if passage.weight > 0]
        spots = [*self._recorded(countries), *self.spots(read)]
        return tags_of(spots, length=sum(len(passage.text) for passage in read if passage.page))

    def spots(self, passages: Sequence[Passage]) -> Iterator[Spot]:
        """Yield every place that speaks for a country or region, in reading order."""
        found = [(passage, mention) for passage in passages for mention in mentions_in(passage)]
        judged = self._judge.judge([mention for _, mention in found])
        starts: dict[int, int] = {}
        before = 0
        for passage in passages:
            starts[id(passage)] = before if passage.page else 0
            before += len(passage.text) if passage.page else 0
        for (passage, mention), judgement in zip(found, judged, strict=True):
            if judgement.concept and judgement.name is not None:
                yield self._spot(passage, mention, judgement=judgement, before=starts[id(passage)])

    def _spot(self, passage: Passage, mention: Mention, *, judgement: Judgement, before: int) -> Spot:
        assert judgement.name is not None
        is_country = judgement.concept in self._vocabulary.concepts(Facet.COUNTRY)
        return Spot(
            facet=Facet.COUNTRY if is_country else Facet.REGION,
            concept=judgement.concept,
            kind=judgement.name.kind,
            zone=passage.zone,
            page=passage.page,
            position=before + mention.start if passage.page else 0,
            sentence=passage.sentence(mention.start, mention.end),
            words=passage.words(mention.start, mention.end),
            rule=Rule(
                RuleKind(judgement.name.kind), judgement.name.surface, zone=None if passage.page else passage.zone
            ),
        )

    def _recorded(self, countries: Iterable[str]) -> Iterator[Spot]:
        for country in countries:
            if concept := self._vocabulary.country(country):
                label = concept.label("en")
                yield Spot(
                    Facet.COUNTRY,
                    concept.id,
                    PlaceKind.NAME,
                    Zone.KEYWORDS,
                    0,
                    0,
                    label,
                    label,
                    Rule(RuleKind.RECORD, label),
                )


def mentions_in(passage: Passage) -> Iterator[Mention]:
    """Yield the candidates of a passage with their sentences, in reading order."""
    doc, text = passage.doc, as_tokenized(passage.text)
    candidates = list(place_finder(passage.lang).find(doc))
    by_sentence: dict[tuple[int, int], list[PlaceMatch]] = {}
    for candidate in candidates:
        last = doc[candidate.end - 1]
        bounds = passage.sentence_bounds(doc[candidate.start].idx, last.idx + len(last))
        by_sentence.setdefault(bounds, []).append(candidate)
    for (start, end), inside in by_sentence.items():
        named = countries_named(inside)
        several_words = [candidate for candidate in inside if candidate.end - candidate.start > 1]
        around = countries_around(inside, doc)
        for at, candidate in enumerate(inside):
            others = len(named - {name.concept for name in candidate.names})
            yield Mention(
                candidate,
                doc,
                text,
                passage.lang,
                sentence_start=start,
                sentence_end=end,
                others=others,
                line=line_of(passage, candidate),
                beside=country_beside(at, inside, doc, text),
                around=around,
                longer=longer_names(candidate, several_words, doc),
            )
