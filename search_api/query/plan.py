"""The tree as tokens in fields: what every engine can do, and nothing else.

An engine translates these few shapes one by one. All decisions on ranking are made here, so that they are the same
whatever the engine.

Why no sub-query per language: each document holds the stems of its own language only, in one field. A word of a query
therefore becomes the union of its stems in four languages, and within one document only its own language's can match.
A stop word is satisfied by a document in whose language it is one. With that, AND, OR and NOT mean in every language
what they say, at any depth, and one field has one set of statistics (a field per language would inflate the rarity,
and so the scores, of the smaller languages: tantivy counts all documents, Lucene those that have the field).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_api.analysis import QueryWord, exact, query_words
from search_api.query.parameters import SearchQuery, Sort, YearRange
from search_api.query.tree import (
    And,
    Boosted,
    Everything,
    Fuzzy,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Values,
    Words,
    Years,
    leaves,
)

TITLE_BOOST = 3.0
"""A word of the title counts so many times one of the text. A usual value, not measured: the
judged collections of benchmarks/ranking.py have no titles apart from the text."""
EXACT_SCORE = 2.0
"""Score of a match by prefix, near spelling or loose phrase, whose own scores differ between engines: about that of a
word found in every third document."""


class Field(StrEnum):
    """Fields of tokens that both engines hold."""

    TITLE = "title"
    """Stems."""
    BODY = "body"
    """Stems of abstract and pages; of one page in the index of pages."""
    TITLE_EXACT = "title_exact"
    EXACT = "exact"
    """Every word of title, abstract and pages, with positions; of one page in the index of pages."""
    AUTHOR = "author"
    """Exact words, with positions; so is PUBLISHER."""
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Term:
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
class Never:
    """No record."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part; scores are added. A Without among the parts takes away."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
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
class Flat:
    """The same records, all with this score."""

    part: Plan
    score: float


