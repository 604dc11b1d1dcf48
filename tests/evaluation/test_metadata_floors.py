"""Floors of what is told of PDFs alone, on labels that were made before; raised when it gets better, not lowered in passing.

Of each PDF the first twelve pages are read: title page and imprint stand there, and the test ends in seconds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.settings import Settings
from evaluation.labels import read_labels
from evaluation.metadata import MetadataReport, evaluate

JUDGED = Path(__file__).resolve().parents[1] / "judged" / "metadata"
PAGES = 12

pytestmark = [pytest.mark.shared, pytest.mark.timeout(300)]

FLOORS: dict[str, dict[str, float]] = {
    "work": {},
    "untouched": {},
}
"""Share right, by field; a file less than what was measured."""


@pytest.fixture(scope="module", params=sorted(FLOORS))
def measured(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> MetadataReport:
    labels = read_labels(JUDGED / f"shared-{request.param}.jsonl", folder=shared_data)
    settings = Settings(data_dir=tmp_path_factory.mktemp("scratch"), workers=2, read_pages_max=PAGES)
    report = evaluate(labels, settings=settings)
    report.part = request.param
    return report
