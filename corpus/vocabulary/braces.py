"""The compact notation of the data files: `trabajador{,a,es,as} informal{,es}` stands for eight spellings."""

from __future__ import annotations

from corpus.errors import BadVocabulary

MOST_SPELLINGS = 2_000
"""More than this from one entry is a slip of the pen."""


def spellings(compact: str) -> tuple[str, ...]:
    """Return every spelling of a compact entry, the first choice of each brace first, without doubles.

    Braces may be nested. Some spellings are ungrammatical: they are for matching, not for showing.

    Raises BadVocabulary: a brace is not closed, or the entry has too many spellings.
    """
    found, position = _sequence(compact, 0, inside=False)
    if position != len(compact):
        raise BadVocabulary(f"A brace is closed that was never opened: {compact!r}.")
    return tuple(dict.fromkeys(" ".join(text.split()) for text in found))


def _sequence(compact: str, position: int, *, inside: bool) -> tuple[list[str], int]:
    """Read plain text and braces up to a comma or a closing brace (inside one) or the end; 0-based position."""
    found = [""]
    while position < len(compact):
        character = compact[position]
        if inside and character in ",}":
            return found, position
        if character == "}":
            return found, position
        if character == "{":
            choices, position = _choices(compact, position + 1)
            found = [start + choice for start in found for choice in choices]
            if len(found) > MOST_SPELLINGS:
                raise BadVocabulary(f"More than {MOST_SPELLINGS} spellings: {compact!r}.")
        else:
            found = [start + character for start in found]
            position += 1
    return found, position


def _choices(compact: str, position: int) -> tuple[list[str], int]:
    choices: list[str] = []
    while True:
        some, position = _sequence(compact, position, inside=True)
        choices += some
        if position >= len(compact):
            raise BadVocabulary(f"A brace is never closed: {compact!r}.")
        position += 1
        if compact[position - 1] == "}":
            return choices, position
