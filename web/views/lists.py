"""Documents in lists, and shelves of values to browse."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.messages import gettext
from corpus.messages.values import facet_title
from corpus.types import Document
from corpus.vocabulary import Vocabulary
from search_api.answers.results import FacetCount, Results
from web.addresses import document_address, filtered
from web.contexts import Counted, DocumentLine, Shelf
from web.format import facts_of, without_controls
from web.views.facets import ISIC_TITLE, PLACES_TITLE, REGIONS, is_isic_section, is_working_sector

SHELF_VALUES = 6
"""Values on a shelf of the home page."""


def document_line(document: Document, *, lang: str) -> DocumentLine:
    """Return a document as one entry of a list."""
    return DocumentLine(
        title=without_controls(document.title),
        href=document_address(document.id),
        lang=document.lang,
        facts=tuple(without_controls(fact) for fact in facts_of(document, lang=lang)),
        first_seen=document.first_seen,
        is_sample=document.is_sample,
    )


def home_shelves(everything: Results, *, lang: str) -> tuple[Shelf, ...]:
    """Return the shelves of the home page: the first values of four facets; empty ones are left out."""
    regions = [_counted("region", each) for each in everything.facets.get("region", ()) if each.value in REGIONS]
    countries = [_counted("country", each) for each in everything.facets.get("country", ())]
    half = SHELF_VALUES // 2
    places = (*regions[:half], *countries[: SHELF_VALUES - len(regions[:half])])
    shelves = (
        _short_shelf("group", everything, lang=lang),
        Shelf(
            gettext(PLACES_TITLE, lang=lang),
            places,
            "/browse#region" if len(regions) + len(countries) > len(places) else "",
        ),
        _short_shelf("sector", everything, lang=lang),
        _short_shelf("topic", everything, lang=lang),
    )
    return tuple(shelf for shelf in shelves if shelf.values)


def browse_shelves(everything: Results, *, lang: str) -> tuple[Shelf, ...]:
    """Return every value of the facets, regions and countries excepted."""
    sectors = everything.facets.get("sector", ())
    kinds: list[tuple[str, str, Sequence[FacetCount]]] = [
        ("group", facet_title("group", lang=lang), everything.facets.get("group", ())),
        ("topic", facet_title("topic", lang=lang), everything.facets.get("topic", ())),
        ("sector", facet_title("sector", lang=lang), [each for each in sectors if is_working_sector(each)]),
        ("sector", gettext(ISIC_TITLE, lang=lang), [each for each in sectors if is_isic_section(each)]),
        *((name, facet_title(name, lang=lang), everything.facets.get(name, ())) for name in ("lang", "type", "source")),
        ("year", facet_title("year", lang=lang), tuple(reversed(everything.facets.get("year", ())))),
    ]
    return tuple(
        Shelf(title, tuple(_counted(name, each) for each in counts if each.count))
        for name, title, counts in kinds
        if any(each.count for each in counts)
    )


def region_tree(everything: Results, *, vocabulary: Vocabulary) -> tuple[Counted, ...]:
    """Return the regions with all of their countries, most documents first."""
    countries = everything.facets.get("country", ())
    regions: Sequence[FacetCount] = [each for each in everything.facets.get("region", ()) if each.value in REGIONS]
    return tuple(
        _counted(
            "region",
            region,
            tuple(
                _counted("country", each) for each in countries if each.value in vocabulary.countries_in(region.value)
            ),
        )
        for region in regions
    )


def _short_shelf(name: str, everything: Results, *, lang: str) -> Shelf:
    counts = [each for each in everything.facets.get(name, ()) if is_working_sector(each)]
    values = tuple(_counted(name, each) for each in counts[:SHELF_VALUES])
    return Shelf(facet_title(name, lang=lang), values, "/browse" if len(counts) > len(values) else "")


def _counted(name: str, count: FacetCount, children: tuple[Counted, ...] = ()) -> Counted:
    return Counted(count.label, filtered(**{name: count.value}), count.count, children, tag=f"{name}:{count.value}")
