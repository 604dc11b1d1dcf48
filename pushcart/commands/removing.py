"""`pushcart remove`: documents, or all that a source brought, out of records, index and file store."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from corpus.errors import BadInput
from corpus.files import FileStore, open_files
from corpus.messages import gettext, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.settings import Settings, read_settings
from corpus.source_health import SourceHealth
from corpus.store import Store
from pushcart.commands.documents import JsonOption, bring_forward, end_behind, index_if_it_answers
from pushcart.console import documents_in_words, meter, out, print_json
from pushcart.data_folder import open_records
from pushcart.lock import only_one


@dataclass(slots=True)
class RemovedSource:
    """What was removed of a source."""

    documents: int = 0
    shared: int = 0
    """Documents that stay, because another source has them too."""
    files: int = 0
    """Addresses."""
    bytes: int = 0
    """Bytes that were deleted from the file store."""


def register(app: typer.Typer) -> None:
    """Put the command of this module on the app."""
    app.command("remove")(remove)


def remove(
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Ids of documents, as shown by `pushcart search`.")
    ] = None,
    source: Annotated[
        str, typer.Option(metavar="SLUG", help="Instead of ids: everything from this source, with its files.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove documents from the collection, or with --source all documents of a source.

    Files of single documents stay in the file store; those of a source are deleted, unless another source has the
    same files. Followers of searches are not notified. A removed source is not harvested automatically again: run
    `pushcart harvest SOURCE` for that.
    """
    if bool(documents) == bool(source):
        raise typer.BadParameter("Name documents by their ids, or a source with --source.")
    settings = read_settings()
    with open_records(settings) as store:
        if source:
            _remove_source(source, store=store, settings=settings, yes=yes, as_json=as_json)
            return
        for document in documents or ():
            store.documents.remove(document)
        report = index_if_it_answers(store, settings=settings)
    count = len(documents or ())
    if as_json:
        print_json({"documents": count} | report)
    else:
        out.print(ngettext("Removed {count} document.", "Removed {count} documents.", count))
    end_behind(report)


def _remove_source(slug: str, *, store: Store, settings: Settings, yes: bool, as_json: bool) -> None:
    health = next((each for each in store.sources.health(source=slug) if not each.is_removed), None)
    if health is None:
        raise BadInput(
            sentence("Nothing here comes from a source called {slug}.", slug=slug),
            try_next=sentence("`pushcart sources` lists those that have documents here."),
        )
    if not yes:
        _ask(health)
    # A harvest or a reading that continues meanwhile could find its files gone.
    # A backup could find that files are gone which its copy of the records names.
    locks = (only_one(settings.data_dir, work) for work in ("harvest", "process", "backup"))
    with ExitStack() as held:
        for lock in locks:
            held.enter_context(lock)
        removed = remove_source(health, store=store, files=open_files(settings), settings=settings)
    report = (
        bring_forward(store, settings=settings) if removed.shared else index_if_it_answers(store, settings=settings)
    )
    if as_json:
        names = ("documents", "shared", "files", "bytes")
        print_json({"source": slug} | {name: getattr(removed, name) for name in names} | report)
    else:
        _print_removed(health, removed)
    end_behind(report)


def _ask(health: SourceHealth) -> None:
    """Ask whether a source is to be removed. Raises typer.Exit: it is not. Raises BadInput: there is nobody to ask."""
    what = gettext(
        "{source}: {documents} and {files}",
        source=health.source.slug,
        documents=documents_in_words(health.documents),
        files=ngettext("{count} file", "{count} files", health.files),
    )
    if not sys.stdin.isatty():
        raise BadInput(
            sentence("Removing {what} needs confirmation, and there is no terminal to ask on.", what=what),
            try_next=sentence("Use --yes to remove it without confirmation."),
        )
    if not typer.confirm(gettext("Remove {what}?", what=what), err=True):
        raise typer.Exit(1)


def remove_source(health: SourceHealth, *, store: Store, files: FileStore, settings: Settings) -> RemovedSource:
    """Take everything of a source out of the records and the file store, and return what that was.

    One that is killed is continued with by the next call; bytes of its last step may stay in the file store. The index follows
    by the log of changes.
    """
    slug, removed = health.source.slug, RemovedSource()
    with meter(gettext("Removing"), total=health.files) as progress:
        while step := store.sources.remove_files(slug):
            removed.documents += step.documents
            removed.shared += step.shared
            removed.files += step.files
            removed.bytes += sum(files.remove(each) for each in step.digests)
            progress.advance(step.files)
    left = store.sources.conclude_removal(slug, at=datetime.now(UTC))
    removed.bytes += sum(files.remove(each) for each in left)
    for path in (settings.data_dir / "harvest").glob(f"{slug}.sqlite*"):
        path.unlink(missing_ok=True)  # what a harvest need not ask for again
    return removed


def _print_removed(health: SourceHealth, removed: RemovedSource) -> None:
    out.print(
        gettext(
            "Removed {source}: {documents}, {files} ({kilobytes} kB on disk).",
            source=health.source.slug,
            documents=documents_in_words(removed.documents),
            files=ngettext("{count} file", "{count} files", removed.files),
            kilobytes=grouped(removed.bytes // 1000),
        )
    )
    if removed.shared:
        out.print(
            ngettext(
                "{count} document is kept, because another source has it too.",
                "{count} documents are kept, because other sources have them too.",
                removed.shared,
            )
        )
    if health.is_own:
        out.print(gettext("Your own files are unchanged; `pushcart add` adds them again."))
    else:
        slug = health.source.slug
        out.print(gettext("`pushcart harvest {source}` would fetch it again; scheduled harvests do not.", source=slug))
