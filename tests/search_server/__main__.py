"""Run a command beside one Elasticsearch, so that several test processes share it: `python -m tests.search_server pytest -n 2`."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests.search_server.finding import NONE, URL, elasticsearch_server


def main(command: list[str]) -> int:
    """Return the exit status of the command, which runs without a server too where none can be had."""
    with ExitStack() as stack:
        try:
            found = {URL: stack.enter_context(elasticsearch_server())}
        except pytest.skip.Exception as skipped:
            found = {NONE: str(skipped)}
        return subprocess.run(command, env=os.environ | found, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
