"""`pushcart evaluate`: how good Pushcart is on data that someone judged."""

from __future__ import annotations

import json
import math
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import BadInput, BadSettings
from corpus.messages import gettext, sentence
from corpus.messages.formats import grouped
from corpus.settings import Settings, read_settings
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from pushcart.commands import evaluating_reading
from pushcart.commands.documents import JsonOption
from pushcart.commands.evaluating_metadata import metadata
from pushcart.commands.evaluating_tags import tags
from pushcart.console import Meter, meter, note, out, print_json

if TYPE_CHECKING:
    from evaluation.collection import JudgedCollection
    from evaluation.search import Comparison, SearchReport
    from evaluation.switches import SearchPart

_TANTIVY, _ELASTICSEARCH = "tantivy", "elasticsearch"

app = typer.Typer(help="Measure the quality of Pushcart on judged data.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    evaluating_reading.register(app)
    app.command("metadata")(metadata)
    app.command("tags")(tags)
    parent.add_typer(app, name="evaluate")


@app.callback()
def options() -> None:
    """Measure how good Pushcart is on data that someone judged."""


@app.command("search")
def search(
    folder: Annotated[
        Path, typer.Argument(help="With corpus.jsonl, queries.jsonl and qrels.tsv, in the form of BEIR.")
    ],
    engine: Annotated[str, typer.Option(help="tantivy or elasticsearch; default: the one in the settings.")] = "",
    limit_queries: Annotated[int, typer.Option(min=0, help="Only the first so many queries; 0: all.")] = 0,
    without: Annotated[
        list[str] | None,
        typer.Option(
            help="Switch a part off: concepts, translations, stems, near, best-page, title or forms; may be repeated."
        ),
    ] = None,
    split: Annotated[
        tuple[Path, str] | None,
        typer.Option(metavar="FILE HALF", help="Only the queries listed under this name in that JSON file."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure search on a judged collection, compared with plain BM25. Nothing is saved."""
    from evaluation.collection import read_collection
    from evaluation.documents import tagged_documents
    from evaluation.search import evaluate, indexed

    parts = _parts(without or ())
    collection = _chosen(read_collection(folder), split=split, limit=limit_queries)
    with tempfile.TemporaryDirectory(prefix="pushcart-evaluate-") as scratch:
        settings = _scratch_settings(engine, folder=Path(scratch))
        with _nothing_left(settings), meter(gettext("Documents tagged and indexed")) as progress:
            documents = _counted(tagged_documents(collection.texts(), processes=settings.worker_count), progress)
            with indexed(documents, settings=settings, vocabulary=load_vocabulary()) as held:
                note(gettext("Queries searched for: {queries}", queries=grouped(len(collection.queries))))
                report = evaluate(held, collection, without=parts)
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)


def _parts(names: Sequence[str]) -> tuple[SearchPart, ...]:
    from evaluation.switches import SearchPart

    if unknown := sorted(set(names) - set(SearchPart)):
        raise BadInput(
            sentence("No part of the search is called {unknown}.", unknown=unknown[0]),
            try_next=sentence("Choose one of: {part}.", part=", ".join(SearchPart)),
        )
    return tuple(SearchPart(name) for name in names)


def _chosen(collection: JudgedCollection, *, split: tuple[Path, str] | None, limit: int) -> JudgedCollection:
    """Return the collection with the queries that were requested."""
    if split is not None:
        path, half = split
        listed = _halves(path).get(half)
        if not isinstance(listed, list):
            raise BadInput(
                sentence("{path} lists no queries under {half}.", path=path, half=half),
                try_next=sentence("Give a name that is in the file."),
            )
        collection = collection.with_queries(frozenset(map(str, listed)))
    if limit:
        collection = collection.with_queries(frozenset(query.id for query in collection.queries[:limit]))
    return collection


def _halves(path: Path) -> dict[str, object]:
    try:
        halves = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            sentence("{path} cannot be read as JSON: {error}", path=path, error=error),
            try_next=sentence("Give a file that lists queries."),
        ) from error
    return halves if isinstance(halves, dict) else {}


def _scratch_settings(engine: str, *, folder: Path) -> Settings:
    """Return settings for an index that is beside a person's own and is discarded."""
    settings = replace(read_settings(), data_dir=folder)
    if engine not in ("", _TANTIVY, _ELASTICSEARCH):
        raise BadInput(
            sentence("There is no engine called {engine}.", engine=engine),
            try_next=sentence("Choose {tantivy} or {elasticsearch}.", tantivy=_TANTIVY, elasticsearch=_ELASTICSEARCH),
        )
    if engine == _TANTIVY:
        return replace(settings, elasticsearch_url="")
    if engine == _ELASTICSEARCH and not settings.elasticsearch_url:
        raise BadSettings(
            sentence("No Elasticsearch is configured."),
            try_next=sentence("Set PUSHCART_ELASTICSEARCH_URL, or give --engine tantivy."),
        )
    prefix = f"{settings.elasticsearch_prefix[:40]}-evaluate-{secrets.token_hex(4)}"
    return replace(settings, elasticsearch_prefix=prefix)


@contextmanager
def _nothing_left(settings: Settings) -> Iterator[None]:
    """Delete the indexes of these settings from Elasticsearch when the block ends."""
    from search_api.engines.opening import delete_indexes

    try:
        yield
    finally:
        delete_indexes(settings)


def _counted(documents: Iterable[Document], progress: Meter) -> Iterator[Document]:
    for document in documents:
        yield document
        progress.advance()


def _print(report: SearchReport) -> None:
    """Print the report as a table; of each measure Pushcart's figure is first, then plain BM25's."""
    from evaluation.metrics import MEASURES

    heads = "".join(f"{name:>14}" for name in MEASURES)
    gained, abstained = gettext("nDCG@10 above BM25"), gettext("abstained")
    out.print(f"{'':<20}{gettext('queries'):>8}{heads}   {gained:<25}{abstained}")
    _print_row("all", report.all)
    for title, parts in (("language", report.by_language), ("kind", report.by_kind)):
        for name, compared in parts.items():
            _print_row(f"{title} {name}", compared)
    note(
        gettext(
            "Each measure is given for Pushcart, then for plain BM25 over the same documents. Differences have "
            "the 95 % interval of a paired bootstrap over queries. Queries without relevant documents are left "
            "out of the means; abstained: how many of them returned nothing."
        )
    )


def _print_row(name: str, compared: Comparison) -> None:
    from evaluation.metrics import MEASURES

    ours, plain = compared.ours, compared.plain
    means = "".join(f"{_figure(ours.means[each])} {_figure(plain.means[each])}".rjust(14) for each in MEASURES)
    difference = compared.difference("ndcg@10")
    interval = "" if math.isnan(difference.low) else f" [{difference.low:+.3f}, {difference.high:+.3f}]"
    gained = "-" if math.isnan(difference.mean) else f"{difference.mean:+.3f}{interval}"
    abstained = f"{ours.abstained} of {ours.unanswerable}" if ours.unanswerable else "-"
    out.print(f"{name:<20}{ours.queries:>8}{means}   {gained:<25}{abstained}", markup=False)


def _figure(mean: float) -> str:
    return "-" if math.isnan(mean) else f"{mean:.3f}"
