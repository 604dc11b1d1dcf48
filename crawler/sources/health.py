"""What source files declare, put beside what the sources brought: for pages, API and commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.runs import HarvestRun
from corpus.source_health import Declared, SourceHealth
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
