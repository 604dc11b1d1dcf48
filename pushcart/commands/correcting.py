"""`pushcart corrections`: what people correct on documents, undone by one step, and exported as gold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from corpus.corrections import Correction, CorrectionKind
from corpus.errors import BadInput
from corpus.messages import gettext, ngettext, sentence
from corpus.settings import read_settings
from curation.corrections import CorrectionWanted, correct, undo_correction, undo_last
from curation.messages import CORRECTED, MENTION, NOTHING
from pushcart.commands.curating import operator
from pushcart.commands.deciding import Person, Reason
from pushcart.commands.documents import JsonOption, end_behind, index_if_it_answers
from pushcart.console import note, out, print_json
from pushcart.data_folder import open_records
from pushcart.output import to_output

Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Id of a document, or the address of its page.")]
TagArgument = Annotated[
    str,
    typer.Argument(
        metavar="TAG", help="FACET:ID such as group:street_vendors, or a name in any of the four languages."
    ),
]
About = Annotated[
    bool | None,
    typer.Option("--about/--mention", help="Whether the document is about it or mentions it; default: unchanged."),
]

app = typer.Typer(
    help="Correct tags, title, authors, date and countries of documents. Corrections stay until they are undone.",
    no_args_is_help=True,
)


def register(parent: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    parent.add_typer(app, name="corrections")


@app.command("accept")
def accept(
    document: Document,
    tag: TagArgument,
    reason: Reason,
    about: About = None,
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Confirm a tag, so that it stays even if later taggers no longer find it."""
    wanted = CorrectionWanted(CorrectionKind.ACCEPT, document, reason, tag=tag, about=about)
    _correct(wanted, person=person, as_json=as_json)


@app.command("reject")
def reject(
    document: Document, tag: TagArgument, reason: Reason, person: Person = "", as_json: JsonOption = False
) -> None:
    """Remove a wrong tag, whatever later taggers find."""
    wanted = CorrectionWanted(CorrectionKind.REJECT, document, reason, tag=tag)
    _correct(wanted, person=person, as_json=as_json)


@app.command("add")
def add(
    document: Document,
    tag: TagArgument,
    reason: Reason,
    about: About = True,
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Add a tag that is missing."""
    wanted = CorrectionWanted(CorrectionKind.ADD, document, reason, tag=tag, about=about)
    _correct(wanted, person=person, as_json=as_json)


@app.command("title")
def title(
    document: Document,
    words: Annotated[str, typer.Argument(metavar="TITLE", help="As printed on the publication.")],
    reason: Reason,
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Correct the title."""
    wanted = CorrectionWanted(CorrectionKind.TITLE, document, reason, values=(words,))
    _correct(wanted, person=person, as_json=as_json)


@app.command("authors")
def authors(
    document: Document,
    reason: Reason,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="All authors in order; none given: the document has none."),
    ] = None,
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Replace the list of authors."""
    wanted = CorrectionWanted(CorrectionKind.AUTHORS, document, reason, values=tuple(names or ()))
    _correct(wanted, person=person, as_json=as_json)


@app.command("date")
def date(
    document: Document,
    reason: Reason,
    day: Annotated[str, typer.Argument(metavar="DATE", help="2019, 2019-05 or 2019-05-03; left out: unknown.")] = "",
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Correct the date of publication."""
    wanted = CorrectionWanted(CorrectionKind.DATE, document, reason, values=(day,))
    _correct(wanted, person=person, as_json=as_json)


