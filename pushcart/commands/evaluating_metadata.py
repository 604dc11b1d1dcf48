"""`pushcart evaluate metadata`: how well title, authors, date and the like are read from PDFs alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.messages import gettext
from corpus.settings import read_settings
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json

if TYPE_CHECKING:
    from evaluation.metadata import MetadataReport, Score

_SHOWN_CHARACTERS = 150


def metadata(
    labels: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Labels as JSON lines, one object per PDF; see docs/own-documents.md."),
    ],
    files: Annotated[Path | None, typer.Option(help="Folder of the PDFs; default: the folder of the labels.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="Also print where Pushcart is wrong.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure metadata read from PDFs alone, compared with two simple methods."""
    from evaluation.labels import read_labels
    from evaluation.metadata import evaluate

    report = evaluate(read_labels(labels, folder=files), settings=read_settings())
    if as_json:
        print_json(report.as_json())
    else:
        _print(report, errors=errors)


def _print(report: MetadataReport, *, errors: bool) -> None:
    from evaluation.metadata import FIELDS, WAYS

    titles = {"pushcart": "Pushcart", "properties": gettext("properties"), "largest": gettext("largest letters")}
    out.print(f"{'':<12}{gettext('files'):>6}" + "".join(f"{titles[way]:>26}" for way in WAYS))
    for name in FIELDS:
        scores = [report.scores[way].get(name) for way in WAYS]
        if scores[0] is not None:
            out.print(f"{name:<12}{scores[0].labelled:>6}" + "".join(f"{_row(score):>26}" for score in scores))
    note(
        gettext(
            "For each method: the share of files for which it is right and, in brackets, the share of its "
            "answers that are right. `properties` is the information dictionary of the file, `largest letters` "
            "those of its first page."
        )
    )
    for error in report.errors if errors else ():
        given, right = (value[:_SHOWN_CHARACTERS] or "-" for value in (error.given, error.labelled))
        out.print(f"{error.name}\n  {error.field}: {given}\n  {' ' * len(error.field)}  {right}", markup=False)


def _row(score: Score | None) -> str:
    return "-" if score is None else f"{score.share:.3f} ({score.given_right} of {score.given})"
