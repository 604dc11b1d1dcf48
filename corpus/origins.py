"""Where an offered value of a document's metadata came from, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.text import clean, is_clean


class OriginPlace(StrEnum):
    """The place that gave a value."""

    PERSON = "person"
    """Someone who corrected it here; see corpus/corrections.py."""
    SIDECAR = "sidecar"
    """A person's CSV or JSON."""
    RECORD = "record"
    """A catalogue's record; the part is its format (`oai_dc`, `crossref`)."""
    LANDING = "landing"
    """The page that describes the publication; the part says where on it (`citation_title`, `json-ld`)."""
    LISTING = "listing"
    FEED = "feed"
    SITEMAP = "sitemap"
    FILE = "file"
    """The file itself; the part is `info` or `xmp` (its properties), `text` (its first pages), `html`."""
    LINK = "link"
    """The words of the link to it."""
    NAME = "name"
    """The name of the file."""
    OTHER = "other"
    """Stored by another version; the part is all that is known."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The place of a value, and the part of it."""

    place: OriginPlace
    part: str = ""

    def __post_init__(self) -> None:
        if not is_clean(self.part):
            object.__setattr__(self, "part", clean(self.part))

    def __str__(self) -> str:
        """Return the name under which it is stored, and given to programs: `landing:citation_title`, `sidecar`."""
        if self.place is OriginPlace.OTHER:
            return self.part
        return f"{self.place.value}:{self.part}" if self.part else self.place.value

    @property
    def is_file_property(self) -> bool:
        """Say whether it is the properties of a file (XMP or the information dictionary), which templates leave behind."""
        return self.place is OriginPlace.FILE and self.part in ("xmp", "info")


@lru_cache(maxsize=4096)
def origin_of(name: str) -> Origin:
    """Undo `str(origin)`."""
    place, _, part = name.partition(":")
    try:
        return Origin(OriginPlace(place), part)
    except ValueError:
        return Origin(OriginPlace.OTHER, name)
