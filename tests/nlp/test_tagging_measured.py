"""Floors of what was measured on real documents; they are raised when the tagger gets better, and not lowered in passing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.tagging_groups import GROUPS, Counts, count, plain_groups, read_reports
from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger

CHECKED = Path(__file__).resolve().parents[2] / "benchmarks" / "usdol_checked.json"


@pytest.mark.shared
def test_worker_groups_of_twenty_reports_read_by_eye_are_found(shared_data):
    gold = {name: frozenset(labels) for name, labels in json.loads(CHECKED.read_text())["reports"].items()}
    read = read_reports(shared_data / "pdf-policy" / "usdol", gold)
    tagger, vocabulary = open_tagger(), load_vocabulary()
    found, plain = {}, {}
    for name, pages in read.items():
        tags = tagger.tag(TaggedText(pages=pages, lang="en"))
        found[name] = frozenset(tag.concept for tag in tags if tag.facet is Facet.GROUP)
        plain[name] = plain_groups(pages, vocabulary)
    measured = sum(count(gold, found, labels=GROUPS).values(), Counts())
    compared = sum(count(gold, plain, labels=GROUPS).values(), Counts())
    assert measured.precision >= 0.95
    assert measured.recall >= 0.96
    assert measured.f1 >= compared.f1 + 0.4
