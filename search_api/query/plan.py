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

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from corpus.types import Facet
from search_api.analysis import QueryWord, exact, instruments_in, query_words
from search_api.query import boosts
from search_api.query.parameters import SearchQuery, Sort, YearRange
from search_api.query.tree import (
    And,
    Boosted,
    Concepts,
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

    MatchAll are as rare as the most frequent of them. By itself, an English word that three Spanish documents quote would be the
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
class MatchNone:
    """No record."""


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every part; scores are added. A Without among the parts takes away."""

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


@dataclass(frozen=True, slots=True)
class Place:
    """A field in which words are looked for, beside the field of the same words as they are written."""

    field: Field
    exact: Field
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Shape:
    """Where words are looked for."""

    places: tuple[Place, ...]
    """Where a match is a match."""
    title: bool = False
    """True: words of the title count once more."""
    in_text: bool = True
    """True: stems and concepts count too."""


DOCUMENTS = Shape(places=(Place(Field.WORD, Field.EXACT),), title=True)
PAGES = Shape(places=(Place(Field.WORD, Field.EXACT),))
_BY_NAME = {
    "title": Shape(places=(Place(Field.TITLE, Field.TITLE_EXACT),), in_text=False),
    "author": Shape(places=(Place(Field.AUTHOR, Field.AUTHOR),), in_text=False),
    "publisher": Shape(places=(Place(Field.PUBLISHER, Field.PUBLISHER),), in_text=False),
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
            return MatchAll(tuple(inner(part) for part in parts))
        case Or(parts):
            return MatchAny(tuple(inner(part) for part in parts))
        case Most(parts, minimum):
            return _most([inner(part) for part in parts], minimum=minimum)
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
            return _words(text, shape=_BY_NAME.get(field, shape), excluded=excluded)
        case Concepts(text, concepts):
            return _concepts(text, concepts, shape=shape)
        case _:
            return _exact_leaf(node, shape=_BY_NAME.get(node.field, shape))


def _words(text: str, *, shape: Shape, excluded: bool) -> Plan:
    """Return what has every word of a text, or the instrument that it names by number."""
    plan = _all([_word(each, shape=shape, excluded=excluded) for each in dict.fromkeys(query_words(text))])
    if instruments := instruments_in(text):
        return MatchAny((plan, *(HasToken(Field.WORD, name) for name in instruments)))
    return plan


def _concepts(text: str, concepts: Sequence[tuple[Facet, str]], *, shape: Shape) -> Plan:
    """Return what has the words that were typed, or any other name of their concepts, all names counting as one word."""
    words = tuple(dict.fromkeys(query_words(text)))
    telling = [each for each in words if not each.is_stop] or list(words)
    typed = _all([_word(each, shape=shape, excluded=False) for each in telling])
    named = OneWord(Field.CONCEPT, tuple(concept_token(facet, concept) for facet, concept in concepts))
    return MatchAny((typed, Times(named, boosts.CONCEPT) if boosts.CONCEPT != 1.0 else named))


def concept_token(facet: Facet, concept: str) -> str:
    """Return the token that stands in CONCEPT for a place that names a concept."""
    return f"{facet.value}:{concept}"


def _word(word: QueryWord, *, shape: Shape, excluded: bool) -> Plan:
    parts: list[Plan] = []
    for place in shape.places:
        is_exact = place.field is place.exact or (excluded and bool(word.stop_in))
        tokens = (word.exact,) if is_exact else word.forms
        if tokens:
            parts.append(_one_word(place.exact if is_exact else place.field, tokens))
        if word.parts and not is_exact:  # well-being: wellbeing, or well and being
            parts.append(_all([_word(each, shape=shape, excluded=excluded) for each in word.parts if not each.is_stop]))
    if word.stop_in and not excluded:
        parts.append(Flat(OneOf("lang", word.stop_in), 0.0))
    plan = _any([each for each in parts if not isinstance(each, MatchNone)])
    if not shape.in_text or excluded:
        return plan
    return _raised(plan, word, shape=shape)


def _raised(plan: Plan, word: QueryWord, *, shape: Shape) -> Plan:
    """Return the plan with what a word counts beside being there: in the title, and by its stem."""
    bonus: list[Plan] = []
    if word.stems:
        bonus.append(Times(_one_word(Field.STEM, word.stems), boosts.STEM))
    if shape.title and word.forms:
        bonus.append(Times(_one_word(Field.TITLE, word.forms), boosts.TITLE))
    return Raised(plan, _any(bonus)) if bonus else plan


def _most(plans: Sequence[Plan], *, minimum: int) -> Plan:
    """Return what matches so many of the plans; what raises one of them raises the whole, whether that one matches or not.

    So a document that is found by its other words gets its share for microscopic where microscopy was asked for.
    """
    bonus: list[Plan] = []
    parts = tuple(_without_bonus(plan, bonus=bonus) for plan in plans)
    whole = MatchAny(parts, minimum=minimum)
    return Raised(whole, _any(bonus)) if bonus else whole


def _without_bonus(plan: Plan, *, bonus: list[Plan]) -> Plan:
    """Return a plan that matches the same, and put what raises it into `bonus`."""
    match plan:
        case Raised(part, raised):
            bonus.append(raised)
            return part
        case MatchAny(parts, minimum):
            return MatchAny(tuple(_without_bonus(part, bonus=bonus) for part in parts), minimum)
        case MatchAll(parts):
            return MatchAll(tuple(_without_bonus(part, bonus=bonus) for part in parts))
        case Times(part, factor):
            inner: list[Plan] = []
            kept = _without_bonus(part, bonus=inner)
            bonus.extend(Times(each, factor) for each in inner)
            return Times(kept, factor)
        case _:
            return plan


def _one_word(field: Field, tokens: Sequence[str]) -> Plan:
    return HasToken(field, tokens[0]) if len(tokens) == 1 else OneWord(field, tuple(tokens))


def _exact_leaf(node: Phrase | Prefix | Fuzzy, *, shape: Shape) -> Plan:
    tokens = tuple(exact(node.text))
    parts: list[Plan] = []
    for place in shape.places:
        field, one = place.exact, cast(Plan, MatchNone())
        match node:
            case Prefix():
                one = Flat(StartsWith(field, tokens[0]), boosts.EXACT)
            case Fuzzy(distance=distance):
                one = Flat(Like(field, tokens[0], distance), boosts.EXACT)
            case Phrase(slop=slop, open_end=open_end):
                if len(tokens) == 1:
                    one = HasToken(field, tokens[0])
                else:
                    one = Adjacent(field, tokens, slop=slop, open_end=open_end)
                    one = Flat(one, boosts.EXACT) if slop or open_end else one
        parts.append(Times(one, place.boost) if place.boost != 1.0 else one)
    return _any(parts)


def _all(parts: Sequence[Plan]) -> Plan:
    if not parts:
        return MatchNone()
    return parts[0] if len(parts) == 1 else MatchAll(tuple(parts))


def _any(parts: Sequence[Plan]) -> Plan:
    if not parts:
        return MatchNone()
    return parts[0] if len(parts) == 1 else MatchAny(tuple(parts))


def plan_of_any_word(text: Node) -> Plan:
    """Return a plan that finds and ranks pages by every word of a text, whatever stands between the words.

    Stop words are passed over, unless there is nothing else: a page is not shown for having "the" on it.
    """
    parts = tuple(leaves(text))
    telling = tuple(part for part in parts if not (isinstance(part, Words) and _only_stop_words(part)))
    plans = tuple(plan_of(part, shape=PAGES, excluded=not telling) for part in telling or parts)
    return plans[0] if len(plans) == 1 else MatchAny(plans)


def _only_stop_words(words: Words) -> bool:
    return all(word.is_stop for word in query_words(words.text))


ABOUT_FILTERS = frozenset({"country", "region", "sector", "group", "topic"})
"""Filters that tell "about" from "mentions"."""


def filter_field(parameter: str, *, about: bool) -> str:
    """Return the field of an index in which a filter's values stand: `country`, `country_about`, `publisher_name`."""
    if parameter == "publisher":
        return "publisher_name"  # `publisher` holds the words of the name
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
        case Words() | Concepts() | Phrase() | Prefix() | Fuzzy():
            return True
        case _:
            return False


def sort_key(query: SearchQuery, tree: Node) -> str:
    """Return the name of the field that the hits of a search go by; empty: they go by score."""
    if query.sort is not Sort.RELEVANCE:
        return query.sort.value
    return "" if ranks(tree) else Sort.NEWEST.value
