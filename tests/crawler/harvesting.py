"""Harvest the sample publisher in a test: one line for the source, one for the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.runs import HarvestRun
from corpus.settings import Settings
from crawler.run import harvest
from crawler.sources.load import parse_source
from crawler.sources.model import SourceFile

SAMPLE = """
slug = "{slug}"
name = "A Publisher"
protocol = "{protocol}"
start = ["{start}"]
languages = ["en", "es", "fr", "pt"]
{more}
[polite]
delay_seconds = 0
requests_at_once = 4
retries = 1
retry_gap_seconds = 0.05
timeout_seconds = {timeout}
allow_private = true
"""


def sample_source(
    start: str, *, slug: str = "a-publisher", protocol: str = "listing", more: str = "", timeout: float = 60.0
) -> SourceFile:
    """Return a source that is impatient and on this machine; `more` is TOML that follows the first keys."""
    text = SAMPLE.format(slug=slug, protocol=protocol, start=start, more=more, timeout=timeout)
    return parse_source(text, path=Path("a-publisher.toml"))


def harvested(source: SourceFile, settings: Settings, **others: Any) -> HarvestRun:
    """Harvest one source and return its report."""
    (run,) = harvest([source], settings=settings, on_progress=lambda progress: None, **others)
    return run
