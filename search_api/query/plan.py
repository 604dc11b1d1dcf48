"""The tree as tokens in fields: what every engine can do, and nothing else.

An engine translates these few shapes one by one. All decisions on ranking are made here, so that they are the same
whatever the engine.

Why no sub-query per language: each document holds the forms of its own language only, in one field. A word of a query
therefore becomes the union of its forms in four languages, and within one document only its own language's can match.
A stop word is satisfied by a document in whose language it is one. With that, AND, OR and NOT mean in every language
what they say, at any depth, and one field has one set of statistics (a field per language would inflate the rarity,
and so the scores, of the smaller languages: tantivy counts all documents, Lucene those that have the field).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.types import Facet
from search_api.query.parameters import YearRange


class Field(StrEnum):
    """Fields of tokens that both engines hold."""

    TITLE = "title"
    """Forms of words."""
    WORD = "word"
    """Forms of the words of title, abstract and pages; of one page in the index of pages. So are STEM, CONCEPT and EXACT."""
    STEM = "stem"
    CONCEPT = "concept"
    """`group:street_vendors` for each place that names the concept or a narrower one."""
    TITLE_EXACT = "title_exact"
    EXACT = "exact"
    """Every word of title, abstract and pages, with positions; of one page in the index of pages."""
    AUTHOR = "author"
    """Exact words, with positions; so is PUBLISHER."""
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class HasToken:
    """Has this token."""

    field: Field
    token: str


@dataclass(frozen=True, slots=True)
class OneWord:
    """Has at least one of these tokens, which are the forms of one word in several languages. Scores are added.

    All are as rare as the most frequent of them. By itself, an English word that three Spanish documents quote would be the
    rarest of words, and would put those three above every English document. (Lucene's synonyms count in the same way.)
    """

    field: Field
    tokens: tuple[str, ...]
    as_rare_as: tuple[tuple[Field, str], ...] = ()
    """Further tokens, with their fields, that are not looked for: those above count as no rarer than these."""


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Has these tokens side by side, in order; two or more."""

    field: Field
    tokens: tuple[str, ...]
    slop: int = 0
    open_end: bool = False
    """True: the last token is the beginning of one."""


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Has a token that begins so."""

    field: Field
    beginning: str


@dataclass(frozen=True, slots=True)
class Like:
    """Has a token within an edit distance (a swap of neighbours counts as one)."""

    field: Field
    token: str
    distance: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """A filter field has one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InYears:
    """Published within these years."""

    years: YearRange


@dataclass(frozen=True, slots=True)
class Every:
    """Every record."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No record."""


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every part; scores are added. A Without among the parts excludes."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class MatchAny:
    """At least `minimum` of the parts; scores are added."""

    parts: tuple[Plan, ...]
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Without:
    """Every record but these; scores 0."""

    part: Plan


@dataclass(frozen=True, slots=True)
class Times:
    """The same records, scores multiplied."""

    part: Plan
    factor: float


@dataclass(frozen=True, slots=True)
class Raised:
    """The same records; those that `bonus` finds too have its score added."""

    part: Plan
    bonus: Plan


@dataclass(frozen=True, slots=True)
class Flat:
    """The same records, all with this score."""

    part: Plan
    score: float


Plan = (
    HasToken
    | OneWord
    | Adjacent
    | StartsWith
    | Like
    | OneOf
    | InYears
    | Every
    | MatchNone
    | MatchAll
    | MatchAny
    | Without
    | Times
    | Raised
    | Flat
)


def concept_token(facet: Facet, concept: str) -> str:
    """Return the token that is in CONCEPT for a place that names a concept."""
    return f"{facet.value}:{concept}"
