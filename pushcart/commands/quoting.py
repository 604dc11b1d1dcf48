"""`pushcart quotes`: which quotations and citations of a text are in the documents that are held."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from corpus.errors import BadInput
from corpus.messages import gettext, ngettext, sentence
from corpus.settings import Settings, read_settings
from corpus.vocabulary import load_vocabulary
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json
from pushcart.data_folder import open_records

if TYPE_CHECKING:
    from search_api.quotes.cited import CheckedCitation
    from search_api.quotes.drafts import DraftQuote


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("quotes")(quotes)


def quotes(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="Plain text, Word (DOCX), PDF or HTML; - reads text from standard input."
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Check the quotes of a text: each quotation and citation is found, different or unknown. The text is kept nowhere."""
    from search_api.answers.collection import collection_coverage
    from search_api.api.quote_bodies import QuotesBody
    from search_api.engines.opening import open_engine
    from search_api.quotes.checking import QuoteVerdict
    from search_api.quotes.drafts import DraftChecker

    settings = read_settings()
    text = _text_of(file, settings=settings)
    with open_records(settings) as store, closing(open_engine(settings, vocabulary=load_vocabulary())) as engine:
        draft = DraftChecker(engine=engine, store=store).check(text)
        coverage = collection_coverage(engine, store)
    if as_json:
        print_json(QuotesBody.of(draft, coverage=coverage, host="").model_dump(mode="json"))
        return
    for quote in draft.quotes:
        _print_quote(quote)
    for citation in draft.citations:
        _print_citation(citation)
    note(
        gettext(
            "{quotations}: {found} found, {different} different, {unknown} unknown.",
            quotations=ngettext("{count} quotation", "{count} quotations", len(draft.quotes)),
            found=draft.count(QuoteVerdict.FOUND),
            different=draft.count(QuoteVerdict.DIFFERENT),
            unknown=draft.count(QuoteVerdict.UNKNOWN),
        )
    )
    left_out = draft.quotes_left_out + draft.citations_left_out
    if left_out:
        note(
            ngettext(
                "{count} more was not looked up: send the rest of the text by itself.",
                "{count} more were not looked up: send the rest of the text by itself.",
                left_out,
            )
        )


def _text_of(file: str, *, settings: Settings) -> str:
    if file == "-":
        return sys.stdin.read()
    from nlp.reading.drafts import FILE_BYTES_MAX, draft_text

    try:
        with Path(file).open("rb") as opened:
            content = opened.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise BadInput(
            sentence("The file {file} cannot be read: {reason}.", file=file, reason=error.strerror or str(error)),
            try_next=sentence("Give the path of a text, or - and the text on standard input."),
        ) from error
    return draft_text(content, settings=settings)


def _print_quote(quote: DraftQuote) -> None:
    from search_api.quotes.showing import differences_of, printed_pieces

    checked = quote.checked
    words = " ".join(checked.text.split())
    out.print(f"[bold]{checked.verdict.upper()}[/]  {escape(words)}")
    if checked.place is None:
        return
    place = checked.place
    where = gettext("page {number}", number=place.page)
    out.print(f"   {escape(place.document.title)}, {where}  (pushcart show {place.document.id} --page {place.page})")
    if not place.differences:
        return
    printed = "".join(
        f"[bold]{escape(text)}[/]" if is_other else escape(text) for text, is_other in printed_pieces(checked)
    )
    out.print(f"   {printed}")
    for each in differences_of(checked):
        out.print(f"   {each.kind}: {escape(each.quoted or '—')} → {escape(each.printed or '—')}")


def _print_citation(checked: CheckedCitation) -> None:
    out.print(f"[bold]{checked.verdict.upper()}[/]  {escape(checked.citation.text)}")
    for document in checked.documents:
        out.print(f"   {document.id}  {escape(document.title)}")
