"""The component `places`: words that speak for countries and regions, each judged in its sentence and its document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from spacy.language import Language
from spacy.tokens import Doc

from corpus.tag_rules import RuleKind
from corpus.vocabulary.places import Places, load_places
from nlp.pipeline.docs import passage_at, passages_in, runs_in
from nlp.pipeline.hits import concept_span, write_spans
from nlp.pipeline.places_finding import PlaceFinder, PlaceMatch
from nlp.pipeline.places_judging import Mention, PlaceJudge, countries_named, longer_names
from nlp.pipeline.tokenizer import tokenizer_of
from nlp.pipeline.words import as_tokenized

_FILE = "places.json"


@Language.factory("pushcart_places", assigns=["doc.spans"])
def make_places(nlp: Language, name: str) -> PlaceMatcher:
    """Return the component, with the places that come with Pushcart."""
    return PlaceMatcher(nlp)


class PlaceMatcher:
    """Writes `doc.spans["places"]`, in English, Spanish, French and Portuguese; in other languages by name only."""

    def __init__(self, nlp: Language, places: Places | None = None) -> None:
        """Work with `places`, or with those that come with Pushcart; a language is compiled when its first text comes."""
        self._tokenizer = tokenizer_of(nlp)
        self._given = places
        self._finders: dict[str, PlaceFinder] = {}

    @cached_property
    def _places(self) -> Places:
        return self._given or load_places()

    @cached_property
    def _judge(self) -> PlaceJudge:
        return PlaceJudge(self._places)

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        self._finder(lang)

    def _finder(self, lang: str) -> PlaceFinder:
        if lang not in self._finders:
            self._finders[lang] = PlaceFinder(self._places, self._tokenizer, lang=lang)
        return self._finders[lang]

    def __call__(self, doc: Doc) -> Doc:
        """Write the places."""
        mentions = list(self._mentions(doc))
        found = []
        for mention, judgement in zip(mentions, self._judge.judge(mentions), strict=True):
            if judgement.concept and judgement.name is not None:
                first, last = mention.candidate.start, mention.candidate.end
                kind, text = RuleKind(judgement.name.kind), judgement.name.surface
                found.append(concept_span(doc, first, last, concept=judgement.concept, kind=kind, text=text))
        write_spans(doc, "places", found)
        return doc

    def _mentions(self, doc: Doc) -> Iterator[Mention]:
        """Yield the candidates with their sentences, in reading order."""
        text = as_tokenized(doc._.raw_text or doc.text)
        passages = passages_in(doc)
        by_sentence: dict[tuple[int, int], list[tuple[str, PlaceMatch]]] = {}
        for lang, run in runs_in(doc):
            for candidate in self._finder(lang).find(run):
                passage, last = passage_at(passages, candidate.start), doc[candidate.end - 1]
                start, end = passage.sentence_bounds(
                    doc[candidate.start].idx - passage.start, last.idx + len(last) - passage.start
                )
                by_sentence.setdefault((passage.start + start, passage.start + end), []).append((lang, candidate))
        for (start, end), several in by_sentence.items():
            inside = [candidate for _, candidate in several]
            named = countries_named(inside)
            several_words = [candidate for candidate in inside if candidate.end - candidate.start > 1]
            for lang, candidate in several:
                yield Mention(
                    candidate,
                    doc,
                    text,
                    lang,
                    sentence_start=start,
                    sentence_end=end,
                    others=len(named - {name.concept for name in candidate.names}),
                    longer=longer_names(candidate, several_words, doc),
                )
