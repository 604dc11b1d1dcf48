"""`pushcart search --format`, `pushcart export`: lists of documents as files for reference managers, spreadsheets and programs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import BadInput, NotFound
from corpus.messages import gettext, ngettext, sentence
from corpus.settings import Settings, read_settings
from corpus.store import Store
from corpus.vocabulary import Vocabulary, load_vocabulary
from pushcart.console import note
from pushcart.data_folder import open_records
from pushcart.output import to_output
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery

if TYPE_CHECKING:
    from search_api.answers.export.formats import ExportFormat
    from search_api.answers.export.records import Batch, Exporter

FormatOption = Annotated[
    str,
    typer.Option("--format", help="Export every matching document as ris, bibtex, csl-json, csv, csv-bom or jsonl."),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", help="File for --format; it is never left incomplete.", dir_okay=False)
]


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("export")(export)


def export(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="Ids as shown by `pushcart search`, or from a link to a selection."),
    ],
    format_: FormatOption,
    output: OutputOption = None,
    text: Annotated[str, typer.Option("--words", help="Words of a search, for the best page of each document.")] = "",
) -> None:
    """Export documents to a file for reference managers, spreadsheets or programs.

    Exit code 1: some of the documents do not exist; they are listed, and the others are exported.
    """
    from search_api.answers.selection import selected_ids
    from search_api.engines.opening import open_engine

    settings, vocabulary, kind = read_settings(), load_vocabulary(), _format_of(format_)
    wanted = tuple(dict.fromkeys(each for given in ids for each in selected_ids(given)))
    with open_records(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        held = store.documents.to_cite(wanted)
        if not held:
            raise NotFound(
                sentence("None of these documents is here: {ids}.", ids=", ".join(wanted[:5])),
                try_next=sentence("`pushcart search` shows the ids of documents."),
            )
        exporter = _exporter(engine=engine, store=store, vocabulary=vocabulary, settings=settings)
        _write(exporter.documents(wanted, text=text), kind, output)
    if missing := [each for each in wanted if each not in held]:
        note(gettext("Not here: {ids}.", ids=", ".join(missing)))
        raise typer.Exit(1)


def export_search(
    query: SearchQuery,
    format_: str,
    output: Path | None,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    settings: Settings,
) -> None:
    """Write every document that a search finds, however long it takes.

    Raises BadInput: there is no such format, the search has a cursor, or the file cannot be written.
    EngineUnavailable: the index does not answer, or its view is gone.
    """
    if query.cursor:
        raise BadInput(
            sentence("An export always starts with the first document."), try_next=sentence("Leave out --cursor.")
        )
    exporter = _exporter(engine=engine, store=store, vocabulary=vocabulary, settings=settings)
    _write(exporter.search(query), _format_of(format_), output)


def _format_of(given: str) -> ExportFormat:
    from search_api.answers.export.formats import ExportFormat

    if given.lower() in tuple(ExportFormat):
        return ExportFormat(given.lower())
    raise BadInput(
        sentence("There is no format {value}.", value=repr(given)) if given else sentence("--output needs --format."),
        try_next=sentence("Choose one of {names}.", names=", ".join(ExportFormat)),
    )


def _exporter(*, engine: SearchEngine, store: Store, vocabulary: Vocabulary, settings: Settings) -> Exporter:
    from search_api.answers.export.records import Exporter

    return Exporter(
        engine=engine,
        store=store,
        vocabulary=vocabulary,
        public_url=settings.public_url,
        accessed=datetime.now(UTC).date(),
    )


def _write(batches: Generator[Batch, None, None], kind: ExportFormat, output: Path | None) -> None:
    from search_api.answers.export.writing import writer_of, written

    count = 0

    def counted() -> Generator[Batch, None, None]:
        nonlocal count
        with closing(batches):
            for batch in batches:
                count += len(batch)
                yield batch

    with to_output(output) as put:
        for piece in written(counted(), writer_of(kind)):
            put(piece)
    message = ngettext("{count} document", "{count} documents", count)
    where = f": {output}" if output else ""
    note(gettext("{documents} exported{where}.", documents=message, where=where))
