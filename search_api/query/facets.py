"""What is counted beside the hits of a search."""

from __future__ import annotations

from search_api.query.parameters import SearchQuery
from search_api.query.planning import filter_field

FACETS = ("country", "region", "sector", "group", "topic", "lang", "year", "source", "type", "publisher")
"""What is counted, by the name of the parameter."""


def facet_passes(query: SearchQuery) -> list[tuple[str, dict[str, str]]]:
    """Return which facets are counted together: those without a filter, and each other without its own filter.

    As pairs of the filter that is left out (empty: none) and the field of each facet.
    """
    filtered = {*query.filter_values(), *(("year",) if query.years else ())}
    together = [facet for facet in FACETS if facet not in filtered]
    passes = [("", together)] if together else []
    passes += [(facet, [facet]) for facet in FACETS if facet in filtered]
    return [
        (leave_out, {each: filter_field(each, about=query.about) for each in facets}) for leave_out, facets in passes
    ]