Plan = (
    Term | OneWord | Adjacent | StartsWith | Like | OneOf | InYears | Every | Never | All | Any | Without | Times | Flat
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where words are looked for."""

    places: tuple[tuple[Field, Field, float], ...]
    """(field of stems, field of exact words, boost)."""


DOCUMENTS = Shape(places=((Field.TITLE, Field.TITLE_EXACT, TITLE_BOOST), (Field.BODY, Field.EXACT, 1.0)))
PAGES = Shape(places=((Field.BODY, Field.EXACT, 1.0),))
_BY_NAME = {
    "title": Shape(places=((Field.TITLE, Field.TITLE_EXACT, TITLE_BOOST),)),
    "author": Shape(places=((Field.AUTHOR, Field.AUTHOR, 1.0),)),
    "publisher": Shape(places=((Field.PUBLISHER, Field.PUBLISHER, 1.0),)),
}


def plan_of(node: Node, *, shape: Shape, about: bool = False, excluded: bool = False) -> Plan:
    """Return the plan of a tree.

    Args:
        node: the tree.
        shape: DOCUMENTS or PAGES.
        about: True: `country:` and the like ask for what a document is about.
        excluded: True within a NOT, where a stop word is looked for as such instead of being taken for granted.
    """

    def inner(part: Node) -> Plan:
        return plan_of(part, shape=shape, about=about, excluded=excluded)

    match node:
        case And(parts):
            return All(tuple(inner(part) for part in parts))
        case Or(parts):
            return Any(tuple(inner(part) for part in parts))
        case Most(parts, minimum):
            return Any(tuple(inner(part) for part in parts), minimum=minimum)
        case Not(part):
            return Without(plan_of(part, shape=shape, about=about, excluded=not excluded))
        case Boosted(part, factor):
            return Times(inner(part), factor)
        case Values(field, values):
            return Flat(OneOf(filter_field(field, about=about), values), 0.0)
        case Years(years):
            return Flat(InYears(years), 0.0)
        case Everything():
            return Flat(Every(), 0.0)
        case Words(text, field):
            words = tuple(
                _word(each, shape=_BY_NAME.get(field, shape), excluded=excluded) for each in query_words(text)
            )
            return _all(words)
        case _:
            return _exact_leaf(node, shape=_BY_NAME.get(node.field, shape))


def _word(word: QueryWord, *, shape: Shape, excluded: bool) -> Plan:
    parts: list[Plan] = []
    for stem_field, exact_field, boost in shape.places:
        tokens = (word.exact,) if stem_field is exact_field or (excluded and word.stop_in) else word.stems
        field = exact_field if excluded and word.stop_in else stem_field
        if not tokens:
            continue
        one: Plan = Term(field, tokens[0]) if len(tokens) == 1 else OneWord(field, tuple(tokens))
        parts.append(Times(one, boost) if boost != 1.0 else one)
    if word.stop_in and not excluded:
        parts.append(Flat(OneOf("lang", word.stop_in), 0.0))
    return parts[0] if len(parts) == 1 else Any(tuple(parts))


def _exact_leaf(node: Phrase | Prefix | Fuzzy, *, shape: Shape) -> Plan:
    tokens = tuple(exact(node.text))
    parts: list[Plan] = []
    for _, field, boost in shape.places:
        one: Plan
        match node:
            case Prefix():
                one = Flat(StartsWith(field, tokens[0]), EXACT_SCORE)
            case Fuzzy(distance=distance):
                one = Flat(Like(field, tokens[0], distance), EXACT_SCORE)
            case Phrase(slop=slop, open_end=open_end):
                if len(tokens) == 1:
                    one = Term(field, tokens[0])
                else:
                    one = Adjacent(field, tokens, slop=slop, open_end=open_end)
                    one = Flat(one, EXACT_SCORE) if slop or open_end else one
        parts.append(Times(one, boost) if boost != 1.0 else one)
    return parts[0] if len(parts) == 1 else Any(tuple(parts))


def _all(parts: tuple[Plan, ...]) -> Plan:
    if not parts:
        return Never()
    return parts[0] if len(parts) == 1 else All(parts)


def plan_of_any_word(text: Node) -> Plan:
    """Return a plan that finds and ranks pages by every word of a text, whatever stands between the words.

    Stop words are passed over, unless there is nothing else: a page is not shown for having "the" on it.
    """
    parts = tuple(leaves(text))
    telling = tuple(part for part in parts if not (isinstance(part, Words) and _only_stop_words(part)))
    plans = tuple(plan_of(part, shape=PAGES, excluded=not telling) for part in telling or parts)
    return plans[0] if len(plans) == 1 else Any(plans)


def _only_stop_words(words: Words) -> bool:
    return all(word.stop_in for word in query_words(words.text))


ABOUT_FILTERS = frozenset({"country", "region", "sector", "group", "topic"})
"""Filters that tell "about" from "mentions"."""


def filter_field(parameter: str, *, about: bool) -> str:
    """Return the field of an index in which a filter's values stand: `country`, or `country_about`."""
    return f"{parameter}_about" if about and parameter in ABOUT_FILTERS else parameter


def filter_plans(query: SearchQuery, *, leave_out: str = "") -> tuple[Plan, ...]:
    """Return one plan per filter of a search.

    Args:
        query: the search.
        leave_out: name of the parameter whose filter is left out, for the counts of its own facet.
    """
    plans: list[Plan] = [
        Flat(OneOf(filter_field(parameter, about=query.about), values), 0.0)
        for parameter, values in query.filter_values().items()
        if parameter != leave_out
    ]
    if query.years is not None and leave_out != "year":
        plans.append(Flat(InYears(query.years), 0.0))
    return tuple(plans)


def ranks(node: Node) -> bool:
    """Return whether anything in the tree gives documents different scores."""
    match node:
        case And(parts) | Or(parts) | Most(parts):
            return any(ranks(part) for part in parts)
        case Boosted(part):
            return ranks(part)
        case Words() | Phrase() | Prefix() | Fuzzy():
            return True
        case _:
            return False


def sort_key(query: SearchQuery, tree: Node) -> str:
    """Return the name of the field that the hits of a search go by; empty: they go by score."""
    if query.sort is not Sort.RELEVANCE:
        return query.sort.value
    return "" if ranks(tree) else Sort.NEWEST.value
