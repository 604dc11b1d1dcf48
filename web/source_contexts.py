"""What the pages about sources and their runs are given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from web.contexts import DocumentLine, TextLink


@dataclass(frozen=True, slots=True)
class Amount:
    """A count in words."""

    words: str
    text: str
    """The number as it is shown; a dash if it is unknown."""
    is_nil: bool = False
    """True: there is nothing to see, and a narrow screen leaves it out."""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and how it does."""

    slug: str
    name: str
    href: str
    country: str
    languages: str
    protocol: str
    documents: int
    search: str
    state: str
    """In a word."""
    mood: str
    """`good`, `poor` or `idle`."""
    words: str
    """What the last run says of itself."""
    what_next: str
    """With commands in backticks; empty: nothing is to be done."""
    last_run: datetime | None
    run_href: str
    """The report of the last run; empty: there is none."""
    amounts: tuple[Amount, ...]
    """What the last run counted."""
    due: str
    """When it is harvested next, in words; empty: it has no schedule."""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Sources that have something in common."""

    id: str
    title: str
    note: str
    sources: tuple[SourceLine, ...]
    is_harvested: bool
    """False: they have brought nothing yet, and there are no runs to show."""


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources, those that need attention first."""

    summary: str
    groups: tuple[SourceGroup, ...]
    error: str
    """Why source files cannot be used; empty: they can."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of a harvest, as a row."""

    href: str
    started: datetime
    state: str
    mood: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class RunBar:
    """The files of one run: those confirmed below, changed and new ones above."""

    x: float
    width: float
    confirmed: float
    """Height, 0 to 100."""
    fresh: float
    """Height of what is above."""
    label: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class History:
    """Runs as bars, oldest first."""

    bars: tuple[RunBar, ...]
    highest: int
    """Files of the highest bar."""
    expected: float
    """Height of the line of what the source promises now, 0 to 100; 0: it promises nothing."""
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    words: str
    text: str
    """`83 of 84 pages`"""
    percent: float
    """0 to 100."""
    is_whole: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a source, and what is the matter with it."""

    address: str
    href: str
    """Empty when the address must not be opened."""
    words: str
    document: str
    """Address of its document; empty when it is none."""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileList:
    """Some of the files of a source."""

    files: tuple[FileLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source with its history."""

    source: SourceLine
    homepage: str
    facts: tuple[tuple[str, str], ...]
    """Name and value: licence, schedule, note ..."""
    shares: tuple[Share, ...]
    outcomes: tuple[tuple[str, int], ...]
    unread: FileList
    gone: FileList
    history: History | None
    runs: tuple[RunLine, ...]
    run_total: int
    older: str
    """Where older runs stand; empty: nowhere."""
    newer: str
    newest: tuple[DocumentLine, ...]
    api: str


@dataclass(frozen=True, slots=True)
class FailureLine:
    """An address that could not be fetched or used."""

    address: str
    href: str
    reason: str
    referrer: str
    referrer_href: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """The report of one run."""

    source: TextLink
    started: datetime
    ended: datetime
    duration: str
    state: str
    mood: str
    words: str
    asked: str
    """What it asked for, and whether it saw all of that."""
    ends: tuple[Amount, ...]
    """How its offers ended; they add up to `offered`."""
    offered: str
    promises: tuple[Amount, ...]
    """What was expected, announced, held ..."""
    traffic: tuple[Amount, ...]
    skipped: tuple[tuple[str, int], ...]
    skipped_total: int
    reasons: tuple[tuple[str, int], ...]
    """The most frequent reasons of the failures that are listed."""
    failures: tuple[FailureLine, ...]
    failures_left_out: int
    earlier: str
    later: str
    api: str
