"""Which tagger made a document's tags: when the answer changes, documents are tagged again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

RULES = 7
"""Counted up by hand when the code of the tagger, of its zones or of the choice of metadata gives other results."""


@cache
def tagger_version() -> str:
    """Return a name for the tagger of today: its rules, and a fingerprint of every file of the vocabulary."""
    digest = hashlib.sha256()
    folder = resources.files("corpus.vocabulary") / "data"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.is_file():
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return f"{RULES}-{digest.hexdigest()[:12]}"
