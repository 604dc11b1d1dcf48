"""One source: what it is, how it does, how much of it was read, and every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from corpus.messages.reasons import reason_in_words
from corpus.runs import HarvestRun
from corpus.source_health import SourceHealth
from corpus.store import FileOutcome
from corpus.types import Document, FetchedFile, Outcome
from corpus.vocabulary import Vocabulary
from search_api.answers.coverage import Coverage
from search_api.api.run_names import run_name
from web.addresses import document_address, outside
from web.source_contexts import FileLine, FileList, Share, SourcePage
from web.views.lists import document_line
from web.views.runs import history, run_line, shortened
from web.views.sources import due_in_words, source_line
from web.wording import OUTCOME_WORDS, counted, grouped, without_controls

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
    files_readable: bool = True,
) -> SourcePage:
    """Return a source with its history.

    Args:
        coverage: None: the index does not answer.
        newest: its documents that were seen last.
        files_readable: whether anybody could look which sources are declared.
    """
    address = f"/sources/{health.source.slug}"
    older = run_name(stretch.runs[-1].started) if stretch.has_older else ""
    return SourcePage(
        source=source_line(health, vocabulary=vocabulary, now=now),
        homepage=outside(health.source.homepage),
        facts=_facts(health, now=now, files_readable=files_readable),
        shares=_shares(health, coverage),
        outcomes=outcomes_in_words(health.outcomes),
        unread=_unread(health, held),
        gone=FileList(tuple(_gone_line(each) for each in held.gone), health.gone),
        history=history(stretch.runs, expected=stretch.runs[0].expected if stretch.runs else None),
        runs=tuple(run_line(run) for run in stretch.runs),
        run_total=stretch.total,
        older=f"{address}?before={quote(older)}#runs" if older else "",
        newer="" if stretch.is_first else f"{address}#runs",
        newest=tuple(document_line(document) for document in newest),
        api=f"/api/v1{address}",
    )


def _facts(health: SourceHealth, *, now: datetime, files_readable: bool) -> tuple[tuple[str, str], ...]:
    source, declared = health.source, health.declared
    facts = [("Name in commands", source.slug), ("Licence", without_controls(source.licence))]
    if declared is not None:
        tried = "Yes" if declared.verified else "Not yet: its file was written from descriptions"
        facts.append(("Tried against the live site", tried))
        facts.append(("Schedule", _schedule(health, every=declared.every, now=now)))
        facts.append(("Note", without_controls(declared.note)))
    elif not health.is_own and files_readable:
        facts.append(("Declaration", "No source file declares it any more. What it brought is kept."))
    return tuple((name, value) for name, value in facts if value)


def _schedule(health: SourceHealth, *, every: timedelta | None, now: datetime) -> str:
    due = due_in_words(health, now=now)
    if not due:
        return "Harvested by name only"
    days = every / timedelta(days=1) if every else 0
    often = f"Every {days:g} days" if days != 1 else "Every day"
    return f"{often}. {due}." if days else f"{due}."


def _shares(health: SourceHealth, coverage: Coverage | None) -> tuple[Share, ...]:
    if not health.files:
        return ()
    read = sum(count for outcome, count in health.outcomes.items() if outcome == Outcome.READ)
    shares = [
        _share("Files read", read, health.files, kind=("file", "files")),
        _share("Pages read", health.pages_read, health.page_total, kind=("page", "pages")),
    ]
    if coverage is not None:
        with_words = coverage.pages_read - coverage.pages_without_words
        found = max(0, with_words - coverage.pages_missing)
        share = _share("Pages indexed", found, with_words, kind=("page that has words", "pages that have words"))
        shares.append(
            Share(share.words, share.text, share.percent, is_whole=share.is_whole, note=_index_note(coverage))
        )
    return tuple(share for share in shares if share.text)


def _share(words: str, part: int, whole: int, *, kind: tuple[str, str]) -> Share:
    if not whole:
        return Share(words, "", 0.0, is_whole=True)
    # A share is never rounded up to the whole: 9,999 of 10,000 pages are not all of them.
    percent = 100.0 if part == whole else min(99.9, round(100 * part / whole, 1))
    return Share(words, f"{grouped(part)} of {counted(whole, *kind)}", percent, is_whole=part == whole)


def _index_note(coverage: Coverage) -> str:
    notes = []
    if coverage.pages_without_words:
        notes.append(f"{counted(coverage.pages_without_words, 'page', 'pages')} without words: empty, or pictures.")
    if missing := coverage.documents - coverage.documents_indexed:
        notes.append(f"{counted(missing, 'document', 'documents')} not indexed yet.")
    if coverage.changes_behind:
        notes.append("The next indexing brings in what changed.")
    return " ".join(notes)


def outcomes_in_words(outcomes: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return how many files were read, locked, damaged ...; what was met most comes first."""
    known = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()} | {"waiting": "not read yet"}
    ordered = sorted(outcomes.items(), key=lambda each: (each[0] != Outcome.READ, -each[1]))
    return tuple((known.get(name, name).capitalize(), count) for name, count in ordered if count)


def _unread(health: SourceHealth, held: HeldFiles) -> FileList:
    total = sum(count for outcome, count in health.outcomes.items() if outcome not in (Outcome.READ, "waiting"))
    return FileList(
        tuple(_unread_line(each, has_document=each.document_id in held.documents) for each in held.unread), total
    )


def _unread_line(file: FileOutcome, *, has_document: bool) -> FileLine:
    words = OUTCOME_WORDS[file.outcome].capitalize() if file.outcome else "Not read yet"
    if file.tagging and file.outcome is Outcome.READ:
        words = "Read, and not tagged"
    return FileLine(
        address=_shown_address(file.url),
        href=outside(file.url),
        words=f"{words}. {without_controls(' '.join(map(reason_in_words, file.reasons)))}".strip(),
        document=document_address(file.document_id) if has_document else "",
    )


def _gone_line(file: FetchedFile) -> FileLine:
    return FileLine(
        address=_shown_address(file.url),
        href=outside(file.url),
        words=without_controls(reason_in_words(file.gone_reason)),
        document="",
        when=file.gone_at,
    )


def _shown_address(url: str) -> str:
    if url.startswith(("http://", "https://")):
        return shortened(url)
    # The folder of a person's own file is nobody else's business.
    return shortened(PurePosixPath(unquote(urlsplit(url).path)).name)
