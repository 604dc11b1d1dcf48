"""Say by the exit status whether a container does its work: `healthy.py pages`, `harvester` or `alerts`. Needs no package."""

import os
import re
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROUND = Path("/tmp/round")  # noqa: S108  # of this container only
"""What harvest-forever.sh does: `harvesting` or `waiting`, since when (seconds of the epoch), and how the last round ended."""
ENDINGS = frozenset({0, 1, 3, 130})
"""Exit codes of `pushcart harvest` that its log explains. Another is a crash, or a kill for want of memory."""
LATE_SECONDS = 120
LOOKED = re.compile(rb"^pushcart_alert_worker_looked_at_seconds (\S+)$", re.MULTILINE)


def answer(port: int, path: str) -> bytes:
    """Return what this container answers; raises HTTPException if that is not 200, OSError if nothing answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    connection.request("GET", path)
    response = connection.getresponse()
    if response.status != 200:
        raise HTTPException(f"{path} answers {response.status}")
    return response.read()


def fault_of_pages() -> str:
    """Return what is wrong with the pages; empty if nothing is."""
    answer(8000, "/healthz")
    return ""


def fault_of_alerts(*, now: float) -> str:
    """Return what is wrong with the worker of alerts; empty if nothing is."""
    found = LOOKED.search(answer(9300, "/metrics"))
    if found and now - float(found[1]) <= LATE_SECONDS:
        return ""
    return "the worker has not looked for work in the last two minutes"


def fault_of_harvester(*, now: float, every: float, round_: Path = ROUND) -> str:
    """Return what is wrong with the loop of the harvester; empty if nothing is.

    Args:
        now: seconds of the epoch.
        every: seconds between two rounds.
        round_: file of the loop.
    """
    doing, since, ended = round_.read_text(encoding="ascii").split()
    if int(ended) not in ENDINGS:
        return f"the last harvest ended with {ended}"
    if doing == "waiting" and now - int(since) > every + LATE_SECONDS:
        return "the next harvest has not begun"
    return ""


def main(part: str) -> int:
    """Print what is wrong, and return 1 if something is."""
    now = time.time()
    try:
        match part:
            case "pages":
                fault = fault_of_pages()
            case "alerts":
                fault = fault_of_alerts(now=now)
            case "harvester":
                fault = fault_of_harvester(now=now, every=float(os.environ.get("HARVEST_EVERY_SECONDS") or 3600))
            case _:
                fault = f"nothing is known of {part}"
    except (OSError, HTTPException, ValueError) as error:
        fault = str(error) or type(error).__name__
    if fault:
        print(fault)  # noqa: T201  the engine keeps it
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
