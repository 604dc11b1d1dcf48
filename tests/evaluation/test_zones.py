"""How the zones of pages are measured, and the floors of those of real documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.zones import ZoneSpan
from evaluation.zones import (
    LOST,
    LabelledLine,
    LabelledPage,
    ZoneReport,
    compare,
    files_by_sha1,
    kinds_found,
    labels_of,
    measure,
    read_labels,
)
from tests.builders import zoned_page

JUDGED = Path(__file__).resolve().parents[1] / "judged" / "zones"


def labelled(*lines: tuple[str, str], also: dict[str, list[str]] | None = None) -> LabelledPage:
    """Return a page with lines labelled so."""
    (row,) = labels_of([{"sha1": "0", "page": 1, "lines": [list(line) for line in lines], "also": also or {}}])
    assert isinstance(row["lines"], list)
    return LabelledPage(
        "0", 1, tuple(LabelledLine(n, crc, kind, *map(tuple, more)) for n, crc, kind, *more in row["lines"])
    )


PAGE = zoned_page(
    1, (Zone.RUNNING, "Vendors 12"), (Zone.BODY, "In 12 of the cities\nthey pay a fee."), (Zone.TABLE, "Accra  12")
)


def test_lines_are_found_again_by_their_letters_in_whatever_order() -> None:
    page = labelled(("Accra 12", "table"), ("they pay a fee.", "body"), ("Vendors 12", "running"), ("gone", "body"))
    assert kinds_found(page.lines, PAGE) == ["table", "body", "running", LOST]


def test_a_short_line_is_not_found_inside_one_that_another_label_has() -> None:
    page = labelled(("12", "table"), ("Vendors 12", "running"), ("In 12 of the cities", "body"), ("Accra", "table"))
    assert kinds_found(page.lines, PAGE)[0] == "table"


def test_precision_and_recall_are_of_lines_and_a_further_kind_is_right_too() -> None:
    report = ZoneReport()
    lines = (
        ("Vendors 12", "running"),
        ("In 12 of the cities", "table"),
        ("they pay a fee.", "annex"),
        ("Accra 12", "table"),
    )
    compare(labelled(*lines, also={"2": ["body"]}), PAGE, report=report)
    assert (report.lines, report.accuracy) == (4, 0.75)
    assert (report.precision("table"), report.recall("table")) == (1.0, 0.5)
    assert (report.precision("body"), report.recall("body")) == (0.5, 1.0)
    assert (report.precision("menu"), report.recall("menu")) == (1.0, 1.0)


def test_zones_of_boilerplate_count_as_imprint_which_labels_call_it() -> None:
    page = Page(1, "Public", (ZoneSpan(Zone.BOILERPLATE, 0, 6),))
    assert kinds_found(labelled(("Public", "imprint")).lines, page) == ["imprint"]


def test_labels_hold_no_text() -> None:
    (row,) = labels_of([{"sha1": "0", "page": 1, "lines": [["Street vendors", "title"]], "also": {}}])
    assert "Street" not in str(row)


ACCURACY = 0.975
"""Of 693 lines of 16 pages; measured 0.99."""
LEAST = {
    "body": (0.97, 0.97), "caption": (0.93, 0.97), "contents": (0.98, 0.98), "figure": (0.98, 0.98), "footnote": (0.95, 0.87),
    "imprint": (0.98, 0.98), "references": (0.98, 0.98), "running": (0.98, 0.98), "table": (0.98, 0.98),
}  # fmt: skip
"""Precision and recall of the kinds that have twenty lines or more."""


@pytest.mark.shared
def test_zones_of_labelled_pages_are_above_their_floors(shared_data: Path) -> None:
    files = files_by_sha1([shared_data / "pdf-policy", shared_data / "pdf-tables"])
    short = {sha1: path for sha1, path in files.items() if path.parent.name != "gld"}  # three with hundreds of pages
    report = measure(read_labels(JUDGED / "work.jsonl"), short)
    assert report.lines > 650
    assert report.accuracy >= ACCURACY
    measured = {kind: (report.precision(kind), report.recall(kind)) for kind in LEAST}
    assert {kind: found for kind, found in measured.items() if found < LEAST[kind] or found[1] < LEAST[kind][1]} == {}
