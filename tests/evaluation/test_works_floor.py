"""How well documents are related must not get worse: on the judged pairs that are built in seconds, texts of UNDP's labs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluation.works import LabelledPair, WorksReport, evaluate
from tests.judged.works.build import HALVES, UNREAD, judged_pairs, rows

pytestmark = [pytest.mark.shared, pytest.mark.timeout(300)]

SLOW_STEPS = {"reflow", "scan", "drawn"}
"""They make PDFs, which are read for seconds each."""


def is_quick(document: dict[str, Any]) -> bool:
    return "undp" in document["from"] and not any(step["step"] in SLOW_STEPS for step in document.get("make", ()))


@pytest.fixture(scope="module")
def report(shared_data: Path) -> WorksReport:
    pairs = []
    for half in (half for half in HALVES if half not in UNREAD):
        quick = {row["id"] for row in rows(half, "documents") if is_quick(row)}
        wanted = {row["id"] for row in rows(half, "pairs") if row["first"] in quick and row["second"] in quick}
        pairs += [
            LabelledPair(each.id, each.kind, each.first, each.second, each.also)
            for each in judged_pairs(half, shared=shared_data, only=wanted)
        ]
    return evaluate(pairs)


def test_more_than_a_hundred_pairs_are_judged(report: WorksReport) -> None:
    assert report.pairs > 100


def test_no_edition_is_folded(report: WorksReport) -> None:
    assert report.editions_folded == 0


@pytest.mark.parametrize(
    ("kind", "precision", "recall"),
    [("copy", 0.99, 0.95), ("translation", 0.99, 0.0), ("edition", 0.95, 0.9), ("extract", 0.85, 0.9)],
)
def test_each_kind_keeps_its_precision_and_recall(
    report: WorksReport, kind: str, precision: float, recall: float
) -> None:
    score = report.scores[kind]
    assert (score.precision >= precision, score.recall >= recall) == (True, True), (score, report.errors)
