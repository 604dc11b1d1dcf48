"""All sources and how they do, in words; those that need a look stand first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from corpus.messages.runs import run_in_words
from corpus.source_health import SourceHealth, SourceState, what_next
from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from web.addresses import filtered
from web.source_contexts import SourceGroup, SourceLine, SourcesPage
from web.views.runs import amounts_of, run_address
from web.wording import (
    PROTOCOL_WORDS,
    SOURCE_STATE_WORDS,
    counted,
    day_in_words,
    grouped,
    language_name,
    listed,
    without_controls,
)

_MOODS: Mapping[SourceState, str] = {
    SourceState.WELL: "good",
    SourceState.BROKEN: "poor",
    SourceState.CRASHED: "poor",
}
"""Every other state is `idle`."""


def sources_page(
    health: Sequence[SourceHealth], *, vocabulary: Vocabulary, now: datetime, trouble: str = ""
) -> SourcesPage:
    """Return all sources in groups.

    Args:
        trouble: why source files cannot be used; empty: they can.
    """
    broken = [each for each in health if each.needs_a_look]
    harvested = [each for each in health if not each.needs_a_look and (each.last_run or each.documents)]
    quiet = [each for each in health if not each.last_run and not each.documents]
    never = [each for each in quiet if each.state is SourceState.NEVER]
    unverified = [each for each in quiet if each.state is SourceState.UNVERIFIED]
    groups = (
        (
            "broken",
            "Broken",
            "Their last run did not bring what they promise, or ended with an error. What they brought before is kept.",
            broken,
        ),
        ("harvested", "Harvested", "", harvested),
        ("never", "Never harvested", "They are declared. `pushcart harvest NAME` harvests one of them.", never),
        (
            "unverified",
            "Not yet verified live",
            "They are declared from descriptions and were never tried against the live site, so that they are harvested by name"
            " only: `pushcart harvest NAME`.",
            unverified,
        ),
    )
    return SourcesPage(
        summary=_summary(health, broken=len(broken), never=len(never), unverified=len(unverified)),
        groups=tuple(
            SourceGroup(
                id=name,
                title=title,
                note=note,
                sources=tuple(source_line(each, vocabulary=vocabulary, now=now) for each in members),
                is_harvested=name in ("broken", "harvested"),
            )
            for name, title, note, members in groups
            if members
        ),
        trouble=trouble,
    )


def _summary(health: Sequence[SourceHealth], *, broken: int, never: int, unverified: int) -> str:
    if not health:
        return ""
    kinds = [
        (sum(1 for each in health if each.state is SourceState.WELL), "do well", "does well"),
        (broken, "are broken", "is broken"),
        (
            sum(1 for each in health if each.state in (SourceState.PAUSED, SourceState.INTERRUPTED)),
            "go on with the next run",
            "goes on with the next run",
        ),
        (never, "were never harvested", "was never harvested"),
        (unverified, "are not yet verified live", "is not yet verified live"),
    ]
    said = [f"{grouped(number)} {one if number == 1 else many}" for number, many, one in kinds if number]
    return f"{counted(len(health), 'source', 'sources')}: {listed(said, last='and')}."


def source_line(health: SourceHealth, *, vocabulary: Vocabulary, now: datetime) -> SourceLine:
    """Return a source as one row."""
    source, run = health.source, health.last_run
    return SourceLine(
        slug=source.slug,
        name=without_controls(source.name),
        href=f"/sources/{source.slug}",
        country=vocabulary.label(Facet.COUNTRY, source.country, "en") if source.country else "",
        languages=", ".join(language_name(lang) for lang in source.languages),
        protocol="Your own files" if health.is_own else PROTOCOL_WORDS.get(source.protocol, source.protocol),
        documents=health.documents,
        search=filtered(source=source.slug),
        state=state_in_words(health),
        mood=_MOODS.get(health.state, "idle"),
        words=_words(health),
        what_next=what_next(health),
        last_run=run.started if run else None,
        run_href=run_address(run) if run else "",
        amounts=amounts_of(run) if run else (),
        due=due_in_words(health, now=now),
        is_sample=source.is_sample,
    )


def state_in_words(health: SourceHealth) -> str:
    """Return the state of a source in a word."""
    if health.is_own and health.state is SourceState.NEVER:
        return "Nothing added yet"
    return SOURCE_STATE_WORDS[health.state]


def _words(health: SourceHealth) -> str:
    if health.last_run is not None:
        return without_controls(run_in_words(health.last_run))
    if health.is_own and health.newest is not None:
        return f"Added by hand, last on {day_in_words(health.newest)}."
    return ""


def due_in_words(health: SourceHealth, *, now: datetime) -> str:
    """Return when a source is harvested next by itself; empty for a person's own documents and for what never is."""
    declared = health.declared
    if declared is None or not declared.is_scheduled:
        return ""
    if declared.due is None:
        return "Due now"
    return f"Due since {day_in_words(declared.due)}" if declared.due <= now else f"Next on {day_in_words(declared.due)}"
