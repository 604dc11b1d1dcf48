"""`pushcart sources`: list what is declared; look at a site and declare it, try a declaration, check all of them."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from corpus.settings import read_settings
from corpus.store import SourceHealth, open_store
from corpus.types import LOCAL_SOURCE
from pushcart.commands.documents import JsonOption
from pushcart.console import out, print_json


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    group = typer.Typer(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
    group.callback()(sources)
    app.add_typer(group, name="sources")


def sources(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the sources: what each declares, has brought, and how its last harvest went. Or make, try and check them."""
    if context.invoked_subcommand is None:
        list_sources(as_json=as_json)


def list_sources(*, as_json: bool) -> None:
    """Print every source: what it declares, has brought, and how its last harvest went."""
    from crawler.source_files import load_sources  # cheap: it reads TOML, not Scrapy

    settings = read_settings()
    declared = load_sources(settings)
    verified = {each.slug: each.verified for each in declared}
    with open_store(settings) as store:
        known = {health.source.slug: health for health in store.source_health()}
    for each in declared:
        known.setdefault(each.slug, SourceHealth(source=each.as_source(), documents=0, files=0))
    if as_json:
        from search_api.api.record_bodies import SourceBody  # FastAPI's models; text does not need them

        print_json([SourceBody.of(health).model_dump(mode="json") for _, health in sorted(known.items())])
        return
    table = Table(
        "Source", "Name", "Protocol", "Documents", "Last harvest", box=None, pad_edge=False, header_style="bold"
    )
    for slug, health in sorted(known.items()):
        said = _last_harvest(health, verified=verified.get(slug, True))
        table.add_row(slug, escape(health.source.name), health.source.protocol, f"{health.documents:,}", escape(said))
    out.print(table)


def _last_harvest(health: SourceHealth, *, verified: bool) -> str:
    if run := health.last_run:
        return f"{run.ended:%Y-%m-%d %H:%M}  {run.words}"
    if health.source.slug == LOCAL_SOURCE:
        return ""
    return "never" if verified else "never; not yet verified live, harvested only by name"
