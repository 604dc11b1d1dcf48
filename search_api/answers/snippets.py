"""Words of the query marked in text: snippets of pages, titles, and whole pages. All output is escaped HTML.

The text itself is analysed, as it was for the index, and each token keeps its place; so the marks are the same whatever
engine found the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from search_api.analysis import Token, exact, exact_tokens, query_words, stem_tokens
from search_api.query.tree import Fuzzy, Node, Phrase, Prefix, Words, leaves

SNIPPET_CHARACTERS = 240
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text to be marked."""

    start: int
    """0-based character, inclusive."""
    end: int
    """Exclusive."""
    leaf: int
    """Which leaf of the tree it answers, 0-based."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What to look for; made once for each search by `marker_of`."""

    stems: dict[str, int] = field(default_factory=dict)
    """Stem -> leaf."""
    exact: dict[str, int] = field(default_factory=dict)
    phrases: tuple[tuple[tuple[str, ...], bool, int], ...] = ()
    """(words, open end, leaf), two words or more."""
    prefixes: tuple[tuple[str, int], ...] = ()
    fuzzies: tuple[tuple[str, int, int], ...] = ()
    """(word, distance, leaf)."""

    def spans(self, text: str, lang: str) -> tuple[Span, ...]:
        """Return what is to be marked in a text of that language, in order, without overlaps."""
        found: list[Span] = []
        if self.stems:
            found += [
                Span(token.start, token.end, self.stems[token.text])
                for token in stem_tokens(text, lang, wanted=self.stems.keys())
            ]
        if self.exact or self.phrases or self.prefixes or self.fuzzies:
            found += self._exact_spans(list(exact_tokens(text)))
        return _without_overlaps(found)

    def _exact_spans(self, tokens: Sequence[Token]) -> list[Span]:
        leaf_of: dict[str, int | None] = {}
        found: list[Span] = []
        for token in tokens:
            if token.text not in leaf_of:
                leaf_of[token.text] = self._leaf_of(token.text)
            leaf = leaf_of[token.text]
            if leaf is not None:
                found.append(Span(token.start, token.end, leaf))
        for words, open_end, leaf in self.phrases:
            found += _phrase_spans(tokens, words, open_end=open_end, leaf=leaf)
        return found

    def _leaf_of(self, word: str) -> int | None:
        if word in self.exact:
            return self.exact[word]
        for beginning, leaf in self.prefixes:
            if word.startswith(beginning):
                return leaf
        for wanted, distance, leaf in self.fuzzies:
            if within(word, wanted, distance=distance):
                return leaf
        return None


def marker_of(tree: Node) -> Marker:
    """Return what is to be marked for a search: every word that counts for a document, stop words left out."""
    marker = Marker()
    phrases: list[tuple[tuple[str, ...], bool, int]] = []
    prefixes: list[tuple[str, int]] = []
    fuzzies: list[tuple[str, int, int]] = []
    for number, leaf in enumerate(leaves(tree)):
        match leaf:
            case Words(text):
                for word in query_words(text):
                    if not word.stop_in:
                        marker.stems.update(dict.fromkeys(word.stems, number))
            case Phrase(text, slop, open_end):
                words = tuple(exact(text))
                if len(words) == 1 or slop:
                    marker.exact.update(dict.fromkeys(words, number))
                else:
                    phrases.append((words, open_end, number))
            case Prefix(text):
                prefixes += [(word, number) for word in exact(text)]
            case Fuzzy(text, distance):
                fuzzies += [(word, distance, number) for word in exact(text)]
            case _:
                pass
    return Marker(
        stems=marker.stems,
        exact=marker.exact,
        phrases=tuple(phrases),
        prefixes=tuple(prefixes),
        fuzzies=tuple(fuzzies),
    )


def mark_words(text: str, marker: Marker, *, lang: str) -> str:
    """Return a whole text, escaped, with the words of the search in <mark>."""
    return _marked(text, marker.spans(text, lang), start=0, end=len(text))


def snippet(text: str, marker: Marker, *, lang: str, characters: int = SNIPPET_CHARACTERS) -> str:
    """Return the stretch of a text that answers best, escaped and marked; its beginning when nothing is to be marked.

    Args:
        text: of a page.
        marker: from `marker_of`.
        lang: of the document.
        characters: about how long, without tags.
    """
    spans = marker.spans(text, lang)
    start, end = _best_window(text, spans, characters)
    before = _ELLIPSIS if text[:start].strip() else ""
    after = _ELLIPSIS if text[end:].strip() else ""
    inner = " ".join(_marked(text, spans, start=start, end=end).split())
    return f"{before}{inner}{after}"


def _best_window(text: str, spans: Sequence[Span], characters: int) -> tuple[int, int]:
    """Return the stretch with the most different words, then the most words, then the earliest."""
    if not spans:
        start = len(text) - len(text.lstrip())
        return start, _word_end(text, start + characters)
    best, best_worth = (0, 0), (-1, -1)
    last = 0
    for first, span in enumerate(spans):
        last = max(last, first)
        while last + 1 < len(spans) and spans[last + 1].end - span.start <= characters * 3 // 4:
            last += 1
        inside = spans[first : last + 1]
        worth = (len({each.leaf for each in inside}), len(inside))
        if worth > best_worth:
            best, best_worth = (span.start, inside[-1].end), worth
    spare = max(0, characters - (best[1] - best[0]))
    start = _word_start(text, max(0, best[0] - spare // 2))
    end = _word_end(text, max(best[1], start + characters))
    return start, end


def _word_start(text: str, position: int) -> int:
    """Return the beginning of the first whole word from a position, at most 30 characters on."""
    if position == 0 or text[position - 1].isspace():
        return position
    for each in range(position, min(position + 30, len(text))):
        if text[each].isspace():
            return each + 1
    return position


def _word_end(text: str, position: int) -> int:
    if position >= len(text):
        return len(text)
    for each in range(position, min(position + 30, len(text))):
        if text[each].isspace():
            return each
    return position


def _marked(text: str, spans: Sequence[Span], *, start: int, end: int) -> str:
    parts: list[str] = []
    position = start
    for span in spans:
        if span.start < start or span.end > end:
            continue
        parts += [escape(text[position : span.start]), "<mark>", escape(text[span.start : span.end]), "</mark>"]
        position = span.end
    parts.append(escape(text[position:end]))
    return "".join(parts)


def _phrase_spans(tokens: Sequence[Token], words: tuple[str, ...], *, open_end: bool, leaf: int) -> list[Span]:
    found: list[Span] = []
    length = len(words)
    for first in range(len(tokens) - length + 1):
        if tokens[first].text != words[0]:
            continue
        run = [token.text for token in tokens[first : first + length]]
        same_end = run[-1].startswith(words[-1]) if open_end else run[-1] == words[-1]
        if run[:-1] == list(words[:-1]) and same_end:
            found.append(Span(tokens[first].start, tokens[first + length - 1].end, leaf))
    return found


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def within(one: str, other: str, *, distance: int) -> bool:
    """Return whether a word becomes another by so many letters added, left out, changed or swapped with a neighbour."""
    if abs(len(one) - len(other)) > distance:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > distance:
            return False
    return row[-1] <= distance
