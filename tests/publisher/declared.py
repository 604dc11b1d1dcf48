"""Declared source files as tests can run them: the same rules, over http, and two hundred times as fast."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.sources.load import parse_source
from crawler.sources.model import SourceFile

SOURCES = Path(__file__).resolve().parents[2] / "crawler" / "sources" / "builtin"
FASTER = 200
"""The delays of the declared file, and the Crawl-delay of a site, are divided by this."""


def hurried(slug: str) -> str:
    """Return the text of a declared source file with http for https, short delays, and no hours of the day."""
    text = (SOURCES / f"{slug}.toml").read_text(encoding="utf-8").replace("https://", "http://")
    text = re.sub(r"(?m)^(hours|time_zone) = .*\n", "", text)
    delay = re.compile(r"(?m)^delay_seconds = ([\d.]+)$")
    assert delay.search(text), f"{slug} declares no delay"
    return delay.sub(lambda found: f"delay_seconds = {float(found[1]) / FASTER}\nretry_gap_seconds = 0.05", text)


def declared(slug: str) -> SourceFile:
    """Return a declared source as tests can run it."""
    return parse_source(hurried(slug), path=Path(f"{slug}.toml"))
