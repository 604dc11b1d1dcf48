"""`pushcart sources`: list what is declared; look at a site and declare it, try a declaration, check all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from corpus.messages import Message, gettext, message, ngettext
from corpus.messages.formats import grouped
from corpus.messages.runs import run_in_words
from corpus.settings import read_settings
from corpus.source_health import SourceHealth, SourceState, what_next
from corpus.store import open_store
from pushcart.commands.documents import JsonOption
from pushcart.console import counts_in_words, note, out, print_json
from pushcart.data_folder import announce_folder, has_records


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    group = typer.Typer(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
    group.callback()(sources)
    group.command("new")(new)
    group.command("try")(try_)
    group.command("check")(check)
    group.command("schema")(schema)
    group.command("verify")(verify)
    group.command("list")(list_)
    app.add_typer(group, name="sources")


def sources(context: typer.Context, as_json: JsonOption = False) -> None:
    """List sources with their documents and their last harvest; or create, try and check source files."""
    if context.invoked_subcommand is None:
        list_sources(as_json=as_json)


def list_(as_json: JsonOption = False) -> None:
    """List the sources, as `pushcart sources` does."""
    list_sources(as_json=as_json)


def list_sources(*, as_json: bool) -> None:
    """Print every source: how it does, what it has brought, and how its last harvest went."""
    from crawler.sources.declared_now import with_declared  # cheap: it reads TOML, not Scrapy
    from crawler.sources.load import load_sources

    settings = read_settings()
    health: tuple[SourceHealth, ...] = ()
    if has_records(settings):
        with open_store(settings) as store:
            health = store.sources.health()
    health = with_declared(health, declared=load_sources(settings))
    if as_json:
        from search_api.api.record_bodies import SourceBody  # FastAPI's models; text does not need them

        print_json([SourceBody.of(each).model_dump(mode="json") for each in health])
        return
    begun = [each for each in health if each.last_run is not None or each.documents]
    for each in sorted(begun, key=lambda each: not each.needs_a_look):
        _print_source(each)
    if not begun:
        out.print(gettext("Nothing has been harvested yet. `pushcart demo` shows how it works."))
    waiting = [each for each in health if each not in begun and each.declared is not None]
    if dated := [each for each in waiting if each.declared is not None and each.declared.verified_on]:
        named = ", ".join(f"{each.source.slug} ({_verified_on(each)})" for each in dated)
        out.print(f"\n{gettext('Verified live, never harvested')} ({len(dated)}): {named}")
    waiting = [each for each in waiting if each not in dated]
    for state, words in _WAITING.items():
        if slugs := [each.source.slug for each in waiting if each.state is state]:
            out.print(f"\n{gettext(words)} ({len(slugs)}): {', '.join(slugs)}")


_WAITING: Mapping[SourceState, Message] = {
    SourceState.NEVER: message("Never harvested"),
    SourceState.UNVERIFIED: message("Declared but not yet verified; harvested only by name"),
}


def _print_source(health: SourceHealth) -> None:
    style = "bold red" if health.needs_a_look else "bold"
    state = health.state.value.replace("_", " ")
    out.print(f"[{style}]{health.source.slug}[/]  {escape(health.source.name)}  [{style}]{state}[/]")
    amounts = [
        ngettext("{count} document", "{count} documents", health.documents),
        ngettext("{count} file there", "{count} files there", health.files - health.gone),
    ]
    if health.gone:
        amounts.append(gettext("{count} gone", count=grouped(health.gone)))
    if health.page_total:
        read = grouped(health.pages_read)
        amounts.append(
            ngettext("{part} of {count} page read", "{part} of {count} pages read", health.page_total, part=read)
        )
    out.print(f"   {', '.join(amounts)}")
    if run := health.last_run:
        out.print(f"   {run.ended:%Y-%m-%d %H:%M} UTC  {escape(run_in_words(run))}")
        out.print(f"   {escape(counts_in_words(run))}")
    if day := _verified_on(health):
        out.print(f"   {gettext('verified live on {day}', day=day)}")
    if words := what_next(health):
        out.print(f"   {escape(words)}")


def _verified_on(health: SourceHealth) -> str:
    """Return the day on which a source was verified; empty when it was not."""
    return f"{health.declared.verified_on:%Y-%m-%d}" if health.declared and health.declared.verified_on else ""


def new(
    address: Annotated[
        str, typer.Argument(help="Address of the publisher's site, best of the page that lists its publications.")
    ],
    slug: Annotated[str, typer.Option(help="Short name of the source; default: made from the address.")] = "",
    protocol: Annotated[
        str, typer.Option(help="Only try listing, feed, sitemap, oai or api; default: the one that lists most.")
    ] = "",
    write: Annotated[bool, typer.Option("--write/--print", help="Write the source file, or only print it.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Look at a site, find its feed, sitemap, OAI endpoint, API or listing, and write a source file for it.

    Fetches at most thirty pages, one per second, and obeys robots.txt.
    """
    from pushcart.proposing import propose_source

    proposed = propose_source(address, slug=slug, protocol=protocol, force=force or not write, settings=read_settings())
    if not write:
        out.print(proposed.text, end="", markup=False)
        return
    path = proposed.write(force=force)
    best, *others = proposed.candidates
    out.print(f"[bold]{escape(best.protocol)}[/]: {escape(best.words)}; {escape(proposed.reason)}.")
    for other in others[:5]:
        said = gettext("rejected: {words} ({start})", words=other.words, start=other.start[0])
        out.print(f"   [dim]{escape(said)}[/]")
    out.print(gettext("Written to {path}", path=escape(str(path))))
    note(gettext("Next: pushcart sources try {slug}", slug=proposed.slug))


