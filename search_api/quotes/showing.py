"""A quotation beside what is printed, in pieces: what the page, the API, the command and assistants show alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search_api.answers.snippets import Snippet
from search_api.quotes.aligning import DifferenceKind
from search_api.quotes.checking import CheckedQuote

LEFT_OUT = "…"
"""In place of what may not be shown."""


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference in words."""

    kind: DifferenceKind
    quoted: str
    """Empty: the quotation leaves words out."""
    printed: str
    """Empty: the quotation has words that are not there; LEFT_OUT: they may not be shown."""


def quoted_pieces(checked: CheckedQuote) -> Snippet:
    """Return a quotation in pieces, what differs marked."""
    if checked.place is None:
        return ((_plain(checked.text), False),)
    return _pieces(checked.text, (each.quoted for each in checked.place.differences))


def printed_pieces(checked: CheckedQuote) -> Snippet:
    """Return what is printed in pieces, what differs marked; empty when nothing was found or nothing of it may be shown."""
    if checked.place is None:
        return ()
    pieces = _pieces(checked.place.passage, (each.printed for each in checked.place.differences))
    return pieces if any(text.strip(f" {LEFT_OUT}") for text, _ in pieces) else ()


def differences_of(checked: CheckedQuote) -> tuple[ShownDifference, ...]:
    """Return what differs, in order."""
    if checked.place is None:
        return ()
    found: list[ShownDifference] = []
    for each in checked.place.differences:
        start, end = each.printed
        printed = _plain(checked.place.passage[start:end]).strip()
        is_hidden = end > start and not printed.strip(f" {LEFT_OUT}")
        quoted = _plain(checked.text[slice(*each.quoted)]).strip()
        found.append(ShownDifference(each.kind, quoted, LEFT_OUT if is_hidden else printed))
    return tuple(found)


def _pieces(text: str, marked: Iterable[tuple[int, int]]) -> Snippet:
    pieces: list[tuple[str, bool]] = []
    reached = 0
    for start, end in sorted(marked):
        if end <= start or start < reached:
            continue
        pieces += [(text[reached:start], False), (text[start:end], True)]
        reached = end
    pieces.append((text[reached:], False))
    return tuple(
        (plain if plain.strip() or not is_marked else LEFT_OUT, is_marked)
        for piece, is_marked in pieces
        if (plain := _plain(piece))
    )


def _plain(text: str) -> str:
    """Return a text on one line; a space at its ends stays."""
    if not text.strip():
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{' '.join(text.split())}{' ' * text[-1].isspace()}"
