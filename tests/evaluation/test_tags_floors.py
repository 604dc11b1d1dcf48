"""Floors of tags on texts that two people labelled; raised when it gets better, not lowered in passing.

The untouched third is for means only: its single texts are not looked at, and nothing is chosen by it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from evaluation.labelled_texts import read_labelled_texts
from evaluation.tags import TagsReport, evaluate
from tests.judged.tags.build import write

pytestmark = [pytest.mark.shared, pytest.mark.timeout(300)]

FLOORS: dict[tuple[str, str], dict[Facet, tuple[float, float]]] = {
    ("work", "documents"): {
        Facet.GROUP: (0.87, 0.87),
        Facet.SECTOR: (0.81, 0.73),
        Facet.TOPIC: (0.67, 0.68),
        Facet.COUNTRY: (0.87, 0.90),
    },
    ("untouched", "documents"): {
        Facet.GROUP: (0.83, 0.80),
        Facet.SECTOR: (0.79, 0.72),
        Facet.TOPIC: (0.60, 0.61),
        Facet.COUNTRY: (0.75, 0.81),
    },
    ("work", "passages"): {
        Facet.GROUP: (0.92, 0.92),
        Facet.SECTOR: (0.76, 0.73),
        Facet.TOPIC: (0.73, 0.74),
        Facet.COUNTRY: (0.86, 0.84),
    },
    ("untouched", "passages"): {
        Facet.GROUP: (0.90, 0.76),
        Facet.SECTOR: (0.73, 0.76),
        Facet.TOPIC: (0.62, 0.58),
        Facet.COUNTRY: (0.78, 0.80),
    },
}
"""By part and kind: the least precision and F1 of each facet, about and mentions together."""
ABOUT_FLOORS: dict[str, dict[Facet, float]] = {
    "work": {Facet.GROUP: 0.75, Facet.SECTOR: 0.78, Facet.TOPIC: 0.57, Facet.COUNTRY: 0.88},
    "untouched": {Facet.GROUP: 0.67, Facet.SECTOR: 0.74, Facet.TOPIC: 0.60, Facet.COUNTRY: 0.86},
}
"""By part: the least F1 of what documents are about."""
PRIMARY_FLOORS: dict[str, float] = {"work": 0.88, "untouched": 0.88}
TEXTS = {
    ("work", "documents"): 127,
    ("untouched", "documents"): 65,
    ("work", "passages"): 244,
    ("untouched", "passages"): 126,
}


@pytest.fixture(scope="module", params=sorted(TEXTS), ids="-".join)
def which(request: pytest.FixtureRequest) -> tuple[str, str]:
    part, kind = request.param
    return part, kind


@pytest.fixture(scope="module")
def measured(which: tuple[str, str], shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> TagsReport:
    part, kind = which
    path = write(tmp_path_factory.mktemp("labelled") / "labelled.jsonl", part, kind, shared=shared_data)
    vocabulary = load_vocabulary()
    return evaluate(read_labelled_texts(path, vocabulary=vocabulary), vocabulary=vocabulary)


def test_tags_are_as_right_as_they_were(which: tuple[str, str], measured: TagsReport) -> None:
    assert measured.texts == TEXTS[which]
    scores = {facet: measured.facets[facet].any for facet in FLOORS[which]}
    assert {
        facet: (score.precision, score.f1)
        for facet, score in scores.items()
        if score.precision < FLOORS[which][facet][0] or score.f1 < FLOORS[which][facet][1]
    } == {}


def test_what_a_document_is_about_is_told_as_well_as_it_was(which: tuple[str, str], measured: TagsReport) -> None:
    part, kind = which
    if kind == "passages":
        pytest.skip("nobody says what a passage is about")
    about = {facet: measured.facets[facet].about.f1 for facet in ABOUT_FLOORS[part]}
    assert {facet: f1 for facet, f1 in about.items() if f1 < ABOUT_FLOORS[part][facet]} == {}
    country = measured.facets[Facet.COUNTRY]
    assert country.primary_right / country.primary_texts >= PRIMARY_FLOORS[part]


def test_texts_without_workers_are_given_none(which: tuple[str, str], measured: TagsReport) -> None:
    groups = measured.facets[Facet.GROUP]
    assert groups.empty_tagged <= 0.12 * groups.empty
