"""The notation of activities: patterns of words in which people do what makes them members of a group.

`collect|sort {0,3} !scrap|garbage` finds "collects plastic and scrap". Words match by lemma; `|` parts choices, `{0,3}`
stands for this many words of any kind within the sentence, `word?` may be missing, and `!` marks the anchor: the rarest
word, by which the pattern is looked up. `@name` stands for a list of words declared at the head of the data file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import BadVocabulary

_GAP = re.compile(r"\{(\d),(\d)\}")
LONGEST_GAP = 9


@dataclass(frozen=True, slots=True)
class WordGap:
    """Words of any kind."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class WordChoice:
    """One word out of several."""

    words: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A pattern, ready to be compiled."""

    parts: tuple[WordGap | WordChoice, ...]
    anchor: int
    """0-based position among the parts of the word by which the pattern is looked up."""

    @property
    def anchors(self) -> tuple[str, ...]:
        """The words of the anchor."""
        part = self.parts[self.anchor]
        assert isinstance(part, WordChoice)
        return part.words

    @property
    def reach(self) -> int:
        """How many words the pattern spans at most."""
        return sum(part.most if isinstance(part, WordGap) else 1 for part in self.parts)


def parse_pattern(text: str, *, lists: Mapping[str, Sequence[str]]) -> WordPattern:
    """Read a pattern.

    Raises BadVocabulary: no anchor or several, an unknown list, a gap at an end.
    """
    parts: list[WordGap | WordChoice] = []
    anchors: list[int] = []
    for piece in text.split():
        if gap := _GAP.fullmatch(piece):
            parts.append(WordGap(int(gap[1]), int(gap[2])))
            continue
        if piece.startswith("!"):
            anchors.append(len(parts))
        optional = piece.endswith("?")
        words = tuple(word for choice in piece.strip("!?").split("|") for word in _choice(choice, lists, text=text))
        parts.append(WordChoice(words, optional=optional))
    if len(anchors) != 1:
        raise BadVocabulary(f"A pattern has one anchor, marked with !: {text!r} has {len(anchors)}.")
    if isinstance(parts[0], WordGap) or isinstance(parts[-1], WordGap):
        raise BadVocabulary(f"A pattern begins and ends with a word: {text!r}.")
    return WordPattern(tuple(parts), anchors[0])


def _choice(choice: str, lists: Mapping[str, Sequence[str]], *, text: str) -> Sequence[str]:
    if not choice.startswith("@"):
        return (choice,)
    if choice[1:] not in lists:
        raise BadVocabulary(f"The pattern {text!r} names a list of words that is not declared: {choice}.")
    return lists[choice[1:]]
