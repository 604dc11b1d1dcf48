"""`pushcart works`: what documents are to each other, and a person's word on it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from corpus.messages import gettext, ngettext
from corpus.messages.relations import confidence_in_words, evidence_in_words, kind_in_words
from corpus.settings import read_settings
from corpus.works import Relation, RelationKind
from pushcart.commands.deciding import add_to, decision_body, print_decision
from pushcart.commands.documents import JsonOption, end_behind, index_if_it_answers
from pushcart.console import meter, note, out, print_json
from pushcart.data_folder import open_records
from pushcart.lock import only_one

app = typer.Typer(
    help="Show and correct which documents are copies, translations, editions and extracts of each other.",
    no_args_is_help=True,
)

DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="Id of a document, as shown by `pushcart search`.")
]


def register(parent: typer.Typer) -> None:
    """Put the commands of this module, and those that decide, on the app."""
    add_to(app)
    parent.add_typer(app, name="works")


@app.command("list")
def list_relations(
    kind: Annotated[RelationKind | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Maximum number to show.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List relations as they were found, before decisions by people."""
    with open_records(read_settings()) as store:
        found = store.relations.found(kind=kind, limit=limit)
        total = sum(count for each, count in store.relations.counts().items() if kind in (None, each))
        held = store.documents.in_brief(list({each for pair in found for each in (pair.first, pair.second)}))
    if as_json:
        print_json([_body(each) for each in found])
        return
    for each in found:
        out.print(f"[bold]{kind_in_words(each, seen_from=each.first)}[/], {confidence_in_words(each)}")
        for document in (each.first, each.second):
            out.print(f"   {document}  {escape(held[document].title if document in held else '')}")
    note(ngettext("{count} relation in all.", "{count} relations in all.", total))


@app.command("show")
def show(document: DocumentArgument, as_json: JsonOption = False) -> None:
    """Show the related documents of a document, with evidence, groups and decisions."""
    with open_records(read_settings()) as store:
        held = store.documents.get(document)
        relations = store.relations.of(document)
        titles = {
            each.id: each.title for each in store.documents.in_brief([r.other(document) for r in relations]).values()
        }
        decided = store.relations.decisions(document)
    if as_json:
        groups = {"work": held.work, "fold": held.fold, "copies": held.copies}
        found = [_body(each) for each in relations]
        print_json(
            {
                "document": document,
                **groups,
                "relations": found,
                "decisions": [decision_body(each) for each in decided],
            }
        )
        return
    out.print(f"{document}  {escape(held.title)}")
    for each in relations:
        other = each.other(document)
        words = kind_in_words(each, seen_from=document)
        out.print(f"\n{other}  {escape(titles.get(other, ''))}\n  {words}, {confidence_in_words(each)}")
        for evidence in each.evidence:
            out.print(f"  - {escape(evidence_in_words(evidence))}")
    if not relations:
        out.print(gettext("It is not related to any other document."))
    for decision in decided:
        print_decision(decision)


@app.command("rebuild")
def rebuild(as_json: JsonOption = False) -> None:
    """Find all relations between documents again. Decisions stay; without changes the result is the same."""
    from nlp.works import relate_waiting

    settings = read_settings()
    with open_records(settings) as store, only_one(settings.data_dir, "process"):
        total = store.relations.mark_all()
        with meter(gettext("Relating"), total=total) as progress:
            related = relate_waiting(store, on_related=progress.advance)
        counts = {kind.value: count for kind, count in store.relations.counts().items()}
        report = index_if_it_answers(store, settings=settings)
    if as_json:
        print_json({"related": related, "relations": counts})
        return
    out.print(ngettext("Related {count} document.", "Related {count} documents.", related))
    for kind, count in counts.items():
        out.print(f"  {kind:<11} {count}")
    end_behind(report)


def _body(relation: Relation) -> dict[str, Any]:
    return {
        "first": relation.first,
        "second": relation.second,
        "kind": relation.kind.value,
        "confidence": relation.confidence,
        "confidence_words": confidence_in_words(relation),
        "evidence": [
            {"kind": each.kind.value, "detail": dict(each.detail), "words": evidence_in_words(each)}
            for each in relation.evidence
        ],
    }
