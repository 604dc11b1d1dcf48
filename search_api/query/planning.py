"""From the tree of a search to its plan: all decisions on matching and ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from search_api.analysis import QueryWord, exact, instruments_in, query_words
from search_api.query import boosts
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.plan import (
    Adjacent,
    Every,
    Field,
    Flat,
    HasToken,
    InYears,
    Like,
    MatchAll,
    MatchAny,
    MatchNone,
    OneOf,
    OneWord,
    Plan,
    Raised,
    StartsWith,
    Times,
    Without,
    concept_token,
)
from search_api.query.translations import forms_elsewhere
from search_api.query.tree import (
    And,
    Boosted,
    Concepts,
    Everything,
    Fuzzy,
    Leaf,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Values,
    Words,
    Years,
)

_Tokens = tuple[tuple[Field, str], ...]
_NOTHING: _Tokens = ()


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


@dataclass(frozen=True, slots=True)
class _How:
    """How the parts of a tree are planned."""

    shape: Shape
    about: bool = False
    excluded: bool = False
    """True within a NOT, where a stop word is looked for as such instead of being taken for granted."""
    widened: bool = False


def plan_of(node: Node, *, shape: Shape, about: bool = False, widened: bool = False) -> Plan:
    """Return the plan of a tree.

    Args:
        node: the tree.
        shape: DOCUMENTS or PAGES.
        about: True: `country:` and the like ask for what a document is about.
        widened: True: translations are matches too; False: they add to the score of what matches.
    """
    return _plan(node, _How(shape, about=about, widened=widened))


def _plan(node: Node, how: _How) -> Plan:
    match node:
        case And(parts):
            return MatchAll(tuple(_plan(part, how) for part in parts))
        case Or(parts):
            return MatchAny(tuple(_plan(part, how) for part in parts))
        case Most(parts, minimum):
            return _most([_plan(part, how) for part in parts], minimum=minimum)
        case Not(part):
            return Without(_plan(part, replace(how, excluded=not how.excluded)))
        case Boosted(part, factor):
            return Times(_plan(part, how), factor)
        case _:
            return _leaf(node, how)


def _leaf(node: Leaf, how: _How) -> Plan:
    match node:
        case Values(field, values):
            return Flat(OneOf(filter_field(field, about=how.about), values), 0.0)
        case Years(years):
            return Flat(InYears(years), 0.0)
        case Everything():
            return Flat(Every(), 0.0)
        case Words(field=field):
            return _words(node, replace(how, shape=_BY_NAME.get(field, how.shape)))
        case Concepts():
            return _concepts(node, how)
        case _:
            return _exact_leaf(node, shape=_BY_NAME.get(node.field, how.shape))


def _words(node: Words, how: _How) -> Plan:
    """Return what has every word of a text, or the instrument that it names by number."""
    plan = _all([_word(each, how, translated=node.translated) for each in dict.fromkeys(query_words(node.text))])
    if instruments := instruments_in(node.text):
        return MatchAny((plan, *(HasToken(Field.WORD, name) for name in instruments)))
    return plan


def _concepts(node: Concepts, how: _How) -> Plan:
    """Return what has the words that were typed, or any other name of their concepts, all names counting as one word."""
    words = tuple(dict.fromkeys(query_words(node.text)))
    telling = [each for each in words if not each.is_stop] or list(words)
    # The words of a name are all looked for, within a NOT too.
    whole = replace(how, excluded=False)
    names = tuple(concept_token(facet, concept) for facet, concept in node.concepts)
    weight = boosts.HINT if node.is_hint else boosts.CONCEPT
    found = _times(OneWord(Field.CONCEPT, names), weight)
    if len(telling) == 1:
        # A name of one word may be rarer than its concept (guajeros are waste pickers of Guatemala): who types it wants it.
        return MatchAny((_word(telling[0], whole, translated=node.translated), found))
    meaning = tuple((Field.CONCEPT, name) for name in names)
    words_of_name = [_word(each, whole, translated=node.translated, means=meaning) for each in telling]
    plan = MatchAny((_times(_all(words_of_name), boosts.WORDS_OF_NAME), found))
    return plan if how.excluded else Raised(plan, _times(_any(words_of_name), boosts.EACH_WORD_OF_NAME))


def _times(plan: Plan, factor: float) -> Plan:
    return plan if factor == 1.0 else Times(plan, factor)


def _word(word: QueryWord, how: _How, *, translated: bool, means: _Tokens = _NOTHING) -> Plan:
    """Return what has a word.

    Args:
        translated: words of other languages that mean the same count too.
        means: concepts that the word is a part of the name of.
    """
    parts: list[Plan] = []
    others = forms_elsewhere(word) if translated else ()
    # In a collection with three Spanish documents every Spanish word is rare: it counts as its translations and concepts do.
    alike = (*_in_text(others), *means) if how.shape.in_text else _NOTHING
    for place in how.shape.places:
        is_exact = place.field is place.exact or (how.excluded and bool(word.stop_in))
        tokens = (word.exact,) if is_exact else word.forms
        if tokens:
            field = place.exact if is_exact else place.field
            parts.append(_one_word(field, tokens, as_rare_as=_NOTHING if is_exact else alike))
        if word.parts and not is_exact:  # well-being: wellbeing, or well and being
            inner = [_word(each, how, translated=False) for each in word.parts if not each.is_stop]
            parts.append(_all(inner))
    elsewhere: Plan = MatchNone()
    if others:
        elsewhere = Times(_one_word(Field.WORD, others, as_rare_as=_in_text(word.forms)), boosts.TRANSLATION)
    if how.widened:
        parts.append(elsewhere)
    if word.stop_in and not how.excluded:
        parts.append(Flat(OneOf("lang", word.stop_in), 0.0))
    plan = _any([each for each in parts if not isinstance(each, MatchNone)])
    if not how.shape.in_text or how.excluded:
        return plan
    return _raised(plan, word, how, elsewhere=MatchNone() if how.widened else elsewhere, means=means)


def _raised(plan: Plan, word: QueryWord, how: _How, *, elsewhere: Plan, means: _Tokens) -> Plan:
    """Return the plan with what a word counts beside being there: in the title, by its stem, and by its translations."""
    bonus: list[Plan] = [] if isinstance(elsewhere, MatchNone) else [elsewhere]
    if word.stems:
        bonus.append(Times(_one_word(Field.STEM, word.stems, as_rare_as=means), boosts.STEM))
    if how.shape.title and word.forms:
        bonus.append(Times(_one_word(Field.TITLE, word.forms, as_rare_as=means), boosts.TITLE))
    return Raised(plan, _any(bonus)) if bonus else plan


def _most(plans: Sequence[Plan], *, minimum: int) -> Plan:
    """Return what matches so many of the plans; what raises one of them raises the whole, whether that one matches or not.

    So a document that is found by its other words gets its share for microscopic where microscopy was requested.
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


