"""Parts of the search that a measurement switches off, to see what each is worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum

from corpus.vocabulary import Vocabulary
from search_api.query import boosts
from search_api.query.parameters import LIMIT_MAX, NEAR_MAX, SearchQuery
from search_api.query.parse import parse
from search_api.query.translations import SWITCH
from search_api.query.tree import And, Boosted, Most, Node, Not, Or, Phrase, Words


class SearchPart(StrEnum):
    """A part of the search that can be switched off."""

    CONCEPTS = "concepts"
    """Other names of the concepts that a query names."""
    TRANSLATIONS = "translations"
    """Words of other languages that mean the same."""
    STEMS = "stems"
    """What only a stemmer joins."""
    NEAR = "near"
    """Documents that lack something of the query."""
    BEST_PAGE = "best-page"
    """The best page counts beside the whole document."""
    TITLE = "title"
    """A word of the title counts once more."""
    FORMS = "forms"
    """Other forms of a word than the one typed; its stem and its weight in the title go with it."""


def question_of(text: str, *, vocabulary: Vocabulary, without: Collection[SearchPart]) -> tuple[SearchQuery, Node]:
    """Return a query and its tree, as a person's would be, but for what is switched off."""
    query = SearchQuery(text=text, limit=LIMIT_MAX, near=0 if SearchPart.NEAR in without else NEAR_MAX)
    parsed = parse(text, vocabulary=vocabulary)
    off: set[str] = {SWITCH} if SearchPart.TRANSLATIONS in without else set()
    if SearchPart.CONCEPTS in without:
        off |= {f"{facet}:{concept}" for part in parsed.concepts for facet, concept in part.concepts}
    if off:
        query = replace(query, off=tuple(sorted(off)))
        parsed = parse(text, vocabulary=vocabulary, off=query.off)
    return query, _as_written(parsed.tree) if SearchPart.FORMS in without else parsed.tree


def _as_written(node: Node) -> Node:
    match node:
        case Words(text, field):
            return Phrase(text, field=field)
        case And(parts):
            return And(tuple(map(_as_written, parts)))
        case Or(parts):
            return Or(tuple(map(_as_written, parts)))
        case Most(parts, minimum):
            return Most(tuple(map(_as_written, parts)), minimum)
        case Not(part):
            return Not(_as_written(part))
        case Boosted(part, factor):
            return Boosted(_as_written(part), factor)
        case _:
            return node


@contextmanager
def weights(without: Collection[SearchPart] = (), **chosen: float) -> Iterator[None]:
    """Search with other weights than those of search_api.query.boosts while the block runs; for this whole process.

    Args:
        without: parts whose weight becomes 0.
        chosen: by the name of a weight, such as STEM.
    """
    wanted: Mapping[str, float] = {
        **({"STEM": 0.0} if SearchPart.STEMS in without else {}),
        **({"BEST_PAGE": 0.0} if SearchPart.BEST_PAGE in without else {}),
        **({"TITLE": 0.0} if SearchPart.TITLE in without else {}),
        **chosen,
    }
    shipped = {name: getattr(boosts, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(boosts, name, value)
        yield
    finally:
        for name, value in shipped.items():
            setattr(boosts, name, value)
