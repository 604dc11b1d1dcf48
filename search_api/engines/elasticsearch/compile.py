"""Plan -> Elasticsearch query, shape by shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Anything

from search_api.query.boosts import inverse_document_frequency
from search_api.query.budget import EXPANSIONS_MAX
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

Body = dict[str, Anything]
"""A query as Elasticsearch takes it."""

_NEXT_TO_NOTHING = 1e-20
"""A weight that changes no score: scores have seven digits."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many records have a token, and how many there are."""

    records: int
    held: Mapping[tuple[str, str], int]
    """By (field, token)."""

    def share(self, pair: tuple[str, str], *, alike: Sequence[tuple[str, str]]) -> float:
        """Return the factor that makes a token as rare as the most frequent of `alike`; 1.0 for that one, 0.0: in no record.

        Args:
            pair: the field and the token.
            alike: fields and tokens, `pair` among them.
        """
        own, common = self.held[pair], max(self.held[each] for each in alike)
        if not own:
            return 0.0
        return inverse_document_frequency(common, of=self.records) / inverse_document_frequency(own, of=self.records)


def tokens_to_weigh(plan: Plan) -> Iterator[tuple[str, str]]:
    """Return the (field, token) pairs whose rarity a plan depends on."""
    match plan:
        case OneWord(field, tokens, as_rare_as):
            yield from ((field.value, token) for token in tokens)
            yield from ((other.value, token) for other, token in as_rare_as)
        case MatchAll(parts) | MatchAny(parts):
            for part in parts:
                yield from tokens_to_weigh(part)
        case Raised(part, bonus):
            yield from tokens_to_weigh(part)
            yield from tokens_to_weigh(bonus)
        case Without(part) | Times(part) | Flat(part):
            yield from tokens_to_weigh(part)
        case _:
            pass


def unweighed(plan: Plan) -> Rarity:
    """Return what a plan is compiled with whose scores are not used: all of its tokens are equally rare."""
    return Rarity(records=1, held=dict.fromkeys(tokens_to_weigh(plan), 1))


def compile_plan(plan: Plan, *, rarity: Rarity) -> Body:
    """Return the query that finds and scores what the plan says.

    Args:
        rarity: of the tokens that `tokens_to_weigh` gives.
    """
    match plan:
        case MatchAll(parts):
            return _all(parts, rarity=rarity)
        case MatchAny(parts, minimum):
            return {
                "bool": {
                    "should": [compile_plan(part, rarity=rarity) for part in parts],
                    "minimum_should_match": minimum,
                }
            }
        case Without():
            return _all((plan,), rarity=rarity)
        case Times(part, factor):
            return _boosted(compile_plan(part, rarity=rarity), factor)
        case Raised(part, bonus):
            must, should = compile_plan(part, rarity=rarity), compile_plan(bonus, rarity=rarity)
            return {"bool": {"must": [must], "should": [should]}}
        case Flat(part, score):
            return {"constant_score": {"filter": compile_plan(part, rarity=rarity), "boost": score}}
        case OneWord(field, tokens, as_rare_as):
            alike = [
                *((field.value, token) for token in tokens),
                *((other.value, token) for other, token in as_rare_as),
            ]
            alternatives = [
                {"term": {field.value: {"value": token, "boost": rarity.share((field.value, token), alike=alike)}}}
                for token in tokens
            ]
            return {"bool": {"should": alternatives, "minimum_should_match": 1}}
        case Every():
            return {"match_all": {}}
        case MatchNone():
            return {"match_none": {}}
        case _:
            return _leaf(plan)


def _leaf(plan: Plan) -> Body:
    match plan:
        case HasToken(field, token):
            return {"term": {field.value: {"value": token}}}
        case Adjacent(field, tokens, slop, False):
            return _phrase(field.value, tokens, slop=slop)
        case Adjacent(field, tokens, _, True):
            return _open_phrase(field.value, tokens)
        case StartsWith(field, beginning):
            return {"prefix": {field.value: {"value": beginning}}}
        case Like(field, token, distance):
            near = {"value": token, "fuzziness": distance, "transpositions": True, "max_expansions": EXPANSIONS_MAX}
            return {"fuzzy": {field.value: near}}
        case OneOf(field, values):
            return {"terms": {field: list(values)}}
        case InYears(years):
            bounds = {"gte": years.first, "lte": years.last}
            return {"range": {"year": {name: bound for name, bound in bounds.items() if bound is not None}}}
    raise AssertionError(plan)


def _phrase(field: str, tokens: Sequence[str], *, slop: int) -> Body:
    """Return a phrase whose score does not depend on how documents are in shards.

    A shard that has none of a phrase's words does not tell the statistics of the field (Lucene's PhraseWeight.getStats asks for
    them only after it has met a word), so that the whole counts too few documents. A word of next to no
    weight makes it tell them; with a weight of 0 it would not be scored at all, and tell nothing.
    """
    phrase: Body = {"match_phrase": {field: {"query": " ".join(tokens), "slop": slop}}}
    return {"bool": {"must": [phrase], "should": [{"term": {field: {"value": tokens[0], "boost": _NEXT_TO_NOTHING}}}]}}


def _open_phrase(field: str, tokens: Sequence[str]) -> Body:
    beginning: Body = {"span_multi": {"match": {"prefix": {field: {"value": tokens[-1]}}}}}
    if len(tokens) == 1:
        return beginning
    clauses = [*({"span_term": {field: token}} for token in tokens[:-1]), beginning]
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


def _boosted(query: Body, factor: float) -> Body:
    return {"bool": {"must": [query], "boost": factor}}


def _all(parts: Sequence[Plan], *, rarity: Rarity) -> Body:
    without = [compile_plan(part.part, rarity=rarity) for part in parts if isinstance(part, Without)]
    must = [compile_plan(part, rarity=rarity) for part in parts if not isinstance(part, Without)]
    if not must:
        must = [{"constant_score": {"filter": {"match_all": {}}, "boost": 0.0}}]
    return {"bool": {"must": must, "must_not": without}}
