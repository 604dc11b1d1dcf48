"""What a plan needs at least: groups of conditions, of each of which one must hold. They are what bit masks decide at once.

A plan that is an AND of ORs is just its groups. Of others (half of many words; a long OR of long ANDs) the groups are
necessary, and what they let through is checked with the plan itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from search_api.query.plan import (
    Every,
    Flat,
    HasToken,
    MatchAll,
    MatchAny,
    MatchNone,
    OneOf,
    OneWord,
    Plan,
    Raised,
    Times,
    Without,
)

PRODUCT_MAX = 16
"""Groups that one OR of ANDs is multiplied out to."""

Condition = tuple[Plan, bool]
"""A leaf of a plan with one token or value, and whether it must not hold."""
Group = tuple[Condition, ...]
"""One of them must hold; empty: nothing does."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What a plan needs."""

    groups: tuple[Group, ...]
    """All must hold; none: every document matches."""
    is_exact: bool = True
    """True: a document for which all hold matches. False: it may match."""


_ALWAYS = Groups(())
_NEVER = Groups(((),))


def groups_of(plan: Plan, *, negative: bool = False) -> Groups:
    """Return what a plan needs.

    Args:
        plan: scores in it are not counted.
        negative: True: what is needed to *not* match it.
    """
    match plan:
        case Times(part) | Flat(part) | Raised(part):
            return groups_of(part, negative=negative)
        case Without(part):
            return groups_of(part, negative=not negative)
        case MatchAll(parts):
            return _at_least(1 if negative else len(parts), parts, negative=negative)
        case MatchAny(parts, minimum):
            return _at_least(len(parts) - minimum + 1 if negative else minimum, parts, negative=negative)
        case OneWord(field, tokens):
            return _one_of([HasToken(field, token) for token in tokens], negative=negative)
        case OneOf(field, values):
            return _one_of([OneOf(field, (value,)) for value in values], negative=negative)
        case Every():
            return _NEVER if negative else _ALWAYS
        case MatchNone():
            return _ALWAYS if negative else _NEVER
        case _:
            return Groups((((plan, negative),),))


def _one_of(leaves: Iterable[Plan], *, negative: bool) -> Groups:
    conditions = [(leaf, negative) for leaf in leaves]
    return Groups(tuple((each,) for each in conditions) if negative else (tuple(conditions),))


def _at_least(minimum: int, parts: Sequence[Plan], *, negative: bool) -> Groups:
    needed = [groups_of(part, negative=negative) for part in parts]
    if minimum <= 0:
        return _ALWAYS
    if minimum > len(needed):
        return _NEVER
    if minimum == len(needed):
        return _all_of(needed)
    if minimum == 1:
        return _any_of(needed)
    # With at most n - minimum parts missing, of any n - minimum + 1 of them one is there: those that are in a row, in a circle.
    width = len(needed) - minimum + 1
    rows = [[needed[(first + place) % len(needed)] for place in range(width)] for first in range(len(needed))]
    return Groups(
        tuple(dict.fromkeys(_weakened(row) for row in rows if all(each.groups for each in row))), is_exact=False
    )


def _all_of(parts: Sequence[Groups]) -> Groups:
    groups = dict.fromkeys(chain.from_iterable(part.groups for part in parts))
    return Groups(tuple(groups), is_exact=all(part.is_exact for part in parts))


def _any_of(parts: Sequence[Groups]) -> Groups:
    is_exact = all(part.is_exact for part in parts)
    size = prod(len(part.groups) for part in parts)
    if size > PRODUCT_MAX:
        return Groups((_weakened(parts),), is_exact=False)
    groups = (_joined(each) for each in product(*(part.groups for part in parts)))
    return Groups(tuple(dict.fromkeys(groups)), is_exact=is_exact)


def _weakened(parts: Iterable[Groups]) -> Group:
    """Return one group that holds where one of the parts does, made of the group of each that says most."""
    return _joined(min(part.groups, key=_says_little) for part in parts)


def _says_little(group: Group) -> tuple[bool, int]:
    return any(is_negative for _, is_negative in group), len(group)


def _joined(groups: Iterable[Group]) -> Group:
    return tuple(dict.fromkeys(chain.from_iterable(groups)))
