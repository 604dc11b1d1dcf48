"""Counts as small bar charts that the server draws: no script, and readable at any width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.messages import gettext
from corpus.messages.formats import grouped
from search_api.answers.evidence import EvidenceCount
from search_api.query.parameters import YearRange
from web.evidence_contexts import Chart, ChartBar, ChartRow
from web.format import documents_in_words, without_controls

YEARS_MAX = 8
"""Bars that stand side by side and still have room for a number on a phone; earlier years are one bar."""
ROWS_MAX = 8
"""Bars below each other; the table has more."""
TABLE_MAX = 30
"""Rows of a table, years excepted."""
_LABEL_MAX = 34
"""Characters beside a number on 360 px."""
_ROW = 44
_ROW_TEXT = 24
_ROW_BAR = 9
_UPRIGHT = 168
_UPRIGHT_FOOT = 24
_UPRIGHT_HEAD = 22

AddressOf = Callable[[EvidenceCount], str]


def year_chart(counts: Sequence[EvidenceCount], *, address: AddressOf, lang: str) -> Chart | None:
    """Return years side by side, years without a document among them; None when there is no year.

    Args:
        counts: oldest first, of single years.
        address: gives the search of a count.
    """
    if not counts:
        return None
    shown = _with_gaps(counts)
    highest = max(each.count for each in shown)
    room = _UPRIGHT - _UPRIGHT_FOOT - _UPRIGHT_HEAD
    # A few years are not drawn as walls.
    width = min(100 / len(shown), 16)
    bars = []
    for place, each in enumerate(shown):
        height = round(room * each.count / highest)
        bar = ChartBar(
            text=each.label,
            whole=f"{each.label}: {documents_in_words(each.count, lang=lang)}",
            number=grouped(each.count, lang=lang),
            href=address(each),
            x=round(place * width, 2),
            width=round(width, 2),
            bar_x=round((place + 0.15) * width, 2),
            bar_width=round(width * 0.7, 2),
            y=_UPRIGHT - _UPRIGHT_FOOT - height,
            height=height,
        )
        bars.append(bar)
    title, column = gettext("By year", lang=lang), gettext("Year", lang=lang)
    rows = tuple(_row(each, address=address, lang=lang) for each in reversed(counts))
    return Chart("years", title, _described(shown, lang=lang), True, _UPRIGHT, tuple(bars), column, rows)


def row_chart(
    name: str, title: str, column: str, *, counts: Sequence[EvidenceCount], address: AddressOf, lang: str
) -> Chart | None:
    """Return values one below the other, most documents first; None when there is none.

    Args:
        name: of the chart, unique on its page.
        title: what is counted.
        column: what a value is called.
        counts: most documents first.
        address: gives the search of a count.
    """
    if not counts:
        return None
    highest = counts[0].count
    bars = tuple(
        ChartBar(
            text=_cut(without_controls(each.label)),
            whole=f"{without_controls(each.label)}: {documents_in_words(each.count, lang=lang)}",
            number=grouped(each.count, lang=lang),
            href=address(each),
            x=0,
            width=100,
            bar_x=0,
            bar_width=max(round(100 * each.count / highest, 2), 0.7),
            y=place * _ROW + _ROW_TEXT,
            height=_ROW_BAR,
        )
        for place, each in enumerate(counts[:ROWS_MAX])
    )
    rows = tuple(_row(each, address=address, lang=lang) for each in counts[:TABLE_MAX])
    return Chart(name, title, _described(counts, lang=lang), False, _ROW * len(bars), bars, column, rows)


def _with_gaps(counts: Sequence[EvidenceCount]) -> list[EvidenceCount]:
    """Return the last years, each of them, after one entry for all that is earlier."""
    last = int(counts[-1].value)
    first = max(int(counts[0].value), last - YEARS_MAX + 1)
    known = {int(each.value): each for each in counts}
    shown = []
    earlier = [each for each in counts if int(each.value) < first]
    if earlier:
        years = YearRange(None, first - 1)
        total = sum(each.count for each in earlier)
        shown.append(EvidenceCount(str(years), f"–{first - 1}", total, replace(earlier[0].query, years=years)))
    for year in range(first, last + 1):
        years = YearRange(year, year)
        nothing = EvidenceCount(str(year), str(year), 0, replace(counts[0].query, years=years))
        shown.append(known.get(year, nothing))
    return shown


def _described(counts: Sequence[EvidenceCount], *, lang: str) -> str:
    most = max(counts, key=lambda each: each.count)
    return gettext(
        "The longest bar is {name}, with {documents}. The table below the chart has the numbers.",
        name=without_controls(most.label),
        documents=documents_in_words(most.count, lang=lang),
        lang=lang,
    )


def _row(each: EvidenceCount, *, address: AddressOf, lang: str) -> ChartRow:
    return ChartRow(without_controls(each.label), grouped(each.count, lang=lang), address(each))


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL_MAX else f"{label[: _LABEL_MAX - 1].rstrip()}…"
