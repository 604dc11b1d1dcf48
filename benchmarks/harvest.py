"""Measure the harvest of the sample publisher over loopback: first and second run, documents, requests, bytes.

Run: .venv/bin/python -m benchmarks.harvest [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from corpus.runs import HarvestRun
from corpus.settings import Settings
from crawler.run import harvest
from crawler.sources.load import load_sources
from tests.publisher import SamplePublisher


def measure() -> tuple[HarvestRun, HarvestRun]:
    """Return the reports of a first and a second harvest into an empty data folder."""
    with tempfile.TemporaryDirectory() as folder, SamplePublisher() as site:
        settings = Settings(data_dir=Path(folder))
        declared = next(source for source in load_sources(settings) if source.is_sample)
        source = declared.model_copy(update={"start": (f"{site.url}/publications",)})
        _warm_up(site)
        first, second = (harvest([source], settings=settings, on_progress=lambda _: None)[0] for _ in range(2))
        return first, second


def _warm_up(site: SamplePublisher) -> None:
    """Make the publisher typeset its PDFs once: their making is no part of a harvest."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        declared = next(source for source in load_sources(settings) if source.is_sample)
        source = declared.model_copy(update={"start": (f"{site.url}/publications",)})
        harvest([source], settings=settings, on_progress=lambda _: None)


def main() -> None:
    """Print one line for the first runs and one for the second ones."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    pairs = [measure() for _ in range(repeats)]
    for name, runs in (("first", [first for first, _ in pairs]), ("second", [second for _, second in pairs])):
        seconds = statistics.median(run.seconds for run in runs)
        run = runs[0]
        print(
            f"{name:6}  {run.documents} files in {seconds:.2f} s (median of {repeats}): {run.documents / seconds:.0f} files/s, "
            f"{run.requests / seconds:.0f} requests/s; {run.requests} requests, {run.not_modified} answered 304, "
            f"{run.bytes} bytes; {run.new} new, {run.unchanged} unchanged, {run.failed} failed"
        )


if __name__ == "__main__":
    main()
