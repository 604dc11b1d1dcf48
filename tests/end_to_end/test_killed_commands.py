"""A command that is killed at any moment and run again ends like one that nobody disturbed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kill import STEPS, Harness, choose_documents, differences, kept_in, moments

ROUNDS = 2


@pytest.fixture(scope="module")
def harness(sample_pdfs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    """Return the harness over a few sample PDFs, one of them there twice."""
    scratch = tmp_path_factory.mktemp("kill")
    documents = choose_documents(sample_pdfs, scratch / "documents", count=8)
    yield Harness(documents, scratch=scratch)
    shutil.rmtree(scratch)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_and_run_again_ends_like_an_undisturbed_run(harness: Harness, step: str) -> None:
    for at_seconds in moments(harness.seconds[step], rounds=ROUNDS, chance=random.Random(step)):
        ended = harness.round(step, at_seconds=at_seconds)
        assert ended.rerun_code == 0, ended
        assert ended.differences == [], ended
        assert ended.left_behind == 0, ended


@pytest.mark.slow
def test_the_comparison_sees_a_document_that_is_missing_or_altered(harness: Harness) -> None:
    complete = kept_in(harness.scratch / "undisturbed")
    rows = complete.tables["documents"]
    lost = type(complete)(complete.tables | {"documents": rows[1:]}, complete.files, complete.answers)
    doubled = type(complete)(complete.tables | {"documents": [*rows, rows[0]]}, complete.files, complete.answers)
    assert differences(complete, expected=harness.expected) == []
    assert any("missing" in line for line in differences(lost, expected=harness.expected))
    assert any("expected" in line for line in differences(doubled, expected=harness.expected))
    assert len(rows) == 8
    assert len(complete.tables["fetched_files"]) == 9
