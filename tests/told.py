"""Reasons in the words in which people read them, so that a test shows what a person is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.messages.reasons import reason_in_words
from corpus.messages.rules import rule_with_zone
from corpus.messages.runs import note_in_words, run_in_words
from corpus.messages.skips import skips_in_words
from corpus.run_reasons import Note
from corpus.runs import HarvestRun
from corpus.tag_rules import Rule


def told(value: Any) -> Any:
    """Return a reason in words, counts by rule by their words, the words of a run, and nothing for None."""
    if isinstance(value, HarvestRun):
        return run_in_words(value)
    if isinstance(value, Note):
        return note_in_words(value)
    if isinstance(value, Mapping):
        return skips_in_words(value)
    return rule_with_zone(value) if isinstance(value, Rule) else reason_in_words(value)
