"""The source files as they are now, beside what the sources brought: for pages, API and commands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from corpus.errors import BadSource
from corpus.messages import sentence
from corpus.rights import DeclaredRights, DeclaredSources
from corpus.runs import HarvestRun
from corpus.settings import Settings
from corpus.source_health import Declared, SourceHealth
from crawler.sources.load import load_sources
from crawler.sources.model import SourceFile
from crawler.sources.schedule import due_at


def with_declared(health: Sequence[SourceHealth], *, declared: Sequence[SourceFile]) -> tuple[SourceHealth, ...]:
    """Return every source that is declared or has brought something that was not removed, by slug. Touches nothing.

    Args:
        health: of what the records hold.
        declared: every source file.
    """
    slugs = {file.slug for file in declared}
    known = {each.source.slug: each for each in health if not each.is_removed or each.source.slug in slugs}
    for file in declared:
        held = known.get(file.slug) or SourceHealth(source=file.as_source(), documents=0, files=0)
        declaration = declared_by(file, last_run=held.last_run, is_removed=held.is_removed)
        known[file.slug] = replace(held, source=file.as_source(), declared=declaration)
    return tuple(known[slug] for slug in sorted(known))


def declared_by(file: SourceFile, *, last_run: HarvestRun | None, is_removed: bool = False) -> Declared:
    """Return what a source file says of its source, and when the source is due after its last run."""
    is_scheduled = (file.verified or last_run is not None) and not file.is_sample and not is_removed
    return Declared(
        verified=file.verified,
        verified_on=file.verified_on,
        note=file.note,
        every=file.schedule.every,
        is_scheduled=is_scheduled,
        due=due_at(file, last_run) if is_scheduled else None,
    )


_log = structlog.get_logger(__name__)

Stamp = tuple[tuple[str, int, int], ...]
"""Name, time of change (ns) and size of each own source file; the built-in ones do not change while we run."""


@dataclass(frozen=True, slots=True)
class _KeptDeclarations:
    stamp: Stamp
    files: tuple[SourceFile, ...]
    trouble: str
    rights: DeclaredSources


class Declarations:
    """What is declared. One for the whole application; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: _KeptDeclarations | None = None

    def beside(self, health: Sequence[SourceHealth]) -> tuple[SourceHealth, ...]:
        """Return every source that is declared or has brought something, by slug."""
        return with_declared(health, declared=self._read().files)

    @property
    def trouble(self) -> str:
        """Return why source files cannot be used, for a person; empty: they can."""
        return self._read().trouble

    def rights(self) -> DeclaredSources:
        """Return what source files say of showing their documents."""
        return self._read().rights

    def _read(self) -> _KeptDeclarations:
        stamp, kept = self._stamp(), self._kept
        if kept is None or kept.stamp != stamp:
            kept = self._kept = self._load(stamp)
        return kept

    def _load(self, stamp: Stamp) -> _KeptDeclarations:
        try:
            files = load_sources(self._settings)
            return _KeptDeclarations(stamp, files, "", _rights_of(files))
        except BadSource as error:
            # The message names a file of this machine: it is for the log, not for every reader.
            _log.warning("source_files_unusable", reason=error.message)
            trouble = sentence(
                "A source file cannot be used, so that only sources are shown here which have brought something."
                " `pushcart sources check` says which and why."
            )
            return _KeptDeclarations(stamp, (), trouble, DeclaredSources(is_readable=False))

    def _stamp(self) -> Stamp:
        folder = self._settings.sources_dir or self._settings.data_dir / "sources"
        try:
            found = [(path.name, path.stat()) for path in sorted(folder.glob("*.toml"))]
        except OSError:  # changed while we looked: the next look sees it
            return ()
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def _rights_of(files: Sequence[SourceFile]) -> DeclaredSources:
    said = {each.slug: DeclaredRights(each.licence, each.show) for each in files}
    return DeclaredSources(said, stamp=hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:16])
