"""`pushcart evaluate tags`: how well countries, sectors, worker groups and topics are tagged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.messages import gettext
from corpus.settings import read_settings
from corpus.vocabulary import load_vocabulary
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json

if TYPE_CHECKING:
    from evaluation.tags import FacetReport, TagError, TagScore, TagsReport

_WORST_CONCEPTS = 10
"""Of a facet, that are printed; `--json` has all."""


def tags(
    labels: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Labelled texts as JSON lines (or .gz); see docs/own-documents.md."),
    ],
    errors: Annotated[
        bool, typer.Option("--errors", help="Also print each wrong or missed tag with its sentence.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure tagging, compared with a plain search for the names of the vocabulary."""
    from evaluation.labelled_texts import read_labelled_texts
    from evaluation.tags import evaluate

    vocabulary = load_vocabulary()
    texts = read_labelled_texts(labels, vocabulary=vocabulary)
    report = evaluate(texts, vocabulary=vocabulary, processes=read_settings().worker_count)
    if as_json:
        print_json(report.as_json(with_errors=errors))
    else:
        _print(report, errors=errors)


def _print(report: TagsReport, *, errors: bool) -> None:
    heads = (gettext("precision"), gettext("recall"), "F1", gettext("right"), gettext("given"), gettext("labelled"))
    for facet, each in report.facets.items():
        out.print(f"\n[bold]{facet.value}[/]  " + gettext("Texts: {count}", count=each.texts), highlight=False)
        out.print(f"{'':<26}" + "".join(f"{head:>11}" for head in heads), highlight=False)
        for name, score in _rows(each):
            out.print(f"{name:<26}{_row(score)}", highlight=False)
        if each.primary_texts:
            share = each.primary_right / each.primary_texts
            out.print(
                gettext("Primary country right: {share} of {count}", share=f"{share:.3f}", count=each.primary_texts)
            )
        if each.empty:
            out.print(
                gettext(
                    "Texts without labels: {count}, of these tagged: {tagged}",
                    count=each.empty,
                    tagged=each.empty_tagged,
                )
            )
    note(
        gettext(
            "`plain` looks for the names of the vocabulary exactly as spelled. Below are the ten concepts with "
            "the most errors."
        )
    )
    for error in report.errors if errors else ():
        _print_error(error)


def _rows(report: FacetReport) -> list[tuple[str, TagScore]]:
    rows = [(gettext("all"), report.any)]
    if report.about_texts:
        rows.append((gettext("about"), report.about))
    rows.append((gettext("plain"), report.plain))
    if len(report.by_language) > 1:
        rows += sorted(report.by_language.items())
    wrongs = {name: score.given + score.labelled - 2 * score.right for name, score in report.by_concept.items()}
    worst = sorted((name for name, count in wrongs.items() if count), key=lambda name: (-wrongs[name], name))
    return rows + [(f"  {name}", report.by_concept[name]) for name in worst[:_WORST_CONCEPTS]]


def _row(score: TagScore) -> str:
    shares = "".join(f"{share:>11.3f}" for share in (score.precision, score.recall, score.f1))
    return shares + "".join(f"{count:>11}" for count in (score.right, score.given, score.labelled))


def _print_error(error: TagError) -> None:
    kind = gettext("missed") if error.is_missed else gettext("wrong")
    words = f" “{error.words}”" if error.words else ""
    out.print(f"\n{error.text_id} ({error.lang}): {kind} {error.facet.value} {error.concept}{words}", markup=False)
    out.print(f"  {error.sentence}", markup=False)
