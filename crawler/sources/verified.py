"""Which sources were verified live, and when: a file in the data folder, beside the source files that lie in the package.

A person's own files are not written into either: they may lie in a repository, or be read only. A source whose rules
were changed since counts as unverified again.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

from corpus.settings import Settings
from crawler.sources.model import SourceFile

NAME = "verified-sources.json"
_PLAIN = frozenset(
    ("name", "note", "licence", "languages", "country", "show", "verified", "polite", "expect", "schedule")
)
"""Keys that do not decide what is asked and what is taken."""


def with_dates(sources: Iterable[SourceFile], settings: Settings) -> tuple[SourceFile, ...]:
    """Return sources, those that were verified as they are now with the day on which they were."""
    kept = _read(settings)
    return tuple(source.as_verified(day) if (day := _day_of(source, kept)) else source for source in sources)


def mark_verified(source: SourceFile, *, on: date, settings: Settings) -> None:
    """Remember that a source was verified. May be repeated; the data folder is made when it is not there."""
    assert source.path is not None
    kept = {**_read(settings), source.slug: [on.isoformat(), _digest(source.path)]}
    path = settings.data_dir / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(path)


def _day_of(source: SourceFile, kept: Mapping[str, list[str]]) -> date | None:
    if source.slug not in kept or source.path is None:
        return None
    day, digest = kept[source.slug]
    return date.fromisoformat(day) if digest == _digest(source.path) else None


def _read(settings: Settings) -> dict[str, list[str]]:
    try:
        kept: dict[str, list[str]] = json.loads((settings.data_dir / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return kept


def _digest(path: Path) -> str:
    """Name what a source file asks for and takes; its words to people and its pace do not count."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    deciding = {key: value for key, value in values.items() if key not in _PLAIN}
    return sha256(json.dumps(deciding, sort_keys=True, default=str).encode()).hexdigest()[:16]
