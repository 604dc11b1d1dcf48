"""Entries of the listing: each publication once, and once more for each second address at which it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from demo.publication import Landing, Publication, PublicationFormat, SampleStanding

_MORNING = time(9, tzinfo=UTC)
"""When the publisher puts new publications on its site."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the listing and the landing page it leads to."""

    publication: Publication
    is_copy: bool = False
    """True for the second address, in the repository."""
    changed_at: datetime | None = None
    """When it was revised, withdrawn or restored last, UTC, whole seconds; None: not since it was published."""
    is_revised: bool = False
    """It is in its second, corrected edition."""
    is_withdrawn: bool = False
    """It was taken off the site: 410 at its addresses, a deleted record in the repository, nothing anywhere else."""

    @property
    def slug(self) -> str:
        """Return the last part of the landing page's path."""
        return self.publication.copy_slug if self.is_copy else self.publication.slug

    @property
    def modified(self) -> datetime:
        """Return when it changed last, UTC: the same moment in every protocol."""
        return self.changed_at or datetime.combine(self.publication.published, _MORNING)

    @property
    def stamp(self) -> str:
        """Return `modified` as OAI-PMH, Atom and sitemaps write it."""
        return stamp_of(self.modified)

    @property
    def path(self) -> str:
        """Return the path of the landing page; of an HTML publication it is the publication itself."""
        return f"/{'repository' if self.is_copy else 'publications'}/{self.slug}"

    @property
    def pdf_path(self) -> str:
        """Return the path of the PDF; empty for an HTML publication."""
        if self.publication.format is not PublicationFormat.PDF:
            return ""
        return f"/{'repository/files' if self.is_copy else 'files'}/{self.slug}.pdf"

    @property
    def landing(self) -> Landing:
        """Return how the landing page describes it; the repository always uses Dublin Core."""
        return Landing.DUBLIN_CORE if self.is_copy else self.publication.landing


def stamp_of(moment: datetime) -> str:
    """Return a moment in UTC with seconds, such as 2026-11-20T09:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entries_of(publications: Sequence[Publication]) -> tuple[Entry, ...]:
    """Return the entries of a listing in the order of the publications, a copy after its original."""
    entries: list[Entry] = []
    for publication in publications:
        if publication.standing in (SampleStanding.LISTED, SampleStanding.SPECIAL):
            entries.append(Entry(publication))
            if publication.copy_slug:
                entries.append(Entry(publication, is_copy=True))
    return tuple(entries)
