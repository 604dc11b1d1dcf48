"""How a source does: what it declares, what it brought, its state in a word, and what a librarian does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from corpus.runs import HarvestRun, RunState
from corpus.types import LOCAL_SOURCE, Source


class SourceState(StrEnum):
    """How a source does, in a word. Broken ones stand out: they are not quiet, they do not work."""

    WELL = "well"
    """Its last run brought what the source promises; of a person's own documents: there are some."""
    BROKEN = "broken"
    """Its last run brought less, or more, than the source promises."""
    CRASHED = "crashed"
    """Its last run ended with an error of ours."""
    PAUSED = "paused"
    """Its last run used up its budget or its hours; the next one continues."""
    INTERRUPTED = "interrupted"
    """Its last run was stopped; the next one continues."""
    NEVER = "never_harvested"
    UNVERIFIED = "not_verified"
    """Never harvested, and written from descriptions: nobody has tried it against the live site yet."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file of a source says of it beyond what the records keep, and what follows for its schedule."""

    verified: bool = True
    """False: written from published descriptions, not yet run against the live site."""
    verified_on: date | None = None
    """The day of its last verification by `pushcart sources verify`; None: there was none, or its rules are others now."""
    note: str = ""
    """For a librarian."""
    every: timedelta | None = None
    """From the start of one run to the next; None: it has no schedule."""
    is_scheduled: bool = False
    """Whether `pushcart harvest --due` asks it on its own: samples and sources that were never tried are not."""
    due: datetime | None = None
    """From when it is due; None: at once, if it is scheduled at all."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What a source has brought."""

    source: Source
    documents: int
    files: int
    """Addresses that were fetched, those included that the publisher no longer has."""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """As in StoreStatus."""
    newest: datetime | None = None
    """When its newest document was first seen; None when it has none."""
    last_run: HarvestRun | None = None
    """None: never harvested."""
    gone: int = 0
    """Files that the publisher no longer has or no longer lists; kept anyway."""
    pages_read: int = 0
    """Pages that were reached in its files; each SHA-256 counts once."""
    page_total: int = 0
    """Pages that its files say they have. Of locked and damaged files nobody knows, and they count none."""
    is_removed: bool = False
    """Its documents were removed, and nobody has harvested it again; then all counts are 0."""
    declared: Declared | None = None
    """None: no source file declares it any more, or not determined."""

    @property
    def is_own(self) -> bool:
        """Say whether these are the documents that a person added."""
        return self.source.slug == LOCAL_SOURCE

    @property
    def state(self) -> SourceState:
        """Return how it does, in a word."""
        if self.last_run is not None:
            return _STATE_OF_RUN[self.last_run.state]
        if self.is_own and self.documents:
            return SourceState.WELL
        if self.declared is not None and not self.declared.verified:
            return SourceState.UNVERIFIED
        return SourceState.NEVER

    @property
    def needs_a_look(self) -> bool:
        """Say whether a person has to do something."""
        return self.state in (SourceState.BROKEN, SourceState.CRASHED)


_STATE_OF_RUN = {
    RunState.FINISHED: SourceState.WELL,
    RunState.BROKEN: SourceState.BROKEN,
    RunState.CRASHED: SourceState.CRASHED,
    RunState.PAUSED: SourceState.PAUSED,
    RunState.INTERRUPTED: SourceState.INTERRUPTED,
}


def what_next(health: SourceHealth) -> str:
    """Return what the operator can do about a source, with commands in backticks; empty: nothing. Touches nothing."""
    slug, run = health.source.slug, health.last_run
    if health.is_own:
        return ""
    if run is None:
        if health.state is SourceState.UNVERIFIED:
            return f"Try it with `pushcart sources try {slug}`; `pushcart harvest {slug}` harvests it by name."
        return f"`pushcart harvest {slug}` harvests it." if health.declared else ""
    if run.state is RunState.BROKEN:
        return f"{_remedy(run)} Then `pushcart harvest {slug}`."
    if run.state is RunState.CRASHED:
        return f"The log says what went wrong. `pushcart harvest {slug}` continues where it stopped."
    if run.state in (RunState.PAUSED, RunState.INTERRUPTED):
        return f"Nothing is lost: the next run, or `pushcart harvest {slug}`, continues where it stopped."
    return ""


def _remedy(run: HarvestRun) -> str:
    """Return the first thing to look at when a run brought what it should not."""
    if run.pages_failed and not run.listings:
        return "Open its list in a browser. If it has moved, correct `start` in the source file."
    if run.offered and 2 * run.refused >= run.offered:
        return "robots.txt forbids most of its files. Ask the publisher for permission, or remove the source."
    if run.offered and 2 * run.failed >= run.offered:
        return "Most of its files could not be fetched. See the reasons in its report, and open one of the addresses."
    if run.announced is not None and run.records < run.announced:
        return "Its list is incomplete. See what could not be read, and check `pages_max` in the source file."
    if run.expected is not None and run.documents < run.expected:
        return (
            "Compare its list in a browser with the rules of the source file and with what they skipped. If the "
            "number is right, lower `at_least`."
        )
    return "Compare its files with earlier runs, and correct the rules or `[expect]` in the source file."
