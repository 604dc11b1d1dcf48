"""A list of records as one file, piece by piece. Its end says whether it is whole."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from typing import Protocol

from corpus.errors import PushcartError
from corpus.messages import gettext, in_language, ngettext, sentence
from search_api.answers.export.formats import ExportFormat
from search_api.answers.export.records import Batch, ExportRecord, Gone


class ExportWriter(Protocol):
    """Writes one format. What it returns is text, in whole lines."""

    def head(self) -> str:
        """Return what is before the first record."""

    def record(self, record: ExportRecord) -> str:
        """Return a record."""

    def gone(self, document_id: str) -> str:
        """Return what is said of a document that is not held any more; empty where the format has no place for it."""

    def end(self) -> str:
        """Return what is behind the last record of a whole file."""

    def incomplete(self, words: str) -> str:
        """Return what is at the end of a file that is not whole."""


class ExportCut(PushcartError):
    """An export took longer than one may take."""


def writer_of(kind: ExportFormat) -> ExportWriter:
    """Return a writer for one file."""
    from search_api.answers.export.bibliographies import BibtexWriter, CslWriter, RisWriter
    from search_api.answers.export.json_lines import JsonLinesWriter
    from search_api.answers.export.tables import CsvWriter

    match kind:
        case ExportFormat.RIS:
            return RisWriter()
        case ExportFormat.BIBTEX:
            return BibtexWriter()
        case ExportFormat.CSL_JSON:
            return CslWriter()
        case ExportFormat.CSV | ExportFormat.CSV_BOM:
            return CsvWriter(with_mark=kind is ExportFormat.CSV_BOM)
        case ExportFormat.JSON_LINES:
            return JsonLinesWriter()


def written(
    batches: Generator[Batch, None, None], writer: ExportWriter, *, seconds_max: float | None = None, lang: str = "en"
) -> Generator[str, None, None]:
    """Yield a file in pieces. A piece that says that the file is not whole comes before the error that ended it.

    The first piece has records already: what fails before it is drawn fails as a search does, and nothing was written.

    Args:
        batches: closed at the end.
        writer: of the format.
        seconds_max: how long the list may be drawn from; None: to its end.
        lang: in which the file says that it is not whole.

    Raises ExportCut: it took longer. EngineUnavailable: as Exporter.search.
    """
    began, count = time.monotonic(), 0
    with closing(batches):
        first = next(batches, ())
        yield writer.head() + _text(first, writer)
        count += len(first)
        try:
            for batch in batches:
                if seconds_max is not None and time.monotonic() - began > seconds_max:
                    raise _cut(seconds_max)
                yield _text(batch, writer)
                count += len(batch)
        except PushcartError as error:
            yield writer.incomplete(_words(count, error, lang=lang))
            raise
    yield writer.end()


def _text(batch: Batch, writer: ExportWriter) -> str:
    return "".join(writer.gone(each.id) if isinstance(each, Gone) else writer.record(each) for each in batch)


def _cut(seconds_max: float) -> ExportCut:
    return ExportCut(
        sentence("An export may take at most {seconds} seconds.", seconds=f"{seconds_max:g}"),
        try_next=sentence("Narrow the search, by years for example, or use `pushcart search --format --output`."),
    )


def _words(count: int, error: PushcartError, *, lang: str) -> str:
    reason = in_language(error.for_readers or error.message, lang)
    advice = in_language(error.try_next, lang) if isinstance(error, ExportCut) else gettext("Start again.", lang=lang)
    text = ngettext(
        "This export is not complete: it ended after {count} document.",
        "This export is not complete: it ended after {count} documents.",
        count,
        lang=lang,
    )
    return f"{text} {reason} {advice}".strip()
