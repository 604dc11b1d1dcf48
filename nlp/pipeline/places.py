"""The component `places`: words that indicate countries and regions, each judged in its sentence and its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc

from corpus.tag_rules import RuleKind
from corpus.vocabulary.places import languages_elsewhere, load_places, names_elsewhere
from nlp.pipeline.docs import passage_at, passages_in, runs_in
from nlp.pipeline.hits import concept_span, write_spans
from nlp.pipeline.place_resolution import (
    PlaceJudge,
    PlaceMention,
    countries_around,
    countries_named,
    country_beside,
    line_of,
    longer_names,
)
from nlp.pipeline.places_finding import PlaceFinder, PlaceMatch, PlaceNames
from nlp.pipeline.tokenizer import tokenizer_of
from nlp.pipeline.words import as_tokenized

_FILE = "places.json"


@Language.factory("pushcart_places", assigns=["doc.spans"])
def make_places(nlp: Language, name: str) -> PlaceMatcher:
    """Return the component, with the places that come with Pushcart."""
    return PlaceMatcher(nlp)


class PlaceMatcher:
    """Writes `doc.spans["places"]`, in English, Spanish, French and Portuguese; in other languages by name only."""

    def __init__(self, nlp: Language) -> None:
        """Work with the places that come with Pushcart until others are given or loaded; they are read when a text comes."""
        self._tokenizer = tokenizer_of(nlp)
        self._ready: tuple[PlaceNames, PlaceFinder, PlaceJudge] | None = None

    def use(self, names: PlaceNames) -> None:
        """Work with other places from now on."""
        self._ready = (names, PlaceFinder(names, self._tokenizer), PlaceJudge(names.places))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are compiled (ISO 639-1), in the order in which they were met."""
        return self._rules()[1].languages

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        self._rules()[1].compile(lang)

    def _rules(self) -> tuple[PlaceNames, PlaceFinder, PlaceJudge]:
        if self._ready is None:
            elsewhere = {lang: names_elsewhere(lang) for lang in languages_elsewhere()}
            self.use(PlaceNames(load_places(), elsewhere))
        assert self._ready is not None
        return self._ready

    def __call__(self, doc: Doc) -> Doc:
        """Write the places."""
        _, finder, judge = self._rules()
        mentions = list(_mentions(doc, finder))
        found = []
        for mention, judgement in zip(mentions, judge.judge(mentions), strict=True):
            if judgement.concept and judgement.name is not None:
                first, last = mention.candidate.start, mention.candidate.end
                kind, text = RuleKind(judgement.name.kind), judgement.name.surface
                found.append(concept_span(doc, first, last, concept=judgement.concept, kind=kind, text=text))
        write_spans(doc, "places", found)
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the places as JSON: names, decoys and rules."""
        return _adapter().dump_json(self._rules()[0], exclude_defaults=True)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> PlaceMatcher:
        """Work with saved places. Raises ValueError: they are none."""
        self.use(_adapter().validate_json(data))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the places into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> PlaceMatcher:
        """Work with the places that are saved in a folder."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())


def _adapter() -> TypeAdapter[PlaceNames]:
    return TypeAdapter(PlaceNames)


def _mentions(doc: Doc, finder: PlaceFinder) -> Iterator[PlaceMention]:
    """Yield the candidates with their sentences, in reading order."""
    text = as_tokenized(doc._.raw_text or doc.text)
    passages = passages_in(doc)
    by_sentence: dict[tuple[int, int], list[tuple[str, PlaceMatch]]] = {}
    for lang, run in runs_in(doc):
        for candidate in finder.find(run, lang=lang):
            passage, last = passage_at(passages, candidate.start), doc[candidate.end - 1]
            start, end = passage.sentence_bounds(
                doc[candidate.start].idx - passage.start, last.idx + len(last) - passage.start
            )
            by_sentence.setdefault((passage.start + start, passage.start + end), []).append((lang, candidate))
    for (start, end), several in by_sentence.items():
        inside = [candidate for _, candidate in several]
        named = countries_named(inside)
        several_words = [candidate for candidate in inside if candidate.end - candidate.start > 1]
        around = countries_around(inside, doc)
        for at, (lang, candidate) in enumerate(several):
            passage = passage_at(passages, candidate.start)
            yield PlaceMention(
                candidate,
                doc,
                text,
                lang,
                sentence_start=start,
                sentence_end=end,
                others=len(named - {name.concept for name in candidate.names}),
                line=line_of(passage, candidate, doc),
                beside=country_beside(at, inside, doc, text),
                around=around,
                longer=longer_names(candidate, several_words, doc),
            )
