"""The index rebuilt by a process of its own while the pages are served."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import EngineUnavailable
from corpus.messages import gettext
from corpus.store import Store
from pushcart.console import note
from search_api.engines.base import SearchEngine
from search_api.fitness import fitness_of

_STOP_SECONDS = 10.0
"""How long the process may take to end; what it has committed is continued with the next time."""


def misfit_in_words(engine: SearchEngine, store: Store) -> str:
    """Return why the index has to be rebuilt; empty when it fits, or does not answer."""
    try:
        return fitness_of(engine, store).words
    except EngineUnavailable:  # pages say so themselves, and records can be read meanwhile
        return ""


@contextmanager
def index_built_anew(misfit: str) -> Iterator[None]:
    """Run `pushcart index` beside the block, and end it with the block. Does nothing when the index fits.

    Args:
        misfit: why it has to be rebuilt, in words; empty: it fits.
    """
    if not misfit:
        yield
        return
    note(gettext("{misfit} `pushcart status` shows the progress.", misfit=misfit))
    # A process of its own: a rebuild takes a processor for minutes, and requests are answered meanwhile.
    building = subprocess.Popen([sys.executable, "-m", "pushcart", "index"], stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        building.terminate()
        try:
            building.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            building.kill()
            building.wait()
