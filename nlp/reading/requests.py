"""What is asked of the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from corpus.settings import Settings

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file that is to be read."""

    sha256: str
    path: Path
    """Where its bytes are, on this machine."""
    content_type: str = ""
    """As declared; the bytes decide, this only where they do not tell."""
    url: str = ""
    """Where it came from: links of an HTML page are relative to it. Empty when unknown."""

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"not a SHA-256: {self.sha256!r}")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much one file may take."""

    seconds: float
    pages: int
    memory_mebibytes: int
    """Of the process that reads it, all in all."""
    file_mebibytes: int

    @classmethod
    def of(cls, settings: Settings) -> ReadingLimits:
        """Return the limits that the settings give."""
        return cls(
            seconds=settings.read_seconds_max,
            pages=settings.read_pages_max,
            memory_mebibytes=settings.read_memory_mebibytes_max,
            file_mebibytes=settings.file_mebibytes_max,
        )
