"""The last means against a process that nobody stops: the system ends it after its time."""

from __future__ import annotations

import signal


def end_at_last(seconds: float) -> None:
    """Let the system end this process after a time, whatever it is doing then.

    A parent ends its child earlier; this is for the child whose parent is gone. No handler of ours takes SIGALRM, so that
    it ends even a process which never comes back to Python.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
