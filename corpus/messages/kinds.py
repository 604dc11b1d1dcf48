"""Kinds, states and orders in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, message
from corpus.source_health import SourceState
from corpus.types import Outcome

OUTCOME_WORDS: Mapping[Outcome, Message] = {
    Outcome.READ: message("read"),
    Outcome.SCANNED: message("page images without text"),
    Outcome.EMPTY: message("empty"),
    Outcome.ENCRYPTED: message("locked with a password"),
    Outcome.BROKEN: message("damaged"),
    Outcome.TOO_LARGE: message("too large"),
    Outcome.TIMED_OUT: message("took too long to read"),
    Outcome.OUT_OF_MEMORY: message("took too much memory to read"),
    Outcome.UNSUPPORTED: message("unsupported type"),
}

SOURCE_STATE_WORDS: Mapping[SourceState, Message] = {
    SourceState.WELL: message("Working"),
    SourceState.BROKEN: message("Broken"),
    SourceState.CRASHED: message("Crashed"),
    SourceState.PAUSED: message("Paused"),
    SourceState.INTERRUPTED: message("Interrupted"),
    SourceState.NEVER: message("Never harvested"),
    SourceState.UNVERIFIED: message("Not yet verified"),
}

SORT_WORDS: Mapping[str, Message] = {
    "relevance": message("Best match first"),
    "newest": message("Newest publication first"),
    "oldest": message("Oldest publication first"),
    "first_seen": message("Recently added first"),
}
