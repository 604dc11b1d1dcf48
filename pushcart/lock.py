"""One process at a time does the same heavy work on one data folder; the others wait their turn."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from corpus.errors import StoreBusy
from corpus.messages import gettext, sentence
from pushcart.console import note


@contextmanager
def only_one(folder: Path, work: str) -> Iterator[None]:
    """Hold the lock of a work while the block runs. The system frees it when the process dies, however it dies.

    Args:
        work: name of the work, such as `process`; the lock file is called so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{work}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(
                gettext(
                    "Another `pushcart {work}` is running in {folder}; waiting for it to finish.",
                    work=work,
                    folder=folder,
                )
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def nobody_else(folder: Path, *works: str) -> Iterator[None]:
    """Hold the locks of several works while the block runs, without waiting.

    Raises StoreBusy: one of them is being done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for work in works:
            file = stack.enter_context((folder / f"{work}.lock").open("w"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreBusy(
                    sentence("Another `pushcart {work}` is running in {folder}.", work=work, folder=folder),
                    try_next=sentence("Wait for it or stop it, then run the same command again; nothing was changed."),
                ) from error
        yield
