"""The pages on which a quotation may stand, found by its rarest words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from search_api.analysis import exact
from search_api.engines.base import FoundPage, SearchEngine
from search_api.query.plan import Adjacent, Field, Flat, HasToken, MatchAll, MatchAny, OneOf, Plan

PAGES_TRIED = 12
"""Pages of all documents that a quotation is compared with."""
RARE_WORDS = 8
"""Words of a quotation by which its page is looked for: the rarest."""
_RARE_PAIRS = 6
"""Words of these of which the neighbours are looked for too: they tell pages apart that have the same words."""
_WORDS_MAX = 120
"""Words of a long quotation of which it is asked how rare they are."""


def candidate_pages(
    text: str, *, engine: SearchEngine, limit: int = PAGES_TRIED, documents: Sequence[str] = ()
) -> tuple[FoundPage, ...]:
    """Return the pages on which a text may stand, the likeliest first; empty when no page has any of its words.

    Args:
        text: of a quotation.
        engine: finds pages.
        limit: how many pages.
        documents: ids of the only documents that are asked; empty: all.

    Raises EngineUnavailable: the index does not answer.
    """
    plan = _plan(exact(text)[:_WORDS_MAX], engine=engine)
    if plan is None:
        return ()
    if documents:
        plan = MatchAll((plan, Flat(OneOf("document", tuple(documents)), 0.0)))
    return engine.find_pages(plan, limit=limit)


def _plan(tokens: Sequence[str], *, engine: SearchEngine) -> Plan | None:
    """Return what finds pages with the rarest words; None when no document has any of the words."""
    different = tuple(dict.fromkeys(tokens))
    if not different:
        return None
    held = engine.frequencies([(Field.EXACT, token) for token in different]).held
    known = [token for token in different if held[Field.EXACT, token]]
    if not known:
        return None
    rarest = sorted(known, key=lambda token: (held[Field.EXACT, token], -len(token), token))[:RARE_WORDS]
    parts: list[Plan] = [HasToken(Field.EXACT, token) for token in rarest]
    wanted = set(rarest[:_RARE_PAIRS])
    pairs = dict.fromkeys(
        pair
        for pair in pairwise(tokens)
        if pair[0] != pair[1] and not wanted.isdisjoint(pair) and _are_both_held(pair, known)
    )
    parts += [Adjacent(Field.EXACT, pair) for pair in pairs]
    return MatchAny(tuple(parts))


def _are_both_held(pair: tuple[str, str], known: Sequence[str]) -> bool:
    """Say whether both words of a pair are in the index."""
    return pair[0] in known and pair[1] in known
