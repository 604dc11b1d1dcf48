"""A search report in words: sections of lines, from which the page and the Markdown are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from corpus.messages import gettext, ngettext
from corpus.messages.dates import written_day
from corpus.messages.formats import grouped
from corpus.messages.kinds import OUTCOME_WORDS, SORT_WORDS, SOURCE_STATE_WORDS
from corpus.messages.values import document_language, facet_title
from corpus.source_health import SourceState
from corpus.types import Outcome
from search_api.answers.not_held import LATELY, NotHeld
from search_api.answers.prisma import ANSWERED_BY_WORDS, ITEMS, SOURCE
from search_api.answers.report import ReportedConcept, ReportedCount, ReportedSearch

LATE_SHOWN = 60
"""Sources that are named; there are some fifty."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a report."""

    label: str
    text: str
    is_typed: bool = False
    """True: the text is to be copied letter by letter."""
    is_short: bool = False
    """True: a number, which may be in a column."""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """Lines under one heading; a part under no heading belongs to the one before."""

    id: str
    title: str
    lines: tuple[ReportLine, ...]
    note: str = ""


def sections(report: ReportedSearch, *, lang: str) -> tuple[ReportSection, ...]:
    """Return a report in words.

    Args:
        report: its contents; its labels are in a language of their own, that of the day it was made.
        lang: of all other words: en, es, fr or pt.
    """
    found = (
        ReportSection("search", gettext("The search", lang=lang), tuple(_search(report, lang))),
        ReportSection("limits", gettext("Limits", lang=lang), tuple(_limits(report, lang))),
        ReportSection("when", gettext("When and where", lang=lang), tuple(_when(report, lang))),
        ReportSection("found", gettext("What was found", lang=lang), tuple(_found(report, lang))),
        _counts("by-source", gettext("By source", lang=lang), report.sources, lang),
        _counts("by-language", gettext("By language", lang=lang), report.languages, lang),
        _counts("by-year", gettext("By year", lang=lang), _years(report, lang), lang),
        ReportSection(
            "not-held",
            gettext("What cannot be found here", lang=lang),
            tuple(_not_held(report.not_held, lang)),
            note=gettext("For the whole collection, independent of the search.", lang=lang),
        ),
        ReportSection(
            "prisma-s",
            gettext("PRISMA-S, item by item", lang=lang),
            tuple(_items(lang)),
            note=gettext("The checklist for reporting literature searches: {source}.", source=SOURCE, lang=lang),
        ),
    )
    return tuple(each for each in found if each.lines)


def address_of(report: ReportedSearch) -> str:
    """Return the address that asks the same search again."""
    return f"{report.site}/search?{urlencode(report.parameters)}" if report.parameters else f"{report.site}/search"


def _search(report: ReportedSearch, lang: str) -> Iterator[ReportLine]:
    if report.text:
        yield ReportLine(gettext("Words, as typed", lang=lang), report.text, is_typed=True)
    else:
        yield ReportLine(gettext("Words, as typed", lang=lang), gettext("none: every document", lang=lang))
    if report.in_words:
        yield ReportLine(gettext("Interpreted as", lang=lang), report.in_words)
    for note in report.notes:
        yield ReportLine(gettext("Note", lang=lang), note)
    for concept in report.concepts:
        yield ReportLine(_named(concept, lang), "; ".join(_concept(concept, lang)))
    for word in report.words:
        yield ReportLine(gettext("Every form of “{word}”", word=word.text, lang=lang), ", ".join(word.forms))
    if report.translations:
        message = ", ".join(report.translations)
        label = gettext("Words in other languages, for {words}", words=", ".join(report.translated), lang=lang)
        yield ReportLine(label, message if report.with_translations else gettext("switched off", lang=lang))
    if report.off:
        yield ReportLine(gettext("Switched off, and searched for as plain words", lang=lang), ", ".join(report.off))
    yes, no = gettext("yes", lang=lang), gettext("no", lang=lang)
    yield ReportLine(gettext("Words exactly as written", lang=lang), yes if report.strict else no)
    yield ReportLine(
        gettext("Documents that match only partly", lang=lang),
        gettext("not counted here, and not frozen", lang=lang),
    )
    yield ReportLine(gettext("Order", lang=lang), gettext(SORT_WORDS[report.sort], lang=lang))
    yield ReportLine(gettext("Address that repeats this search", lang=lang), address_of(report), is_typed=True)


def _named(concept: ReportedConcept, lang: str) -> str:
    return f"{facet_title(concept.facet, lang=lang)}: {concept.label}"


def _concept(concept: ReportedConcept, lang: str) -> Iterator[str]:
    if not concept.is_on:
        yield gettext("“{words}”; switched off", words=concept.text, lang=lang)
        return
    others = ", ".join(concept.also)
    yield gettext("“{words}”; also searched for: {others}", words=concept.text, others=others, lang=lang)
    if concept.narrower:
        yield gettext("and the names of {others}", others=", ".join(concept.narrower), lang=lang)


