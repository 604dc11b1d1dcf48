"""`pushcart evaluate reading`: how well and how fast PDFs are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.messages import gettext
from corpus.settings import read_settings
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json

if TYPE_CHECKING:
    from evaluation.reading import ReadingReport


def register(parent: typer.Typer) -> None:
    """Put the command of this module on the app."""
    parent.command("reading")(reading)


def reading(
    pdf_folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With PDFs.")],
    text_folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="With the publisher's own text: x.txt for x.pdf.")
    ],
    errors: Annotated[
        bool, typer.Option("--errors", help="List the numbers that pypdfium2 finds on a page and Pushcart does not.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure the reading of PDFs, compared with pypdfium2 and pdfminer.six. Nothing is saved."""
    from evaluation.reading import evaluate_reading

    report = evaluate_reading(pdf_folder, text_folder, settings=read_settings(), others=errors or not as_json)
    if as_json:
        print_json(report.as_json())
        return
    _print(report)
    if errors:
        _print_lacking_numbers(report)


def _print(report: ReadingReport) -> None:
    out.print("".join(f"{run.name:>14}" for run in report.runs))
    for name, agreements in report.agreements.items():
        out.print("".join(f"{each:>14.4f}" for each in agreements) + f"  {name}", markup=False)
    means = "".join(f"{report.mean(place):>14.4f}" for place in range(len(report.runs)))
    out.print(f"{means}  {gettext('mean')}")
    speeds = "".join(f"{run.pages_per_second:>14.0f}" for run in report.runs)
    out.print(f"{speeds}  {gettext('pages per second')}")
    note(
        gettext(
            "Agreement with the publisher's text: F1 of the bags of words. A word that is broken at a line end "
            "in that text and joined by a reader counts as found. The time includes starting Pushcart's "
            "processes, but not those of the other readers."
        )
    )


def _print_lacking_numbers(report: ReadingReport) -> None:
    from evaluation.reading import lacking_numbers

    for name, page, lacking, own in lacking_numbers(report.runs[0], beside=report.runs[1]):
        there, here = " ".join(lacking.elements()), " ".join(own.elements())
        out.print(f"{name[:60]}  p. {page}  {there}  |  {here}", markup=False)
