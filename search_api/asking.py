"""Asking a part of the site for a bounded time, however long it hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Asking(Generic[Answer]):
    """Asks in a thread of its own, one at a time: what hangs takes no thread from those who answer requests."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._under_way: Future[Answer] | None = None

    def begun(self) -> Future[Answer]:
        """Return the answer to come; of the asking that is under way, or of a new one."""
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = Future()
                threading.Thread(target=self._run, args=(self._under_way,), daemon=True).start()
            return self._under_way

    def _run(self, answer: Future[Answer]) -> None:
        try:
            found = self._ask()
        except Exception as error:  # raised for who waits
            answer.set_exception(error)
        else:
            answer.set_result(found)
