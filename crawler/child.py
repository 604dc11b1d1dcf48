"""The process in which one source is harvested: `python -m crawler.child`, started by crawler.run only.

It reads its task from standard input, and writes one JSON line for each step and a last one with the run report to
standard output. When standard input ends, the process that asked for the harvest is gone, and the harvest stops in order.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import signal
import sys
import threading
import time
from dataclasses import asdict
from typing import TextIO

from corpus.errors import PushcartError
from corpus.logs import set_up_logs
from crawler.in_process import harvest_in_this_process
from crawler.job import minutes_max_of
from crawler.last_end import end_at_last
from crawler.stats import HarvestProgress

_START_SECONDS_MAX = 120.0
"""As crawler.run allows for it."""
EXIT_REFUSED = 3
"""The harvest could not begin, for a reason that the last line gives."""


def main() -> int:
    """Harvest, and return the exit code."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not end up between the lines
    length = int.from_bytes(_read(8), "big")
    source, settings = pickle.loads(_read(length))  # noqa: S301  our own parent wrote it
    set_up_logs(settings)
    for handler in logging.getLogger().handlers:
        handler.setLevel(settings.log_level.upper())  # Scrapy sets its own loggers to DEBUG
    end_at_last(minutes_max_of(source, settings) * 60 + 3 * settings.harvest_grace_seconds + _START_SECONDS_MAX)
    threading.Thread(target=_stop_when_abandoned, args=(settings.harvest_grace_seconds,), daemon=True).start()

    def on_event(progress: HarvestProgress) -> None:
        _write(lines, {"progress": asdict(progress)})

    try:
        run = harvest_in_this_process(source, settings=settings, on_event=on_event)
    except PushcartError as error:
        refusal = {"kind": type(error).__name__, "message": error.message, "try_next": error.try_next}
        _write(lines, {"refused": refusal})
        return EXIT_REFUSED
    _write(lines, {"ended": {"started": run.started.isoformat()}})
    return 0


def _write(lines: TextIO, record: dict[str, object]) -> None:
    try:
        lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        lines.flush()
    except BrokenPipeError:
        pass  # nobody listens; standard input ends too and stops us


def _read(length: int) -> bytes:
    """Read so many bytes of standard input, past Python's buffer: a thread that waits in that cannot be left behind."""
    parts = bytearray()
    while len(parts) < length and (part := os.read(0, length - len(parts))):
        parts += part
    return bytes(parts)


def _stop_when_abandoned(grace_seconds: float) -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
