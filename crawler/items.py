"""What spiders yield: files that came, files that are as we hold them, files that are gone, files that could not be had."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from corpus.reasons import Failure
from corpus.types import FetchedFile, FieldEvidence
from crawler.links import Link, SeenRecord


class ItemOutcome(StrEnum):
    """What came of an item; the values are the names of HarvestRun's counts."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass
class FileItem:
    """A file of a publication, from the moment in which the spider sets out to get it."""

    url: str
    """The publisher's own link, as it is sent; the file is kept under its key, whatever it redirects to."""
    evidence: FieldEvidence
    is_pdf: bool = False
    """True: a PDF was promised, and a web page in its place is a failure."""
    landing_url: str = ""
    referrer: str = ""
    record: str = ""
    """As in Link."""
    instead: tuple[Link, ...] = ()
    """As in Link."""
    is_heir: bool = True
    """As in `store.files.save`: no link before it in this run had the same former key."""
    seen: SeenRecord | None = None
    """What is remembered when the file is kept; None: nothing, or the landing page remembers it."""
    response: Any = None
    """The answer, a scrapy.http.Response with status 200; None until it has come."""
    outcome: ItemOutcome | None = None
    """What came of it; None until the pipelines know."""
    reason: Failure | None = None
    """Why it failed or is gone; None when it did not."""
    key: str = ""
    """Of a trial: the record that it belongs to, see crawler.trial."""

    @classmethod
    def of(cls, item: FileItem, **changed: Any) -> Self:
        """Return an item as one of this kind."""
        return cls(**{**vars(item), **changed})


@dataclass
class UnchangedItem(FileItem):
    """A file that is as we hold it; what the landing page says of it may be new."""

    known: FetchedFile | None = None


class GoneItem(FileItem):
    """A file that we hold and that the publisher no longer has, for `reason`."""


class FailedItem(FileItem):
    """A file that could not be had: `outcome` is FAILED, or REFUSED when robots.txt forbids it; `reason` says why."""
