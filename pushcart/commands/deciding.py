"""`pushcart works join`, `split`, `undo` and `decisions`: what people decide on documents that may belong together."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from corpus.audit import Actor
from corpus.messages import gettext
from corpus.settings import read_settings
from corpus.store import Store
from corpus.works import Decision, DecisionKind, RelationKind
from curation.decisions import DecisionWanted, decide, undo
from curation.messages import RELATIONS
from pushcart.commands.curating import operator
from pushcart.commands.documents import JsonOption, end_behind, index_if_it_answers
from pushcart.console import out, print_json
from pushcart.data_folder import open_records

First = Annotated[str, typer.Argument(metavar="ID", help="Id of a document, or the address of its page.")]
Second = Annotated[str, typer.Argument(metavar="ID", help="Id of the other document, or the address of its page.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, for those who read the audit log later.")]
Person = Annotated[
    str, typer.Option(metavar="NAME", help="Who decided, for the audit log; default: your account on this machine.")
]


def add_to(group: typer.Typer) -> None:
    """Put the commands of this module on the group `works`."""
    group.command("join")(join)
    group.command("split")(split)
    group.command("undo")(undo_)
    group.command("decisions")(decisions)


def join(
    first: First,
    second: Second,
    reason: Reason,
    relation: Annotated[
        RelationKind,
        typer.Option("--as", help="How the two are related; for an extract, name the whole first."),
    ],
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Join two documents as copy, translation, edition, extract or part. This permanently overrides what is found in
    their texts."""
    _decide(DecisionWanted(DecisionKind.JOIN, first, second, relation, reason), by=operator(person), as_json=as_json)


def split(first: First, second: Second, reason: Reason, person: Person = "", as_json: JsonOption = False) -> None:
    """Separate two documents that are not copies or translations of each other. This permanently overrides what is
    found in their texts."""
    _decide(DecisionWanted(DecisionKind.SPLIT, first, second, None, reason), by=operator(person), as_json=as_json)


def _decide(wanted: DecisionWanted, *, by: Actor, as_json: bool) -> None:
    settings = read_settings()
    with open_records(settings) as store:
        made = decide(wanted, store=store, by=by)
        report = index_if_it_answers(store, settings=settings)
    if as_json:
        print_json(decision_body(made))
    else:
        print_decision(made)
    end_behind(report)


def undo_(
    decision: Annotated[
        int, typer.Argument(metavar="NUMBER", help="Number, as shown by `pushcart works decisions`.", min=1)
    ],
    reason: Reason,
    person: Person = "",
    as_json: JsonOption = False,
) -> None:
    """Undo a decision."""
    settings = read_settings()
    with open_records(settings) as store:
        logged = undo(decision, reason=reason, store=store, by=operator(person))
        report = index_if_it_answers(store, settings=settings)
    if as_json:
        from curation.api.audit_routes import AuditEntryBody  # FastAPI's models; text does not need them

        print_json(AuditEntryBody.of(logged).model_dump(mode="json"))
    else:
        number = logged.number
        out.print(gettext("Decision {id} is undone (no. {number} in the audit log).", id=decision, number=number))
    end_behind(report)


def decisions(
    document: Annotated[str, typer.Option(metavar="ID", help="Only decisions on this document.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List decisions in force, oldest first."""
    with open_records(read_settings()) as store:
        found = store.relations.decisions(document or None)
        if as_json:
            print_json([decision_body(each) for each in found])
            return
        titles = _titles(store, found)
    if not found:
        out.print(gettext("There are no decisions yet."))
    for each in found:
        print_decision(each)
        for document_id in (each.first, each.second):
            out.print(f"   [dim]{document_id}  {escape(titles.get(document_id, gettext('no longer here')))}[/]")
        out.print(f"   {escape(gettext('Reason: {reason}', reason=each.reason))}")


def decision_body(decision: Decision) -> dict[str, Any]:
    """Return a decision as `--json` prints it: as the API gives it."""
    from curation.api.decision_routes import DecisionBody  # FastAPI's models; text does not need them

    return DecisionBody.of(decision).model_dump(mode="json")


def _titles(store: Store, found: tuple[Decision, ...]) -> dict[str, str]:
    ids = sorted({each for decision in found for each in decision.pair})
    return {document_id: document.title for document_id, document in store.documents.in_brief(ids).items()}


def print_decision(decision: Decision) -> None:
    """Print a decision on one line."""
    text = gettext(RELATIONS[decision.relation]) if decision.relation else gettext("never copies or translations")
    line = f"{decision.first} {decision.second}: {text} ({decision.person}, {decision.at:%Y-%m-%d %H:%M} UTC)"
    out.print(f"[bold]{decision.id}[/]  {escape(line)}")
