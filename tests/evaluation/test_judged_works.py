"""The judged pairs of documents: their rows fit together, and their documents are made the same each time."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.judged.works.build import HALVES, Missing, judged_pairs, rows
from tests.judged.works.making import STEPS, Material, make

KINDS = {"copy", "extract", "edition", "translation", "sibling", "unrelated"}
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "pages": {"first": 2, "last": 3},
    "cut": {"share": 0.6},
    "part": {"start": 0.2, "end": 0.7},
    "cover": {"seed": 1, "style": "repository"},
    "front": {"seed": 1, "leave_out": 1},
    "reflow": {"size": "A5", "points": 9, "columns": 2},
    "html": {"site": "Knowledge Hub"},
    "text": {"width": 60},
    "scan": {"count": 1},
    "drawn": {"lines": ["Annual Report", "Ministry of Labour"]},
    "ocr": {"seed": 1, "rate": 0.02},
    "numbers": {"seed": 1, "rate": 1.0, "years": 1},
    "revise": {"seed": 1, "rate": 0.2, "note": "Second edition"},
    "swap": {"words": {"Benin": "Togo"}, "seed": 1, "rate": 0.9},
    "press": {"seed": 1, "sentences": 3},
}
_SENTENCE = "In 2014, 1,234 domestic workers of Benin were asked about wages, hours and the way to work by the survey."


def _report() -> Material:
    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    for page in range(1, 5):
        for line in range(20):
            canvas.drawString(40, 780 - line * 20, f"{_SENTENCE} Line {page}{line:02}.")
        canvas.showPage()
    canvas.save()
    return Material(written.getvalue(), "pdf", "Domestic workers of Benin")


def _words(material: Material) -> str:
    return " ".join(" ".join(material.pages()).split())


@pytest.mark.parametrize("half", HALVES)
def test_every_pair_names_two_documents_of_its_half_and_a_known_kind(half: str) -> None:
    documents = {row["id"] for row in rows(half, "documents")}
    pairs = rows(half, "pairs")
    assert all({pair["first"], pair["second"]} <= documents and pair["kind"] in KINDS for pair in pairs)
    assert all(set(pair.get("also", ())) <= KINDS | {"none"} for pair in pairs)
    assert max(Counter(pair["id"] for pair in pairs).values()) == 1


@pytest.mark.parametrize(("one", "other"), list(combinations(HALVES, 2)))
def test_no_original_is_in_two_halves(one: str, other: str) -> None:
    assert not _originals(one) & _originals(other)


def _originals(half: str) -> set[str]:
    """Return what each original is known by: its hash, also when it is found at several addresses."""
    places = (row["from"] for row in rows(half, "documents"))
    return {place.get("blob") or place["sha256"] for place in places}


@pytest.mark.parametrize("half", HALVES)
def test_a_half_has_more_pairs_that_look_foldable_and_are_not_than_pairs_to_fold(half: str) -> None:
    kinds = Counter(pair["kind"] for pair in rows(half, "pairs"))
    assert kinds["sibling"] + kinds["edition"] > kinds["copy"] + kinds["translation"]


@pytest.mark.parametrize("half", HALVES)
def test_pairs_are_of_one_group_unless_they_were_drawn_at_random(half: str) -> None:
    group = {row["id"]: row["group"] for row in rows(half, "documents")}
    for pair in rows(half, "pairs"):
        is_one = group[pair["first"]] == group[pair["second"]]
        assert is_one == (pair["kind"] != "unrelated") or _is_of_diagnostics(pair), pair["id"]


def _is_of_diagnostics(pair: dict[str, Any]) -> bool:
    """Systematic country diagnostics are one series, and each country a group: they are in both halves."""
    return pair["how"] == "two countries of one series of the World Bank"


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_step_makes_the_same_bytes_each_time(name: str) -> None:
    step = {"step": name, **_ARGUMENTS.get(name, {})}
    assert make(_report(), [step]).content == make(_report(), [step]).content


def test_a_pdf_saved_anew_has_other_bytes_and_the_same_words() -> None:
    made = make(_report(), [{"step": "resave"}])
    assert made.content != _report().content
    assert _words(made) == _words(_report())


def test_a_scan_has_no_text() -> None:
    assert _words(make(_report(), [{"step": "scan", "count": 2}])) == ""


def test_the_next_issue_of_a_bulletin_has_the_same_words_other_numbers_and_the_next_year() -> None:
    made = _words(make(_report(), [{"step": "numbers", "seed": 5, "rate": 1.0, "years": 1}]))
    assert "domestic workers of Benin were asked about wages" in made
    assert "2015" in made
    assert "2014" not in made
    assert "1,234" not in made


def test_a_template_is_filled_in_for_another_country() -> None:
    made = _words(make(_report(), [{"step": "swap", "words": {"Benin": "Togo"}, "seed": 1, "rate": 0.0}]))
    assert "Togo" in made
    assert "Benin" not in made


def test_documents_whose_original_is_not_on_this_machine_are_left_out_and_told(tmp_path: Path) -> None:
    missing = Missing({})
    pairs = list(
        judged_pairs("work", shared=tmp_path, mirrors=tmp_path, cache_folder=tmp_path / "cache", missing=missing)
    )
    assert pairs == []
    assert missing.pairs == len(rows("work", "pairs"))
    assert len(missing.documents) == len(rows("work", "documents"))