def _limits(report: ReportedSearch, lang: str) -> Iterator[ReportLine]:
    for each in report.filters:
        labels = (
            label if label == value else f"{label} ({value})"
            for value, label in zip(each.values, each.labels, strict=True)
        )
        yield ReportLine(facet_title(each.name, lang=lang), ", ".join(labels))
    if report.years:
        yield ReportLine(facet_title("year", lang=lang), report.years.replace("..", "–"))
    if not report.filters and not report.years:
        yield ReportLine(gettext("Filters", lang=lang), gettext("none", lang=lang))
    about = (
        gettext("what a document is about", lang=lang)
        if report.about
        else gettext("also what a document only mentions", lang=lang)
    )
    yield ReportLine(gettext("Filters by place, sector, group and topic mean", lang=lang), about)


def _when(report: ReportedSearch, lang: str) -> Iterator[ReportLine]:
    moment = f"{written_day(report.at.date(), lang=lang)}, {report.at:%H:%M:%S} UTC"
    yield ReportLine(gettext("Searched on", lang=lang), moment)
    yield ReportLine(gettext("Database", lang=lang), f"Pushcart, {report.site}")
    yield ReportLine(gettext("Version of the software", lang=lang), f"Pushcart {report.pushcart}, {report.engine}")
    number = grouped(report.sequence, lang=lang)
    message = gettext("shows all changes of the records up to number {number}", number=number, lang=lang)
    yield ReportLine(gettext("Index", lang=lang), message)
    yield ReportLine(gettext("Version of the vocabulary", lang=lang), report.vocabulary)


def _found(report: ReportedSearch, lang: str) -> Iterator[ReportLine]:
    yield _number(gettext("Documents", lang=lang), report.total, lang)
    yield _number(gettext("Works", lang=lang), report.works, lang)
    yield _number(gettext("Copies and translations grouped", lang=lang), report.folded, lang)


def _years(report: ReportedSearch, lang: str) -> tuple[ReportedCount, ...]:
    undated = ReportedCount("", gettext("without a year", lang=lang), report.undated)
    return (*report.by_year, undated) if report.undated else report.by_year


def _counts(name: str, title: str, counts: Sequence[ReportedCount], lang: str) -> ReportSection:
    return ReportSection(name, title, tuple(_number(each.label, each.count, lang) for each in counts))


def _number(label: str, number: int, lang: str) -> ReportLine:
    return ReportLine(label, grouped(number, lang=lang), is_short=True)


def _not_held(held: NotHeld, lang: str) -> Iterator[ReportLine]:
    yield _number(gettext("Documents in the collection", lang=lang), held.documents, lang)
    yield _number(gettext("Searchable documents", lang=lang), held.indexed, lang)
    if held.behind:
        yield _number(gettext("Changes that are not in the index yet", lang=lang), held.behind, lang)
    if held.refused:
        yield _number(gettext("Documents that could not be indexed", lang=lang), held.refused, lang)
    yield _number(gettext("Files fetched or added", lang=lang), held.files, lang)
    for outcome, count in (held.unread or {}).items():
        label = (
            gettext(OUTCOME_WORDS[Outcome(outcome)], lang=lang)
            if outcome in tuple(Outcome)
            else gettext("waiting to be read", lang=lang)
        )
        yield _number(gettext("Files: {outcome}", outcome=label, lang=lang), count, lang)
    yield _number(gettext("Pages of all files", lang=lang), held.pages, lang)
    yield _number(gettext("Pages that could not be read", lang=lang), held.pages_unread, lang)
    for code, count in (held.languages or {}).items():
        language = document_language(code, lang=lang)
        label = gettext("Language outside the vocabulary: {language}", language=language, lang=lang)
        yield _number(label, count, lang)
    yield _number(gettext("Sources that have brought documents", lang=lang), held.sources, lang)
    yield from _late(held, lang)


def _late(held: NotHeld, lang: str) -> Iterator[ReportLine]:
    """Give one line for each state in which sources are that may have more than is here."""
    by_state: dict[str, list[str]] = {}
    for each in held.late[:LATE_SHOWN]:
        day = f" ({written_day(each.last_harvest.date(), lang=lang)})" if each.last_harvest else ""
        by_state.setdefault(each.state, []).append(f"{each.name}{day}")
    for state, names in by_state.items():
        if state == SourceState.WELL:
            words = gettext("last harvested more than {days} days ago", days=LATELY.days, lang=lang)
        else:
            words = gettext(SOURCE_STATE_WORDS[SourceState(state)], lang=lang).lower()
        yield ReportLine(gettext("Sources: {state}", state=words, lang=lang), "; ".join(names))
    if (left := len(held.late) - LATE_SHOWN) > 0:
        more = ngettext("{count} more", "{count} more", left, lang=lang)
        yield ReportLine(gettext("Sources not harvested lately", lang=lang), more)


def _items(lang: str) -> Iterator[ReportLine]:
    for item in ITEMS:
        who, words = gettext(ANSWERED_BY_WORDS[item.answered_by], lang=lang), gettext(item.words, lang=lang)
        yield ReportLine(
            gettext("{number}. {name}", number=item.number, name=gettext(item.name, lang=lang), lang=lang),
            gettext("{who}: {words}", who=who, words=words, lang=lang),
        )
