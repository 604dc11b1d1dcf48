"""Find what people do that makes them members of a group: "women who sell cooked food on the pavement"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from corpus.vocabulary import Activity, Vocabulary
from corpus.vocabulary.patterns import WordChoice, WordGap
from nlp.pipeline.words import language_for, norm

_STOPS = [".", ";", "!", "?", "•", " ", "  ", "\n"]
"""Tokens that no gap reaches over."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    """The activities that are looked up by one word."""

    matcher: Matcher
    reach: int
    """Tokens that the longest of them spans."""


class ActivityMatcher:
    """The activities of one language.

    spaCy's Matcher tries every pattern at every token, so each is tried only around its anchor, the rarest of its words.
    """

    def __init__(self, vocabulary: Vocabulary, *, lang: str) -> None:
        """Compile the activities."""
        language = language_for(lang)
        self._activities: dict[int, Activity] = {}
        self._anchors = PhraseMatcher(language.vocab, attr="NORM")
        self._anchored: dict[int, _Anchored] = {}
        by_anchor: dict[str, dict[str, Activity]] = {}
        # As written: `castanhas` folds to `castanha`, which folds to another word, and a Doc folds what it is given.
        written: dict[str, str] = {}
        for number, activity in enumerate(one for one in vocabulary.activities if one.lang == lang):
            key = f"activity {number}"
            self._activities[language.vocab.strings.add(key)] = activity
            for word in activity.pattern.anchors:
                folded = norm(word, lang=lang)
                by_anchor.setdefault(folded, {})[key] = activity
                written.setdefault(folded, word)
        for word, activities in by_anchor.items():
            matcher = Matcher(language.vocab)
            for key, activity in activities.items():
                matcher.add(key, [_token_pattern(activity, lang=lang)], greedy="FIRST")
            reach = max(activity.pattern.reach for activity in activities.values())
            anchor = f"anchor {word}"
            self._anchored[language.vocab.strings.add(anchor)] = _Anchored(matcher, reach)
            self._anchors.add(anchor, [Doc(language.vocab, [written[word]])])

    def find(self, doc: Doc) -> Iterator[tuple[Activity, int, int]]:
        """Yield activity and tokens (0-based, end exclusive), each place once."""
        seen: set[tuple[int, int, int]] = set()
        for anchor, first, last in self._anchors(doc):
            one = self._anchored[anchor]
            begin = max(0, first - one.reach)
            for key, start, end in one.matcher(doc[begin : last + one.reach]):
                place = (key, begin + start, begin + end)
                if place[1] <= first < place[2] and place not in seen:
                    seen.add(place)
                    yield self._activities[key], place[1], place[2]


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
