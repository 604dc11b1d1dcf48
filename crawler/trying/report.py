"""What a trial of a source saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.reasons import Failure, Skip
from corpus.run_reasons import Note
from corpus.runs import RunFailure
from corpus.types import FieldEvidence


@dataclass(frozen=True, slots=True)
class TrialFile:
    """A file that a harvest would fetch and keep."""

    url: str
    kind: str
    """`pdf`, or `page` for a web page that is itself the text."""
    evidence: FieldEvidence
    """All that is said of the file before it is fetched: by the list, by the landing page, by the link."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """One publication as the source offers it."""

    url: str
    """Where the lead leads: a landing page, or the file."""
    record: str = ""
    """Identifier of the publisher's record; empty when there is none."""
    evidence: FieldEvidence = field(default_factory=dict)
    """What the list and the landing page say; empty for a record of which only the files were named."""
    files: tuple[TrialFile, ...] = ()
    """Empty: a harvest would keep nothing of it; `skipped` and `failure` say why."""
    skipped: Mapping[Skip, int] = field(default_factory=dict)
    """What rules left out on its landing page, counted by rule."""
    failure: Failure | None = None
    """Why its landing page could not be read; None when it could, or was not needed."""


@dataclass(frozen=True, slots=True)
class TrialReport:
    """The first records of a source, and what was left out before them."""

    slug: str
    name: str
    protocol: str
    records: tuple[TrialRecord, ...]
    """In the order of the list."""
    skipped: Mapping[Skip, int]
    """What rules left out altogether, on lists and landing pages."""
    lists: int
    """Pages of lists that were read."""
    listed: int
    """Records that these pages named."""
    announced: int | None
    """How many records there are in all, as the publisher says; None: it does not say."""
    failures: tuple[RunFailure, ...]
    """Pages that could not be fetched or read, and leads that may not be followed."""
    notes: tuple[Note, ...]
    requests: int
    bytes: int
