"""What the vocabulary is made of: concepts, the words that indicate them, and the rules that hold those words back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.types import Facet
from corpus.vocabulary.patterns import WordPattern

ANY_LANGUAGE = "any"
"""Language of a name that is used as it is in texts of every language: `kayayei`, `zabbaleen`."""


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of the vocabulary, with which documents can be tagged."""

    id: str
    """Unique within its facet, never changes."""
    facet: Facet
    labels: Mapping[str, str]
    """What a reader is shown, by language (en, es, fr, pt); every concept has all four."""
    broader: tuple[str, ...] = ()
    """Ids of the concepts of the same facet that hold this one; nearest first."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other names, by language, in full spelling; `any` for those of every language. Proper names, safe to match in
    running text when the case agrees. Only countries and regions have them: the other facets have terms."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Codes in other schemes: `iso2`, `m49`, `isic4`, ... ; several values of one scheme are separated by spaces."""
    related: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    """Concepts of other facets that belong to it: the sectors of a worker group, for example."""
    note: str = ""
    """What the concept covers, for a person; English."""

    def label(self, lang: str) -> str:
        """Return the label in a language, else in English, else the id."""
        return self.labels.get(lang) or self.labels.get("en") or self.id

    def names(self, lang: str) -> tuple[str, ...]:
        """Return label and aliases in a language, the label first, without doubles."""
        found = (self.label(lang), *self.aliases.get(lang, ()), *self.aliases.get(ANY_LANGUAGE, ()))
        return tuple(dict.fromkeys(found))


class Strength(StrEnum):
    """How much a term says when it stands alone."""

    STRONG = "strong"
    """The concept is meant."""
    TEXT = "text"
    """The concept is meant in a text; the word is too common for a search to be widened by it (`farmers`, `training`)."""
    WEAK = "weak"
    """The concept is meant only when the sentence or the title says so too; in a search, only where it is a name for searching
    as well (`collector`)."""
    SEARCH = "search"
    """The concept is meant when someone searches for it; in running text the words say too little (`scrap dealer`, `maid`)."""
    DECOY = "decoy"
    """Another thing is meant: the words are taken, and indicate no concept (`drivers of informality`)."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that indicate a concept, in the forms in which they are written."""

    concept: str
    """Id of the concept within the facet; empty for a decoy that is not tied to one."""
    forms: tuple[str, ...]
    """Every spelling, the first one fit to be shown. Matched without regard to case, accents and inflection."""
    lang: str
    """Language of the texts in which it counts; `any` for all."""
    strength: Strength = Strength.STRONG
    where: tuple[str, ...] = ()
    """ISO 3166-1 alpha-3 of the countries where it is said: a hint at the country. Empty when it is said everywhere."""
    needs: tuple[str, ...] = ()
    """Words of which one must be in the sentence (or the concept be named in title or abstract). A word matches from
    its beginning: `pension` finds `pensions`. Empty for a term that is not weak, or a weak one
    that only title or abstract decide."""
    blocks: tuple[str, ...] = ()
    """Regular expressions; where one is found in the sentence, the term says nothing."""
    is_searched: bool = True
    """False: in a search its words name only a concept of another facet, whose term they are too: `waste pickers` of their
    sector, `informal economy` of informal workers."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A pattern of words in which people do what makes them members of a group: `sell {0,4} on the street`."""

    concept: str
    facet: Facet
    lang: str
    text: str
    """As written in the data file; `corpus.vocabulary.patterns` says how."""
    pattern: WordPattern
    needs: tuple[str, ...] = ()
    """As of a weak term, but the words may also are in the gaps of the pattern. Empty when the pattern says enough."""
    blocks: tuple[str, ...] = ()
    """As of a term."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A concept and what is under it."""

    concept: Concept
    children: tuple[TreeNode, ...] = ()
