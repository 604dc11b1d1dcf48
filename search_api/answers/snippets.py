"""Words of the query marked in text: snippets of pages, titles, and whole pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from corpus.types import Page
from corpus.zones import APART, without
from search_api.answers.marks import Marker
from search_api.answers.starts import Span

SNIPPET_CHARACTERS = 240
SNIPPET_TEXT_MAX = 200_000
"""Characters of a page, from its beginning, in which a snippet is looked for: a web page or text file of any size is one page."""
_ELLIPSIS = "…"
_WHITE_SPACE = re.compile(r"\s+")

Snippet = tuple[tuple[str, bool], ...]
"""A text in pieces: (plain text, whether it is words of the search). Empty: no text."""


def mark_words(text: str, marker: Marker, *, lang: str) -> Snippet:
    """Return a whole text with the words of the search marked."""
    return tuple(_marked(text, marker.spans(text, lang), start=0, end=len(text)))


def snippet(text: str, marker: Marker, *, lang: str, characters: int = SNIPPET_CHARACTERS) -> Snippet:
    """Return the stretch of a text that answers best, marked; its beginning when nothing is to be marked.

    Args:
        text: of a page.
        marker: from search_api.answers.marks.
        lang: of the document.
        characters: about how long.
    """
    text = text[:SNIPPET_TEXT_MAX]
    spans = marker.spans(text, lang)
    start, end = _best_window(text, spans, characters)
    before = _ELLIPSIS if text[:start].strip() else ""
    after = _ELLIPSIS if text[end:].strip() else ""
    inner = _folded(_marked(text, spans, start=start, end=end))
    return _joined(((before, False), *inner, (after, False)))


def page_snippet(page: Page, marker: Marker, *, lang: str, shown: str | None = None) -> Snippet:
    """Return a snippet of a page: of its running text, else, where only they have words of the search, of lists and heads.

    Args:
        page: with its zones.
        marker: what to look for.
        lang: of the document.
        shown: what may be shown of its text, as long as that, with blanks for what may not; None: all of it.
    """
    given = page.text if shown is None else shown
    text = without(given, page.zones or (), APART)
    if not text.strip():
        return snippet(given, marker, lang=lang)
    found = snippet(text, marker, lang=lang)
    if text == given or any(is_match for _, is_match in found):
        return found
    whole = snippet(given, marker, lang=lang)
    return whole if any(is_match for _, is_match in whole) else found


def _best_window(text: str, spans: Sequence[Span], characters: int) -> tuple[int, int]:
    """Return the stretch with the most different words, then the most words, then the earliest."""
    if not spans:
        start = len(text) - len(text.lstrip())
        return start, _word_end(text, start + characters)
    best, best_worth = (0, 0), (-1, -1)
    inside: Counter[int] = Counter()  # leaves of the spans from `first` up to `last`, which is not among them
    last = 0
    for first, span in enumerate(spans):
        while last < len(spans) and (last == first or spans[last].end - span.start <= characters * 3 // 4):
            inside[spans[last].leaf] += 1
            last += 1
        worth = (len(inside), last - first)
        if worth > best_worth:
            best, best_worth = (span.start, spans[last - 1].end), worth
        inside[span.leaf] -= 1
        if not inside[span.leaf]:
            del inside[span.leaf]
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


def _marked(text: str, spans: Sequence[Span], *, start: int, end: int) -> Iterator[tuple[str, bool]]:
    position = start
    for span in spans:
        if span.start < start or span.end > end:
            continue
        if position < span.start:
            yield text[position : span.start], False
        yield text[span.start : span.end], True
        position = span.end
    if position < end:
        yield text[position:end], False


def _folded(pieces: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return pieces with each run of white space one space, also where it reaches over an edge; none at the ends."""
    folded: list[tuple[str, bool]] = []
    for text, is_match in pieces:
        plain = _WHITE_SPACE.sub(" ", text)
        if not folded or folded[-1][0].endswith(" "):
            plain = plain.removeprefix(" ")
        if plain:
            folded.append((plain, is_match))
    while folded and not (rest := folded[-1][0].rstrip(" ")):
        folded.pop()
    if folded:
        folded[-1] = (rest, folded[-1][1])
    return folded


def _joined(pieces: Iterable[tuple[str, bool]]) -> Snippet:
    """Return pieces without empty ones, plain neighbours as one; words that stand side by side stay two matches."""
    joined: list[tuple[str, bool]] = []
    for text, is_match in pieces:
        if joined and not is_match and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + text, False)
        elif text:
            joined.append((text, is_match))
    return tuple(joined)
