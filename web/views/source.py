"""One source: what it is, how it does, how much of it was read, and every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from corpus.messages import gettext, message, ngettext
from corpus.messages.formats import decimal, grouped
from corpus.messages.reasons import reason_in_words
from corpus.runs import HarvestRun
from corpus.source_health import SourceHealth
from corpus.store import FileOutcome
from corpus.types import Document, FetchedFile, Outcome
from corpus.urls import is_web_address
from corpus.vocabulary import Vocabulary
from search_api.answers.coverage import Coverage
from search_api.api.run_names import run_name
from web.addresses import document_address, outside
from web.format import OUTCOME_WORDS, documents_in_words, pages_in_words, without_controls
from web.source_contexts import FileLine, FileList, Share, SourcePage
from web.views.lists import document_line
from web.views.runs import history, run_line, shortened
from web.views.sources import due_in_words, source_line

FILES_SHOWN = 50
"""Files that were not read, or are gone, that are listed; the API and `pushcart files` have all."""


@dataclass(frozen=True, slots=True)
class RunStretch:
    """Some of the runs of a source."""

    runs: tuple[HarvestRun, ...]
    """Newest first."""
    total: int
    has_older: bool
    is_first: bool
    """True: these are the newest runs."""


@dataclass(frozen=True, slots=True)
class HeldFiles:
    """What is the matter with files of a source; at most FILES_SHOWN of each kind."""

    unread: tuple[FileOutcome, ...]
    gone: tuple[FetchedFile, ...]
    documents: frozenset[str]
    """Ids of the documents that came of the unread ones."""


def source_page(
    health: SourceHealth,
    *,
    stretch: RunStretch,
    coverage: Coverage | None,
    held: HeldFiles,
    newest: Sequence[Document],
    vocabulary: Vocabulary,
    now: datetime,
    lang: str,
    files_readable: bool = True,
) -> SourcePage:
    """Return a source with its history.

    Args:
        coverage: None: the index does not answer.
        newest: its documents that were seen last.
        lang: of the page: en, es, fr or pt.
        files_readable: whether anyone could look which sources are declared.
    """
    address = f"/sources/{health.source.slug}"
    older = run_name(stretch.runs[-1].started) if stretch.has_older else ""
    return SourcePage(
        source=source_line(health, vocabulary=vocabulary, now=now, lang=lang),
        homepage=outside(health.source.homepage),
        facts=_facts(health, now=now, files_readable=files_readable, lang=lang),
        shares=_shares(health, coverage, lang=lang),
        outcomes=outcomes_in_words(health.outcomes, lang=lang),
        unread=_unread(health, held, lang=lang),
        gone=FileList(tuple(_gone_line(each, lang=lang) for each in held.gone), health.gone),
        history=history(stretch.runs, expected=stretch.runs[0].expected if stretch.runs else None, lang=lang),
        runs=tuple(run_line(run, lang=lang) for run in stretch.runs),
        run_total=stretch.total,
        older=f"{address}?before={quote(older)}#runs" if older else "",
        newer="" if stretch.is_first else f"{address}#runs",
        newest=tuple(document_line(document, lang=lang) for document in newest),
        api=f"/api/v1{address}",
    )


def _facts(health: SourceHealth, *, now: datetime, files_readable: bool, lang: str) -> tuple[tuple[str, str], ...]:
    source, declared = health.source, health.declared
    facts = [
        (gettext("Name in commands", lang=lang), source.slug),
        (gettext("Licence", lang=lang), without_controls(source.licence)),
    ]
    if declared is not None:
        tried = (
            gettext("Yes", lang=lang)
            if declared.verified
            else gettext("Not yet: its file was written from documentation", lang=lang)
        )
        facts.append((gettext("Verified on the live site", lang=lang), tried))
        facts.append((gettext("Schedule", lang=lang), _schedule(health, every=declared.every, now=now, lang=lang)))
        facts.append((gettext("Note", lang=lang), without_controls(declared.note)))
    elif not health.is_own and files_readable:
        gone = gettext("It no longer has a source file. Its documents are kept.", lang=lang)
        facts.append((gettext("Declaration", lang=lang), gone))
    return tuple((name, value) for name, value in facts if value)


def _schedule(health: SourceHealth, *, every: timedelta | None, now: datetime, lang: str) -> str:
    due = due_in_words(health, now=now, lang=lang)
    if not due:
        return gettext("Harvested by name only", lang=lang)
    days = every / timedelta(days=1) if every else 0
    if not days:
        return f"{due}."
    if days == 1:
        return gettext("Every day. {due}.", due=due, lang=lang)
    return gettext("Every {days} days. {due}.", days=decimal(days, lang=lang), due=due, lang=lang)


def _shares(health: SourceHealth, coverage: Coverage | None, *, lang: str) -> tuple[Share, ...]:
    if not health.files:
        return ()
    read, files = sum(count for outcome, count in health.outcomes.items() if outcome == Outcome.READ), health.files
    said = ngettext(
        "{part} of {count} file", "{part} of {count} files", files, part=grouped(read, lang=lang), lang=lang
    )
    shares = [_share(gettext("Files read", lang=lang), read, files, text=said)]
    pages, total = health.pages_read, health.page_total
    said = ngettext(
        "{part} of {count} page", "{part} of {count} pages", total, part=grouped(pages, lang=lang), lang=lang
    )
    shares.append(_share(gettext("Pages read", lang=lang), pages, total, text=said))
    if coverage is not None:
        with_words = coverage.pages_read - coverage.pages_without_words
        found = max(0, with_words - coverage.pages_missing)
        said = ngettext(
            "{part} of {count} page that has words",
            "{part} of {count} pages that have words",
            with_words,
            part=grouped(found, lang=lang),
            lang=lang,
        )
        note = _index_note(coverage, lang=lang)
        shares.append(_share(gettext("Pages indexed", lang=lang), found, with_words, text=said, note=note))
    return tuple(share for share in shares if share.text)


def _share(words: str, part: int, whole: int, *, text: str, note: str = "") -> Share:
    if not whole:
        return Share(words, "", 0.0, is_whole=True)
    # A share is never rounded up to the whole: 9,999 of 10,000 pages are not all of them.
    percent = 100.0 if part == whole else min(99.9, round(100 * part / whole, 1))
    return Share(words, text, percent, is_whole=part == whole, note=note)


def _index_note(coverage: Coverage, *, lang: str) -> str:
    notes = []
    if coverage.pages_without_words:
        pages = pages_in_words(coverage.pages_without_words, lang=lang)
        notes.append(gettext("{pages} without text: empty, or images.", pages=pages, lang=lang))
    if missing := coverage.documents - coverage.documents_indexed:
        documents = documents_in_words(missing, lang=lang)
        notes.append(gettext("{documents} not indexed yet.", documents=documents, lang=lang))
    if coverage.changes_behind:
        notes.append(gettext("The next indexing adds the changes.", lang=lang))
    return " ".join(notes)


def outcomes_in_words(outcomes: Mapping[str, int], *, lang: str) -> tuple[tuple[str, int], ...]:
    """Return how many files were read, locked, damaged ...; what was met most comes first."""
    known = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()} | {"waiting": message("not read yet")}
    ordered = sorted(outcomes.items(), key=lambda each: (each[0] != Outcome.READ, -each[1]))
    said = {name: gettext(known[name], lang=lang) if name in known else name for name in outcomes}
    return tuple((_with_capital(said[name]), count) for name, count in ordered if count)


def _with_capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _unread(health: SourceHealth, held: HeldFiles, *, lang: str) -> FileList:
    total = sum(count for outcome, count in health.outcomes.items() if outcome not in (Outcome.READ, "waiting"))
    lines = (_unread_line(each, has_document=each.document_id in held.documents, lang=lang) for each in held.unread)
    return FileList(tuple(lines), total)


def _unread_line(file: FileOutcome, *, has_document: bool, lang: str) -> FileLine:
    if file.outcome is None:
        words = gettext("not read yet", lang=lang)
    elif file.tagging and file.outcome is Outcome.READ:
        words = gettext("read, and not tagged", lang=lang)
    else:
        words = gettext(OUTCOME_WORDS[file.outcome], lang=lang)
    reasons = " ".join(reason_in_words(each, lang=lang) for each in file.reasons)
    return FileLine(
        address=_shown_address(file.url),
        href=outside(file.url),
        words=f"{_with_capital(words)}. {without_controls(reasons)}".strip(),
        document=document_address(file.document_id) if has_document else "",
    )


def _gone_line(file: FetchedFile, *, lang: str) -> FileLine:
    return FileLine(
        address=_shown_address(file.url),
        href=outside(file.url),
        words=without_controls(reason_in_words(file.gone_reason, lang=lang)),
        document="",
        when=file.gone_at,
    )


def _shown_address(url: str) -> str:
    if is_web_address(url):
        return shortened(url)
    # The folder of a person's own file is private.
    return shortened(PurePosixPath(unquote(urlsplit(url).path)).name)
