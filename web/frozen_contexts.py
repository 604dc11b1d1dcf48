"""What the pages of search reports and frozen searches are given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from search_api.answers.report_text import ReportSection


@dataclass(frozen=True, slots=True)
class ReportPage:
    """How a search was made."""

    sections: tuple[ReportSection, ...]
    back: str
    """Where one came from: the search, or the frozen search."""
    is_kept: bool
    """True: it is the report of the day on which a search was frozen."""
    markdown: str
    json: str
    freeze: str = ""
    """Where the search is sent to be frozen; empty: it is, or nothing is frozen here."""


@dataclass(frozen=True, slots=True)
class FrozenTab:
    """One of the lists of a frozen search."""

    label: str
    count: str
    """Empty: not known."""
    href: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A document of a frozen search, or one that is new."""

    place: int
    """1-based, in the frozen answer; 0: it is no part of it."""
    id: str
    title: str
    """Empty: it is gone, and nothing of it was kept."""
    href: str
    lang: str
    direction: str
    facts: tuple[str, ...]
    state: str
    """What became of it, in words; empty: nothing."""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """A frozen search, and the changes since then."""

    name: str
    words: str
    """What was searched, and with which filters."""
    hits: int
    frozen_at: datetime
    expires_at: datetime
    days: int
    """For how long a visit keeps it."""
    notices: tuple[str, ...]
    tabs: tuple[FrozenTab, ...]
    explained: str
    """What the list that is shown has in it."""
    lines: tuple[FrozenLine, ...]
    search: str
    """Where the same is asked today."""
    report: str
    api: str
    reading: str
    """The absolute link for readers."""
    is_owner: bool
    rename: str
    delete: str
    follow: str = ""
    """Where what comes after it is followed; empty: no further search can be followed here."""
    previous: str = ""
    next: str = ""
