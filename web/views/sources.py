"""Sources and how they do, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.runs import HarvestRun, RunState
from corpus.store.status import SourceHealth
from corpus.types import LOCAL_SOURCE, Document, Facet, Outcome
from corpus.vocabulary import Vocabulary
from web.addresses import filtered, outside
from web.contexts import RunBar, RunLine, SourceLine, SourcePage
from web.views.lists import document_line
from web.wording import (
    OUTCOME_WORDS,
    PROTOCOL_WORDS,
    counted,
    day_in_words,
    duration_in_words,
    language_name,
    without_controls,
)

_MOODS = {RunState.FINISHED: "good", RunState.INTERRUPTED: "idle"}
_COUNTS = ("new", "changed", "unchanged", "gone", "refused", "skipped", "failed")
RUNS_SHOWN = 30


def source_line(health: SourceHealth, *, vocabulary: Vocabulary) -> SourceLine:
    """Return a source as one row."""
    source, run = health.source, health.last_run
    return SourceLine(
        name=without_controls(source.name),
        href=f"/sources/{source.slug}",
        country=vocabulary.label(Facet.COUNTRY, source.country, "en") if source.country else "",
        languages=", ".join(language_name(lang) for lang in source.languages),
        protocol="Your own files" if _is_own(health) else PROTOCOL_WORDS.get(source.protocol, source.protocol),
        documents=health.documents,
        search=filtered(source=source.slug),
        last_run=run.ended if run else None,
        state=_state(health),
        mood=_MOODS.get(run.state, "poor") if run else "good" if health.documents else "idle",
        is_sample=source.is_sample,
    )


def _state(health: SourceHealth) -> str:
    if health.last_run is not None:
        return without_controls(health.last_run.words) or health.last_run.state.capitalize() + "."
    if not _is_own(health):
        return "Not harvested yet."
    if health.newest is None:
        return "Nothing has been added yet."
    return f"Added by hand, last on {day_in_words(health.newest)}."


def _is_own(health: SourceHealth) -> bool:
    return health.source.slug == LOCAL_SOURCE


def source_page(
    health: SourceHealth, *, runs: Sequence[HarvestRun], newest: Sequence[Document], vocabulary: Vocabulary
) -> SourcePage:
    """Return a source with its history.

    Args:
        runs: newest first.
        newest: its documents that were seen last.
    """
    return SourcePage(
        source=source_line(health, vocabulary=vocabulary),
        homepage=outside(health.source.homepage),
        licence=without_controls(health.source.licence),
        outcomes=outcomes_in_words(health.outcomes),
        runs=tuple(_run_line(run) for run in runs),
        bars=_bars(tuple(reversed(runs))),
        newest=tuple(document_line(document) for document in newest),
    )


def outcomes_in_words(outcomes: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return how many files were read, locked, damaged ...; what was met most comes first."""
    known = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()} | {"waiting": "not read yet"}
    ordered = sorted(outcomes.items(), key=lambda each: (each[0] != Outcome.READ, -each[1]))
    return tuple((known.get(name, name).capitalize(), count) for name, count in ordered if count)


def _run_line(run: HarvestRun) -> RunLine:
    return RunLine(
        started=run.started,
        duration=duration_in_words(run.seconds),
        found=tuple((name, getattr(run, name)) for name in _COUNTS if getattr(run, name)),
        ended=without_controls(run.words),
        is_bad=run.state in (RunState.BROKEN, RunState.CRASHED),
    )


def _bars(runs: Sequence[HarvestRun]) -> tuple[RunBar, ...]:
    """Return one bar a run, oldest first: files that it brought or confirmed."""
    highest = max((run.documents for run in runs), default=0) or 1
    step = 100 / max(len(runs), 12)  # a few runs are no reason for fat bars
    return tuple(
        RunBar(
            x=round(position * step, 2),
            width=round(step * 0.8, 2),
            height=round(max(100 * run.documents / highest, 2), 1),
            label=f"{day_in_words(run.started)}: {counted(run.documents, 'file', 'files')}",
            is_bad=run.state in (RunState.BROKEN, RunState.CRASHED),
        )
        for position, run in enumerate(runs)
    )
