"""When a search finds nothing: which word or filter took it away, with what would be found without it."""

from __future__ import annotations

from dataclasses import replace

from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.spelling import corrected
from search_api.query.tree import And, Node, Phrase, Words
from web.addresses import search_address
from web.contexts import WayOut
from web.state import Site
from web.views.names import Names
from web.wording import FACET_TITLES

WAYS_MAX = 6
TRIES_MAX = 14
"""Searches made to find ways; each takes milliseconds, and a hostile address may carry hundreds of filters."""


def ways_out_of(query: SearchQuery, *, site: Site, names: Names) -> tuple[WayOut, ...]:
    """Return searches near this one that find something: as it may have been meant, then most documents first."""
    near = [*_without_a_filter(query, names=names), *_without_a_word(query, site=site)]
    if query.has_filters and query.text:
        bare = SearchQuery(text=query.text, sort=query.sort)
        near.append(("the same words without any filter", bare))
    meant = _that_find_something(_spelt_otherwise(query, site=site), site=site)
    others = _that_find_something(near[:TRIES_MAX], site=site)
    return tuple([*meant, *others][:WAYS_MAX])


def _that_find_something(near: list[tuple[str, SearchQuery]], *, site: Site) -> list[WayOut]:
    ways = [
        WayOut(words, search_address(other), count)
        for words, other in near
        if (count := site.count(replace(other, limit=1, cursor="")))
    ]
    return sorted(ways, key=lambda way: -way.count)


def _spelt_otherwise(query: SearchQuery, *, site: Site) -> list[tuple[str, SearchQuery]]:
    app = site.app
    text = corrected(query.text, engine=app.engine, store=app.store, vocabulary=app.vocabulary)
    return [(f"did you mean: {text}", replace(query, text=text, cursor=""))] if text else []


def _without_a_filter(query: SearchQuery, *, names: Names) -> list[tuple[str, SearchQuery]]:
    found = []
    for parameter, values in query.filter_values().items():
        labels = ", ".join(names.label(parameter, value) for value in values[:3])
        found.append((f"without the {FACET_TITLES[parameter].lower()}: {labels}", query.without(parameter)))
    if query.years is not None:
        found.append((f"of any year, not only {names.years(query)}", query.without("year")))
    if query.about:
        found.append(("also where it is only mentioned", query.without("about")))
    return found


def _without_a_word(query: SearchQuery, *, site: Site) -> list[tuple[str, SearchQuery]]:
    """Leave out one word or phrase after the other, where the text is plain enough to say it again without."""
    tree = parse(query.text, vocabulary=site.app.vocabulary).tree
    if not isinstance(tree, And):
        return []
    found = []
    for part in tree.parts:
        typed = _as_typed(part)
        if typed and query.text.count(typed) == 1:
            rest = " ".join(query.text.replace(typed, " ").split())
            if rest and rest != query.text:
                found.append((f"without {typed}", replace(query, text=rest, cursor="")))
    return found


def _as_typed(part: Node) -> str:
    match part:
        case Words(text, ""):
            return text
        case Phrase(text, 0, False, ""):
            return f'"{text}"'
        case _:
            return ""
