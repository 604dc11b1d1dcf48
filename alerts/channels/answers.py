"""What the receiving server answered to a message, in the same words for every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from corpus.alerts import AttemptOutcome, StoppedWhy


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """The result of one try to send."""

    outcome: AttemptOutcome
    text: str
    """What the receiving server said, or why it was not reached; in English, of any length."""
    not_before: timedelta | None = None
    """How long the receiving server asks to be left alone; None: it does not say."""
    stops: StoppedWhy | None = None
    """Why nothing is to be sent to this address any more; None: more may be sent."""
    concerns_all: bool = False
    """Whether other messages would fare alike just now, so that there is no use in trying them at once."""
    is_ours: bool = False
    """Whether the reason is our own mail server or settings: it says nothing of the address, and someone has to repair it."""
