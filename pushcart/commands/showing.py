"""`pushcart show`: one document, and who says what of it; or the text of one of its pages."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape

from corpus.messages import gettext, ngettext
from corpus.messages.formats import grouped
from corpus.messages.reasons import reason_in_words
from corpus.metadata import disagreements
from corpus.settings import Settings, read_settings
from corpus.store import Store
from corpus.types import Copy, Document, Reading, TagEvidence
from corpus.vocabulary import Vocabulary, load_vocabulary
from pushcart.commands.documents import JsonOption
from pushcart.console import out, print_json
from pushcart.data_folder import open_records


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("show")(show)


def show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a document, as shown by `pushcart search`.")],
    page: Annotated[int | None, typer.Option(help="Print the text of this page, 1-based.", min=1)] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a document: its metadata, tags with their evidence, and origin; or the text of one page."""
    settings, vocabulary = read_settings(), load_vocabulary()
    with open_records(settings) as store:
        if as_json:
            _print_json(document_id, page, store=store, vocabulary=vocabulary, settings=settings)
            return
        if page is not None:
            out.print(escape(store.pages.get(document_id, page).text))
            return
        document = store.documents.get(document_id)
        copies = store.files.copies(document_id)
        reading = store.readings.get(document.sha256)
    _print_document(document, vocabulary)
    _print_disagreements(document)
    for copy in copies:
        _print_copy(copy)
    if reading is not None:
        message = _read_in_words(reading, pages_read=document.page_count)
        out.print(f"{gettext('Read'):<9}{escape(message)}")


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
    part = grouped(pages_read)
    read = ngettext("{part} of {count} page", "{part} of {count} pages", reading.page_total, part=part)
    return f"{outcome}, {read}. {reason_in_words(reading.reason)}".strip()


def _print_document(document: Document, vocabulary: Vocabulary) -> None:
    out.print(f"[bold]{escape(document.title)}[/]" + ("  [yellow](sample)[/]" if document.is_sample else ""))
    facts = {
        gettext("Authors"): "; ".join(document.authors),
        gettext("Publisher"): document.publisher,
        gettext("Date"): document.published,
        gettext("Language"): document.lang,
        gettext("Type"): document.type.replace("_", " "),
        gettext("Licence"): document.licence,
        gettext("Ids"): ", ".join(f"{name} {value}" for name, value in document.identifiers.items()),
        gettext("Seen"): f"{document.first_seen:%Y-%m-%d %H:%M} UTC",
    }
    for name, fact in facts.items():
        if fact:
            out.print(f"{name:<9}{escape(fact)}")
    for about in (True, False):
        kind = gettext("About") if about else gettext("Mentions")
        for tag in document.tags:
            if tag.about is about:
                label = vocabulary.label(tag.facet, tag.concept, "en")
                why = _why(tag.evidence[0]) if tag.evidence else ""
                weighed = f"{tag.facet}, {tag.weight:.2f}, {escape(why)}"
                out.print(f"{kind:<9}{escape(label)} [dim]{weighed}[/]")


def _why(evidence: TagEvidence) -> str:
    return gettext("p. {number}: {text}", number=evidence.page, text=evidence.words)


def _print_disagreements(document: Document) -> None:
    for each in disagreements(document.evidence):
        others = "; ".join(f"{other.value[:120]} ({other.origin})" for other in each.others)
        message = gettext(
            "{field} from {origin}; others say {others}",
            field=each.field,
            origin=str(each.chosen.origin),
            others=others,
        )
        out.print(f"[yellow]{gettext('But'):<9}[/]{escape(message)}")


def _print_copy(copy: Copy) -> None:
    fetched = copy.fetched
    seen = gettext(
        "first seen {first}, last {last}", first=f"{copy.first_seen:%Y-%m-%d}", last=f"{copy.last_seen:%Y-%m-%d}"
    )
    message = f"{fetched.source}, {gettext('record {id}', id=fetched.record)}" if fetched.record else fetched.source
    out.print(f"{gettext('From'):<9}{escape(fetched.url)} [dim]({escape(message)}; {seen})[/]")
    if len(copy.versions) > 1:
        days = ", ".join(f"{version.fetched_at:%Y-%m-%d} {version.sha256[:12]}" for version in copy.versions)
        kept = gettext("{count} versions, all kept: {days}", count=len(copy.versions), days=days)
        out.print(f"         [dim]{escape(kept)}[/]")
    if fetched.gone_at is not None:
        gone = gettext(
            "No longer at the publisher since {day}: {reason} Pushcart keeps its copy.",
            day=f"{fetched.gone_at:%Y-%m-%d}",
            reason=reason_in_words(fetched.gone_reason),
        )
        out.print(f"         [yellow]{escape(gone)}[/]")
