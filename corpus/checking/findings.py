"""What a check found: which thing is damaged, how, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.messages import sentence


class FindingKind(StrEnum):
    """What was found. Programs read these names in `pushcart verify --json`."""

    DATABASE_MISSING = "database_missing"
    DATABASE_DAMAGED = "database_damaged"
    DATABASE_UNREADABLE = "database_unreadable"
    """It cannot be opened, and may be whole."""
    SCHEMA_NEWER = "schema_newer"
    SCHEMA_OLDER = "schema_older"
    RECORDS_CONTRADICT = "records_contradict"
    PAGES_MISSING = "pages_missing"
    FILE_MISSING = "file_missing"
    FILE_DAMAGED = "file_damaged"
    FILE_UNREADABLE = "file_unreadable"
    FILE_ORPHAN = "file_orphan"
    FILE_STRANGE = "file_strange"
    INDEX_UNAVAILABLE = "index_unavailable"
    INDEX_DAMAGED = "index_damaged"
    INDEX_MISSING = "index_missing"
    INDEX_BEHIND = "index_behind"
    INDEX_OTHER = "index_other"
    """It does not belong to these records as they are."""
    INDEX_DOCUMENT_MISSING = "index_document_missing"
    INDEX_DOCUMENT_SURPLUS = "index_document_surplus"
    SUBSCRIPTION_UNREADABLE = "subscription_unreadable"
    FROZEN_UNREADABLE = "frozen_unreadable"
    KEY_DAMAGED = "key_damaged"
    CACHE_DAMAGED = "cache_damaged"
    RESTORE_UNFINISHED = "restore_unfinished"
    BACKUP_DAMAGED = "backup_damaged"


REMARKS = frozenset(
    {
        FindingKind.SCHEMA_OLDER,
        FindingKind.FILE_ORPHAN,
        FindingKind.FILE_STRANGE,
        FindingKind.INDEX_BEHIND,
        FindingKind.CACHE_DAMAGED,
    }
)
"""Nothing is lost, and most of it mends itself: such findings alone leave the exit code 0."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that was found."""

    kind: FindingKind
    which: str
    """File, document, table or search."""
    message: str
    """One sentence: what, and which one."""
    try_next: str

    @property
    def is_damage(self) -> bool:
        """Say whether something is lost, or does not work until someone acts."""
        return self.kind not in REMARKS


NAMED_MAX = 50
"""Findings of one kind that are named; the rest is counted."""


def limited(findings: Iterable[CheckFinding]) -> Iterator[CheckFinding]:
    """Yield findings, of each kind the first NAMED_MAX and one that counts the others."""
    counts: dict[FindingKind, int] = {}
    last: dict[FindingKind, CheckFinding] = {}
    for each in findings:
        counts[each.kind] = counts.get(each.kind, 0) + 1
        last[each.kind] = each
        if counts[each.kind] <= NAMED_MAX:
            yield each
    for kind, count in counts.items():
        if count > NAMED_MAX:
            more = sentence("{count} more findings of this kind: {kind}.", count=count - NAMED_MAX, kind=kind.value)
            yield CheckFinding(kind, "", more, last[kind].try_next)
