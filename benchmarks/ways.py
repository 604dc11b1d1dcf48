"""Harvest the sample publisher in every way that it offers, three times: at first, at once again, and after one revision.

For each way: files, requests and bytes of the first harvest, and those of the later ones as a share of it.

Run: .venv/bin/python -m benchmarks.ways
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from corpus.runs import HarvestRun
from corpus.settings import Settings
from crawler.run import harvest
from tests.publisher import SamplePublisher
from tests.publisher.ways import WAYS

REVISED = "en-ghana-kayayei"


def measure(folder: Path) -> tuple[dict[str, HarvestRun], ...]:
    """Return the reports of three harvests, by way."""
    settings = Settings(data_dir=folder / "data")
    with SamplePublisher(pdf_folder=folder / "pdfs") as site:
        sources = [way.source(site.url, slug=slug) for slug, way in WAYS.items()]

        def harvested() -> dict[str, HarvestRun]:
            return {run.source: run for run in harvest(sources, settings=settings, on_progress=lambda _: None)}

        first, second = harvested(), harvested()
        site.collection.revise(REVISED)
        return first, second, harvested()


def main() -> None:
    """Print one line for each way."""
    with tempfile.TemporaryDirectory() as folder:
        first, second, revised = measure(Path(folder))
    for way, run in first.items():
        print(
            f"{way:16} {run.documents:3} files {run.requests:4} requests {run.bytes:8} bytes; "
            f"again: {_shares(second[way], run)}; one revised: {_shares(revised[way], run)}, {revised[way].changed} changed"
        )


def _shares(run: HarvestRun, first: HarvestRun) -> str:
    """Return requests and bytes of a run as shares of those of the first."""
    return f"{run.requests / max(1, first.requests):4.0%} of requests, {run.bytes / max(1, first.bytes):5.1%} of bytes"


if __name__ == "__main__":
    main()
