"""Copies and translations of one work are one hit: which of them stands for all, and what that does to counts.

Documents match on their own, each with its own words and filters. Of those of one fold (`Document.fold`) that match a search, one
stands for all and the others are left out of its list, so that pages of hits, cursors, walks and totals count works. What is
left out depends on the search: where only the translation matches, it is the hit.

Facets count works too: a value counts once for each fold. Each folded document therefore has a token for each of its values,
`fold|field|value`; a token that matches n times was counted n - 1 times too often.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from search_api.engines.base import EngineHit
from search_api.query.facets import FACETS
from search_api.query.plan import Flat, MatchAll, OneOf, Plan, Without
from search_api.query.planning import filter_field

IS_FOLDED = "is_folded"
"""Field of documents that are in a fold; its value is IS_FOLDED_VALUE."""
IS_FOLDED_VALUE = "yes"
FOLD = "fold"
"""Field of its number, as text."""
FOLD_NUMBER = "fold_number"
"""Field of its number, as a number."""
FOLD_VALUES = "fold_values"
"""Field of the tokens of `fold_values`."""
FOLDED_ONLY: Plan = Flat(OneOf(IS_FOLDED, (IS_FOLDED_VALUE,)), 0.0)
FOLDS_MAX = 1_000
"""Folds that a query names."""
TOKENS_MAX = 60_000
"""Tokens that are counted by one question: engines give no more than 65,000 buckets."""
_TOKENS_EACH = 30
"""Values of a document, about, in the fields that are counted."""
_COUNTED_FIELDS = tuple(dict.fromkeys(filter_field(facet, about=about) for facet in FACETS for about in (True, False)))


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a fold that matches a search."""

    id: str
    fold: int
    """By `fold_number`."""
    score: float
    seen: int
    """Sequence number of its first sight."""


@dataclass(frozen=True, slots=True)
class Folding:
    """What is left out of the list of hits of one search."""

    left_out: tuple[str, ...] = ()
    """Ids, in no order that means anything."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the documents that one stands for, by its id."""

    def applied(self, plan: Plan) -> Plan:
        """Return a plan without what is left out."""
        return MatchAll((plan, Without(OneOf("id", self.left_out)))) if self.left_out else plan

    def hit(self, hit: EngineHit) -> EngineHit:
        """Return a hit with the documents that it stands for."""
        others = self.others.get(hit.id)
        return EngineHit(hit.id, hit.score, others) if others else hit

    def hits(self, hits: Iterable[EngineHit]) -> tuple[EngineHit, ...]:
        """Return hits with the documents that each stands for."""
        return tuple(self.hit(hit) for hit in hits)


def folding_of(members: Iterable[Member], *, is_ranked: bool) -> Folding:
    """Return which document stands for each fold.

    It is the one with the highest score, of equal ones and in other orders that which was seen first: so a copy that comes
    later is nothing new in a feed.

    Args:
        members: all documents of folds that match, in any order.
        is_ranked: whether hits go by their score.
    """
    folds: defaultdict[int, list[Member]] = defaultdict(list)
    for member in members:
        folds[member.fold].append(member)
    others: dict[str, tuple[str, ...]] = {}
    for fold in folds.values():
        if len(fold) > 1:
            first, *rest = sorted(fold, key=lambda each: (-each.score if is_ranked else 0.0, each.seen, each.id))
            others[first.id] = tuple(member.id for member in rest)
    return Folding(left_out=tuple(each for rest in others.values() for each in rest), others=others)


def fold_number(fold: str) -> int:
    """Return the number that stands for the id of a fold: engines read numbers of many hits at once."""
    return int.from_bytes(hashlib.blake2b(fold.encode(), digest_size=8).digest(), "big", signed=True)


def without_works(plan: Plan, folds: Iterable[int]) -> Plan:
    """Return a plan without the documents of some folds, by their numbers; at most FOLDS_MAX of them."""
    named = tuple(str(fold) for fold in islice(dict.fromkeys(folds), FOLDS_MAX))
    return MatchAll((plan, Without(OneOf(FOLD, named)))) if named else plan


def fold_values(fold: str, filters: Mapping[str, tuple[str, ...]], *, year: int | None) -> tuple[str, ...]:
    """Return the tokens of FOLD_VALUES of a document; they begin with two hexadecimal digits that spread folds evenly.

    Args:
        fold: of the document; not empty.
        filters: its values by field.
        year: None: unknown.
    """
    values = [(name, value) for name in _COUNTED_FIELDS for value in filters.get(name, ())]
    if year is not None:
        values.append(("year", str(year)))
    spread = hashlib.sha256(fold.encode()).hexdigest()[:2]
    return tuple(f"{spread}{fold}|{name}|{value}" for name, value in values)


def beginnings(folded: int) -> tuple[str, ...]:
    """Return the beginnings of tokens that are counted one after the other; one that is empty where one question will do.

    Args:
        folded: documents of folds that match, or more.
    """
    digits = next(count for count in (0, 1, 2) if folded * _TOKENS_EACH <= TOKENS_MAX * 16**count or count == 2)
    return tuple(f"{number:0{digits}x}" for number in range(16**digits)) if digits else ("",)


def surplus(buckets: Iterable[tuple[str, int]]) -> dict[str, dict[str, int]]:
    """Return by how much values were counted too often, by field and value.

    Args:
        buckets: tokens of FOLD_VALUES, each with the number of documents that have it.
    """
    found: dict[str, dict[str, int]] = {}
    for token, documents in buckets:
        _, name, value = token.split("|", 2)
        values = found.setdefault(name, {})
        values[value] = values.get(value, 0) + documents - 1
    return found
