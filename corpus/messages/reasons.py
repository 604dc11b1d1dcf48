"""The way from any reason to its words."""

from __future__ import annotations

from corpus.messages.failures import failure_in_words
from corpus.messages.skips import skip_in_words
from corpus.reasons import Failure, Skip


def reason_in_words(reason: Failure | Skip | None, *, lang: str = "en") -> str:
    """Return a reason in words of a language; empty for None.

    A failure is one or two sentences; what a rule left out is a few words (`address denied`).
    """
    match reason:
        case None:
            return ""
        case Failure():
            return failure_in_words(reason, lang=lang)
        case Skip():
            return skip_in_words(reason, lang=lang)
