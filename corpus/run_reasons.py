"""How a harvest ended and what a librarian should know of it, as values; corpus.messages.runs puts them into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.reasons import Detail, Failure, KindWithDetails, cleaned_details, failure_from_json, failure_to_json


class VerdictKind(KindWithDetails):
    """Why a run ended in its state. Stored by value, as FailureKind."""

    OTHER = "other", "text"
    """Known in words only: stored before there were kinds."""
    AS_EXPECTED = "as_expected"
    STOPPED = "stopped"
    BEFORE_HOURS = "before_hours", "hours"
    """Nothing was asked; `hours` as `22:00-06:00 Africa/Accra`."""
    HOURS_OVER = "hours_over", "hours"
    REQUESTS_USED = "requests_used", "limit"
    MEBIBYTES_USED = "mebibytes_used", "limit"
    MINUTES_USED = "minutes_used", "limit"
    NO_LIST_READ = "no_list_read"
    TOO_FEW = "too_few", "at_least"
    TOO_MANY = "too_many", "at_most"
    FEWER_THAN_ANNOUNCED = "fewer_than_announced", "announced", "records"
    DROPPED = "dropped", "day", "documents"
    """Much less than the last full run brought, of that day (ISO)."""
    KILLED_AFTER_STOP = "killed_after_stop", "at"
    """This one and the next ones: the process ended without a report; `at` is the address it was at, or empty."""
    KILLED_OUT_OF_TIME = "killed_out_of_time", "limit", "at"
    KILLED_BY_SIGNAL = "killed_by_signal", "signal", "at"
    ENDED_WITH_CODE = "ended_with_code", "code", "at"


PAUSES = frozenset(
    {
        VerdictKind.BEFORE_HOURS,
        VerdictKind.HOURS_OVER,
        VerdictKind.REQUESTS_USED,
        VerdictKind.MEBIBYTES_USED,
        VerdictKind.MINUTES_USED,
    }
)
"""Why a run pauses until the next one."""


class NoteKind(KindWithDetails):
    """What a librarian should know of a list, although it could be read. Stored by value."""

    OTHER = "other", "text"
    """Known in words only."""
    SITEMAPS_TOO_DEEP = "sitemaps_too_deep", "limit"
    SITEMAPS_TOO_MANY = "sitemaps_too_many", "limit"
    LISTING_GOES_ON = "listing_goes_on", "pages"
    FEED_GOES_ON = "feed_goes_on", "pages"
    LIST_GOES_ON = "list_goes_on", "answers"
    NO_WEB_PAGE = "no_web_page"
    NO_LINK_FITS = "no_link_fits"
    FEED_MALFORMED = "feed_malformed", "error", "entries"
    FEED_EMPTY = "feed_empty"
    FEED_ENDED = "feed_ended"
    SITEMAP_MALFORMED = "sitemap_malformed", "error", "addresses"
    VALUES_UNREADABLE = "values_unreadable", "records", "name", "error"
    OAI_MALFORMED = "oai_malformed", "error"
    OAI_UNKNOWN = "oai_unknown"
    """This one and the next one have a cause: why the repository did not say what it is, or which formats it has."""
    OAI_FORMATS_UNKNOWN = "oai_formats_unknown"
    OAI_OTHER_FORMAT = "oai_other_format", "wanted", "given"
    OAI_DELETIONS_NOT_KEPT = "oai_deletions_not_kept"
    OAI_BEGUN_AGAIN = "oai_begun_again", "since"
    """This one and the next one have a cause."""
    OAI_BEGUN_AGAIN_FROM_START = "oai_begun_again_from_start"
    OAI_NO_SETS = "oai_no_sets", "set"
    OAI_DAYS_ONLY = "oai_days_only"
    OAI_EMPTY = "oai_empty"
    OAI_SET_EMPTY = "oai_set_empty", "set"


CAUSED_NOTES = frozenset(
    {
        NoteKind.OAI_UNKNOWN,
        NoteKind.OAI_FORMATS_UNKNOWN,
        NoteKind.OAI_BEGUN_AGAIN,
        NoteKind.OAI_BEGUN_AGAIN_FROM_START,
    }
)
"""Kinds that always have a cause."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a run ended in its state."""

    kind: VerdictKind
    detail: Mapping[str, Detail] = field(default_factory=dict)
    """By the names in `kind.details`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", cleaned_details(self.kind, self.detail))

    @classmethod
    def of(cls, kind: VerdictKind, **detail: Detail) -> Verdict:
        """Return a verdict with its details by name."""
        return cls(kind, detail)

    @classmethod
    def told(cls, text: str) -> Verdict:
        """Return a verdict that is known in words only."""
        return cls(VerdictKind.OTHER, {"text": text})

    def to_json(self) -> list[Any]:
        """Return `[kind, {details}]`."""
        return [self.kind.value, dict(self.detail)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Verdict:
        """Undo `to_json`; what this version does not know is determined by its name and details."""
        try:
            kind, detail = stored
            return cls(VerdictKind(kind), detail)
        except (ValueError, TypeError):
            return cls.told(str(stored))


@dataclass(frozen=True, slots=True)
class Note:
    """What a librarian should know of a list."""

    kind: NoteKind
    detail: Mapping[str, Detail] = field(default_factory=dict)
    """By the names in `kind.details`."""
    cause: Failure | None = None
    """Given for the kinds in CAUSED_NOTES, and None for all others."""
    at: str = ""
    """The address that it is about; empty: the source."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", cleaned_details(self.kind, self.detail))
        if (self.cause is not None) != (self.kind in CAUSED_NOTES):
            raise ValueError(f"a note of the kind {self.kind} has {'a' if self.kind in CAUSED_NOTES else 'no'} cause")

    def __hash__(self) -> int:
        return hash((self.kind, tuple(self.detail.values()), self.cause, self.at))

    @classmethod
    def of(cls, kind: NoteKind, *, cause: Failure | None = None, **detail: Detail) -> Note:
        """Return a note with its details by name."""
        return cls(kind, detail, cause)

    def to_json(self) -> list[Any]:
        """Return `[kind, {details}, cause or null, address]`."""
        return [self.kind.value, dict(self.detail), failure_to_json(self.cause), self.at]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Note:
        """Undo `to_json`; what this version does not know is determined by its name and details."""
        try:
            kind, detail, cause, at = stored
            return cls(NoteKind(kind), detail, failure_from_json(cause), at)
        except (ValueError, TypeError):
            return cls(NoteKind.OTHER, {"text": str(stored)})
