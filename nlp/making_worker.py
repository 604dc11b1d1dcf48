"""What a process does that makes documents: one after the other. It can be killed at any moment; nlp.making sees to it."""

from __future__ import annotations

from functools import cache

from corpus.process_child import ParentPipe, guard_cpu
from nlp.documents import build_document
from nlp.language import language_of
from nlp.making_messages import pack_document, task_of
from nlp.pipeline.tagger import Tagger, open_tagger

_CPU_SECONDS_MAX = 3600.0
"""When the parent's clock, which comes first, has stopped."""


@cache
def _tagger() -> Tagger:
    return open_tagger()


def warm() -> None:
    """Load what every document needs, and what English ones do."""
    language_of(["The model is loaded by the first text of some length that is given to it."])
    _tagger().compile("en")


def learn(lang: str) -> None:
    """Compile another language."""
    _tagger().compile(lang)


def make(payload: bytes, channel: ParentPipe) -> bytes:
    """Make one document."""
    task = task_of(payload)
    guard_cpu(_CPU_SECONDS_MAX)
    tagger = _tagger()
    document = build_document(
        task.copies,
        task.reading,
        id=task.id,
        work=task.work,
        first_seen=task.first_seen,
        tagger=tagger if task.is_tagged else None,
        is_sample=task.is_sample,
    )
    for lang in tagger.languages:
        channel.learned(lang)
    return pack_document(document)
