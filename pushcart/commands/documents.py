"""`pushcart add`, `process`, `index`, `remove`: documents into the records and into the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict
from functools import partial, reduce
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import BadInput, EngineUnavailable
from corpus.files import open_files
from corpus.messages import Message, gettext, message, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings, read_settings
from corpus.store import FetchedState, Store
from corpus.urls import is_web_address
from pushcart.add_remarks import AddRemark
from pushcart.adding import OWN, NotAdded, OwnFile, add_file, find_files
from pushcart.console import meter, note, out, print_json, print_run, run_body
from pushcart.data_folder import begin_records, open_records
from pushcart.lock import only_one
from pushcart.plain_files import shown
from pushcart.remark_messages import left_out_in_words, lines_of, remark_body

BEHIND = 3
"""Exit code: all was saved, and the search index did not take it."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("add")(add)
    app.command("process")(process)
    app.command("index")(index)


def add(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|URL...", help="Files or folders to add; a folder with everything below it."
        ),
    ],
    metadata: Annotated[
        Path | None,
        typer.Option(
            "--metadata",
            metavar="FILE",
            help="CSV or JSON with title, authors, date ... by file name.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add your own documents and make them searchable: PDF, HTML and plain text, from files, folders or addresses.

    A metadata.csv or metadata.json in a folder, or report.pdf.json beside report.pdf, provides titles, authors and
    dates. Adding a file again is harmless. Symbolic links below a folder are not followed. Exit code 1: something
    could not be read; the report names it, and the rest was added.
    """
    settings = read_settings()
    addresses = [each for each in what if is_web_address(each)]
    found = find_files([Path(each) for each in what if each not in addresses], table=metadata)
    if not found.files and not found.remarks and not addresses:
        raise BadInput(
            sentence("There is nothing to add: the folder is empty."),
            try_next=sentence("Name a folder with PDF, HTML or text files."),
        )
    with begin_records(settings) as store:
        added, not_added = _save_files(found.files, store=store, settings=settings)
        fetched = _fetch_addresses(addresses, settings=settings) if addresses else None
        is_interrupted = fetched is not None and fetched.state is RunState.INTERRUPTED
        report = added | ({} if is_interrupted else bring_forward(store, settings=settings))
    remarks = (*found.remarks, *not_added)
    if as_json:
        print_json(
            report
            | {"fetched": run_body(fetched) if fetched else None, "remarks": [remark_body(each) for each in remarks]}
        )
    else:
        if found.files or remarks:
            counts = ", ".join(f"{grouped(count)} {gettext(_ADDED_WORDS[state])}" for state, count in added.items())
            out.print(f"{ngettext('{count} file', '{count} files', sum(added.values()))}: {counts}.")
        if fetched:
            print_run(fetched)
        _print_report(report)
        _print_remarks(remarks)
    if is_interrupted:
        raise typer.Exit(130)
    if any(each.is_failure for each in remarks) or (fetched and fetched.failed):
        raise typer.Exit(1)
    end_behind(report)


_ADDED_WORDS: Mapping[str, Message] = {
    "new": message("new"),
    "changed": message("changed"),
    "unchanged": message("already known"),
}


def _save_files(
    found: Sequence[OwnFile], *, store: Store, settings: Settings
) -> tuple[dict[str, int], tuple[AddRemark, ...]]:
    """Keep files; returns how many came to what, and a remark on each that could not be kept."""
    files = open_files(settings)
    store.sources.save(OWN)
    not_added: list[AddRemark] = []
    counts = dict.fromkeys((state.value for state in FetchedState), 0)
    with meter(gettext("Adding"), total=len(found)) as progress:
        for own in found:
            try:
                counts[add_file(own, store=store, files=files).value] += 1
            except NotAdded as error:
                not_added.append(error.remark)
            progress.advance(text=shown(own.path.name))
    return counts, tuple(not_added)


def _print_remarks(remarks: Sequence[AddRemark]) -> None:
    if left_out := left_out_in_words(remarks):
        out.print(gettext("Skipped: {left_out}.", left_out=left_out))
    for line in lines_of(remarks):
        note(line)


def _fetch_addresses(addresses: list[str], *, settings: Settings) -> HarvestRun:
    from pushcart.harvesting import fetch_addresses  # Scrapy takes a second to load

    return fetch_addresses(addresses, settings=settings)


def process(
    again: Annotated[
        bool, typer.Option("--again", help="Retry files that took too long, used too much memory or failed.")
    ] = False,
    cluster: Annotated[
        str,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Read and tag on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786, or on local:4 (four workers here).",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Read and tag all files that have not been processed yet. `add` and `harvest` do this automatically unless they
    are interrupted.

    Failed files are retried only with --again, or when the reader or tagger is newer.
    """
    settings = read_settings()
    with open_records(settings) as store:
        if again:
            store.queue.retry_failed()
        report = read_and_tag(store, settings=settings, cluster=cluster)
        relate_new(store, settings=settings)
    if as_json:
        print_json(report)
        return
    _print_report(report)


def index(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Rebuild the whole index beside the old one, then swap.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the search index up to date with the records."""
    settings = read_settings()
    with open_records(settings) as store:
        report = update_index(store, settings=settings, rebuild=rebuild)
    if as_json:
        print_json(report)
        return
    _print_report(report)


def bring_forward(store: Store, *, settings: Settings) -> dict[str, Any]:
    """Read, tag, index and relate all that waits; returns the report. What is saved stays saved when the index is away.

    The first documents can be searched while others are read. Documents are related when all can be searched; those that turn
    out to be copies or translations are then indexed once more, to be folded.
    """
    searchable = _Searchable(store, settings=settings)
    report = read_and_tag(store, settings=settings, on_searchable=searchable)
    report |= searchable.in_all(index_if_it_answers(store, settings=settings))
    if relate_new(store, settings=settings):
        then = index_if_it_answers(store, settings=settings)
        if "indexed" in then:
            report.pop("index_behind", None)
        report |= _indexed_in_all(report, then)
    return report


class _Searchable:
    """Brings the index up to date while documents are made, and says how many of them can be searched."""

    def __init__(self, store: Store, *, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._is_away = False
        self._reports: list[dict[str, Any]] = []

    def __call__(self) -> None:
        """Index what was saved; when the index is away, documents can only be searched when it is back."""
        if self._is_away:
            return
        try:
            report = update_index(self._store, settings=self._settings, quiet=True)
        except EngineUnavailable:
            self._is_away = True  # it is tried again when all is tagged, and said then
            return
        self._reports.append(report)
        self._tell(report)

    def in_all(self, last: dict[str, Any]) -> dict[str, Any]:
        """Return the report on all that was indexed, of which `last` is that of the last time; each document is counted once."""
        if not self._reports or "indexed" not in last:
            return last
        self._tell(last)
        return reduce(partial(_indexed_in_all, again=False), [*self._reports, last])

    def _tell(self, report: dict[str, Any]) -> None:
        count = report["indexed"]
        note(ngettext("{count} document can be searched now.", "{count} documents can be searched now.", count))


def _indexed_in_all(first: dict[str, Any], then: dict[str, Any], *, again: bool = True) -> dict[str, Any]:
    """Return the report of two indexings, one after the other.

    Args:
        again: the second was of documents that the first had indexed: each counts once, as it was seen first.
    """
    if "indexed" not in first or "indexed" not in then:
        return then
    before, after = first["changes_indexed"], then["changes_indexed"]
    refused = {each["document"]: each for each in (*first["refused"], *then["refused"])}
    return then | {
        "changes_indexed": (before or after) if again else before + after,
        "rebuilt": first["rebuilt"] or then["rebuilt"],
        "rebuilt_because": first["rebuilt_because"] or then["rebuilt_because"],
        "refused": list(refused.values()),
    }


def index_if_it_answers(store: Store, *, settings: Settings) -> dict[str, Any]:
    """Bring the index up to date and return the report; when it does not answer, the report says why under `index_behind`."""
    try:
        return update_index(store, settings=settings)
    except EngineUnavailable as error:
        return {"index_behind": str(error)}


def end_behind(report: dict[str, Any]) -> None:
    """Say last, and with an exit code of its own, that the index is behind the records; do nothing when it is not."""
    if reason := report.get("index_behind"):
        note(gettext("Everything is saved, but the search index is not up to date: {reason}", reason=reason))
        note(gettext("When it answers again, run `pushcart index`; the next add or harvest also updates it."))
        raise typer.Exit(BEHIND)


def read_and_tag(
    store: Store, *, settings: Settings, cluster: str = "", on_searchable: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Read and tag all that waits, with a progress bar; `cluster` is what `pushcart.cluster.workers_at` takes, empty: here.

    `on_searchable` is that of `pushcart.processing.process`; a cluster does without.
    """
    from pushcart import processing  # spaCy, pdfminer.six and trafilatura take seconds to load

    files = open_files(settings)
    with only_one(settings.data_dir, "process"):
        to_read, to_tag = processing.count_work(store)
        with meter(gettext("Reading and tagging"), total=to_read + max(to_read, to_tag)) as progress:

            def on_step(step: str, pages: int) -> None:
                progress.advance(text=_step_in_words(step, pages))

            if cluster:
                from pushcart.cluster import process_on, workers_at

                with workers_at(cluster, settings=settings) as client:
                    done = process_on(client, store, files, settings=settings, on_step=on_step)
            else:
                done = processing.process(store, files, settings=settings, on_step=on_step, on_searchable=on_searchable)
    return {
        "read": dict(done.outcomes),
        "pages_read": done.pages,
        "documents_made": done.documents,
        "documents_untagged": done.untagged,
        "files_without_text": done.without_text,
    }


def relate_new(store: Store, *, settings: Settings) -> int:
    """Relate all documents that were saved since they were related last, with a progress bar; return how many there were."""
    from nlp.works import RELATED_BY, relate_waiting

    if not store.relations.unrelated(version=RELATED_BY, limit=1):
        return 0
    with only_one(settings.data_dir, "process"), meter(gettext("Relating"), total=None) as progress:
        return relate_waiting(store, on_related=progress.advance)


def _step_in_words(step: str, pages: int) -> str:
    if step == "read":
        return ngettext("read {count} page", "read {count} pages", pages)
    return ngettext("tagged {count} page", "tagged {count} pages", pages)


def update_index(store: Store, *, settings: Settings, rebuild: bool = False, quiet: bool = False) -> dict[str, Any]:
    """Bring the index up to date, or make it again, with a progress bar unless `quiet`."""
    from search_api.engines.opening import open_engine
    from search_api.indexing import IndexingProgress, bring_up_to_date
    from search_api.indexing import rebuild as rebuild_index

    with (
        # A rebuild keeps nobody from indexing; the engine itself refuses a second one.
        nullcontext() if rebuild else only_one(settings.data_dir, "index"),
        closing(open_engine(settings)) as engine,
        meter(
            gettext("Rebuilding the index") if rebuild else gettext("Indexing"),
            total=store.status().documents if rebuild else None,
        )
        if not quiet
        else nullcontext() as progress,
    ):

        def show(state: IndexingProgress) -> None:
            if progress is not None:
                progress.set(state.documents, total=max(state.documents, progress.total or 0))

        if rebuild:
            result = rebuild_index(engine, store, on_progress=show)
        else:
            result = bring_up_to_date(engine, store, on_progress=show, on_misfit=lambda fitness: note(fitness.words))
        documents = engine.statistics().documents
    refused = [asdict(each) for each in result.refused]
    done = {"changes_indexed": result.documents, "indexed": documents, "rebuilt": result.rebuilt, "refused": refused}
    return done | {"rebuilt_because": result.misfit}


def _print_report(report: dict[str, Any]) -> None:
    if "read" in report:
        outcomes = ", ".join(
            f"{grouped(count)} {outcome.replace('_', ' ')}" for outcome, count in sorted(report["read"].items())
        )
        files = ngettext("{count} file", "{count} files", sum(report["read"].values()))
        pages = ngettext("{count} page", "{count} pages", report["pages_read"])
        said = (
            gettext("Read {files}, {pages}: {outcomes}.", files=files, pages=pages, outcomes=outcomes)
            if outcomes
            else gettext("Read {files}, {pages}.", files=files, pages=pages)
        )
        out.print(said)
        out.print(ngettext("Tagged {count} document.", "Tagged {count} documents.", report["documents_made"]))
    if "indexed" in report:
        changes = ngettext("Indexed {count} change", "Indexed {count} changes", report["changes_indexed"])
        how = gettext("Rebuilt the index") if report["rebuilt"] else changes
        out.print(
            ngettext(
                "{how}: {count} document can be searched.",
                "{how}: {count} documents can be searched.",
                report["indexed"],
                how=how,
            )
        )
    for refused in report.get("refused", []):
        note(gettext("Not indexed: {document}: {reason}", document=refused["document"], reason=refused["reason"]))
    if report.get("refused"):
        note(gettext("They are kept, and `pushcart status` lists them until they are indexed."))
    if untagged := report.get("documents_untagged"):
        note(
            ngettext(
                "{count} document could not be tagged; `pushcart files --unread` says why.",
                "{count} documents could not be tagged; `pushcart files --unread` says why.",
                untagged,
            )
        )
    if without := report.get("files_without_text"):
        note(
            ngettext(
                "{count} file has no text that could be read; `pushcart files --unread` says why.",
                "{count} files have no text that could be read; `pushcart files --unread` says why.",
                without,
            )
        )
