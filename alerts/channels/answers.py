"""What the other side answered to a message, in the same words for every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from corpus.alerts import AttemptOutcome, StoppedWhy


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """What came of one try to send."""

    outcome: AttemptOutcome
    text: str
    """What the other side said, or why it was not reached; in English, of any length."""
    not_before: timedelta | None = None
    """How long the other side asks to be left alone; None: it does not say."""
    stops: StoppedWhy | None = None
    """Why nothing is to be sent to this address any more; None: more may be sent."""
    concerns_all: bool = False
    """Whether other messages would fare alike just now, so that there is no use in trying them at once."""
    is_ours: bool = False
    """Whether the reason is our own mail server or settings: it says nothing of the address, and somebody has to mend it."""
