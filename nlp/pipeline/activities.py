"""The component `activities`: what people do that makes them members of a group, as "women who sell food on the pavement"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.attrs import NORM
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.strings import StringStore
from spacy.tokens import Doc, Span

from corpus.vocabulary import Activity
from corpus.vocabulary.patterns import WordChoice, WordGap
from nlp.pipeline.compiled import Compiled
from nlp.pipeline.docs import runs_in
from nlp.pipeline.tokenizer import DocumentTokenizer, tokenizer_of
from nlp.pipeline.vocabulary import CANDIDATES, VocabularyTerms, vocabulary_of
from nlp.pipeline.words import norm

_STOPS = [".", ";", "!", "?", "•", " ", "  ", "\n"]
"""Tokens that no gap reaches over."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    """The activities that are looked up by one word."""

    matcher: Matcher
    reach: int
    """Tokens that the longest of them spans."""
    needed: tuple[tuple[frozenset[int], ...], ...]
    """Of each activity the words of every part that must be there, by NORM: where one part is missing, it cannot match."""

    def may_match(self, norms: Collection[int]) -> bool:
        """Tell whether words could hold one of the activities: a Matcher takes ten times as long to say no."""
        return any(all(not part.isdisjoint(norms) for part in parts) for parts in self.needed)


class ActivityMatcher:
    """The activities of one language.

    spaCy's Matcher tries every pattern at every token, so each is tried only around its anchor, the rarest of its words.
    """

    def __init__(self, activities: Sequence[Activity], tokenizer: DocumentTokenizer, *, lang: str) -> None:
        """Compile those of the activities that are of a language."""
        vocab = tokenizer.vocab
        self._numbers: dict[int, int] = {}
        self._anchors = PhraseMatcher(vocab, attr="NORM")
        self._anchored: dict[int, _Anchored] = {}
        by_anchor: dict[str, dict[str, Activity]] = {}
        # As written: `castanhas` folds to `castanha`, which folds to another word, and a pattern folds what it is given.
        written: dict[str, str] = {}
        for number, activity in enumerate(activities):
            if activity.lang != lang:
                continue
            key = f"activity {number}"
            self._numbers[tokenizer.key(key)] = number
            for word in activity.pattern.anchors:
                folded = norm(word, lang=lang)
                by_anchor.setdefault(folded, {})[key] = activity
                written.setdefault(folded, word)
        for word, found in by_anchor.items():
            matcher = Matcher(vocab)
            for key, activity in found.items():
                matcher.add(key, [_token_pattern(activity, lang=lang)], greedy="FIRST")
            reach = max(activity.pattern.reach for activity in found.values())
            anchor = f"anchor {word}"
            needed = tuple(_needed(activity, vocab.strings, lang=lang) for activity in found.values())
            self._anchored[tokenizer.key(anchor)] = _Anchored(matcher, reach, needed)
            self._anchors.add(anchor, [tokenizer.pattern([written[word]], lang=lang)])

    def find(self, run: Span) -> Iterator[tuple[int, int, int]]:
        """Yield number of the activity and tokens of the Doc (0-based, end exclusive), each place once."""
        seen: set[tuple[int, int, int]] = set()
        doc = run.doc
        norms = doc.to_array([NORM]).tolist()
        for anchor, first, last in self._anchors(run):
            one = self._anchored[anchor]
            begin, beyond = max(run.start, first - one.reach), min(run.end, last + one.reach)
            if not one.may_match(norms[begin:beyond]):
                continue
            for key, start, end in one.matcher(doc[begin:beyond]):
                place = (key, begin + start, begin + end)
                if place[1] <= first < place[2] and place not in seen:
                    seen.add(place)
                    yield self._numbers[key], place[1], place[2]


def _needed(activity: Activity, strings: StringStore, *, lang: str) -> tuple[frozenset[int], ...]:
    """Return the words of each part of a pattern that cannot be missing."""
    return tuple(
        frozenset(strings.add(norm(word, lang=lang)) for word in part.words)
        for part in activity.pattern.parts
        if isinstance(part, WordChoice) and not part.optional
    )


def _token_pattern(activity: Activity, *, lang: str) -> list[dict[str, Any]]:
    """Return the pattern in spaCy's notation."""
    found: list[dict[str, Any]] = []
    for part in activity.pattern.parts:
        match part:
            case WordChoice(words=words, optional=optional):
                found.append(
                    {"NORM": {"IN": sorted({norm(word, lang=lang) for word in words})}}
                    | ({"OP": "?"} if optional else {})
                )
            case WordGap(least=least, most=most):
                found.append({"NORM": {"NOT_IN": _STOPS}, "OP": f"{{{least},{most}}}"})
    return found


@Language.factory("pushcart_activities", requires=["doc.spans"], assigns=["doc.spans"])
def make_activities(nlp: Language, name: str) -> Activities:
    """Return the component."""
    return Activities(nlp)


class Activities:
    """Adds to `doc.spans["candidates"]` what people do that makes them members of a group."""

    def __init__(self, nlp: Language) -> None:
        """Work with the activities of the pipeline's component `vocabulary`."""
        self._nlp = nlp
        tokenizer = tokenizer_of(nlp)

        def make(held: VocabularyTerms, lang: str) -> ActivityMatcher:
            return ActivityMatcher(held.activities, tokenizer, lang=lang)

        self._by_language = Compiled(make)

    def compile(self, lang: str) -> None:
        """Compile a language (ISO 639-1) before the first text in it comes."""
        self._by_language.get(vocabulary_of(self._nlp), lang)

    def __call__(self, doc: Doc) -> Doc:
        """Add the candidates."""
        held = vocabulary_of(self._nlp)
        found = [
            Span(
                doc, first, last, label="activity", kb_id=f"activity {number}", span_id=held.activities[number].concept
            )
            for lang, run in runs_in(doc)
            for number, first, last in self._by_language.get(held, lang).find(run)
        ]
        doc.spans[CANDIDATES].extend(found)
        return doc
