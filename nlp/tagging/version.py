"""Which tagger made a document's tags: when the answer changes, documents are tagged again."""

from __future__ import annotations

from corpus.vocabulary import vocabulary_version

RULES = 8
"""Counted up by hand when the code of the tagger, of its zones or of the choice of metadata gives other results."""


def tagger_version() -> str:
    """Return a name for the tagger of today: its rules, and a fingerprint of every file of the vocabulary."""
    return f"{RULES}-{vocabulary_version()}"
