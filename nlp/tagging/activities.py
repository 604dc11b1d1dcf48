"""Find what people do that makes them members of a group: "women who sell cooked food on the pavement"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from corpus.vocabulary import Activity, Vocabulary
from corpus.vocabulary.patterns import Gap, OneOf
from nlp.tagging.words import language_for, norm

_STOPS = [".", ";", "!", "?", "•", " ", "  ", "\n"]
"""Tokens that no gap reaches over."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    activity: Activity
    matcher: Matcher
    reach: int


class ActivityMatcher:
    """The activities of one language.

    spaCy's Matcher tries every pattern at every token, so each is tried only around its anchor, the rarest of its words.
    """

    def __init__(self, vocabulary: Vocabulary, *, lang: str) -> None:
        """Compile the activities."""
        language = language_for(lang)
        self._anchors = PhraseMatcher(language.vocab, attr="NORM")
        self._compiled: dict[int, list[_Compiled]] = {}
        by_anchor: dict[str, list[_Compiled]] = {}
        for activity in vocabulary.activities:
            if activity.lang != lang:
                continue
            matcher = Matcher(language.vocab)
            matcher.add("activity", [_token_pattern(activity, lang=lang)], greedy="FIRST")
            one = _Compiled(activity, matcher, activity.pattern.reach)
            for word in {norm(word, lang=lang): word for word in activity.pattern.anchors}.values():
                by_anchor.setdefault(word, []).append(one)
        for word, several in by_anchor.items():
            key = f"anchor {word}"
            self._compiled.setdefault(language.vocab.strings.add(key), []).extend(several)
            self._anchors.add(key, [Doc(language.vocab, [word])])

    def find(self, doc: Doc) -> Iterator[tuple[Activity, int, int]]:
        """Yield activity and tokens (0-based, end exclusive), each place once."""
        seen: set[tuple[int, int, int]] = set()
        for key, first, last in self._anchors(doc):
            for one in self._compiled[key]:
                around = doc[max(0, first - one.reach) : last + one.reach]
                for found in one.matcher(around, as_spans=True):
                    place = (id(one), found.start, found.end)
                    if found.start <= first < found.end and place not in seen:
                        seen.add(place)
                        yield one.activity, found.start, found.end


def _token_pattern(activity: Activity, *, lang: str) -> list[dict[str, Any]]:
    """Return the pattern in spaCy's notation."""
    found: list[dict[str, Any]] = []
    for part in activity.pattern.parts:
        match part:
            case OneOf(words=words, optional=optional):
                found.append(
                    {"NORM": {"IN": sorted({norm(word, lang=lang) for word in words})}}
                    | ({"OP": "?"} if optional else {})
                )
            case Gap(least=least, most=most):
                found.append({"NORM": {"NOT_IN": _STOPS}, "OP": f"{{{least},{most}}}"})
    return found