def _one_word(field: Field, tokens: Sequence[str], *, as_rare_as: _Tokens = _NOTHING) -> Plan:
    if len(tokens) == 1 and not as_rare_as:
        return HasToken(field, tokens[0])
    return OneWord(field, tuple(tokens), as_rare_as)


def _in_text(tokens: Sequence[str]) -> _Tokens:
    return tuple((Field.WORD, token) for token in tokens)


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
    """Return a plan that finds and ranks pages by every word of a text, whatever is between the words.

    Stop words are passed over, unless there is nothing else: a page is not shown for having "the" on it.
    """
    parts = tuple(_weighed_leaves(text, 1.0))
    telling = tuple(part for part in parts if not (isinstance(part[0], Words) and _only_stop_words(part[0])))
    how = _How(PAGES, excluded=not telling, widened=True)
    plans = [_plan(Boosted(leaf, factor) if factor != 1.0 else leaf, how) for leaf, factor in telling or parts]
    return plans[0] if len(plans) == 1 else _most(plans, minimum=1)


def _weighed_leaves(node: Node, factor: float) -> Iterator[tuple[Leaf, float]]:
    """Give the leaves of a tree without exclusions, each with what it counts."""
    match node:
        case And(parts) | Or(parts) | Most(parts):
            for part in parts:
                yield from _weighed_leaves(part, factor)
        case Boosted(part, times):
            yield from _weighed_leaves(part, factor * times)
        case Not():
            pass
        case _:
            yield node, factor


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


def with_filters(words: Plan, query: SearchQuery, *, leave_out: str = "") -> Plan:
    """Return the plan of what matches words and the filters of a search, but for the one that is left out."""
    filters = filter_plans(query, leave_out=leave_out)
    return MatchAll((words, *filters)) if filters else words


def sort_key(query: SearchQuery, tree: Node) -> str:
    """Return the name of the field that the hits of a search go by; empty: they go by score."""
    if query.sort is not Sort.RELEVANCE:
        return query.sort.value
    return "" if ranks(tree) else Sort.NEWEST.value
