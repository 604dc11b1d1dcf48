"""How to tell that the name of a place is in the name of something else: a street, an office, a person, a treaty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.vocabulary.loader import toml_table

_CAPITALISED = r"[A-ZÀ-Þ][\w'’.-]*"
_SMALL = r"(?:of|the|de|del|des|du|do|da|la|las|los|el|y|e|et|and|&)"
_CAPS = rf"{_CAPITALISED}(?:,?(?: {_SMALL}){{0,3}} {_CAPITALISED}){{0,10}}"
_BETWEEN = r",?(?: (?:of|the|de|del|des|du)){0,2} "
_JOINT = (
    rf"{_CAPITALISED}(?:{_BETWEEN}{_CAPITALISED}){{0,8}},? (?:and|&|y|e|et) (?:the |la |le |el )?"
    rf"{_CAPITALISED}(?: {_CAPITALISED}){{0,3}}"
)


@dataclass(frozen=True, slots=True)
class Clue:
    """A pattern with the words one of which each text has in which it is found: looking for words is quicker."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def may_be_in(self, text: str) -> bool:
        """Say whether it is worth while to look for the pattern in a text."""
        return any(word in text for word in self.words)


@dataclass(frozen=True, slots=True)
class PlaceContexts:
    """Patterns of `data/places_in_names.toml`, whose head says what each is for."""

    before: tuple[Clue, ...]
    after: re.Pattern[str]
    streets_before: re.Pattern[str]
    streets_after: re.Pattern[str]
    names_before: re.Pattern[str]
    names_after: re.Pattern[str]
    imprint: re.Pattern[str]
    treaties_before: re.Pattern[str]
    treaties_after: re.Pattern[str]
    inside: tuple[Clue, ...]
    author_line: re.Pattern[str]
    towns: tuple[tuple[str, re.Pattern[str]], ...]
    """Country and what stands after a name that is a town of it."""


@cache
def place_contexts() -> PlaceContexts:
    """Return the contexts; read once for each process.

    Raises BadVocabulary: the file cannot be read.
    """
    table = toml_table("places_in_names")
    return PlaceContexts(
        before=_clues(table["before"]),
        after=_any_of(table["after"]),
        streets_before=_any_of(table["streets_before"]),
        streets_after=_any_of(table["streets_after"]),
        names_before=_any_of(table["names_before"]),
        names_after=_any_of(table["names_after"]),
        imprint=_any_of(table["imprint"]),
        treaties_before=_any_of(table["treaties_before"]),
        treaties_after=_any_of(table["treaties_after"]),
        inside=_clues(table["inside"], languages=table["languages"]),
        author_line=re.compile(table["author_line"]),
        towns=_towns(table["towns"]),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for several; a `(?i)` at the beginning of one stays with that one."""
    parts = (f"(?i:{each[4:]})" if each.startswith("(?i)") else f"(?:{each})" for each in patterns)
    return re.compile("|".join(parts))


def _clues(rows: Iterable[Sequence[str]], *, languages: str = "") -> tuple[Clue, ...]:
    return tuple(
        Clue(tuple(words.split("|")), _any_of(_written_out(each, languages=languages) for each in patterns))
        for words, *patterns in rows
    )


def _written_out(pattern: str, *, languages: str) -> str:
    return (
        pattern.replace("JOINT", f"(?:{_JOINT})")
        .replace("CAPS", f"(?:{_CAPS})")
        .replace("LANGUAGE", f"(?:{languages})")
    )


def _towns(states: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    # "Mexico, Texas and California" is a list of states and countries, "Lebanon, Ohio" a town.
    return tuple(
        (country, re.compile(rf"^, ?(?:{names})(?!\w)(?!,? (?:and |or |y |et |e )?(?:{names})(?!\w))"))
        for country, names in states.items()
    )
