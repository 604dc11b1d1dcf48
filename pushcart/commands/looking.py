"""`pushcart search`, `searches`, `files`, `status`: what a person or a program looks at."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer
from rich.markup import escape

from corpus.errors import BadInput, EngineUnavailable
from corpus.messages import gettext, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.messages.reasons import reason_in_words
from corpus.settings import Settings, read_settings
from corpus.store import FileOutcome, Store
from corpus.types import Outcome
from corpus.vocabulary import load_vocabulary
from pushcart.commands.documents import JsonOption
from pushcart.commands.exporting import FormatOption, OutputOption, export_search
from pushcart.commands.hits import print_hits
from pushcart.commands.walking import print_every_hit
from pushcart.console import note, out, print_json
from pushcart.data_folder import open_records


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("search")(search)
    app.command("searches")(searches)
    app.command("files")(files)
    app.command("status")(status)


Values = list[str] | None

_UNINDEXED_SHOWN = 5
"""Documents that `pushcart status` names; --json names all of them."""


def search(
    text: Annotated[
        str, typer.Argument(help='Words, "a phrase", -not this, one OR other, begin*. Empty: all documents.')
    ] = "",
    country: Annotated[
        Values, typer.Option(help="ISO 3166 code or name, such as PER, DRC or Peru; may be repeated.")
    ] = None,
    region: Annotated[
        Values,
        typer.Option(help="Name such as Latin America, UN M49 code, wb:SSA, ilo:africa, income:low; may be repeated."),
    ] = None,
    sector: Annotated[Values, typer.Option(help="Sector of the vocabulary; may be repeated.")] = None,
    group: Annotated[Values, typer.Option(help="Worker group, such as street_vendors; may be repeated.")] = None,
    topic: Annotated[Values, typer.Option(help="Topic, such as social_protection; may be repeated.")] = None,
    lang: Annotated[Values, typer.Option(help="ISO 639-1, such as es; may be repeated.")] = None,
    year: Annotated[str, typer.Option(help="2015, 2010..2020, 2018.. or ..2012")] = "",
    source: Annotated[Values, typer.Option(help="Slug of a source; may be repeated.")] = None,
    type_: Annotated[Values, typer.Option("--type", help="Such as report or working_paper; may be repeated.")] = None,
    publisher: Annotated[Values, typer.Option(help="Whole name of a publisher; may be repeated.")] = None,
    about: Annotated[
        bool,
        typer.Option(
            "--about/--mentions", help="Filter by what documents are about, or also by what they only mention."
        ),
    ] = True,
    off: Annotated[
        Values,
        typer.Option(help="Do not expand this concept, such as group:street_vendors: search for the typed words only."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Search for every word exactly as written, without other forms and names.")
    ] = False,
    near: Annotated[str, typer.Option(help="Maximum number of partial matches, 0 to 100.")] = "",
    sort: Annotated[str, typer.Option(help="relevance, newest, oldest or first_seen")] = "",
    limit: Annotated[str, typer.Option(help="Hits to show, 1 to 100.")] = "10",
    cursor: Annotated[str, typer.Option(help="The `next` of the previous answer, to continue after it.")] = "",
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Print all matching documents, one per line, unaffected by indexing in the meantime."
        ),
    ] = False,
    format_: FormatOption = "",
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search for documents.

    --json prints the same body as GET /api/v1/search; with --all, one JSON value per line. --format exports every
    matching document with its best page, to --output or standard output.
    """
    from search_api.answers.collection import collection_coverage
    from search_api.answers.service import search as run_search
    from search_api.answers.suggestions import suggestions_for
    from search_api.engines.opening import open_engine
    from search_api.query.parameters import SearchQuery

    settings, vocabulary = read_settings(), load_vocabulary()
    single = {
        "q": text, "year": year, "about": str(about), "strict": str(strict), "near": near, "sort": sort, "limit": limit,
        "cursor": cursor,
    }  # fmt: skip
    repeated = {
        "country": country, "region": region, "sector": sector, "group": group, "topic": topic, "lang": lang, "source": source,
        "type": type_, "publisher": publisher, "off": off,
    }  # fmt: skip
    parameters = [*single.items(), *((name, value) for name, values in repeated.items() for value in values or ())]
    with open_records(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        query = SearchQuery.from_parameters(
            parameters,
            vocabulary=vocabulary,
            characters_max=settings.query_characters_max,
            sources={each.slug for each in store.sources.all()},
        )
        if format_ or output:
            export_search(query, format_, output, engine=engine, store=store, vocabulary=vocabulary, settings=settings)
            return
        if everything:
            print_every_hit(query, engine=engine, store=store, vocabulary=vocabulary, as_json=as_json)
            return
        results = run_search(query, engine=engine, store=store, vocabulary=vocabulary)
        ways = suggestions_for(results, engine=engine, store=store, vocabulary=vocabulary)
        coverage = collection_coverage(engine, store) if as_json else None
    if as_json:
        from search_api.api.bodies import SearchBody  # FastAPI, which a reader of hits need not wait for

        print_json(SearchBody.of(results, ways=ways, coverage=coverage).model_dump(mode="json"))
        return
    print_hits(results, ways=ways, vocabulary=vocabulary)


def searches(
    limit: Annotated[int, typer.Option(min=1, max=5000, help="Searches to show.")] = 50,
    forget: Annotated[bool, typer.Option("--forget", help="Delete all of them instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List searches on the pages and in the API that found nothing, the most frequent first.

    Words, names of filters, frequency and the last day are stored, but not who searched.
    PUSHCART_COUNT_FAILED_SEARCHES=false turns this off.
    """
    settings = read_settings()
    with open_records(settings) as store:
        if forget:
            forgotten = store.failed_searches.clear()
            note(ngettext("{count} search forgotten.", "{count} searches forgotten.", forgotten))
            return
        found = store.failed_searches.most_frequent(limit=limit)
    if as_json:
        print_json([{**asdict(each), "last_day": each.last_day.isoformat()} for each in found])
        return
    for each in found:
        names = escape(each.filters.replace(" ", ", "))
        filters = f"  [dim]{gettext('with a filter by {names}', names=names)}[/]" if names else ""
        out.print(f"{each.count:>6}  {each.last_day.isoformat()}  {escape(each.words)}{filters}")
    if not settings.count_failed_searches:
        note(gettext("Failed searches are not counted at present: PUSHCART_COUNT_FAILED_SEARCHES is false."))
    note(ngettext("{count} search found nothing.", "{count} searches found nothing.", len(found)))


def files(
    outcome: Annotated[str, typer.Option(help="Only files with this outcome, such as encrypted or scanned.")] = "",
    unread: Annotated[
        bool, typer.Option("--unread", help="Only files that were not completely read, or not tagged.")
    ] = False,
    source: Annotated[str, typer.Option(help="Only files of this source.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List fetched and added files, whether they could be read, and why not."""
    allowed = [*(str(each) for each in Outcome), "waiting"]
    if outcome and outcome not in allowed:
        raise BadInput(
            sentence("There is no outcome {outcome}.", outcome=repr(outcome)),
            try_next=sentence("Choose one of {allowed}.", allowed=", ".join(allowed)),
        )
    with open_records(read_settings()) as store:
        listed = store.files.outcomes(outcome=outcome or None, source=source or None)
    if unread:
        listed = tuple(each for each in listed if each.outcome is not Outcome.READ or each.tagging)
    if as_json:
        print_json([_file_body(each) for each in listed])
        return
    for each in listed:
        message = each.outcome.value.replace("_", " ") if each.outcome else gettext("waiting")
        message = gettext("not tagged") if each.tagging and each.outcome is Outcome.READ else message
        out.print(
            f"{message:<14}{each.pages:>6} p. {each.seconds:>7.2f} s  {escape(each.url)}"
            + (f"\n{'':<14}[dim]{escape(' '.join(map(reason_in_words, each.reasons)))}[/]" if each.reasons else "")
        )
    note(f"{ngettext('{count} file', '{count} files', len(listed))}.")


def _file_body(file: FileOutcome) -> dict[str, Any]:
    body = asdict(replace(file, reasons=()))
    del body["reasons"]
    words = " ".join(map(reason_in_words, file.reasons))
    return body | {"reason": words, "kinds": [each.kind.value for each in file.reasons]}


def status(as_json: JsonOption = False) -> None:
    """Show the contents of the collection: documents, pages, unreadable files, and whether the index is up to date."""
    settings = read_settings()
    with open_records(settings) as store:
        body = status_body(store, settings=settings)
    if as_json:
        print_json(body)
    else:
        _print_status(body, settings=settings)
    if body["index_fault"]:
        note(body["index_fault"])
        raise typer.Exit(1)


def _print_status(body: dict[str, Any], *, settings: Settings) -> None:
    out.print(
        gettext(
            "Documents  {documents}, {pages} pages", documents=grouped(body["documents"]), pages=grouped(body["pages"])
        )
    )
    if body["index_fault"]:
        out.print(gettext("Indexed    not known: the search index does not answer"))
    else:
        indexed = grouped(body["indexed"] or 0)
        out.print(
            gettext("Indexed    {count}", count=indexed)
            if body["up_to_date"]
            else gettext("Indexed    {count}  (not up to date: run `pushcart index`)", count=indexed)
        )
    if body["index_misfit"]:
        note(
            gettext(
                "{index_misfit} Run `pushcart index`; `pushcart serve` does it automatically.",
                index_misfit=body["index_misfit"],
            )
        )
    if body["index_rebuild"]:
        note(body["index_rebuild"])
    out.print(gettext("Files      {files}", files=grouped(body["files"])))
    for outcome, count in body["outcomes"].items():
        out.print(f"           {count:,} {outcome.replace('_', ' ')}")
    for each in body["unindexed"][:_UNINDEXED_SHOWN]:
        note(
            gettext(
                "Not in the index: {title} ({id}): {reason}", title=each["title"], id=each["id"], reason=each["reason"]
            )
        )
    if body["unindexed"]:
        note(
            ngettext(
                "{count} document is missing from the index or outdated there. When the cause is fixed, run "
                "`pushcart index --rebuild`.",
                "{count} documents are missing from the index or outdated there. When the cause is fixed, run "
                "`pushcart index --rebuild`.",
                len(body["unindexed"]),
            )
        )
    if body["untagged"]:
        out.print(
            gettext(
                "Untagged   {untagged} documents (`pushcart files --unread` says why)",
                untagged=grouped(body["untagged"]),
            )
        )
    if body["waiting"]:
        out.print(gettext("Waiting    {waiting} documents (run `pushcart process`)", waiting=grouped(body["waiting"])))
    out.print(gettext("Kept in    {data_dir}", data_dir=settings.data_dir.absolute()))


def status_body(store: Store, *, settings: Settings) -> dict[str, Any]:
    """Return what `pushcart status --json` prints; None for what only the index knows when it does not answer."""
    from search_api.engines.opening import open_engine
    from search_api.fitness import fitness_of

    counts, fault, fitness, statistics = store.status(), "", None, None
    with closing(open_engine(settings)) as engine:
        try:
            fitness = fitness_of(engine, store)
            statistics = engine.statistics()
        except EngineUnavailable as error:  # the records can be read anyway
            fault = "" if fitness and fitness.misfit else str(error)
    fits = statistics is not None and fitness is not None and fitness.misfit is None
    return {
        "documents": counts.documents,
        "pages": counts.pages,
        "indexed": statistics.documents if statistics else None,
        "pages_indexed": statistics.pages if statistics else None,
        "index_bytes": statistics.bytes if statistics else None,
        "up_to_date": fits and statistics is not None and statistics.applied_sequence >= counts.last_sequence,
        "index_fault": fault,
        "index_misfit": fitness.words if fitness else "",
        "index_rebuild": fitness.progress(counts.last_sequence) if fitness else "",
        "unindexed": [
            {"id": each.document_id, "title": each.title, "reason": each.reason, "at": each.at.isoformat()}
            for each in store.unindexed.all()
        ],
        "files": counts.files,
        "waiting": counts.waiting,
        "untagged": len(store.queue.failures()),
        "outcomes": dict(counts.outcomes),
    }
