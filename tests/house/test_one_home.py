"""What is decided in one place is decided nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("corpus", "crawler", "nlp", "search_api", "alerts", "curation", "web", "pushcart")


def test_only_corpus_urls_says_what_an_absolute_web_address_is():
    own = re.compile(r"""startswith\(\(\s*["']https?://["'],\s*["']https?://|scheme (not )?in \(["']http""")
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if own.search(path.read_text(encoding="utf-8"))
    ]
    # `refusal_of` says for a person what is wrong with an address, part by part.
    assert found == ["corpus/urls.py", "crawler/net/addresses.py"]
