"""`pushcart harvest` and `pushcart demo`: from sources on the network to documents in the index."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from corpus.messages import gettext
from corpus.runs import RunState
from corpus.settings import read_settings
from corpus.store import open_store
from pushcart.commands.documents import JsonOption, bring_forward, end_behind
from pushcart.console import note, print_json, print_run, run_body


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("harvest")(harvest)
    app.command("demo")(demo)


def harvest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE...]", help="Slugs of sources; none given: every verified source."),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only sources that are due by their schedule; for a timer.")
    ] = False,
    fetch_only: Annotated[bool, typer.Option("--fetch-only", help="Only fetch; read, tag and index later.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch new documents from sources, then read, tag and index them. `pushcart sources` lists the sources.

    Ctrl-C stops the harvest, a second one immediately. Fetched files are kept, and the next harvest continues.
    """
    from pushcart.harvesting import harvest_sources

    settings = read_settings()
    runs = harvest_sources(sources or [], settings=settings, only_due=due)
    report: dict[str, Any] = {}
    is_interrupted = any(run.state is RunState.INTERRUPTED for run in runs)
    if not fetch_only and not is_interrupted:
        with open_store(settings) as store:
            report = bring_forward(store, settings=settings)
    if as_json:
        print_json({"runs": [run_body(run) for run in runs]} | report)
    else:
        for run in runs:
            print_run(run)
    if any(run.state in (RunState.CRASHED, RunState.BROKEN) for run in runs):
        raise typer.Exit(1)
    if is_interrupted:
        note(
            gettext(
                "Fetched files are kept. Run `pushcart process` and `pushcart index` to read and index them, or "
                "harvest again."
            )
        )
        raise typer.Exit(130)
    end_behind(report)


def demo(
    host: Annotated[str, typer.Option(help="Address to serve the pages on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port of the pages; if it is in use, a free one is chosen.", min=1, max=65535)
    ] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards.")] = True,
) -> None:
    """Try everything without internet: harvest the built-in sample publisher, tag, index and serve the pages.

    The samples are kept in the folder `demo` of the data folder, apart from your own documents, and marked as samples
    wherever they are shown. Running it again adds nothing.
    """
    from pushcart.data_folder import enter_demo_folder
    from pushcart.demonstration import run_demo

    run_demo(host=host, port=port, serve=serve, settings=enter_demo_folder(read_settings()))
