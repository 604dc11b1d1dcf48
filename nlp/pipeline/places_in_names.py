"""Say whether the name of a place is in the name of something else, and so indicates no country."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.vocabulary.place_contexts import PlaceContexts
from corpus.vocabulary.places import PlaceKind

if TYPE_CHECKING:
    from nlp.pipeline.place_resolution import PlaceMention

_CONTEXT = 80
"""Characters before and after a name that are looked at."""
_LONGEST_INSIDE = 1_000
"""Characters around a name in which names of offices and the like are looked for; sentences are seldom longer."""
_LONGEST_AUTHOR_LINE = 200
_SMALL_WORD = re.compile(
    r"[^\w]*(?:of|for|and|the|de|del|la|las|los|el|y|e|du|des|da|do|das|dos|et|en|at|in|à|et al)[^\w]*"
)


class OtherNames:
    """Knows the streets, offices, people and treaties in whose names places stand. Keeps what it found until told to forget."""

    def __init__(self, contexts: PlaceContexts) -> None:
        self._contexts = contexts
        self._inside: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        self._author_lines: dict[str, bool] = {}

    def forget(self) -> None:
        """Forget the sentences of the document before."""
        self._inside.clear()
        self._author_lines.clear()

    def hold(self, mention: PlaceMention) -> bool:
        """Say whether the words of a mention are part of such a name."""
        before = mention.text[max(mention.sentence_start, mention.start - _CONTEXT) : mention.start]
        after = mention.text[mention.end : min(mention.sentence_end, mention.end + _CONTEXT)]
        return (
            self._around(mention, before, after)
            or any(start <= mention.start and mention.end <= end for start, end in self._spans(mention))
            or self._in_author_line(mention)
        )

    def town_of(self, mention: PlaceMention) -> str:
        """Return the country of the town that a name is with what is behind it (`Lebanon, Ohio`); empty for none."""
        after = mention.text[mention.end : min(mention.sentence_end, mention.end + _CONTEXT)]
        if not after.startswith(","):
            return ""
        return next((country for country, states in self._contexts.towns if states.search(after)), "")

    def _around(self, mention: PlaceMention, before: str, after: str) -> bool:
        rules, kind = self._contexts, mention.candidate.names[0].kind
        if any(clue.may_be_in(before) and clue.pattern.search(before) for clue in rules.before) or rules.after.search(
            after
        ):
            return True
        if kind is PlaceKind.DEMONYM:
            return False
        if rules.streets_before.search(before[-40:]) or rules.streets_after.search(after):
            return True
        if kind is PlaceKind.NAME and (rules.names_before.search(before[-20:]) or rules.names_after.search(after)):
            return True
        is_city = kind is PlaceKind.CITY
        if (is_city or before.endswith(", ")) and rules.imprint.search(after):
            return True
        return is_city and bool(rules.treaties_before.search(before) or rules.treaties_after.search(after))

    def _spans(self, mention: PlaceMention) -> list[tuple[int, int]]:
        start = max(mention.sentence_start, mention.start // _LONGEST_INSIDE * _LONGEST_INSIDE - _LONGEST_INSIDE)
        end = min(mention.sentence_end, start + 3 * _LONGEST_INSIDE)
        key = (id(mention.doc), start, end)
        if key not in self._inside:
            stretch = mention.text[start:end]
            self._inside[key] = [
                (start + found.start(), start + found.end())
                for clue in self._contexts.inside
                if clue.may_be_in(stretch)
                for found in clue.pattern.finditer(stretch)
            ]
        return self._inside[key]

    def _in_author_line(self, mention: PlaceMention) -> bool:
        line = mention.line
        if not line or len(line) > _LONGEST_AUTHOR_LINE:
            return False
        if line not in self._author_lines:
            self._author_lines[line] = bool(self._contexts.author_line.search(line)) and _is_of_names(line)
        return self._author_lines[line]


def _is_of_names(line: str) -> bool:
    """Say whether a line has only capitalised words, numbers and small ones between them, and a comma: no sentence."""
    words = [word for word in line.split() if any(map(str.isalpha, word))]
    return "," in line and all(
        word.lstrip("(“\"'*†‡").lstrip("0123456789")[:1].isupper() or "@" in word or _SMALL_WORD.fullmatch(word)
        for word in words
    )