def try_(
    which: Annotated[
        str, typer.Argument(metavar="FILE|SOURCE", help="A source file, or the slug of a declared source.")
    ],
    records: Annotated[int, typer.Option(help="Records to look at.", min=1, max=100)] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show the first records of a source, each field with its evidence, and the files that a harvest would fetch.

    Reads only lists and landing pages, with the delays of a harvest, and saves nothing.
    """
    from crawler.trial import try_source  # Scrapy
    from pushcart.harvesting import at_its_address, source_meant
    from pushcart.source_shown import print_trial, trial_body

    settings = read_settings()
    source = source_meant(which, settings=settings)
    if not as_json:
        seconds = source.polite.delay_seconds * (records + 2)
        note(
            gettext(
                "Fetching {records} from {name}; with its delay between requests this takes about {seconds} seconds.",
                name=source.name,
                records=ngettext("{count} record", "{count} records", records),
                seconds=f"{seconds:.0f}",
            )
        )
    with at_its_address(source) as at_home:
        report = try_source(at_home, settings=settings, records_max=records)
    if as_json:
        print_json(trial_body(report))
    else:
        print_trial(report)
    if not any(record.files for record in report.records):
        note(
            gettext(
                "A harvest would find nothing. `skipped` and the reasons above show what the rules exclude, and why."
            )
        )
        raise typer.Exit(1)


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE...]", help="Source files; none given: all, built-in and your own."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check source files: errors and warnings, with line numbers. Exit code 1 if there is an error."""
    from crawler.sources.check import check_files
    from crawler.sources.load import Weight, source_paths
    from pushcart.source_shown import check_body, print_check

    if not paths:
        built_in, own = source_paths(read_settings())
        paths = [*built_in, *own]
    checked = check_files(paths)
    if as_json:
        print_json(check_body(checked))
    else:
        print_check(checked)
    if any(finding.weight is Weight.ERROR for each in checked for finding in each.findings):
        raise typer.Exit(1)


def schema(
    tables: Annotated[bool, typer.Option("--tables", help="Print all keys as tables (Markdown) for people.")] = False,
) -> None:
    """Print the JSON Schema of source files, with which editors complete keys and mark mistakes."""
    from crawler.sources.schema import field_tables, json_schema

    if tables:
        print(field_tables())  # noqa: T201  not wrapped to the width of the terminal
    else:
        print_json(json_schema())


def verify(
    which: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE|FILE...]", help="Slugs or source files; none: all that were not verified yet."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask each publisher at most five times whether its source file is right, and remember the day when it is.

    Looks at robots.txt, the list and its next page, the metadata and licence of the first publication, and opens its file.
    Obeys robots.txt and keeps nothing else. Exit code 1 when a source is not as its file says, or could not be checked.
    """
    from crawler.sources.load import load_sources, mark_verified
    from crawler.visit import REQUESTS_MAX, visit  # Scrapy
    from pushcart.harvesting import at_its_address, source_meant
    from pushcart.source_shown import print_verification, verification_body
    from pushcart.verification import verification_of

    settings = read_settings()
    sources = [source_meant(each, settings=settings) for each in which or ()] or [
        each for each in load_sources(settings) if not each.is_sample and not each.verified
    ]
    verified = []
    for source in sources:
        if not as_json:
            note(gettext("Asking {name}, {count} requests at most.", name=source.name, count=REQUESTS_MAX))
        with at_its_address(source) as at_home:
            verified.append(verification_of(source, visit(at_home, settings=settings), settings=settings))
        if verified[-1].is_verified:
            announce_folder(settings)
            mark_verified(source, on=datetime.now(UTC).date(), settings=settings)
        if not as_json:
            print_verification(verified[-1])
    if as_json:
        print_json([verification_body(each) for each in verified])
    if not all(each.is_verified for each in verified):
        raise typer.Exit(1)
