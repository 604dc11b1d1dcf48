"""Weigh the pages and time them: bytes as they are and as they travel, and the median time of an answer.

    .venv/bin/python -m benchmarks.pages [--data-dir FOLDER] [--query WORDS] [--rounds 30]

Without a folder, the hand-made library of the tests is shown (34 documents). An answer is timed inside the process, from
request to last byte, compression included; a browser adds its connection and its drawing.
"""

from __future__ import annotations

import argparse
import gzip
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient

from corpus.settings import Settings
from tests.web.library import fill, settings_in
from web.app import make_app

_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"')


@dataclass(frozen=True, slots=True)
class Weighed:
    """One page, weighed and timed."""

    address: str
    html: int
    """Bytes."""
    html_sent: int
    """Bytes after gzip."""
    all_sent: int
    """Bytes after gzip, with style sheet, script and icon: a first visit."""
    median_ms: float
    slowest_ms: float


def weigh(client: TestClient, address: str, *, rounds: int) -> Weighed:
    """Ask for a page several times."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    assert answer.status_code == 200, (address, answer.status_code)
    html = answer.content
    sent = len(gzip.compress(html, 6))
    assets = sum(len(gzip.compress(client.get(each).content)) for each in set(_ASSET.findall(answer.text)))
    return Weighed(address, len(html), sent, sent + assets, statistics.median(times), max(times))


def addresses(client: TestClient, *, words: str) -> tuple[str, ...]:
    """Return the pages that are weighed; the document is the first that the words find."""
    search = f"/search?q={words.replace(' ', '+')}"
    found = re.search(r'<li class="hit".*?<h2[^>]*><a href="([^"]+)"', client.get(search).text, re.DOTALL)
    document = (found[1].replace("&amp;", "&"),) if found else ()
    return (
        "/",
        search,
        "/search",
        *document,
        "/browse",
        "/sources",
        "/help",
        f"/feed.atom?q={words.replace(' ', '+')}",
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--query", default="vendedores ambulantes")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=given.data_dir) if given.data_dir else settings_in(Path(folder))
        if not given.data_dir:
            fill(settings)
        with TestClient(make_app(settings)) as client:
            client.get("/search?q=warm")  # vocabulary and templates are read once
            pages = [weigh(client, each, rounds=given.rounds) for each in addresses(client, words=given.query)]
    print(f"{'page':<60} {'HTML kB':>8} {'gzip kB':>8} {'all kB':>7} {'p50 ms':>7} {'max ms':>7}")
    for page in pages:
        kilobytes = f"{page.html / 1000:>8.1f} {page.html_sent / 1000:>8.1f} {page.all_sent / 1000:>7.1f}"
        print(f"{page.address[:60]:<60} {kilobytes} {page.median_ms:>7.1f} {page.slowest_ms:>7.1f}")


if __name__ == "__main__":
    main()
