"""What a page of evidence is given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass

from web.contexts import DocumentLine, TextLink


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One value of a chart: a bar, its number, and the search behind it. Positions are per cent across, pixels down."""

    text: str
    """The label, cut to fit a phone."""
    whole: str
    """Label and number in words."""
    number: str
    href: str
    x: float
    """Left edge of the place that is its own."""
    width: float
    """Of that place."""
    bar_x: float
    bar_width: float
    y: int
    """Top of the bar."""
    height: int
    """Of the bar."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts as bars, with a table of all of them behind."""

    id: str
    """Unique on its page."""
    title: str
    description: str
    """The chart in a sentence, for those who do not see it."""
    is_upright: bool
    """True: bars stand side by side (years); False: they lie one below the other."""
    height: int
    """In pixels; as wide as there is room."""
    bars: tuple[ChartBar, ...]
    column: str
    """Head of the table's first column."""
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A line of the table behind a chart."""

    label: str
    number: str
    href: str


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A phrase and what it names, each a link."""

    words: str
    links: tuple[TextLink, ...]


@dataclass(frozen=True, slots=True)
class NamesLine:
    """Names in one language."""

    language: str
    lang: str
    names: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What there is on one concept."""

    kind: str
    label: str
    note: str
    counted: TextLink | None
    """How many documents are about it, and the search for them; None: there is none."""
    mentioned: TextLink | None
    """The same of documents that are about it or mention it; None: no document does."""
    share: str
    """How many of these only mention it, in a sentence; empty where there is none."""
    search: str
    follow: str
    """Empty: no further search can be followed here."""
    feed: str
    best_first: str
    """Where all documents stand, those first that say most on it."""
    charts: tuple[Chart, ...]
    undated: bool
    """True: some documents have no year, and are in no bar."""
    newest: tuple[DocumentLine, ...]
    key: tuple[DocumentLine, ...]
    missing: tuple[LinkedLine, ...]
    ways: tuple[TextLink, ...]
    """Where a reader can go who finds nothing here."""
    near: tuple[LinkedLine, ...]
    """Broader, narrower and related concepts, or the regions of a country."""
    names: tuple[NamesLine, ...]
    api: str
