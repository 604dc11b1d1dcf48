"""Plan -> tantivy query, shape by shape."""

from __future__ import annotations

from collections.abc import Sequence

from tantivy import FieldType, Occur, Query, Schema, Searcher

from search_api.query.boosts import inverse_document_frequency
from search_api.query.budget import EXPANSIONS_MAX, too_many_endings
from search_api.query.plan import (
    Adjacent,
    Every,
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
)


def compile_plan(plan: Plan, *, schema: Schema, searcher: Searcher) -> Query:
    """Return the query that finds and scores what the plan says.

    Args:
        searcher: of the index that is asked; it knows how rare words are.
    """
    match plan:
        case MatchAll(parts):
            return _all(parts, schema=schema, searcher=searcher)
        case MatchAny(parts, minimum):
            alternatives = [(Occur.Should, compile_plan(part, schema=schema, searcher=searcher)) for part in parts]
            return Query.boolean_query(alternatives, minimum_number_should_match=minimum)
        case Without():
            return _all((plan,), schema=schema, searcher=searcher)
        case Times(part, factor):
            return Query.boost_query(compile_plan(part, schema=schema, searcher=searcher), factor)
        case Raised(part, bonus):
            must = compile_plan(part, schema=schema, searcher=searcher)
            should = compile_plan(bonus, schema=schema, searcher=searcher)
            return Query.boolean_query([(Occur.Must, must), (Occur.Should, should)])
        case Flat(part, score):
            return Query.const_score_query(compile_plan(part, schema=schema, searcher=searcher), score)
        case OneWord():
            return _one_word(plan, schema=schema, searcher=searcher)
        case Every():
            return Query.all_query()
        case MatchNone():
            return Query.empty_query()
        case _:
            return _leaf(plan, schema=schema, searcher=searcher)


def _leaf(plan: Plan, *, schema: Schema, searcher: Searcher) -> Query:
    match plan:
        case HasToken(field, token):
            return Query.term_query(schema, field, token, "freq")
        case Adjacent(field, tokens, slop, False):
            return Query.phrase_query(schema, field, list(tokens), slop)
        case Adjacent(field, tokens, _, True):
            # phrase_prefix_query stops silently after 50 endings. Tokens are letters and digits: nothing to escape.
            if len(searcher.terms_with_prefix(field, tokens[-1], limit=EXPANSIONS_MAX + 1)) > EXPANSIONS_MAX:
                raise too_many_endings(tokens[-1])
            return Query.regex_phrase_query(schema, field, [*tokens[:-1], f"{tokens[-1]}.*"])
        case StartsWith(field, beginning):
            return Query.fuzzy_term_query(schema, field, beginning, 0, True, True)
        case Like(field, token, distance):
            return Query.fuzzy_term_query(schema, field, token, distance, True, False)
        case OneOf(field, values):
            return Query.term_set_query(schema, field, list(values))
        case InYears(years):
            return Query.range_query(schema, "year", FieldType.Integer, years.first, years.last)
    raise AssertionError(plan)


def _one_word(word: OneWord, *, schema: Schema, searcher: Searcher) -> Query:
    held = {token: searcher.doc_freq(word.field, token) for token in word.tokens}
    common = max(*held.values(), *(searcher.doc_freq(field, token) for field, token in word.as_rare_as), 0)
    alternatives = []
    for token, documents in held.items():
        term = Query.term_query(schema, word.field, token, "freq")
        if 0 < documents < common:
            of = searcher.num_docs
            share = inverse_document_frequency(common, of=of) / inverse_document_frequency(documents, of=of)
            term = Query.boost_query(term, share)
        alternatives.append((Occur.Should, term))
    return Query.boolean_query(alternatives)


def _all(parts: Sequence[Plan], *, schema: Schema, searcher: Searcher) -> Query:
    clauses = [
        (Occur.MustNot, compile_plan(part.part, schema=schema, searcher=searcher))
        if isinstance(part, Without)
        else (Occur.Must, compile_plan(part, schema=schema, searcher=searcher))
        for part in parts
    ]
    if all(isinstance(part, Without) for part in parts):
        clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
    return Query.boolean_query(clauses)
