"""Up to 64 documents (or pages), and which of them match: each is a bit of a mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Protocol

from alerts.matching.word_order import WordOrder
from search_api.engines.records import DocumentRecord
from search_api.query.parameters import YearRange
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
)

BATCH_MAX = 64
"""Bits of a mask."""


class _HasTokens(Protocol):
    """A record of a document or of a page."""

    @property
    def tokens(self) -> Mapping[Field, str]: ...


class RecordBatch:
    """Records that are matched together. A mask has the bit 1 for the first of them, 2 for the second, and so on."""

    def __init__(self, records: Sequence[_HasTokens]) -> None:
        """Take at most BATCH_MAX records; filters are asked of those of documents only."""
        assert len(records) <= BATCH_MAX
        self._records = records
        self.everything = (1 << len(records)) - 1
        """The mask of all."""
        self._tokens: dict[Field, dict[str, int]] = {}
        self._values: dict[str, dict[str, int]] = {}
        self._orders: dict[Field, WordOrder] = {}
        self._masks: dict[Plan, int] = {}

    def tokens(self, field: Field) -> Mapping[str, int]:
        """Return which records have each token of a field."""
        if field not in self._tokens:
            masks: dict[str, int] = {}
            for number, record in enumerate(self._records):
                bit = 1 << number
                for token in set(record.tokens.get(field, "").split()):
                    masks[token] = masks.get(token, 0) | bit
            self._tokens[field] = masks
        return self._tokens[field]

    def values(self, field: str) -> Mapping[str, int]:
        """Return which documents have each value of a filter."""
        if field not in self._values:
            masks: dict[str, int] = {}
            for number, record in enumerate(self._records):
                if isinstance(record, DocumentRecord):
                    for value in record.filters.get(field, ()):
                        masks[value] = masks.get(value, 0) | (1 << number)
            self._values[field] = masks
        return self._values[field]

    def mask(self, plan: Plan) -> int:
        """Return which records match a plan, exactly."""
        match plan:
            case Times(part) | Flat(part) | Raised(part):
                return self.mask(part)
            case Without(part):
                return self.everything & ~self.mask(part)
            case MatchAll(parts):
                return at_least(len(parts), [self.mask(part) for part in parts])
            case MatchAny(parts, minimum):
                return at_least(minimum, [self.mask(part) for part in parts])
            case OneWord(field, tokens):
                return _union(self.tokens(field), tokens)
            case Every():
                return self.everything
            case MatchNone():
                return 0
            case HasToken(field, token):
                return self.tokens(field).get(token, 0)
            case OneOf(name, values):
                return _union(self.values(name), values)
            case _:
                if plan not in self._masks:
                    self._masks[plan] = self._looked_for(plan)
                return self._masks[plan]

    def _looked_for(self, leaf: Plan) -> int:
        match leaf:
            case InYears(years):
                return self._published_in(years)
            case StartsWith(field, beginning):
                return self._order(field).beginning_with(beginning)
            case Like(field, token, distance):
                return self._order(field).like(token, distance=distance)
            case Adjacent(field, tokens, slop, open_end) if slop and not open_end:
                return self._order(field).within(tokens, slop=slop)
            case Adjacent(field, tokens, _, open_end):
                return self._order(field).side_by_side(tokens, open_end=open_end)
        raise AssertionError(leaf)

    def _order(self, field: Field) -> WordOrder:
        if field not in self._orders:
            texts = [record.tokens.get(field, "") for record in self._records]
            self._orders[field] = WordOrder(texts, masks=self.tokens(field))
        return self._orders[field]

    def _published_in(self, years: YearRange) -> int:
        found = 0
        for number, record in enumerate(self._records):
            year = record.year if isinstance(record, DocumentRecord) else None
            if year is not None and _is_within(year, years):
                found |= 1 << number
        return found


def _is_within(year: int, years: YearRange) -> bool:
    return (years.first is None or years.first <= year) and (years.last is None or year <= years.last)


def _union(masks: Mapping[str, int], keys: Sequence[str]) -> int:
    found = 0
    for key in keys:
        found |= masks.get(key, 0)
    return found


def at_least(minimum: int, masks: Sequence[int]) -> int:
    """Return the bits that at least `minimum` (1 or more) of the masks have."""
    if minimum == 1:
        return reduce(or_, masks, 0)
    if minimum == len(masks):
        return reduce(and_, masks)
    reached = [-1, *[0] * minimum]  # by how many masks have them
    for mask in masks:
        for count in range(minimum, 0, -1):
            reached[count] |= reached[count - 1] & mask
    return reached[minimum]