@app.command("country")
def country(
    document: Document,
    reason: Reason,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COUNTRY...", help="Countries by code or name, the primary one first; none given: it is about none."
        ),
    ] = None,
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Replace the countries that a document is about. Others that were found stay as mentions."""
    wanted = CorrectionWanted(CorrectionKind.COUNTRY, document, reason, values=tuple(names or ()))
    _correct(wanted, person=person, as_json=as_json)


@app.command("undo")
def undo(
    reason: Reason,
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="Number, as shown by `pushcart corrections list`.", min=1)
    ] = None,
    last_of: Annotated[
        str,
        typer.Option("--last-of", metavar="DOCUMENT", help="Undo the last correction of this document instead."),
    ] = "",
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Undo a correction and restore the previous value."""
    if (number is None) is not bool(last_of):
        raise BadInput(
            sentence("Nothing to undo was named."),
            try_next=sentence("Give the number of a correction, or --last-of and a document."),
        )
    settings = read_settings()
    with open_records(settings) as store:
        if number is None:
            logged = undo_last(last_of, reason=reason, store=store, by=operator(person))
        else:
            logged = undo_correction(number, reason=reason, store=store, by=operator(person))
        report = index_if_it_answers(store, settings=settings)
    if as_json:
        from curation.api.audit_routes import AuditEntryBody  # FastAPI's models; text does not need them

        print_json(AuditEntryBody.of(logged).model_dump(mode="json"))
    else:
        undone = logged.entry.subject.partition(":")[2]
        out.print(
            gettext("Correction {id} is undone (no. {number} in the audit log).", id=undone, number=logged.number)
        )
    end_behind(report)


@app.command("list")
def list_(
    document: Annotated[str, typer.Option(metavar="ID", help="Only corrections of this document.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Corrections to show, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List corrections that were not undone, newest first. The later of two corrections of the same tag or field
    applies."""
    with open_records(read_settings()) as store:
        found = store.corrections.newest(limit=limit, document=document)
        held = store.documents.in_brief(sorted({each.document for each in found}))
    if as_json:
        print_json([_body(each) for each in found])
        return
    if not found:
        out.print(gettext("There are no corrections yet."))
    for each in found:
        _print(each)
        name = held[each.document].title if each.document in held else gettext("no longer here")
        out.print(f"   [dim]{each.document}  {escape(name)}[/]")
        out.print(f"   {escape(gettext('Reason: {reason}', reason=each.reason))}")


@app.command("export")
def export(
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write; it is never left incomplete.", dir_okay=False)
    ] = None,
) -> None:
    """Print corrected documents with their tags and texts as JSON lines, which `pushcart evaluate tags` reads.

    For each facet with at least one correction, all current tags are printed. `judged` has the corrections
    themselves.
    """
    import json

    from curation.gold import gold_records

    with open_records(read_settings()) as store:
        count = 0
        with to_output(output) as put:
            for record in gold_records(store):
                put(f"{json.dumps(record, ensure_ascii=False)}\n")
                count += 1
    note(ngettext("{count} corrected document.", "{count} corrected documents.", count))


def _correct(wanted: CorrectionWanted, *, person: str, as_json: bool) -> None:
    from corpus.vocabulary import load_vocabulary

    settings = read_settings()
    with open_records(settings) as store:
        made = correct(wanted, store=store, vocabulary=load_vocabulary(), by=operator(person))
        report = index_if_it_answers(store, settings=settings)
    if as_json:
        print_json(_body(made))
    else:
        _print(made)
    end_behind(report)


def _body(correction: Correction) -> dict[str, Any]:
    """Return a correction as `--json` prints it: as the API gives it."""
    from curation.api.correction_routes import CorrectionBody  # FastAPI's models; text does not need them

    return CorrectionBody.of(correction).model_dump(mode="json")


def _print(correction: Correction) -> None:
    """Print a correction on one line."""
    what = correction.subject if correction.facet else "; ".join(correction.values) or gettext(NOTHING)
    if correction.facet and correction.kind is not CorrectionKind.REJECT and not correction.about:
        what = f"{what}, {gettext(MENTION)}"
    words = gettext(CORRECTED[correction.kind])
    text = f"{words}: {what} ({correction.person}, {correction.at:%Y-%m-%d %H:%M} UTC)"
    out.print(f"[bold]{correction.id}[/]  {escape(f'{correction.document} {text}')}")
