"""`pushcart show`: one document, and who says what of it; or the text of one of its pages."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape

from corpus.evidence import disagreements
from corpus.messages.reasons import reason_in_words
from corpus.settings import Settings, read_settings
from corpus.store import Store, open_store
from corpus.types import Copy, Document, Reading
from corpus.vocabulary import Vocabulary, load_vocabulary
from pushcart.commands.documents import JsonOption
from pushcart.console import counted, out, print_json


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("show")(show)


def show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="As `pushcart search` shows it.")],
    page: Annotated[int | None, typer.Option(help="Print the text of this page, 1-based.", min=1)] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a document: what it is, what it is about and why, where it came from; or the text of a page."""
    settings, vocabulary = read_settings(), load_vocabulary()
    with open_store(settings) as store:
        if as_json:
            _print_json(document_id, page, store=store, vocabulary=vocabulary, settings=settings)
            return
        if page is not None:
            out.print(escape(store.page(document_id, page).text))
            return
        document = store.document(document_id)
        copies = store.copies_of(document_id)
        reading = store.reading(document.sha256)
    _print_document(document, vocabulary)
    _print_disagreements(document)
    for copy in copies:
        _print_copy(copy)
    if reading is not None:
        out.print(f"Read     {escape(_read_in_words(reading, pages_read=document.page_count))}")


def _print_json(
    document_id: str, page: int | None, *, store: Store, vocabulary: Vocabulary, settings: Settings
) -> None:
    from search_api.api.showing import document_body, page_body  # FastAPI's models; text does not need them
    from search_api.engines.opening import open_engine

    if page is not None:
        print_json(page_body(document_id, page, store=store).model_dump(mode="json"))
        return
    with closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        body = document_body(document_id, store=store, vocabulary=vocabulary, engine=engine)
    print_json(body.model_dump(mode="json"))


def _read_in_words(reading: Reading, *, pages_read: int) -> str:
    """Return how much of a file was read, and why not the rest."""
    outcome = reading.outcome.value.replace("_", " ")
    read = f"{pages_read:,} of {counted(reading.page_total, 'page')}"
    return f"{outcome}, {read}. {reason_in_words(reading.reason)}".strip()


def _print_document(document: Document, vocabulary: Vocabulary) -> None:
    out.print(f"[bold]{escape(document.title)}[/]" + ("  [yellow](sample)[/]" if document.is_sample else ""))
    facts = {
        "Authors": "; ".join(document.authors),
        "Publisher": document.publisher,
        "Date": document.published,
        "Language": document.lang,
        "Type": document.type.replace("_", " "),
        "Licence": document.licence,
        "Ids": ", ".join(f"{name} {value}" for name, value in document.identifiers.items()),
        "Seen": f"{document.first_seen:%Y-%m-%d %H:%M} UTC",
    }
    for name, fact in facts.items():
        if fact:
            out.print(f"{name:<9}{escape(fact)}")
    for about in (True, False):
        for tag in document.tags:
            if tag.about is about:
                label = vocabulary.label(tag.facet, tag.concept, "en")
                why = f"p. {tag.evidence[0].page}: {tag.evidence[0].words}" if tag.evidence else ""
                out.print(
                    f"{'About' if about else 'Mentions':<9}{escape(label)} [dim]{tag.facet}, {tag.weight:.2f}, {escape(why)}[/]"
                )


def _print_disagreements(document: Document) -> None:
    for each in disagreements(document.evidence):
        others = "; ".join(f"{other.value[:120]} ({other.origin})" for other in each.others)
        out.print(
            f"[yellow]But[/]      {escape(each.field)} from {escape(str(each.chosen.origin))}; others say {escape(others)}"
        )


def _print_copy(copy: Copy) -> None:
    fetched = copy.fetched
    record = f", record {fetched.record}" if fetched.record else ""
    seen = f"first seen {copy.first_seen:%Y-%m-%d}, last {copy.last_seen:%Y-%m-%d}"
    out.print(f"From     {escape(fetched.url)} [dim]({escape(fetched.source)}{escape(record)}; {seen})[/]")
    if len(copy.versions) > 1:
        days = ", ".join(f"{version.fetched_at:%Y-%m-%d} {version.sha256[:12]}" for version in copy.versions)
        out.print(f"         [dim]{len(copy.versions)} versions, all kept: {days}[/]")
    if fetched.gone_at is not None:
        since = f"since {fetched.gone_at:%Y-%m-%d}"
        out.print(
            f"         [yellow]No longer there {since}: {escape(reason_in_words(fetched.gone_reason))} Pushcart keeps it.[/]"
        )
