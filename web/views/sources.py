"""All sources and their state, in words; those that need attention are first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from corpus.messages import gettext, in_language, ngettext
from corpus.messages.formats import listed
from corpus.messages.runs import run_in_words
from corpus.source_health import SourceHealth, SourceState, what_next
from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from web.addresses import filtered
from web.format import PROTOCOL_WORDS, SOURCE_STATE_WORDS, day_in_words, language_name, without_controls
from web.source_contexts import SourceGroup, SourceLine, SourcesPage
from web.views.runs import amounts_of, run_address

_MOODS: Mapping[SourceState, str] = {
    SourceState.WELL: "good",
    SourceState.BROKEN: "poor",
    SourceState.CRASHED: "poor",
}
"""Every other state is `idle`."""


def sources_page(
    health: Sequence[SourceHealth], *, vocabulary: Vocabulary, now: datetime, lang: str, error: str = ""
) -> SourcesPage:
    """Return all sources in groups.

    Args:
        lang: of the page: en, es, fr or pt.
        error: why source files cannot be used; empty: they can.
    """
    broken = [each for each in health if each.needs_a_look]
    harvested = [each for each in health if not each.needs_a_look and (each.last_run or each.documents)]
    quiet = [each for each in health if not each.last_run and not each.documents]
    never = [each for each in quiet if each.state is SourceState.NEVER]
    unverified = [each for each in quiet if each.state is SourceState.UNVERIFIED]
    groups = (
        (
            "broken",
            gettext("Broken", lang=lang),
            gettext(
                "Their last run found less than expected, or ended with an error. Earlier documents are kept.",
                lang=lang,
            ),
            broken,
        ),
        ("harvested", gettext("Harvested", lang=lang), "", harvested),
        (
            "never",
            gettext("Never harvested", lang=lang),
            gettext("They are declared. `pushcart harvest NAME` harvests one of them.", lang=lang),
            never,
        ),
        (
            "unverified",
            gettext("Not yet verified", lang=lang),
            gettext(
                "Their files were written from documentation and never verified on the live site, so they are "
                "harvested only by name: `pushcart harvest NAME`.",
                lang=lang,
            ),
            unverified,
        ),
    )
    return SourcesPage(
        summary=_summary(health, broken=len(broken), never=len(never), unverified=len(unverified), lang=lang),
        groups=tuple(
            SourceGroup(
                id=name,
                title=title,
                note=note,
                sources=tuple(source_line(each, vocabulary=vocabulary, now=now, lang=lang) for each in members),
                is_harvested=name in ("broken", "harvested"),
            )
            for name, title, note, members in groups
            if members
        ),
        error=in_language(error, lang),
    )


def _summary(health: Sequence[SourceHealth], *, broken: int, never: int, unverified: int, lang: str) -> str:
    if not health:
        return ""
    well = sum(1 for each in health if each.state is SourceState.WELL)
    going_on = sum(1 for each in health if each.state in (SourceState.PAUSED, SourceState.INTERRUPTED))
    kinds = (
        (well, ngettext("{count} working", "{count} working", well, lang=lang)),
        (broken, ngettext("{count} broken", "{count} broken", broken, lang=lang)),
        (
            going_on,
            ngettext("{count} continues with the next run", "{count} continue with the next run", going_on, lang=lang),
        ),
        (never, ngettext("{count} never harvested", "{count} never harvested", never, lang=lang)),
        (
            unverified,
            ngettext("{count} not yet verified", "{count} not yet verified", unverified, lang=lang),
        ),
    )
    states = listed((words for number, words in kinds if number), last="and", lang=lang)
    return ngettext("{count} source: {states}.", "{count} sources: {states}.", len(health), states=states, lang=lang)


def source_line(health: SourceHealth, *, vocabulary: Vocabulary, now: datetime, lang: str) -> SourceLine:
    """Return a source as one row."""
    source, run = health.source, health.last_run
    return SourceLine(
        slug=source.slug,
        name=without_controls(source.name),
        href=f"/sources/{source.slug}",
        country=vocabulary.label(Facet.COUNTRY, source.country, lang) if source.country else "",
        languages=", ".join(language_name(each, lang=lang) for each in source.languages),
        protocol=_protocol(health, lang=lang),
        documents=health.documents,
        search=filtered(source=source.slug),
        state=state_in_words(health, lang=lang),
        mood=_MOODS.get(health.state, "idle"),
        words=_words(health, lang=lang),
        what_next=in_language(what_next(health), lang),
        last_run=run.started if run else None,
        run_href=run_address(run) if run else "",
        amounts=amounts_of(run, lang=lang) if run else (),
        due=due_in_words(health, now=now, lang=lang),
        is_sample=source.is_sample,
    )


def _protocol(health: SourceHealth, *, lang: str) -> str:
    if health.is_own:
        return gettext("Your own files", lang=lang)
    known = PROTOCOL_WORDS.get(health.source.protocol)
    return gettext(known, lang=lang) if known else health.source.protocol


def state_in_words(health: SourceHealth, *, lang: str) -> str:
    """Return the state of a source in a word."""
    if health.is_own and health.state is SourceState.NEVER:
        return gettext("Nothing added yet", lang=lang)
    return gettext(SOURCE_STATE_WORDS[health.state], lang=lang)


def _words(health: SourceHealth, *, lang: str) -> str:
    if health.last_run is not None:
        return without_controls(run_in_words(health.last_run, lang=lang))
    if health.is_own and health.newest is not None:
        return gettext("Added by hand, last on {day}.", day=day_in_words(health.newest, lang=lang), lang=lang)
    return ""


def due_in_words(health: SourceHealth, *, now: datetime, lang: str) -> str:
    """Return when a source is harvested next on its own; empty for a person's own documents and for what never is."""
    declared = health.declared
    if declared is None or not declared.is_scheduled:
        return ""
    if declared.due is None:
        return gettext("Due now", lang=lang)
    day = day_in_words(declared.due, lang=lang)
    is_due = declared.due <= now
    return gettext("Due since {day}", day=day, lang=lang) if is_due else gettext("Next on {day}", day=day, lang=lang)
