"""The filters beside the results: boxes to tick, a tree of regions and countries, years as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.messages import gettext, message
from corpus.messages.values import facet_title
from corpus.vocabulary import Vocabulary
from search_api.answers.results import FacetCount, Results
from search_api.query.parameters import YearRange
from web.addresses import search_address
from web.contexts import Choice, FacetBox, YearBar, YearBox
from web.format import documents_in_words, without_controls

SHOWN = 6
"""Choices shown at once; the others open on request."""
UNFOLDED = ("region", "group", "sector")
"""Facets that are shown unfolded, however long they are."""
SHORT = 4
"""Facets of so many values are too; longer ones where something in them is ticked."""
OTHERS_MAX = 40
"""Choices on request; beyond these the text of the search, or the browse page, finds a value faster."""
ISIC_TITLE = message("Industry (ISIC Rev.4)")
PLACES_TITLE = message("Region and country")
BARS_MAX = 40
"""Bars that can still be distinguished and hit; older years are put together."""

REGIONS = ("202", "015", "419", "021", "143", "030", "035", "034", "145", "150", "009")
"""The M49 regions by which people of the field read the world; together they hold every country once."""
GROUPS_OF_COUNTRIES = ("income:", "dev:")
"""Beginnings of the region ids that group countries by income and development."""


def facet_boxes(results: Results, *, vocabulary: Vocabulary, lang: str) -> tuple[FacetBox, ...]:
    """Return the boxes, in the order in which they are shown; a facet without values is left out."""
    boxes = (
        _region_box(results, vocabulary=vocabulary, lang=lang),
        _flat("group", results, lang=lang),
        _sector_box(results, lang=lang),
        _flat("topic", results, lang=lang),
        _flat("lang", results, lang=lang),
        _flat("type", results, lang=lang),
        _flat("publisher", results, lang=lang),
        _isic_box(results, lang=lang),
        _country_groups(results, lang=lang),
        _flat("source", results, lang=lang),
    )
    return tuple(replace(box, is_open=_is_open(box)) for box in boxes if box.shown)


def _is_open(box: FacetBox) -> bool:
    return box.name in UNFOLDED or len(box.shown) + len(box.others) <= SHORT or any(map(_has_tick, box.shown))


def _choice(parameter: str, count: FacetCount, children: tuple[Choice, ...] = ()) -> Choice:
    return Choice(
        name=parameter,
        value=count.value,
        label=without_controls(count.label) if parameter == "publisher" else count.label,
        count=count.count,
        chosen=count.chosen,
        children=children,
        is_open=any(child.chosen for child in children),
    )


def _box(name: str, title: str, choices: Sequence[Choice]) -> FacetBox:
    """Return a box; what is ticked stays in sight, wherever it stands."""
    first = [each for position, each in enumerate(choices) if position < SHOWN or _has_tick(each)]
    others = [each for each in choices if each not in first]
    if len(others) == 1:  # a request that opens a single line is not worth its own line
        first, others = list(choices), []
    return FacetBox(name=name, title=title, shown=tuple(first), others=tuple(others[:OTHERS_MAX]))


def _has_tick(choice: Choice) -> bool:
    return choice.chosen or any(_has_tick(child) for child in choice.children)


def _flat(parameter: str, results: Results, *, lang: str) -> FacetBox:
    counts = results.facets.get(parameter, ())
    return _box(parameter, facet_title(parameter, lang=lang), [_choice(parameter, count) for count in counts])


def is_isic_section(count: FacetCount) -> bool:
    """Say whether a sector is a section of ISIC: the statisticians' list, which stands on its own."""
    return count.value.startswith("isic:")


def is_working_sector(count: FacetCount) -> bool:
    """Say whether a sector is one of those by which people of the field speak."""
    return not is_isic_section(count)


def _region_box(results: Results, *, vocabulary: Vocabulary, lang: str) -> FacetBox:
    """Return regions with their countries; regions of other schemes only where they are ticked."""
    regions = {count.value: count for count in results.facets.get("region", ())}
    countries = results.facets.get("country", ())
    branches = []
    for region in sorted((regions[each] for each in REGIONS if each in regions), key=_most_first):
        inside = vocabulary.countries_in(region.value)
        children = tuple(_choice("country", count) for count in countries if count.value in inside)
        branches.append(_choice("region", region, children))
    elsewhere = [
        _choice("region", count)
        for count in regions.values()
        if count.chosen and count.value not in REGIONS and not count.value.startswith(GROUPS_OF_COUNTRIES)
    ]
    return replace(_box("region", gettext(PLACES_TITLE, lang=lang), [*elsewhere, *branches]), is_tree=True)


def _sector_box(results: Results, *, lang: str) -> FacetBox:
    """Return the sectors by which people of the field speak."""
    counts = [each for each in results.facets.get("sector", ()) if is_working_sector(each)]
    return _box("sector", facet_title("sector", lang=lang), [_choice("sector", count) for count in counts])


def _isic_box(results: Results, *, lang: str) -> FacetBox:
    """Return the sections of ISIC, by which statisticians speak."""
    counts = [each for each in results.facets.get("sector", ()) if is_isic_section(each)]
    return _box("isic", gettext(ISIC_TITLE, lang=lang), [_choice("sector", count) for count in counts])


def _country_groups(results: Results, *, lang: str) -> FacetBox:
    counts = [each for each in results.facets.get("region", ()) if each.value.startswith(GROUPS_OF_COUNTRIES)]
    return _box("income", gettext("Income and development", lang=lang), [_choice("region", count) for count in counts])


def _most_first(count: FacetCount) -> tuple[int, str]:
    return -count.count, count.label


def year_box(results: Results, *, lang: str) -> YearBox | None:
    """Return the years as bars; None when no document found has a date and none is requested."""
    asked = results.asked
    counts = {int(each.value): each.count for each in results.facets.get("year", ()) if each.count}
    start = str(asked.years.first or "") if asked.years else ""
    end = str(asked.years.last or "") if asked.years else ""
    if not counts:
        return YearBox(bars=(), first="", last="", start=start, end=end) if asked.years else None
    spans = _spans(counts)
    highest = max(count for _, count in spans)
    step = 100 / len(spans)
    bars = tuple(
        YearBar(
            label=f"{span}: {documents_in_words(count, lang=lang)}".replace("..", "–"),
            href=search_address(replace(asked, years=span, cursor="")),
            count=count,
            x=round(position * step + step * 0.08, 2),
            width=round(step * 0.84, 2),
            height=round(max(100 * count / highest, 2.5 if count else 0), 1),
            chosen=_overlap(asked.years, span),
        )
        for position, (span, count) in enumerate(spans)
    )
    return YearBox(bars=bars, first=str(min(counts)), last=str(max(counts)), start=start, end=end)


def _spans(counts: Mapping[int, int]) -> Sequence[tuple[YearRange, int]]:
    """Return every year from the first to the last with its count, the oldest put together beyond BARS_MAX."""
    oldest, newest = min(counts), max(counts)
    from_year = max(oldest, newest - BARS_MAX + 1)
    single = [(YearRange(year, year), counts.get(year, 0)) for year in range(from_year, newest + 1)]
    if from_year == oldest:
        return single
    early = sum(count for year, count in counts.items() if year < from_year)
    return [(YearRange(oldest, from_year - 1), early), *single]


def _overlap(asked: YearRange | None, span: YearRange) -> bool:
    if asked is None or span.first is None or span.last is None:
        return False
    return (asked.first is None or span.last >= asked.first) and (asked.last is None or span.first <= asked.last)
